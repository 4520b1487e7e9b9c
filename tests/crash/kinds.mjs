// The kinds of change that are killed in the middle: people who come in, and what they decide about each other.
//
// A kind prepares a round and says what is to be fired at once: `{ fires, houses }`, each fire being what `World.fire` takes. `when`
// waits for the right moment; `after` checks, after the restart, what no log tells, and gives more organizations to be looked at.
// What a kind keeps from round to round is in `own`.

import { setTimeout as pause } from 'node:timers/promises';
import { seen } from './checks.mjs';
import { allSent, countFiles, mails } from './mails.mjs';

/** Longest wait for mails that nothing holds up. */
const MAIL = 30_000;

async function signUps(world, own) {
  const house = (own.house ??= await world.settle());
  const [invited, others] = [world.newcomers(4), world.newcomers(4)];
  const invitation = ({ email }) => ({ email, role: 'MEMBER' });
  await Promise.all(invited.map((who) => world.must('invitationCreate', house.owner, house, invitation(who))));
  // Two of them knock twice.
  const fires = [...invited, ...others, invited[0], others[0]].map((who) => ['viewer', who]);
  const after = async (requests) => {
    const found = [];
    for (const who of [...invited, ...others]) {
      const { id, memberships } = await world.look(who);
      // Who is invited belongs nowhere until they choose.
      const own = invited.includes(who) ? [] : [[who.slug, 'OWNER']];
      world.same(memberships.map(({ organizationSlug, role }) => [organizationSlug, role]), own, `where ${who.name} is, and as what`);
      for (const { data } of requests.filter((request) => request.who === who && request.outcome === 'done')) {
        world.same([data.id, data.memberships], [id, memberships], `what ${who.name} was answered before the kill`);
      }
      for (const { organizationId } of memberships) found.push(world.houses.get(organizationId));
    }
    return found;
  };
  /** Whoever came was made once, whichever of their requests did it. */
  const log = (done) => {
    for (const who of [...invited, ...others]) {
      const events = done.filter(({ requestId }) => {
        const request = world.requests.get(requestId);
        return request?.verb === 'viewer' && request.who === who;
      });
      world.same(events.map(({ action }) => action), invited.includes(who) ? [] : ['SIGN_UP'], `how ${who.name} came in`);
    }
  };
  return { fires, houses: [house], after, log };
}

async function organizations(world, own) {
  own.house ??= await world.settle();
  own.other ??= await world.settle();
  const makers = [own.house.owner, own.house.owner, own.house.owner, own.other.owner, own.other.owner];
  const made = makers.map((who) => ({ who, name: world.word('Made'), slug: world.word('made') }));
  const rename = (house, input) => ['organizationRename', house.owner, house, input];
  const fires = [
    ...made.map(({ who, name, slug }) => ['organizationCreate', who, null, { name, slug }]),
    rename(own.house, { name: world.word('Name'), slug: world.word('slug') }),
    rename(own.house, { name: world.word('Name') }),
    rename(own.other, { slug: world.word('slug') }),
    rename(own.other, { name: world.word('Name'), slug: world.word('slug') }),
  ];
  const after = async () => {
    const found = [];
    for (const { who, name, slug } of made) {
      const isThere = (await world.look(who)).memberships.some(({ organizationSlug }) => organizationSlug === slug);
      // What was not made has left nothing behind: the slug is still free.
      if (!isThere) await world.must('organizationCreate', who, null, { name, slug });
      const { memberships } = await world.look(who);
      found.push(world.houses.get(memberships.find(({ organizationSlug }) => organizationSlug === slug).organizationId));
    }
    return found;
  };
  return { fires, houses: [own.house, own.other], after };
}

async function deletions(world, own) {
  own.house ??= await world.settle();
  const { owner } = own.house;
  if (!own.houses) {
    const make = async () => (await world.must('organizationCreate', owner, null, { name: world.word('Gone') })).organizationId;
    const ids = await Promise.all(Array.from({ length: 6 }, make));
    await world.look(owner);
    own.houses = ids.map((id) => world.houses.get(id));
  }
  const [gone, living] = [own.houses.slice(0, 2), own.houses.slice(2)];
  await Promise.all(own.houses.map((house) => world.must('invitationCreate', owner, house, { email: world.newcomer().email })));
  await Promise.all(gone.map((house) => world.must('organizationDelete', owner, house, { confirmation: house.slug })));
  const remove = (house) => ['organizationDelete', owner, house, { confirmation: house.slug }];
  const restore = (house) => ['organizationRestore', owner, null, { organizationId: house.id }];
  const fires = [...living.map(remove), ...gone.map(restore), restore(living[0]), remove(living[1]), restore(gone[0])];
  const after = async () => {
    const { memberships, deletedOrganizations } = await world.look(owner);
    for (const house of own.houses) {
      const [isHere, isGone] = [memberships, deletedOrganizations].map((list) => list.some(({ organizationId }) => organizationId === house.id));
      world.expect(isHere !== isGone, `${house.slug} must be either living or deleted, but is ${isHere ? 'both' : 'neither'}`);
      // Its owner sees more of it when it is back.
      if (isGone) await world.must('organizationRestore', owner, null, { organizationId: house.id });
    }
    return [];
  };
  return { fires, houses: own.houses, after };
}

