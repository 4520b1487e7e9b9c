// GraphQL Yoga on Node's own server; it keeps parsed and validated documents by itself.

import { createServer } from 'node:http';

import { createSchema, createYoga } from 'graphql-yoga';

import { identify, resolvers, typeDefs } from './common.mjs';

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  logging: 'error',
  graphiql: false,
  context: ({ request }) => identify(request.headers.get('authorization')),
});
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1');
