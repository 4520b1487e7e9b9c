// How long our gateway takes from its start to its first answer, on the demo's data in a SQLite file.
//
// Owns: the file, which a demo fills and a gateway of its own then serves.

import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';

import { start, untilReady } from './processes.mjs';
import { post } from './requests.mjs';
import { median } from './table.mjs';

const run = promisify(execFile);
const STARTS = 5;
const PERSON = 'alan@allsolutions.example';
const QUESTION = JSON.stringify({ query: '{ viewer { id } organization { name } }' });

/** The median of some starts, in milliseconds. */
export async function coldStart({ gateway, environment, folder, port }) {
  const own = `${folder}/cold`;
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const issuers = '[{ issuer = "dev", audience = "cs12", secret = "the secret of a comparison, opens nothing else" }]';
  const env = { ...environment, CS12_AUTHN__ISSUERS: issuers, CS12_MAIL__FOLDER: `${own}/mails` };
  const address = ['--listen', `127.0.0.1:${port}`, '--database-url', `sqlite://${own}/demo.sqlite`];
  const begin = (command) => start({ program: gateway, args: [command, ...address], cwd: own, env, log: `${own}/log` });

  const demo = await begin('demo');
  await untilReady(demo, async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok);
  await demo.stop();

  const { stdout } = await run(gateway, ['token', '--email', PERSON], { env, cwd: own });
  const times = [];
  for (let i = 0; i < STARTS; i += 1) {
    const began = performance.now();
    const served = await begin('serve');
    await untilReady(served, () => answered(port, stdout.trim()), { step: 2 });
    times.push(performance.now() - began);
    await served.stop();
  }
  rmSync(own, { recursive: true, force: true });
  return median(times);
}

async function answered(port, token) {
  const { json } = await post(`http://127.0.0.1:${port}/graphql`, token, QUESTION);
  if (json.errors) throw new Error(JSON.stringify(json));
  return json.data?.organization?.name;
}
