// What an organization must look like by its audit log: each event that says DONE is done again, on paper.

/**
 * The state by the log. Members and grants go by person, since the log tells no more of those who come in.
 *
 * @param events the log, oldest first
 * @param userOf the person of a membership's id
 * @param requestOf the request of an event
 * @param fail what to call if an event cannot follow on those before it
 */
export function replay(events, userOf, requestOf, fail) {
  const state = { names: {}, members: {}, invitations: {}, joinRequests: {}, dsos: {}, grants: {} };
  const { members, invitations, joinRequests, dsos, grants } = state;
  const promises = new Map();
  const granted = new Map();
  let isDeleted = false;

  const dropGrants = (user) => {
    for (const key of Object.keys(grants)) if (key.endsWith(` ${user}`)) delete grants[key];
  };
  /** Whoever comes in has no old grants, and nothing else stays open. */
  const comesIn = (user, email, role, promised) => {
    members[user] = `${role} ACTIVE`;
    dropGrants(user);
    for (const { dsoId, role: on } of promised) grants[`${dsoId} ${user}`] = on;
    for (const one of Object.values(invitations)) if (one.email === email && one.status === 'PENDING') one.status = 'REVOKED';
    for (const one of Object.values(joinRequests)) if (one.user === user && one.status === 'PENDING') one.status = 'CLOSED';
  };
  const member = (user, { role, status }) => {
    const [before, is] = members[user].split(' ');
    members[user] = `${role ?? before} ${status ?? is}`;
  };
  /** Something open that ends, and ends once. */
  const ends = (one, status, event) => {
    if (one?.status !== 'PENDING') {
      fail(`${event.action} of request ${event.requestId}: ${event.targetId} is ${one?.status ?? 'unknown'} by then`);
    }
    one.status = status;
  };

  for (const event of events.filter(({ outcome }) => outcome === 'DONE')) {
    const { action, targetId: target, actorUserId: actor, after } = event;
    if (isDeleted !== (action === 'ORGANIZATION_RESTORE')) {
      fail(`${action} of request ${event.requestId}: by then the organization is ${isDeleted ? '' : 'not '}deleted`);
    }
    const input = requestOf(event)?.input;
    switch (action) {
      case 'SIGN_UP':
      case 'ORGANIZATION_CREATE':
        state.names = { name: after.name, slug: after.slug };
        members[actor] = 'OWNER ACTIVE';
        break;
      case 'ORGANIZATION_RENAME':
        state.names = { name: after.name ?? state.names.name, slug: after.slug ?? state.names.slug };
        break;
      case 'ORGANIZATION_DELETE':
        isDeleted = true;
        for (const one of Object.values(invitations)) if (one.status === 'PENDING') one.status = 'REVOKED';
        for (const one of Object.values(joinRequests)) if (one.status === 'PENDING') one.status = 'CLOSED';
        break;
      case 'ORGANIZATION_RESTORE':
        isDeleted = false;
        break;
      case 'ORGANIZATION_OWNERSHIP_TRANSFER':
        member(userOf(target), { role: 'OWNER' });
        member(actor, { role: 'ADMIN' });
        break;
      case 'MEMBER_ROLE_UPDATE':
      case 'MEMBER_SUSPEND':
      case 'MEMBER_RESUME':
        member(userOf(target), after);
        break;
      case 'MEMBER_REMOVE':
        member(userOf(target), after);
        dropGrants(userOf(target));
        break;
      case 'DSO_CREATE':
        dsos[target] = after.name;
        break;
      case 'DSO_GRANT':
        if (after.dso_id) granted.set(target, `${after.dso_id} ${userOf(after.member_id)}`);
        grants[granted.get(target)] = after.role;
        break;
      case 'DSO_GRANT_REVOKE':
        delete grants[granted.get(target)];
        break;
      case 'INVITATION_CREATE':
        invitations[target] = { email: after.email, role: after.role, status: 'PENDING' };
        promises.set(target, input?.grants ?? []);
        break;
      case 'INVITATION_RESEND':
        ends(invitations[target], 'PENDING', event);
        break;
      case 'INVITATION_REVOKE':
        ends(invitations[target], 'REVOKED', event);
        break;
      case 'INVITATION_ACCEPT':
        ends(invitations[target], 'ACCEPTED', event);
        comesIn(actor, invitations[target].email, invitations[target].role, promises.get(target));
        break;
      case 'JOIN_REQUEST_CREATE':
        joinRequests[target] = { email: after.email, user: after.user_id, status: 'PENDING' };
        break;
      case 'JOIN_REQUEST_APPROVE':
        ends(joinRequests[target], 'APPROVED', event);
        comesIn(joinRequests[target].user, joinRequests[target].email, input?.role ?? 'MEMBER', []);
        break;
      case 'JOIN_REQUEST_DENY':
        ends(joinRequests[target], 'DENIED', event);
        break;
      case 'JOIN_REQUEST_CANCEL':
        ends(joinRequests[target], 'CANCELLED', event);
        break;
      default:
        fail(`${action}: nobody did such a thing`);
    }
  }
  for (const one of Object.values(joinRequests)) delete one.user;
  return state;
}
