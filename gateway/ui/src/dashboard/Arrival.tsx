// In place of figures, for somebody who is no member of any organization: their invitations with the two answers, and an organization
// of their own. Who joins what is theirs to say: nothing is chosen for them.
import { useState, type SubmitEvent } from 'react';
import { useArrival, usePendingInvitations, type Joined, type PendingInvitation } from './arrival';
import { day } from './format';
import { InvitationAcceptDocument, InvitationDeclineDocument, OrganizationCreateDocument } from './generated/graphql';
import { Text } from './saved/Field';
import { Skeleton } from './Skeleton';
import { Trouble } from './Trouble';
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

function OwnOrganization({ isBusy, onCreate }: { isBusy: boolean; onCreate(name: string): void }) {
  const [name, setName] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') onCreate(name.trim());
  };
  return (
    <form className="form" onSubmit={submit}>
      <Text label="Name of your organization" value={name} onWrite={setName} />
      <div className="tools">
        <button type="submit" disabled={isBusy || name.trim() === ''}>
          Make my own organization
        </button>
      </div>
    </form>
  );
}

export function Arrival({ onJoined }: { onJoined(joined: Joined): Promise<unknown> }) {
  const invitations = usePendingInvitations();
  const { isBusy, wrong, change } = useArrival(onJoined);
  if (invitations.isPending) return <Skeleton />;
  if (invitations.isError) return <Trouble error={invitations.error} onAgain={() => void invitations.refetch()} />;
  const open = invitations.data;
  return (
    <section className="message arrival">
      <h2>{open.length === 0 ? 'You are no member of any organization yet' : 'You are invited'}</h2>
      <p>
        {open.length === 0
          ? 'Whoever runs yours can invite you, by the e-mail address with which you signed in. Or make an organization of your own.'
          : 'Join an organization that you know. Its owners and admins see what you enter there. You decide: nothing happens until you accept.'}
      </p>
      {wrong !== null && (
        <p className="notice" role="alert">
          {wrong}
        </p>
      )}
      {open.length > 0 && (
        <ul aria-label="Invitations">
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
      <OwnOrganization isBusy={isBusy} onCreate={(name) => void change(OrganizationCreateDocument, { input: { name } })} />
    </section>
  );
}
