// A log that nobody takes, or that has no room: the gateway serves on, counts what is lost, and ends in order.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Gateway, PATIENCE, program } from './gateway.mjs';

/** More than a pipe of 64 kB holds, and than killed the gateway when it wrote its log by itself. */
const REQUESTS = 1200;
const BODY = JSON.stringify({ query: '{ __typename }' });

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function ask(port, path, agent, body) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, agent, method: body ? 'POST' : 'GET', timeout: 10_000 };
    const request = http.request({ ...options, headers: body ? { 'content-type': 'application/json', 'content-length': body.length } : {} });
    request.once('timeout', () => request.destroy(new Error(`${path} is not answered`)));
    request.once('error', reject);
    request.once('response', async (response) => {
      let text = '';
      for await (const part of response.setEncoding('utf8')) text += part;
      resolve({ status: response.statusCode, text });
    });
    request.end(body);
  });
}

async function alive(port) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
    const answer = await ask(port, '/health/live').catch(() => null);
    if (answer) return answer;
  }
  throw new Error('the gateway does not start');
}

/** Each gives what stands for standard error, and what is to be done once the gateway runs. */
const logs = {
  'is full': async () => ({ file: await open('/dev/full', 'w') }),
  'is a pipe that nobody reads': async (folder) => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    // Open at both ends, so that it neither waits nor breaks.
    return { file: await open(pipe, 'r+') };
  },
  'is a pipe whose reader has gone': async () => ({ file: null }),
};

for (const [kind, make] of Object.entries(logs)) {
  test(`a log that ${kind} costs lines and nothing else`, { timeout: 3 * PATIENCE }, async (context) => {
    const [port, metrics] = [await freePort(), await freePort()];
    const gateway = await Gateway.make({ server: { drain_seconds: 0 }, metrics: { listen: `127.0.0.1:${metrics}` } });
    context.after(() => gateway.remove());
    const { file } = await make(gateway.folder);
    const words = ['serve', '--listen', `127.0.0.1:${port}`, ...gateway.arguments];
    gateway.process = spawn(program, words, { ...gateway.options, stdio: ['ignore', file?.fd ?? 'pipe', file?.fd ?? 'pipe'] });
    const ended = once(gateway.process, 'exit');
    gateway.process.stdout?.destroy();
    gateway.process.stderr?.destroy();
    await file?.close();
    assert.equal((await alive(port)).status, 200);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    const asked = Array.from({ length: REQUESTS }, () => ask(port, '/graphql', agent, BODY));
    for (const answer of await Promise.all(asked)) assert.equal(answer.status, 200, answer.text);
    agent.destroy();
    assert.equal((await ask(port, '/health/live')).status, 200);
    const { text } = await ask(metrics, '/metrics');
    const lost = Number(/^cs12_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
    // The queue holds the lines that a pipe does not take; what was refused is lost.
    assert.ok(kind.includes('nobody') ? lost >= 0 : lost >= REQUESTS, `${lost} lines were lost`);
    const began = Date.now();
    gateway.process.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], 'it did not end in order');
    assert.ok(Date.now() - began < 15_000, `it took ${Date.now() - began} ms to end`);
  });
}
