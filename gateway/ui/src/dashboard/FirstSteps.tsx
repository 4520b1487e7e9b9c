// In place of figures that are not there: for those who lead an organization what to do first, with a button for each; for the others whom to
// ask. What is done the gateway says, from the data.
import { useState } from 'react';
import type { OnboardingStepKind } from './generated/graphql';
import { useAdmins, useFirstSteps, type Dso, type Membership } from './questions';
import { Skeleton } from './Skeleton';
import { StepForm, type Form } from './StepForm';
import { useSay } from './terms';
import { Trouble } from './Trouble';
import { ORG_ROLE_WORDS } from './words';

const WORDS: Record<OnboardingStepKind, string> = {
  VERIFY_EMAIL: 'Verify your e-mail address at your sign-in provider',
  JOIN_ORGANIZATION: 'Join an organization, or make one',
  CREATE_DSO: 'Create the first DSO',
  ADD_DOCTOR: 'Add a doctor',
  INVITE_MEMBER: 'Invite a member',
  GRANT_DSO: 'Give a member a role on a DSO',
  GET_GRANT: 'Be given a role on a DSO',
  MEET_DOCTOR: 'See a doctor',
  LOG_ACTIVITY: 'Log a contact with a doctor',
  RECORD_PROGRESS: 'Record how far a doctor has come',
};

/** The steps that have a form here, with the name of its button and what it cannot do without. */
const FORMS: Partial<Record<OnboardingStepKind, { form: Form; label: string; needsDso: boolean }>> = {
  CREATE_DSO: { form: 'dso', label: 'Create a DSO', needsDso: false },
  ADD_DOCTOR: { form: 'doctor', label: 'Add a doctor', needsDso: true },
  INVITE_MEMBER: { form: 'invitation', label: 'Invite', needsDso: false },
  GRANT_DSO: { form: 'grant', label: 'Give a role', needsDso: true },
};

export function FirstSteps({ organization, dsos }: { organization: string; dsos: readonly Dso[] }) {
  const say = useSay();
  const steps = useFirstSteps(organization);
  const [form, setForm] = useState<Form | null>(null);
  // Where there are figures as well, these are the point: nothing takes their place.
  if (dsos.length > 0 && (steps.data === undefined || steps.data.some(({ kind, done }) => kind === 'ADD_DOCTOR' && done))) return null;
  if (steps.data === undefined) return steps.isError ? <Trouble error={steps.error} onAgain={() => void steps.refetch()} /> : <Skeleton />;
  // An admin's own steps begin where an owner has made a DSO; without one they are the way to it.
  const needsDso = dsos.length === 0 && !steps.data.some(({ kind }) => kind === 'CREATE_DSO');
  const all = needsDso ? [{ kind: 'CREATE_DSO', done: false } as const, ...steps.data] : steps.data;
  return (
    <section className="message steps" aria-label="First steps">
      <h2>{say(dsos.length === 0 ? 'This organization has no DSO yet' : 'No doctor has been entered yet')}</h2>
      <p>{say('Figures come with what is entered. These are the first steps:')}</p>
      <ol>
        {all.map(({ kind, done }) => {
          const way = FORMS[kind];
          const mustWait = way?.needsDso && dsos.length === 0;
          return (
            <li key={kind} className={done ? 'done' : ''}>
              <span aria-hidden="true">{done ? '✓' : '○'}</span>
              <span>
                {say(WORDS[kind])}
                <span className="unseen">{done ? ' (done)' : ''}</span>
                {!done && mustWait && <small>{say(' once there is a DSO')}</small>}
              </span>
              {way && !done && !mustWait && (
                <button type="button" onClick={() => setForm(way.form)}>
                  {say(way.label)}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {form !== null && <StepForm {...{ organization, dsos, form }} onClose={() => setForm(null)} />}
    </section>
  );
}

export function WhomToAsk({ membership: { organizationId, organizationName } }: { membership: Membership }) {
  const admins = useAdmins(organizationId);
  const names = (admins.data ?? []).flatMap(({ user, role }) => (user?.name ? [`${user.name} (${ORG_ROLE_WORDS[role]})`] : []));
  const list = new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
  return (
    <section className="message">
      <h2>No DSO to show</h2>
      <p>
        You are a member of <bdi>{organizationName}</bdi>, but see none of its DSOs. Its admins can give you a role on one
        {names.length === 0 ? '.' : `: ask ${list}.`}
      </p>
    </section>
  );
}
