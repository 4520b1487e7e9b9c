// The mails: files that are whole, to those who were invited and to nobody else.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkHouses } from './checks.mjs';

/** After a failed try, the outbox waits for a minute, after the second for two. */
const RETRY = 60_000;

/** The mails in a folder, oldest first: `{ file, to, token }`. One that is not whole fails. */
export async function mails(world) {
  const files = (await readdir(world.mails).catch(() => [])).filter((file) => file.endsWith('.eml')).sort();
  return Promise.all(files.map(async (file) => {
    const raw = await readFile(join(world.mails, file), 'utf8');
    const boundary = /boundary="([^"]+)"/.exec(raw)?.[1];
    world.expect(boundary && raw.trimEnd().endsWith(`--${boundary}--`), `the mail ${file} is not whole: ${raw.length} characters`);
    world.expect(raw.includes(`Message-ID: <${file.replace('.eml', '')}@cs12.example>`), `the mail ${file} holds another`);
    const [to] = /^To: (\S+)\r?$/m.exec(raw)?.slice(1) ?? [];
    const [token] = /#invitation=([a-z2-7]{52})/.exec(raw.replace(/=\r?\n/g, '').replaceAll('=3D', '='))?.slice(1) ?? [];
    world.expect(to && token, `the mail ${file} has no addressee or no token`);
    return { file, to, token };
  }));
}

/** How many names are in the folder, finished or not. */
export const countFiles = async (world) => (await readdir(world.mails).catch(() => [])).length;

/** Waits until the mails of all open invitations of a house went out, and gives its state. */
export async function allSent(world, look, patience) {
  for (const until = Date.now() + patience; ; await pause(100)) {
    const state = await look();
    const waiting = state.invitations.nodes.filter(({ status, sentAt }) => status === 'PENDING' && !sentAt);
    if (waiting.length === 0 || Date.now() > until) return { ...state, waiting };
  }
}

/** The mails of all rounds: at least one to each open invitation, and none for what was never committed. */
export async function checkMails(world, { lastKill }) {
  const until = () => lastKill + RETRY + 15_000 - Date.now();
  let waiting = [];
  let checked;
  do {
    // Only those that wait are looked at again.
    const houses = checked ? waiting.map(({ house }) => house) : [...world.houses.values()];
    const again = await checkHouses(world, [...new Set(houses)]);
    checked = { states: [...(checked?.states ?? []).filter(({ house }) => !houses.includes(house)), ...again.states] };
    waiting = checked.states.flatMap(({ house, invitations }) =>
      invitations.nodes.filter(({ status, sentAt }) => status === 'PENDING' && !sentAt).map((invitation) => ({ house, ...invitation })));
    if (waiting.length > 0) await pause(500);
  } while (waiting.length > 0 && until() > 0);
  // A mail whose second try was killed as well waits for two minutes. That is rare: one is believed.
  const list = waiting.map(({ email, house }) => `${email} (${house.slug})`).join(', ');
  world.expect(waiting.length <= 1, `a minute after the last kill these invitations still wait for a mail: ${list}`);

  const all = await mails(world);
  const invited = checked.states.flatMap(({ invitations }) => invitations.nodes);
  const sends = new Map();
  for (const { auditLog, invitations } of checked.states) {
    for (const { action, outcome, targetId } of auditLog.nodes) {
      if (outcome !== 'DONE' || !['INVITATION_CREATE', 'INVITATION_RESEND'].includes(action)) continue;
      const { email } = invitations.nodes.find(({ id }) => id === targetId);
      sends.set(email, (sends.get(email) ?? 0) + 1);
    }
  }
  for (const { file, to } of all) {
    world.expect(invited.some(({ email }) => email === to), `the mail ${file} is to ${to}, whom nobody has invited`);
    const count = all.filter((mail) => mail.to === to).length;
    world.expect(count <= (sends.get(to) ?? 0), `${to} got ${count} different mails, and was to get ${sends.get(to) ?? 0}`);
  }
  const open = invited.filter(({ status, sentAt }) => status === 'PENDING' && sentAt);
  for (const { email } of open) {
    const latest = all.filter(({ to }) => to === email).at(-1);
    world.expect(latest, `the invitation of ${email} says that a mail went out, and there is none`);
    const { invitationPreview } = await world.read(null, `{ invitationPreview(token: "${latest.token}") { status } }`);
    world.same(invitationPreview, { status: 'PENDING' }, `what the token in the latest mail to ${email} opens`);
  }
  return { mails: all.length, open: open.length, waiting: waiting.length };
}
