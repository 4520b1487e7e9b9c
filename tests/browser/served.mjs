// The gateway as it is run for people: `serve` with a configuration of its own, over the demo's data.
//   GATEWAY_PROGRAM   the program under test, if it is not target/debug/gateway
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = process.env.GATEWAY_PROGRAM ?? fileURLToPath(new URL('../../target/debug/gateway', import.meta.url));

/** Starts a command and waits until it says where it serves; nothing of the caller's gateway may reach it, and nobody balances load here. */
async function start(command, pattern, stream, settings = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('CS12_'));
  const gateway = spawn(program, command, { env: { ...Object.fromEntries(own), CS12_SERVER__DRAIN_SECONDS: '0', ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => gateway.kill('SIGTERM'), 120_000);
    const listen = (text) => {
      said += text;
      const found = pattern.exec(said)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    };
    gateway.once('error', reject);
    gateway.once('exit', () => reject(new Error(`the gateway did not start:\n${said}`)));
    for (const name of ['stdout', 'stderr'])
      gateway[name].setEncoding('utf8').on('data', (text) => (name === stream ? listen(text) : (said += text)));
  });
  const stop = async () => {
    if (gateway.exitCode !== null || gateway.signalCode !== null) return;
    const ended = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    await ended;
  };
  return { address, stop };
}

/** @param {string} configuration TOML, without the database and the address */
export async function serveDemoData(configuration) {
  const folder = await mkdtemp(join(tmpdir(), 'cs12-served-'));
  const database = ['--database-url', `sqlite://${join(folder, 'demo.db')}`];
  // The demo fills the database, and is gone before the gateway opens it.
  const demo = await start(['demo', '--json', '--listen', '127.0.0.1:0', ...database], /"url":"([^"]+)"/, 'stdout');
  await demo.stop();
  const file = join(folder, 'gateway.toml');
  await writeFile(file, configuration);
  const served = await start(
    ['serve', '--config', file, '--listen', '127.0.0.1:0', ...database],
    /serving GraphQL at (http:\/\/[\d.]+:\d+)\/graphql/,
    'stderr',
    // Mails go with the rest of it.
    { CS12_MAIL__FOLDER: join(folder, 'mails') },
  );
  return {
    origin: served.address,
    mails: join(folder, 'mails'),
    async stop() {
      await served.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
