// What the command line asks for.

import { parseArgs } from 'node:util';

import { WORKLOADS } from './answers.mjs';

/** Organizations; each has 5 DSOs, 200 doctors and 4,000 activities. */
const SCALES = { S: 100, L: 1000 };

export function options(args) {
  const { values } = parseArgs({
    args,
    options: {
      scale: { type: 'string', default: 'S' },
      only: { type: 'string' },
      workloads: { type: 'string', default: Object.keys(WORKLOADS).join() },
      seconds: { type: 'string', default: '10' },
      passes: { type: 'string', default: '3' },
      connections: { type: 'string', default: '32' },
      verify: { type: 'boolean', default: false },
      statements: { type: 'boolean', default: false },
    },
  });
  const workloads = values.workloads.split(',');
  const unknown = workloads.filter((workload) => !(workload in WORKLOADS));
  if (unknown.length > 0) throw new Error(`no such workload: ${unknown.join(', ')}; there are ${Object.keys(WORKLOADS).join(', ')}`);
  return {
    scale: values.scale,
    organizations: SCALES[values.scale] ?? whole('scale', values.scale),
    only: values.only?.split(',') ?? null,
    workloads,
    seconds: whole('seconds', values.seconds),
    passes: whole('passes', values.passes),
    connections: whole('connections', values.connections),
    verifyOnly: values.verify,
    statementsOnly: values.statements,
  };
}

function whole(name, text) {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} must be a whole number above 0, not ${text}`);
  return Number(text);
}
