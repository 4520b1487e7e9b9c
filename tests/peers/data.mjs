// The rows, in the peers' schema (database `cs12`) and in ours (`gateway`): made by the same functions of the row's number, so each run has
// the same bytes.
//
// Owns: two loaded databases, kept from run to run and never served; each run works on copies of them, because the workload that writes
// leaves rows behind. Our schema is made by the gateway's own migrations.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { fingerprint } from './postgres.mjs';

const run = promisify(execFile);
const sql = (name) => fileURLToPath(new URL(`sql/${name}.sql`, import.meta.url));

/** The login of our gateway: a member of `cs12_app` and nothing else, as in production. */
export const GATEWAY_LOGIN = 'gateway_login';

/** Loads what is not loaded yet, and makes the copies. */
export async function prepareData({ postgres, organizations, gateway, gatewayEnvironment, say }) {
  const peers = ['schema', 'data', 'index', 'rls', 'postgraphile'].map(sql);
  await kept(postgres, 'cs12', fingerprint(peers, organizations), say, async (database) => {
    await postgres.load(database, peers, { orgs: organizations });
  });

  // The steps that the program has, as it lists them for a database that is not there.
  const { stdout: steps } = await run(gateway, ['migrate', 'status', '--database-url', 'sqlite:///nowhere/none.db'], { env: gatewayEnvironment });
  await kept(postgres, 'gateway', fingerprint([sql('ours')], steps, organizations), say, async (database) => {
    const command = (...args) => run(gateway, [...args, '--database-url', postgres.url(database)], { env: gatewayEnvironment });
    await command('migrate', 'up');
    await postgres.load(database, [sql('ours')], { orgs: organizations });
    await command('roll-ups', 'rebuild');
  });
  const create = `do $$ begin create role ${GATEWAY_LOGIN} login; exception when duplicate_object then null; end $$`;
  await postgres.ask('postgres', create, `grant cs12_app to ${GATEWAY_LOGIN}`);
}

/** The loaded database if its comment says that it is what would be loaded now; else it is loaded anew. Then the copy. */
async function kept(postgres, name, expected, say, load) {
  const loaded = `${name}_loaded`;
  const found = `select shobj_description(oid, 'pg_database') from pg_database where datname = '${loaded}'`;
  const [[comment] = []] = await postgres.ask('postgres', found);
  if (comment !== expected) {
    const began = Date.now();
    say(`loading ${name} …`);
    await postgres.ask('postgres', `drop database if exists ${loaded} with (force)`, `create database ${loaded}`);
    await load(loaded);
    await postgres.ask(loaded, 'vacuum analyze');
    // Last: a load that was interrupted has no comment.
    await postgres.ask('postgres', `comment on database ${loaded} is '${expected}'`);
    say(`loaded ${name} in ${Math.round((Date.now() - began) / 1000)} s`);
  }
  await postgres.copy(loaded, name);
}

/** The activities that the writing workload has left: organization, doctor, user, kind and note of each, sorted. */
export async function written(postgres, isOurs) {
  const [database, statement] = isOurs
    ? ['gateway', `select a.organization_id, a.doctor_id, m.user_id, lower(a.kind), a.note from activities a
        join memberships m on m.organization_id = a.organization_id and m.id = a.actor_member_id where a.note = 'bench'`]
    : ['cs12', `select organization_id, doctor_id, user_id, kind, note from app.activities where note = 'bench'`];
  return (await postgres.ask(database, statement)).map((row) => row.join(' ')).sort();
}

/** Takes them away, so that one server's rows are not the next one's load. */
export async function unwrite(postgres, isOurs) {
  const [database, table] = isOurs ? ['gateway', 'activities'] : ['cs12', 'app.activities'];
  await postgres.ask(database, `delete from ${table} where note = 'bench'`, `vacuum ${table}`);
}
