// Programs that this run starts: each ends with the run, however that ends. And what Linux tells of them: their time and their memory.
//
// Owns: the keepers. A keeper is a shell that holds one program and ends it when our end of its pipe closes, so nothing is left behind even if
// this process is killed. Each has a session of its own, because Ctrl-C in a terminal reaches a whole group: the order of the end is ours.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a program may take to end, in milliseconds. */
const PATIENCE = 20_000;

/** Ticks a second in /proc. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK']));

const running = new Set();

/** Starts a program whose output goes to a log; `signal` is what ends it well. */
export async function start({ program, args = [], cwd, env, log, signal = 'TERM' }) {
  writeFileSync(log, '');
  const script = `"$@" >>"$0" 2>&1 </dev/null & echo $!; cat >/dev/null; kill -${signal} $! 2>/dev/null; wait $!`;
  const keeper = spawn('sh', ['-c', script, log, program, ...args], { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(createInterface({ input: keeper.stdout }), 'line');
  const pid = Number(line);
  const started = {
    pid,
    isAlive: () => !['', 'Z', 'X'].includes(stateOf(pid)),
    log: () => readFileSync(log, 'utf8').slice(-1500),
    async stop() {
      if (!running.delete(started)) return;
      const ended = once(keeper, 'exit');
      keeper.stdin.end();
      const late = setTimeout(() => process.kill(pid, 'SIGKILL'), PATIENCE);
      await ended;
      clearTimeout(late);
    },
  };
  running.add(started);
  return started;
}

/** Ends what still runs, the last first: servers before their database. */
export async function stopAll() {
  for (const started of [...running].reverse()) await started.stop();
}

/** Waits until `attempt` gives something; says what it failed with at last, and what the program has logged, if that never happens. */
export async function untilReady(started, attempt, { patience = 30_000, step = 20 } = {}) {
  const deadline = Date.now() + patience;
  let failure = 'nothing';
  const failed = (error) => {
    failure = error.message;
  };
  for (;;) {
    const found = await attempt().catch(failed);
    if (found) return found;
    if (!started.isAlive()) throw new Error(`it ended at once; its log says:\n${started.log()}`);
    if (Date.now() > deadline) throw new Error(`not ready after ${patience / 1000} s: ${failure}; its log ends with:\n${started.log()}`);
    await pause(step);
  }
}

/** Seconds of CPU that a program and all below it have used, those that ended too. */
export function secondsOfCpu(root) {
  const all = processes();
  let ticks = all.get(root)?.ended ?? 0;
  for (const pid of family(root, all)) ticks += all.get(pid).own;
  return ticks / TICKS;
}

/** Memory that a program and all below it hold now, in MiB; pages that several share count for each. */
export function residentMemory(root) {
  let kibibytes = 0;
  for (const pid of family(root, processes())) {
    try {
      kibibytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has just ended.
    }
  }
  return kibibytes / 1024;
}

function family(root, all) {
  const found = new Set(all.has(root) ? [root] : []);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, { parent }] of all) if (found.has(parent)) found.add(pid);
  }
  return found;
}

function processes() {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(name);
    if (fields) all.set(Number(name), { parent: Number(fields[1]), own: Number(fields[11]) + Number(fields[12]), ended: Number(fields[13]) + Number(fields[14]) });
  }
  return all;
}

function stateOf(pid) {
  return statOf(pid)?.[0] ?? '';
}

/** The fields behind the name, which may hold blanks and parentheses. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
