// PostGraphile: the schema is made of the database, and row-level security keeps tenants apart. What it reads as the caller, the figures and
// the mutation is in sql/postgraphile.sql.

import { createServer } from 'node:http';

import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

import { claimsOf } from './token.mjs';

/** The settings that the policies read; a request without a good token is refused. */
function context({ node }) {
  const claims = claimsOf(node?.req.headers.authorization);
  if (!claims) throw new Error('unauthorized');
  return { pgSettings: { role: 'app_user', 'app.org_id': claims.org_id, 'app.user_id': claims.user_id } };
}

const connectionString = `postgres://web:web@127.0.0.1:${process.env.PGPORT}/cs12`;
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString, schemas: ['app'], poolConfig: { max: Number(process.env.POOL ?? 16) } })],
  schema: { defaultBehavior: '+list -insert -update -delete' },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false, websockets: false },
  grafast: { context },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), '127.0.0.1');
