// What must hold after each restart: no half state, an unbroken chain, all that was answered, and nothing that nobody asked for.

import { VERBS, eventsOf } from './verbs.mjs';
import { replay } from './replay.mjs';

const STATE = `{ organization {
  name slug
  members(first: 1000, filter: { status: [ACTIVE, SUSPENDED, REMOVED] }) { nodes { id role status user { id email } } pageInfo { hasNextPage } }
  invitations(first: 1000) { nodes { id email role status sentAt } pageInfo { hasNextPage } }
  joinRequests(first: 1000) { nodes { id email status } pageInfo { hasNextPage } }
  dsos(first: 1000) { nodes { id name grants(first: 1000) { nodes { role member { user { id } } } } } pageInfo { hasNextPage } }
  auditLog(first: 1000) {
    nodes { action outcome actorUserId targetId requestId sequence before after } pageInfo { hasNextPage }
  }
} }`;

/** What its owner sees of an organization; that it has an active owner at all is the first that must hold. */
export async function seen(world, house) {
  for (const who of house.people) {
    const { memberships } = await world.look(who);
    if (!memberships.some(({ organizationId, role }) => organizationId === house.id && role === 'OWNER')) continue;
    const { organization } = await world.read(who, STATE, house);
    const cut = Object.keys(organization).filter((list) => organization[list].pageInfo?.hasNextPage);
    world.same(cut, [], `lists of ${house.slug} that are longer than the suite reads`);
    return { ...organization, owner: who };
  }
  return world.expect(false, `${house.slug} has no active owner among ${house.people.map(({ name }) => name)}`);
}

/** A list of rows as one object, so that two lists are compared by row. */
const byKey = (pairs) => Object.fromEntries(pairs);

function actual({ name, slug, members, invitations, joinRequests, dsos }) {
  return {
    names: { name, slug },
    members: byKey(members.nodes.map(({ role, status, user }) => [user.id, `${role} ${status}`])),
    invitations: byKey(invitations.nodes.map(({ id, email, role, status }) => [id, { email, role, status }])),
    joinRequests: byKey(joinRequests.nodes.map(({ id, email, status }) => [id, { email, status }])),
    dsos: byKey(dsos.nodes.map(({ id, name: called }) => [id, called])),
    grants: byKey(dsos.nodes.flatMap(({ id, grants }) => grants.nodes.map(({ role, member }) => [`${id} ${member.user.id}`, role]))),
  };
}

/** Where two states differ, in words. */
function differences(state, expected) {
  return Object.keys(expected).flatMap((part) => {
    const keys = [...new Set([...Object.keys(state[part]), ...Object.keys(expected[part])])];
    const [is, should] = [state, expected].map((one) => (key) => JSON.stringify(one[part][key]) ?? 'nothing');
    return keys.filter((key) => is(key) !== should(key)).map((key) => `${part} ${key} is ${is(key)}, by the log ${should(key)}`);
  });
}

/** Checks some organizations; gives what was seen of each, and all events that say DONE. */
export async function checkHouses(world, houses) {
  const states = [];
  const done = [];
  for (const house of houses) {
    const state = await seen(world, house);
    house.slug = state.slug;
    const events = state.auditLog.nodes.toReversed();
    world.same(events.map(({ sequence }) => sequence), events.map((_, index) => index + 1), `the numbers of the events of ${house.slug}`);

    const users = new Map(state.members.nodes.map(({ id, user }) => [id, user.id]));
    world.same(users.size, new Set(users.values()).size, `memberships and members of ${house.slug}`);
    const fail = (what) => world.expect(false, `${house.slug}: ${what}`);
    const userOf = (member) => users.get(member) ?? fail(`the log names ${member}, who is no member`);
    const expected = replay(events, userOf, ({ requestId }) => world.requests.get(requestId), fail);
    const half = differences(actual(state), expected);
    world.expect(half.length === 0, `the log of ${house.slug} says one thing and its state another: ${half.join('; ')}`);
    const owners = state.members.nodes.filter(({ role, status }) => role === 'OWNER' && status === 'ACTIVE');
    world.expect(owners.length > 0, `${house.slug} has no active owner`);
    states.push({ house, ...state });
    done.push(...events.filter(({ outcome }) => outcome === 'DONE').map((event) => ({ ...event, house })));
  }
  return { states, done };
}

/** The chains of some organizations, as the operator checks them. Two at a time, on two cores. */
export async function checkChains(world, houses) {
  const left = [...houses];
  const worker = async () => {
    for (let house = left.pop(); house; house = left.pop()) {
      const told = await world.server.verify(house.slug);
      world.expect(/^\d+ events, none changed/.test(told), `the chain of ${house.slug}: ${told}`);
    }
  };
  await Promise.all([worker(), worker()]);
}

/** Every request against the log: what was answered as done is there once, what was refused is not, the rest is whole or not at all. */
export function checkRequests(world, requests, done) {
  const byRequest = grouped(done);
  for (const request of requests) {
    const { id, verb, outcome, round } = request;
    const events = byRequest.get(id) ?? [];
    const what = `request ${id} of round ${round}, ${verb} ${JSON.stringify(request.input ?? request.who.email)}, ${outcome}`;
    if (verb === 'viewer') {
      world.expect(events.every(({ action }) => ['SIGN_UP', 'INVITATION_ACCEPT'].includes(action)), `${what}: ${JSON.stringify(events)}`);
      world.expect(events.length <= 1, `${what}: expected at most one event, there are ${events.length}`);
      continue;
    }
    world.expect(events.every(({ action }) => action === VERBS[verb].action), `${what}: another action in ${JSON.stringify(events)}`);
    const all = eventsOf(request);
    const allowed = { done: [all], refused: [0], unknown: [0, all] }[outcome];
    world.expect(allowed.includes(events.length), `${what}: expected ${allowed.join(' or ')} events, there are ${events.length}`);
    request.committed = events.length > 0;
  }
}

/** No event without a request of ours: nothing happens by itself. */
export function checkEvents(world, done) {
  for (const { requestId, action, house } of done) {
    world.expect(world.requests.has(requestId), `${action} in ${house.slug}: its request ${requestId} was never sent`);
  }
}

function grouped(events) {
  const groups = new Map();
  for (const event of events) groups.set(event.requestId, [...(groups.get(event.requestId) ?? []), event]);
  return groups;
}
