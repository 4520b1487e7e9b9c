// The invitations to the caller's address with the two answers, and what became of the one whose link brought them here. Who joins what is
// theirs to say: nothing is chosen for them.
import { useArrival, type Joined } from './arrival';
import { day } from './format';
import { InvitationAcceptDocument, InvitationDeclineDocument } from './generated/graphql';
import type { Invited } from './invited';
import type { Caller, PendingInvitation } from './questions';
import { ORG_ROLE_WORDS } from './words';

interface InvitationProps {
  invitation: PendingInvitation;
  isBusy: boolean;
  onAccept(): void;
  onDecline(): void;
}

function Invitation({ invitation: { organizationName, role, expiresAt }, isBusy, onAccept, onDecline }: InvitationProps) {
  return (
    <li className="card" aria-label={organizationName}>
      <p>
        {/* Others wrote this name: isolated, it cannot turn the sentence around. */}
        <bdi>{organizationName}</bdi> invites you, as {ORG_ROLE_WORDS[role]}.
      </p>
      <p className="hint">Open until {day(expiresAt)}.</p>
      <div className="tools">
        <button type="button" className="primary" disabled={isBusy} onClick={onAccept}>
          Accept
        </button>
        <button type="button" disabled={isBusy} onClick={onDecline}>
          Decline
        </button>
      </div>
    </li>
  );
}

interface InvitationsProps {
  open: readonly PendingInvitation[];
  onChanged(joined: Joined | null): Promise<unknown>;
}

export function Invitations({ open, onChanged }: InvitationsProps) {
  const { isBusy, wrong, change } = useArrival(onChanged);
  return (
    <>
      {wrong !== null && (
        <p className="notice" role="alert">
          {wrong}
        </p>
      )}
      {open.length > 0 && (
        <ul className="invitations" aria-label="Invitations">
          {open.map((invitation) => {
            const input = { invitationId: invitation.id };
            return (
              <Invitation
                key={invitation.id}
                invitation={invitation}
                isBusy={isBusy}
                onAccept={() => void change(InvitationAcceptDocument, { input })}
                onDecline={() => void change(InvitationDeclineDocument, { input })}
              />
            );
          })}
        </ul>
      )}
    </>
  );
}

/** What to say of the invitation whose link was opened, if it is none of those that are open to the caller. */
export function aboutLink(invited: Invited, { email, memberships, pendingInvitations }: Caller): string | null {
  const { organizationName, maskedEmail } = invited;
  if (pendingInvitations?.some((open) => open.organizationName === organizationName)) return null;
  if (memberships.some((membership) => membership.organizationName === organizationName)) return `You are a member of ${organizationName}.`;
  const own = email ? `as ${email}` : 'without an e-mail address that is known to be yours';
  return `The link that you opened is an invitation to ${organizationName} for ${maskedEmail}. You are signed in ${own}: sign out, and sign in with the address that was invited.`;
}