async function invitations(world, own) {
  const house = (own.house ??= await world.settle());
  const invite = (email, also) => ['invitationCreate', house.owner, house, { email, role: 'MEMBER', ...also }];
  const open = await Promise.all(world.newcomers(4).map(({ email }) => world.must(...invite(email, { role: 'ADMIN' }))));
  const of = (verb, { id }) => [verb, house.owner, house, { invitationId: id }];
  const [twice, ...rest] = world.newcomers(4);
  const fires = [
    ...rest.map(({ email }) => invite(email)),
    invite(twice.email),
    invite(twice.email, { role: 'ADMIN' }),
    of('invitationResend', open[0]),
    of('invitationResend', open[1]),
    of('invitationRevoke', open[1]),
    of('invitationRevoke', open[2]),
    of('invitationRevoke', open[2]),
  ];
  return { fires, houses: [house] };
}

/** Killed while the postman is at work, and while others take back what is in his hands. */
async function deliveries(world, own) {
  const house = (own.house ??= await world.settle());
  const invite = ({ email }) => ['invitationCreate', house.owner, house, { email }];
  const made = await Promise.all(world.newcomers(6).map((who) => world.must(...invite(who))));
  const of = (verb, { id }) => [verb, house.owner, house, { invitationId: id }];
  const fires = [...world.newcomers(2).map(invite), of('invitationResend', made[4]), of('invitationRevoke', made[5])];
  const when = async () => {
    const before = await countFiles(world);
    for (const until = Date.now() + 1500; (await countFiles(world)) === before && Date.now() < until; ) await pause(2);
  };
  return { fires, houses: [house], when };
}

async function acceptances(world, own) {
  const house = (own.house ??= await world.settle());
  const { owner } = house;
  own.dso ??= (await world.must('dsoCreate', owner, house, { name: 'Promised' })).id;
  // Known before: so each has an organization of their own, too.
  own.people ??= await Promise.all(Array.from({ length: 6 }, () => world.settle()));
  const state = await seen(world, house);
  await Promise.all(own.people.map(async ({ owner: who }, index) => {
    const member = state.members.nodes.find(({ user, status }) => user.email === who.email && status === 'ACTIVE');
    if (member) await world.must('memberRemove', owner, house, { memberId: member.id });
    const open = state.invitations.nodes.find(({ email, status }) => email === who.email && status === 'PENDING');
    // One whose mail was being written when the gateway was killed would wait for a minute.
    if (open && !open.sentAt) await world.must('invitationResend', owner, house, { invitationId: open.id });
    const grants = index % 2 ? [{ dsoId: own.dso, role: 'MANAGER' }] : [];
    if (!open) await world.must('invitationCreate', owner, house, { email: who.email, role: index % 3 ? 'MEMBER' : 'ADMIN', grants });
  }));
  const { waiting } = await allSent(world, () => seen(world, house), MAIL);
  world.same(waiting.map(({ email }) => email), [], `who got no mail within ${MAIL} ms, with a gateway that nobody killed`);
  const written = await mails(world);
  const accept = (who, { owner: addressee }) => {
    const { token } = written.filter(({ to }) => to === addressee.email).at(-1);
    return ['invitationAccept', who.owner, null, { token }];
  };
  const [one, two, three] = own.people;
  const fires = [...own.people.map((who) => accept(who, who)), accept(one, one), accept(two, two), accept(three, one)];
  const after = async (requests) => {
    for (const { owner: who } of own.people) {
      const { memberships } = await world.look(who);
      const isIn = memberships.some(({ organizationId }) => organizationId === house.id);
      const wasAnswered = requests.some((request) => request.who === who && request.outcome === 'done');
      world.expect(isIn || !wasAnswered, `${who.name} was answered as accepted, and is no member of ${house.slug}`);
    }
    return [];
  };
  return { fires, houses: [house], after };
}

export const COMING_IN = { signUps, organizations, deletions, invitations, deliveries, acceptances };
