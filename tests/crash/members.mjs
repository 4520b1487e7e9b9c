// More kinds of change: what is decided about those who are in, and about those who ask to be. See kinds.mjs.

import { seen } from './checks.mjs';

async function members(world, own) {
  const house = (own.house ??= await world.settle());
  const { owner } = house;
  own.dso ??= (await world.must('dsoCreate', owner, house, { name: 'Seen' })).id;
  own.people ??= await world.joined(house, 6);
  const leaving = await world.joined(house, 2);
  for (const { member } of leaving) await world.must('dsoGrant', owner, house, { memberId: member, dsoId: own.dso, role: 'VIEWER' });
  const state = await seen(world, house);
  const [staying, stopped] = ['ACTIVE', 'SUSPENDED'].map((status) =>
    state.members.nodes.filter((member) => member.status === status && own.people.some((one) => one.member === member.id)));
  const of = (verb, memberId, also) => [verb, owner, house, { memberId, ...also }];
  const other = { MEMBER: 'ADMIN', ADMIN: 'MEMBER' };
  const fires = [
    ...staying.slice(0, 3).map(({ id, role }) => of('memberRoleUpdate', id, { role: other[role] })),
    ...staying.slice(-2).map(({ id }) => of('memberSuspend', id)),
    ...stopped.slice(0, 3).map(({ id }) => of('memberResume', id)),
    ...leaving.map(({ member }) => of('memberRemove', member)),
    of('memberSuspend', leaving[0].member),
  ];
  return { fires, houses: [house] };
}

async function ownership(world, own) {
  if (!own.houses) {
    own.houses = await Promise.all(Array.from({ length: 3 }, () => world.settle()));
    for (const house of own.houses) {
      const other = await world.join(house);
      house.both = [other, house.owner];
      world.houses.get(house.id).people.push(other);
    }
  }
  const fires = [];
  for (const house of own.houses) {
    const { members: list, owner } = await seen(world, world.houses.get(house.id));
    const idOf = ({ email }) => list.nodes.find(({ user }) => user.email === email).id;
    const heir = house.both.find(({ email }) => email !== owner.email);
    const transfer = (from, to) => ['organizationOwnershipTransfer', from, house, { memberId: idOf(to) }];
    // To and fro, and twice: whoever comes second is no owner any more, or not yet.
    fires.push(transfer(owner, heir), transfer(heir, owner), transfer(owner, heir));
  }
  return { fires, houses: own.houses };
}

async function grants(world, own) {
  const house = (own.house ??= await world.settle());
  const { owner } = house;
  own.people ??= await world.joined(house, 3);
  const [one, two] = await Promise.all(['one', 'two'].map((name) => world.must('dsoCreate', owner, house, { name: world.word(name) })));
  const give = ({ member }, dso, role) => ({ memberId: member, dsoId: dso.id, role });
  const [ann, ben, cleo] = own.people;
  await world.must('dsoGrantBulk', owner, house, { grants: [give(ann, one, 'VIEWER'), give(ben, one, 'VIEWER'), give(cleo, one, 'VIEWER')] });
  const take = ({ member }, dso) => ({ memberId: member, dsoId: dso.id });
  const of = (verb, input) => [verb, owner, house, input];
  const fires = [
    ...['three', 'four'].map((name) => of('dsoCreate', { name: world.word(name) })),
    of('dsoGrantBulk', { grants: own.people.map((who) => give(who, two, 'VIEWER')) }),
    of('dsoGrant', give(ann, one, 'MANAGER')),
    of('dsoGrantRevokeBulk', { grants: [take(ben, one), take(cleo, one)] }),
    of('dsoGrantRevoke', take(ben, one)),
    // Half of it cannot be: none of it is.
    of('dsoGrantRevokeBulk', { grants: [take(ann, one), take({ member: 'mem_nobody' }, one)] }),
  ];
  // These pairs are changed by one request each, or the log could not tell whose change it was.
  const rest = await world.must('dsoCreate', owner, house, { name: world.word('five') });
  fires.push(of('dsoGrantBulk', { grants: own.people.map((who) => give(who, rest, 'ADMIN')) }));
  return { fires, houses: [house] };
}

async function joining(world, own) {
  own.home ??= await world.settle();
  own.people ??= await Promise.all(Array.from({ length: 8 }, () => world.settle()));
  const { owner } = own.home;
  // One has one open request at a time.
  for (const { owner: who } of own.people) {
    const open = (await world.look(who)).joinRequests.filter(({ status }) => status === 'PENDING');
    for (const { id } of open) await world.must('joinRequestCancel', who, null, { joinRequestId: id });
  }
  // A new organization for the same people: whoever was denied asks there no more for a while.
  const slug = world.word('open');
  const { organizationId } = await world.must('organizationCreate', owner, null, { name: slug, slug });
  await world.look(owner);
  const house = world.houses.get(organizationId);
  const ask = ({ owner: who }) => ['joinRequestCreate', who, null, { organizationSlug: slug }];
  const asked = await Promise.all(own.people.slice(0, 4).map((who) => world.must(...ask(who))));
  const of = (verb, { id }, also) => [verb, owner, house, { joinRequestId: id, ...also }];
  const fires = [
    ...own.people.slice(4).map(ask),
    ask(own.people[4]),
    of('joinRequestApprove', asked[0]),
    of('joinRequestApprove', asked[1], { role: 'ADMIN' }),
    of('joinRequestDeny', asked[1]),
    of('joinRequestDeny', asked[2]),
    of('joinRequestDeny', asked[3]),
  ];
  const after = async () => {
    const { joinRequests } = await seen(world, house);
    for (const { owner: who } of own.people) {
      const theirs = (await world.look(who)).joinRequests.filter(({ organizationSlug }) => organizationSlug === slug);
      const ours = joinRequests.nodes.filter(({ email }) => email === who.email);
      const short = (list) => list.map(({ id, status }) => `${id} ${status}`);
      world.same(short(theirs), short(ours), `the requests of ${who.name}, as they and as ${slug} see them`);
    }
    return [];
  };
  return { fires, houses: [house], after };
}

export const BEING_IN = { members, ownership, grants, joining };
