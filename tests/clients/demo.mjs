// A demo of its own for the suite.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = process.env.GATEWAY_PROGRAM ?? fileURLToPath(new URL('../../target/debug/gateway', import.meta.url));

/** Longest wait for the demo to serve. */
const START = 120_000;

/**
 * Starts a demo with these settings (`CS12_…`); gives its `url`, its `tokens` by person, and how to stop it. Nothing else of the
 * caller's gateway reaches it.
 */
export async function startDemo(settings = {}) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'));
  const env = { ...Object.fromEntries(others), ...settings };
  const demo = spawn(program, ['demo', '--json', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  demo.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const line = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => demo.kill('SIGTERM'), START);
    demo.once('error', reject);
    demo.once('exit', () => reject(new Error(`the demo did not start:\n${log}`)));
    createInterface({ input: demo.stdout }).once('line', (text) => {
      clearTimeout(timer);
      resolve(text);
    });
  });
  return {
    ...JSON.parse(line),
    async stop() {
      if (demo.exitCode !== null || demo.signalCode !== null) return;
      const ended = once(demo, 'exit');
      demo.kill('SIGTERM');
      await ended;
    },
  };
}
