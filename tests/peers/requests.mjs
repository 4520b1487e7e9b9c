// What is sent: for a server and a workload, one body for each tenant; and the sending of one.
//
// Owns: which variables a query gets: those that it declares. The floor has no queries, only statements, and gets all of them.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

import { publicId } from './tenants.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** The body of each tenant, in their order. */
export function bodies(server, workload, tenants) {
  if (!server.queries) return tenants.map((tenant) => JSON.stringify({ variables: variables(server, tenant) }));
  const query = readFileSync(new URL(`queries/${server.queries}/${workload}.graphql`, import.meta.url), 'utf8').trim();
  return tenants.map((tenant) => JSON.stringify({ query, variables: declared(query, variables(server, tenant)) }));
}

function variables(server, { org, user, dso, doctor, since }) {
  if (server.hasPublicIds) return { dso: publicId('dso', dso), doctor: publicId('doc', doctor), since };
  return { org, user, dso, doctor, since };
}

/** Those of the values whose names the query declares: an unknown variable is an error to some servers. */
export function declared(query, values) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`\\$${name}\\s*:`).test(query)));
}

/** The headers of every request. */
export function headers(token) {
  const common = { 'content-type': 'application/json', accept: 'application/json' };
  return token ? { ...common, authorization: `Bearer ${token}` } : common;
}

/** Sends one; gives what was answered as JSON, if it was, and how many bytes the whole answer had. */
export function post(url, token, body) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, timeout: 30_000, headers: { ...headers(token), 'content-length': Buffer.byteLength(body) } };
    const sent = request(url, options, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks);
        resolve({ json: parsed(text), bytes: headBytes(answer) + text.length });
      });
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [text.toString('latin1').slice(0, 200)] };
  }
}

/** The status line, the headers with `: ` and the ends of their lines, the empty line. */
function headBytes({ statusMessage, rawHeaders }) {
  const fields = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  return `HTTP/1.1 200 ${statusMessage}\r\n`.length + fields + 2;
}
