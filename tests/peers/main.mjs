// The comparison: data, servers, verification, measurement, tables. Started by `run`, which builds what is needed and says where it is:
//   PEERS_GATEWAY    our program
//   PEERS_TARGET     the folder of what is built
//   PEERS_POSTGRES   the folder of PostgreSQL's programs
//
// Owns: the order, and the end: whatever happens, nothing that was started is left.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import { WORKLOADS, shape } from './answers.mjs';
import { coldStart } from './cold.mjs';
import { GATEWAY_LOGIN, prepareData } from './data.mjs';
import { measure } from './measure.mjs';
import { options } from './options.mjs';
import { dataFolder, startPostgres } from './postgres.mjs';
import { start, stopAll, untilReady } from './processes.mjs';
import { bodies, post } from './requests.mjs';
import { SERVERS, chosen } from './servers.mjs';
import { statements, timePlanning } from './statements.mjs';
import { details, digest, growth, summary, table } from './table.mjs';
import { tenants as tenantsOf } from './tenants.mjs';
import { verify } from './verify.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { PEERS_GATEWAY: gateway, PEERS_TARGET: target, PEERS_POSTGRES: bin } = process.env;
const folder = `${target}/peers`;
const LIMITS = SERVERS.filter(({ isLimit }) => isLimit).map(({ name }) => name);

/** How many at once in the second round of the verification. */
const TOGETHER = 16;

const say = (text) => process.stdout.write(`${text}\n`);

/** Nothing of the caller's gateway reaches the one that is measured. */
const gatewayEnvironment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'))),
  NO_COLOR: '1',
  CS12_MAIL__FOLDER: `${folder}/mails`,
};

async function main() {
  const asked = options(process.argv.slice(2));
  const servers = chosen(asked.only).map((server) => ({ ...server, workloads: server.workloads.filter((workload) => asked.workloads.includes(workload)) }));
  mkdirSync(`${folder}/logs`, { recursive: true });

  const data = dataFolder(project);
  const postgres = await startPostgres({ bin, folder: data, port: await freePort(), log: `${folder}/logs/postgres.log` });
  say(`${postgres.version()} on port ${postgres.port}, its data in ${data}`);
  await prepareData({ postgres, organizations: asked.organizations, gateway, gatewayEnvironment, say });

  const tenants = tenantsOf(asked.organizations);
  if (asked.statementsOnly) await timePlanning(postgres);
  await serveAll(servers, tenants, postgres);
  if (asked.statementsOnly) return statements({ servers, tenants, postgres, say });
  let sizes = {};
  for (const together of [1, TOGETHER]) {
    say(together === 1 ? 'verifying, one after another:' : `verifying, ${together} at once:`);
    sizes = await verify({ servers, workloads: asked.workloads, tenants, postgres, together, say });
  }
  if (asked.verifyOnly) return;

  const busy = loadavg()[0];
  const records = [];
  const noted = (record) => {
    records.push(record);
    say(line(record));
  };
  await measure({ ...asked, servers, tenants, postgres, sizes, folder, noted });
  const cold = servers.some(({ isOurs }) => isOurs) ? await coldStart({ gateway, environment: gatewayEnvironment, folder, port: await freePort() }) : null;
  write({ asked, servers, records, postgres, busy, cold });
}

/** One after another, so that each has the machine to itself while it starts; it is up when its first answer is right. */
async function serveAll(servers, tenants, postgres) {
  const processes = new Map();
  for (const server of servers) {
    if (server.processOf) {
      const { port, pid } = processes.get(server.processOf);
      Object.assign(server, { pid, url: (workload) => `http://127.0.0.1:${port}${server.path(workload)}` });
      continue;
    }
    const port = await freePort();
    server.url = (workload) => `http://127.0.0.1:${port}${server.path(workload)}`;
    const common = { PORT: String(port), PGPORT: String(postgres.port), NODE_ENV: 'production', GRAPHILE_ENV: 'production' };
    const env = server.isOurs
      ? { ...gatewayEnvironment, CS12_DATABASE__URL: postgres.url('gateway', GATEWAY_LOGIN) }
      : { ...process.env, ...common, ...server.environment };
    const began = performance.now();
    const started = await start({ ...server.command({ gateway, target, port }), env, log: `${folder}/logs/${server.name}.log` });
    const [body] = bodies(server, 'w1', tenants);
    await untilReady(started, () => firstAnswer(server.url('w1'), tenants[0].token, body)).catch((error) => {
      throw new Error(`${server.name}: ${error.message}`);
    });
    Object.assign(server, { pid: started.pid, startMs: performance.now() - began });
    processes.set(server.name, { port, pid: started.pid });
    say(`${server.name}: first answer after ${server.startMs.toFixed(0)} ms`);
  }
}

