// Whether every server gives the right answers, asked one after another and many at once, and none to strangers. Nothing is measured
// before: a server that is fast and wrong is not fast.
//
// Owns: the comparison and the probes. The reference is the first server, the floor. Many at once is how loaders that several requests share are
// caught mixing tenants.

import { isDeepStrictEqual } from 'node:util';

import { isEmpty, rows, shape } from './answers.mjs';
import { unwrite, written } from './data.mjs';
import { bodies, post } from './requests.mjs';

/** Asks for all tenants, `together` at a time; gives the mean size of the answers by server and workload. Throws on any difference. */
export async function verify({ servers, workloads, tenants, postgres, together, say }) {
  const sizes = {};
  const faults = [];
  for (const workload of workloads) {
    let reference = null;
    for (const server of servers.filter((one) => one.workloads.includes(workload))) {
      const url = server.url(workload);
      const sent = bodies(server, workload, tenants);
      const answers = await inTurn(sent, together, (body, i) => post(url, tenants[i].token, body));
      const told = answers.map(({ json }) => shape(workload, json));
      reference ??= told;
      const found = [
        ...(workload === 'w5' ? [] : differences(server, told, reference)),
        ...told.flatMap((answer, i) => (answer?.errors ? [`tenant ${i}: ${answer.errors}`] : [])),
        ...(await probes({ server, workload, url, sent, tenants })),
        ...(workload === 'w5' ? await writes({ server, tenants, postgres }) : []),
      ];
      sizes[`${server.name} ${workload}`] = answers.reduce((sum, { bytes }) => sum + bytes, 0) / answers.length;
      const count = told.reduce((sum, answer) => sum + (answer?.errors ? 0 : rows(workload, answer)), 0);
      say(`  ${workload} ${server.name}: ${found.length === 0 ? `equal, ${count} rows` : `${found.length} faults; ${found[0]}`}`);
      faults.push(...found);
    }
  }
  if (faults.length > 0) throw new Error(`${faults.length} answers are wrong; nothing is measured`);
  return sizes;
}

/** Does all, at most so many at once; the results are in order. */
async function inTurn(items, together, act) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await act(items[i], i);
  };
  await Promise.all(Array.from({ length: together }, worker));
  return results;
}

function differences(server, told, reference) {
  return told.flatMap((answer, i) => {
    const expected = server.lacksPlan ? withoutPlan(reference[i]) : reference[i];
    const actual = server.lacksPlan ? withoutPlan(answer) : answer;
    return answer?.errors || isDeepStrictEqual(actual, expected) ? [] : [`tenant ${i}: ${brief(actual)} instead of ${brief(expected)}`];
  });
}

const brief = (value) => JSON.stringify(value).slice(0, 300);

function withoutPlan(answer) {
  if (!answer?.organization) return answer;
  const { plan, ...organization } = answer.organization;
  return { ...answer, organization };
}

/** No token, a token with another signature, and the first tenant asking for what is the second's: none may bring a row of somebody else. */
async function probes({ server, workload, url, sent, tenants }) {
  const [own, foreign] = sent;
  const { token } = tenants[0];
  const faults = [];
  const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
  for (const [name, credential] of [['no token', null], ['a forged token', forged]]) {
    const { json } = await post(url, credential, own);
    if (!isEmpty(json)) faults.push(`${server.name} gives rows to ${name}`);
  }
  // Where the body names nothing of the tenant's, this is the first tenant's own question, and the answer is theirs.
  if (foreign && foreign !== own) {
    const { json } = await post(url, token, foreign);
    const isTheirs = workload !== 'w5' && isDeepStrictEqual(shape(workload, json), shape(workload, (await post(url, token, own)).json));
    if (workload !== 'w5' && !isEmpty(json) && !isTheirs) faults.push(`${server.name} gives the rows of another tenant`);
  }
  return faults;
}

/** Exactly one activity for each tenant, by them and with their doctor: none was written for the probes. */
async function writes({ server, tenants, postgres }) {
  const expected = tenants.map(({ org, doctor, user }) => `${org} ${doctor} ${user} phone bench`).sort();
  const found = await written(postgres, server.isOurs);
  await unwrite(postgres, server.isOurs);
  return isDeepStrictEqual(found, expected) ? [] : [`${server.name} wrote ${found.length} activities instead of ${expected.length}, or others`];
}
