// The tables, of the records of a measurement.
//
// Owns: medians and ratios. A ratio is made within a pass, where both ran under the same other load of the machine, and then the median is
// taken over the passes.

import { WORKLOADS } from './answers.mjs';

/** For each workload what was found of each server, the fastest first; and which peers were the best: the fastest, and the one of least CPU. */
export function summary(records, limits) {
  return [...new Set(records.map(({ workload }) => workload))].sort().map((workload) => {
    const own = records.filter((record) => record.workload === workload);
    const names = [...new Set(own.map(({ server }) => server))];
    const of = (name) => own.filter(({ server }) => server === name);
    const medians = names.map((name) => ({ name, runs: of(name), ...medianOfEach(of(name)) }));
    medians.sort((one, other) => other.perSecond - one.perSecond);
    const peers = medians.filter(({ name }) => name !== 'ours' && !limits.includes(name));
    const fastest = peers[0]?.name;
    const leanest = [...peers].sort((one, other) => cpu(one) - cpu(other))[0]?.name;
    const servers = medians.map((found) => ({
      ...found,
      overFloor: ratios(found.runs, of('floor')),
      overBest: fastest ? { perSecond: ratios(found.runs, of(fastest))?.perSecond, cpu: ratios(found.runs, of(leanest))?.cpu } : null,
      faults: found.runs.flatMap(({ faults }) => faults),
    }));
    return { workload, best: [...new Set([fastest, leanest])].filter(Boolean).join(', '), servers };
  });
}

/** Requests and CPU of some runs over those of other runs in the same passes; null where there are none. */
export function ratios(runs, others) {
  const pairs = runs.flatMap((run) => others.filter(({ pass }) => pass === run.pass).map((other) => [run, other]));
  if (pairs.length === 0) return null;
  return {
    perSecond: median(pairs.map(([run, other]) => run.perSecond / other.perSecond)),
    cpu: median(pairs.map(([run, other]) => cpu(run) / cpu(other))),
  };
}

const cpu = ({ serverCpu, postgresCpu }) => serverCpu + postgresCpu;

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function medianOfEach(runs) {
  const keys = ['perSecond', 'p50', 'p99', 'serverCpu', 'postgresCpu', 'statements', 'rows', 'memory'];
  return Object.fromEntries(keys.map((key) => [key, median(runs.map((run) => run[key]))]));
}

/** Ours against the floor and the best peer, a line for each workload: what the README shows. */
export function digest(found) {
  const ratioHeads = ['× floor', '× best peer', 'CPU × floor', 'CPU × best peer'];
  const head = ['workload', 'requests/s', ...ratioHeads, 'p50 ms', 'p99 ms', 'statements', 'best peer (requests, CPU)'];
  const lines = found.flatMap(({ workload, best, servers }) => {
    const ours = servers.find(({ name }) => name === 'ours');
    if (!ours) return [];
    const { perSecond, overFloor, overBest, p50, p99, statements } = ours;
    const over = [overFloor?.perSecond, overBest?.perSecond, overFloor?.cpu, overBest?.cpu].map(fixed);
    return [[WORKLOADS[workload], perSecond.toFixed(0), ...over, p50.toFixed(1), p99.toFixed(1), statements.toFixed(1), best]];
  });
  return lines.length > 0 ? table(head, lines) : '';
}

/** All that was measured of one workload. */
export function details({ servers }) {
  const times = ['requests/s (each pass)', '× floor', '× best peer', 'p50 ms', 'p99 ms', 'p99/p50'];
  const costs = ['CPU a request: server µs', 'PostgreSQL µs', 'CPU × floor', 'CPU × best peer', 'statements', 'rows', 'memory MiB'];
  const head = ['server', ...times, ...costs];
  const lines = servers.map(({ name, runs, faults, overFloor, overBest, ...one }) => [
    faults.length > 0 ? `${name} (!)` : name,
    `${one.perSecond.toFixed(0)} (${runs.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')})`,
    fixed(overFloor?.perSecond),
    fixed(overBest?.perSecond),
    one.p50.toFixed(1),
    one.p99.toFixed(1),
    (one.p99 / one.p50).toFixed(1),
    one.serverCpu.toFixed(0),
    one.postgresCpu.toFixed(0),
    fixed(overFloor?.cpu),
    fixed(overBest?.cpu),
    one.statements.toFixed(2),
    one.rows.toFixed(0),
    one.memory.toFixed(0),
  ]);
  const wrong = servers.flatMap(({ name, faults }) => faults.map((fault) => `- (!) ${name}: ${fault}`));
  return [table(head, lines), ...wrong].join('\n');
}

/** How our costs grow from one amount of data to another: CPU and statements a request. */
export function growth(few, many) {
  const ours = (found, workload) => found.find((one) => one.workload === workload)?.servers.find(({ name }) => name === 'ours');
  const lines = few.flatMap(({ workload }) => {
    const [before, after] = [ours(few, workload), ours(many, workload)];
    if (!before || !after) return [];
    const microseconds = [cpu(before).toFixed(0), cpu(after).toFixed(0), fixed(cpu(after) / cpu(before))];
    return [[WORKLOADS[workload], ...microseconds, before.statements.toFixed(2), after.statements.toFixed(2)]];
  });
  return table(['workload', 'CPU µs: few', 'many', 'ratio', 'statements: few', 'many'], lines);
}

const fixed = (ratio) => (ratio === undefined ? '' : ratio.toFixed(2));

/** A table in Markdown. */
export function table(head, lines) {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
