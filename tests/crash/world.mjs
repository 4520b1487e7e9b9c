// Who and what there is, as far as the suite knows: people, organizations, and every request that was ever sent, with its answer.
//
// Each request has an id of its own. The audit log keeps it, so that each event is told from which request it came.

import assert from 'node:assert/strict';
import { VERBS, document } from './verbs.mjs';

/** Codes that tell nothing of whether it was done. */
const FAULTS = ['INTERNAL', 'UNAVAILABLE', 'TIMEOUT'];

export class World {
  /** By request id: `{ id, verb, who, input, round, outcome, data, problems }`. */
  requests = new Map();
  /** By id, every organization that was answered or listed: `{ id, slug, people }`, of whom one at least owns it. */
  houses = new Map();
  #serial = 0;
  #where = '';

  constructor(name, server, mails) {
    Object.assign(this, { name, server, mails, round: 0, kind: 'beginning' });
  }

  turn(round, kind) {
    Object.assign(this, { round, kind });
    this.#where = `${this.name}, round ${round} (${kind})`;
  }

  expect(isSo, what) {
    assert.ok(isSo, `${this.#where}: ${what}`);
  }

  same(actual, expected, what) {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    this.expect(is === should, `${what}: expected ${should}, is ${is}`);
  }

  /** Somebody whom nobody knows yet. Nobody else has their name, so their organization gets the slug that is made of it. */
  newcomer() {
    this.#serial += 1;
    const name = `Person ${this.round} ${this.#serial}`;
    return { name, email: `person.${this.round}.${this.#serial}@people.example`, slug: `person-${this.round}-${this.#serial}-s-organization` };
  }

  newcomers(count) {
    return Array.from({ length: count }, () => this.newcomer());
  }

  /** A word that nobody else uses. */
  word(start) {
    this.#serial += 1;
    return `${start}-${this.round}-${this.#serial}`;
  }

  /** Sends a request that may change something, and keeps what came of it. */
  async fire(verb, who, house, input) {
    this.#serial += 1;
    const id = `${this.round}-${this.kind}-${this.#serial}`;
    const request = { id, verb, who, house, input, round: this.round, outcome: 'unknown', data: null, problems: [] };
    this.requests.set(id, request);
    const headers = { 'x-request-id': id, ...(house && { 'x-organization-id': house.id }) };
    const answer = await this.server.send(await this.server.token(who), document(verb), input && { input }, headers);
    if (!answer) return request;
    const payload = answer.data?.[verb];
    const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.code);
    this.expect(!codes.some((code) => FAULTS.includes(code)), `${id} ${verb}: a fault: ${JSON.stringify(answer)}`);
    request.problems = [...codes, ...(payload?.userErrors ?? []).map(({ code }) => code)];
    request.outcome = request.problems.length === 0 ? 'done' : 'refused';
    request.data = payload;
    return request;
  }

  /** Sends a request that must be done; gives what it gave. */
  async must(verb, who, house, input) {
    const { id, outcome, problems, data } = await this.fire(verb, who, house, input);
    this.expect(outcome === 'done', `${id} ${verb} ${JSON.stringify(input)} must be done, but is ${outcome}: ${problems}`);
    return VERBS[verb].gives ? data[VERBS[verb].gives] : data;
  }

  /** Reads, which changes nothing. */
  async read(who, query, house = null) {
    const headers = house ? { 'x-organization-id': house.id } : {};
    const answer = await this.server.send(who && (await this.server.token(who)), query, undefined, headers);
    const problem = JSON.stringify(answer?.errors ?? answer);
    this.expect(answer?.data && !answer.errors, `${who?.name ?? 'nobody'} reads ${query.split('\n')[0]}: ${problem}`);
    return answer.data;
  }

  /** What somebody sees of themselves. A newcomer is signed up by it; of each organization that it lists we know from then on. */
  async look(who) {
    const seen = await this.must('viewer', who);
    for (const { organizationId, organizationSlug, role } of seen.memberships) {
      const house = this.houses.get(organizationId);
      if (!house) this.houses.set(organizationId, { id: organizationId, slug: organizationSlug, people: [who] });
      else if (role === 'OWNER' && !house.people.includes(who)) house.people.push(who);
    }
    return seen;
  }

  /** A newcomer with an organization of their own. */
  async settle() {
    const owner = this.newcomer();
    const { id, memberships } = await this.look(owner);
    return { ...this.houses.get(memberships[0].organizationId), owner, user: id };
  }

  /** A newcomer who joins a house. */
  async join(house) {
    const who = this.newcomer();
    const { id: invitationId } = await this.must('invitationCreate', house.owner, house, { email: who.email, role: 'MEMBER' });
    await this.must('invitationAccept', who, null, { invitationId });
    await this.look(who);
    const { viewer } = await this.read(who, '{ viewer { id member { id } } }', house);
    return { ...who, member: viewer.member.id, user: viewer.id };
  }

  /** Many of them at once. */
  joined(house, count) {
    return Promise.all(Array.from({ length: count }, () => this.join(house)));
  }
}
