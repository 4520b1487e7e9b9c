// The comparison: data, servers, verification, measurement, tables. Started by `run`, which builds what is needed and says where it is:
//   PEERS_GATEWAY    our program
//   PEERS_BESIDE     another build of it, if one is to be measured beside it
//   PEERS_TARGET     the folder of what is built
//   PEERS_POSTGRES   the folder of PostgreSQL's programs
//
// Owns: the order, and the end: whatever happens, nothing that was started is left.

import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import { shape } from './answers.mjs';
import { coldStart } from './cold.mjs';
import { GATEWAY_LOGIN, prepareData } from './data.mjs';
import { measure } from './measure.mjs';
import { options } from './options.mjs';
import { dataFolder, startPostgres } from './postgres.mjs';
import { start, stopAll, untilReady } from './processes.mjs';
import { line, report } from './report.mjs';
import { bodies, post } from './requests.mjs';
import { chosen } from './servers.mjs';
import { statements, timePlanning } from './statements.mjs';
import { tenants as tenantsOf } from './tenants.mjs';
import { verify } from './verify.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { PEERS_GATEWAY: gateway, PEERS_BESIDE: beside, PEERS_TARGET: target, PEERS_POSTGRES: bin } = process.env;
const folder = `${target}/peers`;

/** How many at once in the second round of the verification. */
const TOGETHER = 16;

const say = (text) => process.stdout.write(`${text}\n`);

/** Nothing of the caller's gateway reaches the one that is measured. */
const gatewayEnvironment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'))),
  NO_COLOR: '1',
  RUST_BACKTRACE: '0',
  CS12_MAIL__FOLDER: `${folder}/mails`,
};

async function main() {
  const asked = options(process.argv.slice(2));
  const servers = chosen(asked.only, beside).map((server) => ({
    ...server,
    workloads: server.workloads.filter((workload) => asked.workloads.includes(workload)),
  }));
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
  const cold = servers.some(({ isOurs }) => isOurs)
    ? await coldStart({ gateway, environment: gatewayEnvironment, folder, port: await freePort() })
    : null;
  say(report({ project, folder, asked, servers, records, postgres: postgres.version(), busy, cold }));
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