async function firstAnswer(url, token, body) {
  const told = shape('w1', (await post(url, token, body)).json);
  if (told.errors) throw new Error(told.errors);
  return told;
}

/** A port that nobody has now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function line({ workload, pass, server, perSecond, p50, p99, serverCpu, postgresCpu, statements, memory, load, faults }) {
  const cpu = `CPU a request ${serverCpu.toFixed(0)} + ${postgresCpu.toFixed(0)} µs`;
  const wrong = faults.length > 0 ? `  (!) ${faults.join(', ')}` : '';
  return `  ${workload} pass ${pass + 1} ${server.padEnd(12)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms  ${cpu}  ${statements.toFixed(2)} statements  ${memory.toFixed(0)} MiB  load ${load.toFixed(1)}${wrong}`;
}

/** The tables as Markdown, and the records for the comparison with another amount of data. */
function write({ asked, servers, records, postgres, busy, cold }) {
  const found = summary(records, LIMITS);
  const kept = `${folder}/results-${asked.organizations}.json`;
  writeFileSync(kept, JSON.stringify({ asked, records }));
  const peak = Math.max(...records.map(({ load }) => load));
  const parts = [
    `# Side by side, ${new Date().toISOString().slice(0, 10)}`,
    `${asked.organizations} organizations, ${asked.organizations * 4000} activities; ${asked.connections} connections, ${asked.passes} passes of ${asked.seconds} s for each server and workload. ` +
      `${cpus().length} × ${cpus()[0].model}; load ${busy.toFixed(1)} before, at most ${peak.toFixed(1)}. ${versions(postgres)}.`,
    digest(found),
    ...found.flatMap((one) => [`## ${WORKLOADS[one.workload]}${one.best ? ` (best peer: ${one.best})` : ''}`, details(one)]),
    '## The servers',
    table(
      ['server', 'what it is', 'walls between tenants', 'start to first answer ms', 'memory after the load MiB'],
      servers.map(({ name, about, walls, startMs }) => [name, about, walls, startMs?.toFixed(0) ?? '', last(records, name)?.memory.toFixed(0) ?? '']),
    ),
    cold === null ? '' : `Our gateway on the demo's SQLite file: first answer ${cold.toFixed(0)} ms after its start.`,
    ...grown(asked.organizations),
  ];
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  const file = `${folder}/table-${asked.organizations}.md`;
  writeFileSync(file, text);
  say(`\n${text}\nwritten to ${file}`);
}

const last = (records, name) => records.filter(({ server }) => server === name).at(-1);

/** The two usual amounts side by side, if both have been measured. */
function grown(organizations) {
  const read = (n) => {
    const file = `${folder}/results-${n}.json`;
    return existsSync(file) ? summary(JSON.parse(readFileSync(file, 'utf8')).records, LIMITS) : null;
  };
  if (organizations !== 100 && organizations !== 1000) return [];
  const [few, many] = [read(100), read(1000)];
  return few && many ? ['## Ours with 400,000 and with 4,000,000 activities', growth(few, many)] : [];
}

function versions(postgres) {
  const npm = JSON.parse(readFileSync(new URL('node/package.json', import.meta.url), 'utf8')).dependencies;
  const crates = readFileSync(new URL('rust/Cargo.lock', import.meta.url), 'utf8');
  const crate = (name) => new RegExp(`name = "${name}"\\nversion = "([^"]+)"`).exec(crates)?.[1];
  const peers = ['mercurius', 'graphql-yoga', 'postgraphile'].map((name) => `${name} ${npm[name]}`);
  const commit = execFileSync('sh', ['-c', 'git -c safe.directory="*" describe --always --dirty 2>/dev/null || true'], { cwd: project, encoding: 'utf8' }).trim();
  return [`ours ${commit || 'without a commit'}`, ...peers, `seaography ${crate('seaography')}`, `sea-orm ${crate('sea-orm')}`, `Node ${process.versions.node}`, postgres.version()].join(', ');
}

let ending = null;

/** Ends everything, once. The logs stay only if something went wrong: ours has a line for each of millions of requests. */
function end(code) {
  ending ??= stopAll().then(() => {
    if (code === 0) rmSync(`${folder}/logs`, { recursive: true, force: true });
    process.exit(code);
  });
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    say('stopping …');
    void end(130);
  });
}

try {
  await main();
  await end(0);
} catch (error) {
  // What fails because it was stopped is no news.
  if (!ending) process.stderr.write(`cannot compare: ${error.message}\n`);
  await end(1);
}
