// The forms of the first steps: a DSO, a doctor, an invitation, a role. Only what they cannot do without; the gateway checks it all.
import { useState } from 'react';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  DoctorCreateDocument,
  DsoCreateDocument,
  DsoGrantDocument,
  InvitationCreateDocument,
  type DsoRole,
  type OrgRole,
} from './generated/graphql';
import { Leaving, useHold } from './hold';
import { usePeople, type Dso } from './questions';
import { sentencesBy, useChange, type Changed } from './saved/changes';
import { Choice, Text } from './saved/Field';
import { Obstacles } from './saved/Obstacles';
import { Sheet } from './Sheet';
import { useSay } from './terms';

export type Form = 'dso' | 'doctor' | 'invitation' | 'grant';

const TITLES: Record<Form, string> = { dso: 'New DSO', doctor: 'New doctor', invitation: 'Invite a member', grant: 'Give a member a role on a DSO' };
const DONE: Record<Form, string> = { dso: 'Create it', doctor: 'Add', invitation: 'Send the invitation', grant: 'Give the role' };

const ORG_ROLES: readonly (readonly [OrgRole, string])[] = [
  ['MEMBER', 'Member: sees the DSOs that are granted'],
  ['ADMIN', 'Admin: sees every DSO, and decides who is a member'],
];
const DSO_ROLES: readonly (readonly [DsoRole, string])[] = [
  ['MANAGER', 'Manager: works with its doctors'],
  ['VIEWER', 'Viewer: reads'],
  ['ADMIN', 'Admin: decides who may see it'],
];

interface StepFormProps {
  organization: string;
  dsos: readonly Dso[];
  form: Form;
  onClose(): void;
}

export function StepForm({ organization, dsos, form, onClose }: StepFormProps) {
  const say = useSay();
  const people = usePeople(organization);
  const [written, setWritten] = useState({ name: '', email: '', dsoId: dsos[0]?.id ?? '', memberId: '' });
  const [role, setRole] = useState<OrgRole>('MEMBER');
  const [dsoRole, setDsoRole] = useState<DsoRole>('MANAGER');
  const { isBusy, obstacle, change } = useChange(organization, onClose, 'this organization');
  const hold = useHold(written.name !== '' || written.email !== '');
  const wrong = sentencesBy(['name', 'email', 'role', 'dsoId', 'memberId'], obstacle);
  const write = (more: Partial<typeof written>) => setWritten({ ...written, ...more });
  const { name, email, dsoId } = written;
  // Owners and admins see every DSO: there is nothing to give them.
  const members = (people.data ?? []).filter(({ role }) => role === 'MEMBER');
  const memberId = written.memberId || (members[0]?.id ?? '');

  const send = <Input extends object>(document: TypedDocumentNode<Changed, { input: Input }>, input: Input) => void change(document, { input });
  const submit = () => {
    switch (form) {
      case 'dso':
        return send(DsoCreateDocument, { name });
      case 'doctor':
        return send(DoctorCreateDocument, { dsoId, name });
      case 'invitation':
        return send(InvitationCreateDocument, { email, role });
      case 'grant':
        return send(DsoGrantDocument, { memberId, dsoId, role: dsoRole });
    }
  };
  const close = () => hold.request(onClose);
  const dso = (
    <Choice
      label={say('DSO')}
      value={dsoId}
      options={dsos.map(({ id, name }) => [id, name] as const)}
      onChoose={(dsoId) => write({ dsoId })}
      wrong={wrong.get('dsoId')}
    />
  );
  return (
    <Sheet title={say(TITLES[form])} beside="stays" onClose={close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {(form === 'dso' || form === 'doctor') && <Text label="Name" value={name} onWrite={(name) => write({ name })} wrong={wrong.get('name')} />}
        {form === 'doctor' && dso}
        {form === 'invitation' && (
          <>
            <Text label="E-mail address" value={email} onWrite={(email) => write({ email })} wrong={wrong.get('email')} />
            <Choice label="As what" value={role} options={ORG_ROLES.map(([value, name]) => [value, say(name)] as const)} onChoose={(role) => setRole(role)} wrong={wrong.get('role')} />
          </>
        )}
        {form === 'grant' && members.length > 0 && (
          <>
            <Choice
              label={say('Member')}
              value={memberId}
              options={members.map(({ id, user }) => [id, user?.name ?? id] as const)}
              onChoose={(memberId) => write({ memberId })}
              wrong={wrong.get('memberId')}
            />
            {dso}
            <Choice label="As what" value={dsoRole} options={DSO_ROLES.map(([value, name]) => [value, say(name)] as const)} onChoose={(role) => setDsoRole(role)} wrong={wrong.get('role')} />
          </>
        )}
        {form === 'grant' && members.length === 0 && (
          <p className="hint">{say('There is no member yet who needs one: owners and admins see every DSO. Invite a member first.')}</p>
        )}
        <Obstacles obstacle={obstacle} rest={wrong.get('')} stale={{ words: '', label: 'Try again', onNewest: () => undefined }} />
        <div className="tools">
          <button type="submit" className="primary" disabled={isBusy || (form === 'grant' && members.length === 0)}>
            {DONE[form]}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
      <Leaving hold={hold} title="Discard what you wrote?" words="It has not been saved." />
    </Sheet>
  );
}
