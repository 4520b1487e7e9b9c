// In place of figures, for a person without an organization: the open invitations, and an organization of their own.
import { useState, type SubmitEvent } from 'react';
import { useArrival, type Joined } from './arrival';
import { OrganizationCreateDocument } from './generated/graphql';
import { Invitations } from './Invitations';
import type { PendingInvitation } from './questions';
import { Text } from './saved/Field';

function OwnOrganization({ onChanged }: { onChanged(joined: Joined | null): Promise<unknown> }) {
  const [name, setName] = useState('');
  const { isBusy, wrong, change } = useArrival(onChanged);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') void change(OrganizationCreateDocument, { input: { name: name.trim() } });
  };
  return (
    <form className="form" onSubmit={submit}>
      {wrong !== null && (
        <p className="notice" role="alert">
          {wrong}
        </p>
      )}
      <Text label="Name of your organization" value={name} onWrite={setName} />
      <div className="tools">
        <button type="submit" disabled={isBusy || name.trim() === ''}>
          Make my own organization
        </button>
      </div>
    </form>
  );
}

interface ArrivalProps {
  open: readonly PendingInvitation[];
  onChanged(joined: Joined | null): Promise<unknown>;
}

export function Arrival({ open, onChanged }: ArrivalProps) {
  return (
    <section className="message arrival">
      <h2>{open.length === 0 ? 'You are no member of any organization yet' : 'You are invited'}</h2>
      <p>
        {open.length === 0
          ? 'Whoever runs yours can invite you, by the e-mail address with which you signed in. Or make an organization of your own.'
          : 'Join an organization that you know. Its owners and admins see what you enter there. You decide: nothing happens until you accept.'}
      </p>
      <Invitations open={open} onChanged={onChanged} />
      <OwnOrganization onChanged={onChanged} />
    </section>
  );
}
