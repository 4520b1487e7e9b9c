// Mercurius on Fastify; `jit: 1` compiles a query at its first repetition.

import { makeExecutableSchema } from '@graphql-tools/schema';
import Fastify from 'fastify';
import mercurius from 'mercurius';

import { identify, resolvers, typeDefs } from './common.mjs';

const app = Fastify({ logger: false });
const schema = makeExecutableSchema({ typeDefs, resolvers });
app.register(mercurius, { schema, jit: 1, context: ({ headers }) => identify(headers.authorization) });
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
