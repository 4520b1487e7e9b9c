// A clock on the wall that a test sets, for one process: `libfaketime`, which asks a file each time how far the clock is off.
//
// The clock that only goes forward, by which waits are measured, stays the machine's own: so it is when a real clock is set.

import { execFile } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the library is, as its own program finds it. */
async function library() {
  const { stdout } = await run('faketime', ['-m', '-f', '+0', 'sh', '-c', 'printf %s "$LD_PRELOAD"']);
  if (!stdout) throw new Error('`faketime` must be installed');
  return stdout;
}

export class Clock {
  #file;

  /** A clock that is right, kept in a folder. */
  static async make(folder) {
    const clock = new Clock();
    clock.#file = join(folder, 'clock');
    await clock.set('+0');
    clock.variables = {
      LD_PRELOAD: await library(),
      FAKETIME_TIMESTAMP_FILE: clock.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
    return clock;
  }

  /** From now on it is off by so much: `+3h`, `-2d`. */
  async set(offset) {
    // At once: nobody reads half of it.
    await writeFile(`${this.#file}.next`, offset);
    await rename(`${this.#file}.next`, this.#file);
  }

  /** The variables of a process whose clock is off by so much from its start to its end. */
  off(offset) {
    return { LD_PRELOAD: this.variables.LD_PRELOAD, FAKETIME: offset };
  }
}
