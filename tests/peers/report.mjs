// What is told of a measurement: a line for each run while it goes on, and the whole as Markdown at the end.
//
// Owns: the files in target/peers: the tables, and the records for the comparison with another amount of data.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { WORKLOADS } from './answers.mjs';
import { SERVERS } from './servers.mjs';
import { details, digest, growth, summary, table } from './table.mjs';

const LIMITS = SERVERS.filter(({ isLimit }) => isLimit).map(({ name }) => name);

/** One run. */
export function line({ workload, pass, server, perSecond, p50, p99, serverCpu, postgresCpu, statements, memory, load, faults }) {
  return [
    `  ${workload} pass ${pass + 1} ${server.padEnd(12)} ${perSecond.toFixed(0).padStart(6)}/s`,
    `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms`,
    `CPU a request ${serverCpu.toFixed(0)} + ${postgresCpu.toFixed(0)} µs`,
    `${statements.toFixed(2)} statements`,
    `${memory.toFixed(0)} MiB`,
    `load ${load.toFixed(1)}`,
    ...faults.map((fault) => `(!) ${fault}`),
  ].join('  ');
}

/** Writes the files; gives the text. */
export function report({ project, folder, asked, servers, records, postgres, busy, cold }) {
  writeFileSync(`${folder}/results-${asked.organizations}.json`, JSON.stringify({ asked, records }));
  const found = summary(records, LIMITS);
  const parts = [
    `# Side by side, ${new Date().toISOString().slice(0, 10)}`,
    circumstances({ project, asked, records, postgres, busy }),
    digest(found),
    ...found.flatMap((one) => [`## ${WORKLOADS[one.workload]}${one.best ? ` (best peer in requests, in CPU: ${one.best})` : ''}`, details(one)]),
    '## The servers',
    table(
      ['server', 'what it is', 'walls between tenants', 'start to first answer ms', 'memory after the load MiB'],
      servers.map(({ name, about, walls, startMs }) => [name, about, walls, startMs?.toFixed(0) ?? '', lastMemory(records, name)]),
    ),
    cold === null ? '' : `Our gateway on the demo's SQLite file: first answer ${cold.toFixed(0)} ms after its start.`,
    ...grown(folder, asked.organizations),
  ];
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  const file = `${folder}/table-${asked.organizations}.md`;
  writeFileSync(file, text);
  return `\n${text}\nwritten to ${file}`;
}

/** How it was measured, on what, and how busy that was: without these no figure means anything. */
function circumstances({ project, asked, records, postgres, busy }) {
  const { organizations, connections, passes, seconds } = asked;
  const peak = Math.max(...records.map(({ load }) => load));
  return [
    `${organizations} organizations, ${organizations * 4000} activities; ${connections} connections, ${passes} × ${seconds} s for each server and workload.`,
    `${cpus().length} × ${cpus()[0].model}; load ${busy.toFixed(1)} before, at most ${peak.toFixed(1)}.`,
    `${versions(project, postgres)}.`,
  ].join(' ');
}

function versions(project, postgres) {
  const npm = JSON.parse(readFileSync(new URL('node/package.json', import.meta.url), 'utf8')).dependencies;
  const lock = readFileSync(new URL('rust/Cargo.lock', import.meta.url), 'utf8');
  const crate = (name) => `${name} ${new RegExp(`name = "${name}"\\nversion = "([^"]+)"`).exec(lock)?.[1]}`;
  const asks = 'git -c safe.directory="*" describe --always --dirty 2>/dev/null || true';
  const commit = execFileSync('sh', ['-c', asks], { cwd: project, encoding: 'utf8' }).trim() || 'without a commit';
  const peers = ['mercurius', 'graphql-yoga', 'postgraphile'].map((name) => `${name} ${npm[name]}`);
  return [`Ours ${commit}`, ...peers, ...['seaography', 'sea-orm'].map(crate), `Node ${process.versions.node}`, postgres].join(', ');
}

function lastMemory(records, name) {
  return records.findLast(({ server }) => server === name)?.memory.toFixed(0) ?? '';
}

/** The two usual amounts side by side, if both have been measured. */
function grown(folder, organizations) {
  const read = (n) => {
    const file = `${folder}/results-${n}.json`;
    return existsSync(file) ? summary(JSON.parse(readFileSync(file, 'utf8')).records, LIMITS) : null;
  };
  if (organizations !== 100 && organizations !== 1000) return [];
  const [few, many] = [read(100), read(1000)];
  return few && many ? ['## Ours with 400,000 and with 4,000,000 activities', growth(few, many)] : [];
}
