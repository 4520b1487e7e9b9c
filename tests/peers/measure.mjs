// The measurement: every server in turn, again and again, under the same load.
//
// Owns: one record for each pass, workload and server. What the numbers rely on: servers take turns within a pass, in reversed order in
// every second one, so that what else the machine does falls on all of them; CPU is counted a request, for the server and for PostgreSQL
// apart, because it holds where other work takes the cores and requests a second do not; the size of the answers must be the verified one.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { unwrite } from './data.mjs';
import { residentMemory, secondsOfCpu } from './processes.mjs';
import { bodies } from './requests.mjs';

const run = promisify(execFile);
const script = fileURLToPath(new URL('load.lua', import.meta.url));

/** Seconds of load before those that count: caches, compiled queries, connections. */
const WARM_UP = 2;

/** How far the mean answer may be from the verified one: counted headers and chunks differ a little, wrong answers a lot. */
const TOLERANCE = 0.03;
const CHUNKS = 64;

/** The harness asks as `postgres`, and no server does. */
const STATEMENTS = `select coalesce(sum(calls), 0), coalesce(sum(rows), 0) from pg_stat_statements where userid <> 'postgres'::regrole`;

/** Measures all; `noted` is told each record. The workload that writes comes last, so that the others read what was verified. */
export async function measure({ servers, workloads, passes, noted, ...settings }) {
  const reading = workloads.filter((workload) => workload !== 'w5');
  const writing = workloads.filter((workload) => workload === 'w5');
  for (const part of [reading, writing]) {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const workload of part) {
        for (const server of pass % 2 === 0 ? servers : servers.toReversed()) {
          if (server.workloads.includes(workload)) noted(await one({ server, workload, pass, ...settings }));
        }
      }
    }
  }
}

async function one({ server, workload, pass, seconds, connections, tenants, postgres, sizes, folder }) {
  const url = server.url(workload);
  const file = `${folder}/${server.name}-${workload}.requests`;
  writeFileSync(file, bodies(server, workload, tenants).map((body, i) => `${tenants[i].token}\t${body}\n`).join(''));
  await load({ url, file, connections, seconds: WARM_UP });
  // The last answers of the warm-up are on their way still, and so are PostgreSQL's notes of them.
  await pause(1200);
  await postgres.ask('cs12', 'select pg_stat_statements_reset()');

  const [busy] = loadavg();
  const before = { server: secondsOfCpu(server.pid), postgres: secondsOfCpu(postgres.pid) };
  const told = await load({ url, file, connections, seconds });
  const after = { server: secondsOfCpu(server.pid), postgres: secondsOfCpu(postgres.pid) };
  const [[statements, rows]] = await postgres.ask('cs12', STATEMENTS);
  const memory = residentMemory(server.pid);
  if (workload === 'w5') await unwrite(postgres, server.isOurs);

  const each = (sum) => sum / Math.max(told.requests, 1);
  return {
    server: server.name,
    workload,
    pass,
    perSecond: told.requests / told.seconds,
    p50: told.p50,
    p99: told.p99,
    serverCpu: each(after.server - before.server) * 1e6,
    postgresCpu: each(after.postgres - before.postgres) * 1e6,
    statements: each(Number(statements)),
    rows: each(Number(rows)),
    memory,
    load: busy,
    faults: faults(told, each(told.bytes), sizes[`${server.name} ${workload}`]),
  };
}

/** What makes a run worthless, in words. */
export function faults({ requests, refused, broken, late }, bytes, expected) {
  const found = [];
  if (requests === 0) found.push('no answers');
  if (refused > 0) found.push(`${refused} refused`);
  if (broken > 0) found.push(`${broken} connections broken`);
  if (late > 0) found.push(`${late} later than 10 s`);
  if (Math.abs(bytes - expected) > expected * TOLERANCE + CHUNKS) found.push(`${Math.round(bytes)} bytes an answer instead of ${Math.round(expected)}`);
  return found;
}

async function load({ url, file, connections, seconds }) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url, '--', file];
  const { stdout } = await run('wrk', args);
  const found = /RESULT (\{.*\})/.exec(stdout);
  if (!found) throw new Error(`the load gave no result: ${stdout}`);
  return JSON.parse(found[1]);
}
