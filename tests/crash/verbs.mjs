// What can be done, what is asked back, and what the audit log says of it.

const membership = 'membership { organizationId organizationSlug role }';

/** By mutation: what it gives, the selection, its action in the log, and how many events it makes (one, unless it says). */
export const VERBS = {
  organizationCreate: { select: membership, gives: 'membership', action: 'ORGANIZATION_CREATE' },
  organizationRename: { select: 'organization { id name slug }', gives: 'organization', action: 'ORGANIZATION_RENAME' },
  organizationDelete: { select: 'deletedOrganization { organizationId }', gives: 'deletedOrganization', action: 'ORGANIZATION_DELETE' },
  organizationRestore: { select: membership, gives: 'membership', action: 'ORGANIZATION_RESTORE' },
  organizationOwnershipTransfer: { select: 'member { id role }', gives: 'member', action: 'ORGANIZATION_OWNERSHIP_TRANSFER' },
  memberRoleUpdate: { select: 'member { id role }', gives: 'member', action: 'MEMBER_ROLE_UPDATE' },
  memberSuspend: { select: 'member { id status }', gives: 'member', action: 'MEMBER_SUSPEND' },
  memberResume: { select: 'member { id status }', gives: 'member', action: 'MEMBER_RESUME' },
  memberRemove: { select: 'member { id status }', gives: 'member', action: 'MEMBER_REMOVE' },
  dsoCreate: { select: 'dso { id }', gives: 'dso', action: 'DSO_CREATE' },
  dsoGrant: { select: 'grant { id }', gives: 'grant', action: 'DSO_GRANT' },
  dsoGrantRevoke: { select: 'grant { id }', gives: 'grant', action: 'DSO_GRANT_REVOKE' },
  dsoGrantBulk: { select: 'grants { id }', gives: 'grants', action: 'DSO_GRANT', events: (input) => input.grants.length },
  dsoGrantRevokeBulk: { select: 'grants { id }', gives: 'grants', action: 'DSO_GRANT_REVOKE', events: (input) => input.grants.length },
  invitationCreate: { select: 'invitation { id }', gives: 'invitation', action: 'INVITATION_CREATE' },
  invitationResend: { select: 'invitation { id }', gives: 'invitation', action: 'INVITATION_RESEND' },
  invitationRevoke: { select: 'invitation { id }', gives: 'invitation', action: 'INVITATION_REVOKE' },
  invitationAccept: { select: membership, gives: 'membership', action: 'INVITATION_ACCEPT' },
  joinRequestCreate: { select: 'joinRequest { id }', gives: 'joinRequest', action: 'JOIN_REQUEST_CREATE' },
  joinRequestApprove: { select: 'joinRequest { id status }', gives: 'joinRequest', action: 'JOIN_REQUEST_APPROVE' },
  joinRequestDeny: { select: 'joinRequest { id status }', gives: 'joinRequest', action: 'JOIN_REQUEST_DENY' },
  joinRequestCancel: { select: 'joinRequest { id status }', gives: 'joinRequest', action: 'JOIN_REQUEST_CANCEL' },
  // No mutation: but who comes for the first time is made a person, with an organization of their own unless somebody has invited them.
  viewer: { action: null },
};

const VIEWER = `{ viewer {
  id email memberships { organizationId organizationSlug role } deletedOrganizations { organizationId }
  joinRequests { id organizationSlug status }
} }`;

/** The document of a verb. */
export function document(verb) {
  if (verb === 'viewer') return VIEWER;
  const type = `${verb[0].toUpperCase()}${verb.slice(1)}Input!`;
  return `mutation ($input: ${type}) { ${verb}(input: $input) { ${VERBS[verb].select} userErrors { code message } } }`;
}

/** How many events a request makes if it is done. */
export const eventsOf = ({ verb, input }) => VERBS[verb].events?.(input) ?? 1;
