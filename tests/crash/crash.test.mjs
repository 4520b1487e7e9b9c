// Kill -9 in the middle of each kind of change, 50 times on each database: after the restart there is no half state, every chain of the
// audit log is sound, what was answered is there, and the outbox has delivered what was committed and nothing else.
//   CRASH_SEED   the number from which the moments of the kills are drawn; each run has its own, and tells it

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { checkChains, checkEvents, checkHouses, checkRequests } from './checks.mjs';
import { COMING_IN } from './kinds.mjs';
import { checkMails, mails } from './mails.mjs';
import { BEING_IN } from './members.mjs';
import { startPostgres } from './postgres.mjs';
import { Server } from './server.mjs';
import { World } from './world.mjs';

const ROUNDS = 50;

/** Latest moment of a kill, in milliseconds: after the requests were sent, or after the first of them was answered. */
const LATEST = 60;

/** How many of the kills count from the sending: a busy machine answers nothing that soon. */
const EARLY = 0.4;

const KINDS = Object.entries({ ...COMING_IN, ...BEING_IN });

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 2 ** 31);

/** Numbers below one: the same for the same seed (xorshift). */
function draws(start) {
  let bits = (start | 0) || 1;
  return () => {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    return (bits >>> 0) / 2 ** 32;
  };
}

let folder;
let postgres;
const databases = {};
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cs12-crash-'));
});
after(async () => {
  for (const { world } of Object.values(databases)) await world.server.kill();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Fires one round, kills in the middle of it, starts again and checks. */
async function round(world, kind, own, { isEarly, delay }) {
  const { fires, houses, when, after: look, log } = await kind(world, own);
  await Promise.all(fires.map(([, who]) => world.server.token(who)));
  await when?.();
  const sent = fires.map((fire) => world.fire(...fire));
  const fired = Promise.all(sent);
  // A failure among them is told below.
  fired.catch(() => {});
  if (!isEarly) await Promise.race(sent);
  await pause(delay);
  await world.server.kill();
  const requests = await fired;
  await mails(world);

  await world.server.start();
  const found = (await look?.(requests)) ?? [];
  const touched = [...new Set([...houses.map(({ id }) => world.houses.get(id)), ...found])];
  const { done } = await checkHouses(world, touched);
  log?.(done);
  checkEvents(world, done);
  checkRequests(world, [...requests], done);
  await checkChains(world, touched);
  return requests;
}

async function rounds(t, name, url, { servedUrl, grant } = {}) {
  const mailFolder = join(folder, `${name}-mails`);
  const world = new World(name, new Server(url, folder, mailFolder, servedUrl), mailFolder);
  databases[name] = { world };
  const draw = draws(seed);
  const owns = new Map(KINDS.map(([kind]) => [kind, {}]));
  const all = [];
  await world.server.migrate();
  await grant?.();
  await world.server.start();
  for (let number = 1; number <= ROUNDS; number += 1) {
    const [title, kind] = KINDS[(number - 1) % KINDS.length];
    const moment = { isEarly: draw() < EARLY, delay: draw() * LATEST };
    world.turn(number, title);
    try {
      all.push(...(await round(world, kind, owns.get(title), moment)));
    } catch (error) {
      const since = moment.isEarly ? 'the sending' : 'the first answer';
      error.message += `\n  (${name}, round ${number}, ${title}, killed ${moment.delay.toFixed(1)} ms after ${since}, CRASH_SEED=${seed})`;
      throw error;
    }
  }
  databases[name].lastKill = Date.now();
  // Once more, all of it: no later kill has taken away what an earlier one had left.
  world.turn(ROUNDS, 'all of them');
  const { done } = await checkHouses(world, [...world.houses.values()]);
  checkEvents(world, done);
  checkRequests(world, [...world.requests.values()], done);
  await checkChains(world, [...world.houses.values()]);
  assert.equal(await world.server.stop(), 0, `${name}: the gateway ends well`);

  const count = (wanted) => all.filter(wanted).length;
  const answered = count(({ outcome }) => outcome !== 'unknown');
  const silent = count(({ outcome, committed }) => outcome === 'unknown' && committed);
  t.diagnostic(`${name}: ${all.length} requests at ${ROUNDS} kills: ${answered} answered, ${silent} done without an answer, ` +
    `${all.length - answered - silent} cut off; ${world.houses.size} organizations; CRASH_SEED=${seed}`);
  const isInTheMiddle = answered > ROUNDS && answered < all.length - ROUNDS;
  assert.ok(isInTheMiddle, `${name}: the kills came at the wrong time: ${answered} of ${all.length} answered`);
}

async function delivered(t, name) {
  assert.ok(databases[name]?.lastKill, `${name}: its rounds have failed`);
  const { world, lastKill } = databases[name];
  world.turn(ROUNDS, 'the mails of all rounds');
  await world.server.start();
  const told = await checkMails(world, { lastKill });
  t.diagnostic(`${name}: ${told.mails} mails, ${told.open} open invitations that had one, ${told.waiting} still waiting`);
  assert.equal(await world.server.stop(), 0, `${name}: the gateway ends well`);
}

test('SQLite: after each of 50 kills, all of a change is there or none of it', async (t) => {
  await rounds(t, 'SQLite', `sqlite://${join(folder, 'crash.sqlite')}`);
});

test('PostgreSQL: after each of 50 kills, all of a change is there or none of it', async (t) => {
  postgres = await startPostgres();
  await rounds(t, 'PostgreSQL', postgres.url, postgres);
});

// Both wait for second tries: while one database has its rounds, the other's time runs.
test('SQLite: each open invitation has its mail, and nobody else has one', (t) => delivered(t, 'SQLite'));

test('PostgreSQL: each open invitation has its mail, and nobody else has one', (t) => delivered(t, 'PostgreSQL'));
