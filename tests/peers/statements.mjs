// Where PostgreSQL's time goes: the statements of each workload, asked for by one tenant after another.
//
// Owns: what is printed with --statements. For whoever looks for the dear one; the measurement does not need it. Times are PostgreSQL's
// own, in milliseconds; the shortest of each is given, because other work on the machine only makes them longer.

import { unwrite } from './data.mjs';
import { bodies, post } from './requests.mjs';
import { table } from './table.mjs';

/** A statement's beginning tells which it is. */
const LETTERS = 160;

const dearest = (requests) => `
  select round(calls / ${requests}.0, 2), round(rows::numeric / calls, 1), round(min_plan_time::numeric, 3), round(plans / ${requests}.0, 2),
    round(min_exec_time::numeric, 3), round((shared_blks_hit + shared_blks_read)::numeric / calls, 1), left(regexp_replace(query, '\\s+', ' ', 'g'), ${LETTERS})
  from pg_stat_statements where userid <> 'postgres'::regrole and calls > ${requests} / 10 order by calls * (min_exec_time + min_plan_time) desc limit 25`;

const HEAD = ['calls a request', 'rows', 'planning ms', 'plans a request', 'running ms', 'buffers', 'statement'];

/** Before the servers connect: planning is timed only here, because that costs a little itself. */
export async function timePlanning(postgres) {
  for (const database of ['cs12', 'gateway']) await postgres.ask('postgres', `alter database ${database} set pg_stat_statements.track_planning = on`);
}

export async function statements({ servers, tenants, postgres, say }) {
  for (const server of servers) {
    for (const workload of server.workloads) {
      const url = server.url(workload);
      const sent = bodies(server, workload, tenants);
      const all = async () => {
        for (const [i, body] of sent.entries()) await post(url, tenants[i].token, body);
      };
      // Once for caches and prepared statements.
      await all();
      await postgres.ask('cs12', 'select pg_stat_statements_reset()');
      await all();
      const found = await postgres.ask('cs12', dearest(sent.length));
      if (workload === 'w5') await unwrite(postgres, server.isOurs);
      say(`\n${workload} ${server.name}\n\n${table(HEAD, found)}`);
    }
  }
}
