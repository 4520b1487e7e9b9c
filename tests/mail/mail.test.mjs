// An invitation from the mutation to the membership, over a real mail server: the mail that comes, and what the link in it opens.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway } from './gateway.mjs';
import { startSink } from './sink.mjs';

const CLAUDIA = { email: 'claudia@allsolutions.example', name: 'Claudia' };
const EARLY = { email: 'early@people.example', name: 'Early' };
const NEWCOMER = { email: 'Nia.Newcomer@people.example', name: 'Nia' };
const STRANGER = { email: 'stranger@people.example', name: 'Sam' };

/** After a failed try, the outbox waits for a minute. */
const RETRY = 100_000;

const INVITE = `mutation ($input: InvitationCreateInput!) {
  invitationCreate(input: $input) { invitation { id } userErrors { code message field } }
}`;
const ACCEPT = `mutation ($input: InvitationAcceptInput!) {
  invitationAccept(input: $input) { membership { organizationSlug role } userErrors { code message } }
}`;

let sink;
let gateway;
before(async () => {
  // The very first mail meets a server that wants it later.
  sink = await startSink({ refuse: 1 });
  gateway = await startGateway(sink.url);
});
after(async () => {
  const code = await gateway?.stop();
  await sink?.close();
  assert.equal(code, 0, 'the gateway ends well');
});

async function invite({ email }, grants = []) {
  const { invitationCreate } = await gateway.ask(CLAUDIA, INVITE, { input: { email, role: 'MEMBER', grants } });
  assert.deepEqual(invitationCreate.userErrors, []);
  assert.ok(invitationCreate.invitation.id);
}

async function accept(person, token) {
  const { invitationAccept } = await gateway.ask(person, ACCEPT, { input: { token } });
  return invitationAccept;
}

/** The token in a mail, from its text. */
function tokenIn({ mail }) {
  const found = /^(\S+)\/dashboard\/#invitation=([a-z2-7]{52})$/m.exec(mail.text.replaceAll('\r', ''));
  assert.ok(found, mail.text);
  assert.equal(found[1], gateway.origin);
  return found[2];
}

let dso;
test('an admin invites; a mail that is refused for now holds no other up', async () => {
  const { dsos } = await gateway.ask(CLAUDIA, '{ dsos(first: 1) { nodes { id name } } }');
  [dso] = dsos.nodes;

  await invite(EARLY);
  const refused = await sink.arrival((one) => one.to.includes(EARLY.email));
  assert.equal(refused.taken, false);
  await invite(NEWCOMER, [{ dsoId: dso.id, role: 'VIEWER' }]);
  await sink.taken(NEWCOMER.email);
});

test('the mail says who invites, in two forms that say the same', async () => {
  const { from, to, raw, mail } = await sink.taken(NEWCOMER.email);
  assert.deepEqual([from, to], ['no-reply@cs12.example', [NEWCOMER.email]]);
  assert.deepEqual([mail.from.name, mail.from.address], ['CS12', 'no-reply@cs12.example']);
  assert.deepEqual(mail.to.map(({ address }) => address), [NEWCOMER.email]);
  assert.equal(mail.subject, 'Claudia invites you to AllSolutions on CS12');
  assert.match(mail.messageId, /^<mai_[0-9a-z]{26}@cs12\.example>$/);
  const header = (key) => mail.headers.filter((one) => one.key === key).map(({ value }) => value);
  assert.deepEqual(header('auto-submitted'), ['auto-generated']);
  assert.match(header('content-type')[0], /^multipart\/alternative;/);
  assert.deepEqual(mail.attachments, []);
  assert.ok(Math.abs(Date.now() - Date.parse(mail.date)) < 120_000, mail.date);

  const token = tokenIn({ mail });
  const link = `${gateway.origin}/dashboard/#invitation=${token}`;
  const html = mail.html.replaceAll('&#x2f;', '/');
  assert.ok(html.includes(`href="${link}"`), mail.html);
  for (const form of [mail.text, html]) {
    assert.match(form, /Claudia/);
    assert.match(form, /AllSolutions/);
    assert.match(form, /good until \d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC/);
  }
  // Nothing is fetched when it is read, and the token is in no header.
  assert.doesNotMatch(html, /<img|<link|<script|src=|url\(/i);
  assert.ok(!raw.slice(0, raw.indexOf('\r\n\r\n')).includes(token));
});

test('the token opens the invitation for its addressee only, and once', async () => {
  const token = tokenIn(await sink.taken(NEWCOMER.email));
  const taken = await accept(STRANGER, token);
  assert.equal(taken.membership, null);
  assert.deepEqual(taken.userErrors.map(({ code }) => code), ['EMAIL_MISMATCH']);

  const accepted = await accept(NEWCOMER, token);
  assert.deepEqual(accepted.userErrors, []);
  assert.equal(accepted.membership.role, 'MEMBER');
  const organization = { 'x-organization-id': accepted.membership.organizationSlug };
  const { dsos } = await gateway.ask(NEWCOMER, '{ dsos { nodes { id } } }', {}, organization);
  assert.deepEqual(dsos.nodes, [{ id: dso.id }], 'they see what was granted and nothing else');

  const again = await accept(NEWCOMER, token);
  assert.deepEqual([again.membership, again.userErrors.map(({ code }) => code)], [null, ['INVITATION_OVER']]);
});

test('the refused mail comes again, and is known as the same', { timeout: RETRY + 10_000 }, async () => {
  assert.ok(sink.arrivals.some((one) => one.to.includes(EARLY.email)), 'without a first try there is nothing to wait for');
  const second = await sink.taken(EARLY.email, RETRY);
  const tries = sink.arrivals.filter((one) => one.to.includes(EARLY.email));
  assert.deepEqual(tries.map(({ taken }) => taken), [false, true]);
  assert.equal(tries[0].mail.messageId, second.mail.messageId);
  assert.equal(tokenIn(tries[0]), tokenIn(second));
});

test('the log tells of each try, and names nobody', () => {
  const log = gateway.log();
  assert.match(log, /does not take it now, with code 451/);
  assert.match(log, /a mail was sent/);
  for (const { mail, to } of sink.arrivals) {
    for (const word of [...to, tokenIn({ mail }), 'try again later']) assert.ok(!log.includes(word), `the log holds \`${word}\``);
  }
});
