// The bar above GraphiQL: who asks (the token) and where (the organization), and below them what else there is to decide.
import { useState, type ReactNode, type SubmitEvent } from 'react';
import type { Caller } from './gateway';
import { cleanToken } from './session';

/** What is known about the token. */
export type Standing =
  | { kind: 'none' }
  | { kind: 'asking' }
  | { kind: 'known'; caller: Caller }
  | { kind: 'refused'; why: string };

interface BarProps {
  standing: Standing;
  organization: string;
  onToken(token: string): void;
  onOrganization(id: string): void;
  onForget(): void;
  /** As whom the caller looks. */
  look: ReactNode;
  children: ReactNode;
}

function TokenForm({ busy, onToken }: { busy: boolean; onToken(token: string): void }) {
  const [pasted, setPasted] = useState('');
  const token = cleanToken(pasted);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (token !== '') onToken(token);
  };
  return (
    <form className="token" onSubmit={submit}>
      <label htmlFor="token">Bearer token</label>
      <input
        id="token"
        type="password"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="paste it here"
        value={pasted}
        onChange={(event) => setPasted(event.target.value)}
      />
      <button type="submit" disabled={busy || token === ''}>
        {busy ? 'Asking…' : 'Use token'}
      </button>
    </form>
  );
}

function Switch({ caller, organization, onOrganization }: { caller: Caller; organization: string; onOrganization(id: string): void }) {
  return (
    <div className="organization">
      <label htmlFor="organization">Organization</label>
      <select id="organization" value={organization} onChange={(event) => onOrganization(event.target.value)}>
        {caller.memberships.map((membership) => (
          <option key={membership.organizationId} value={membership.organizationId} title={membership.organizationSlug}>
            {membership.organizationName} ({membership.role.toLowerCase()})
          </option>
        ))}
        <option value="">{caller.memberships.length === 0 ? 'none: you are no member yet' : 'your usual one (none is named)'}</option>
      </select>
    </div>
  );
}

export function Bar({ standing, organization, onToken, onOrganization, onForget, look, children }: BarProps) {
  return (
    <header className="bar">
      <h1>CS12 Gateway</h1>
      {standing.kind === 'known' ? (
        <>
          <Switch caller={standing.caller} organization={organization} onOrganization={onOrganization} />
          <p className="caller" title={standing.caller.name}>
            {standing.caller.name}
          </p>
        </>
      ) : (
        <TokenForm busy={standing.kind === 'asking'} onToken={onToken} />
      )}
      {look}
      {/* In the same tab: the token goes along. */}
      <a href="/dashboard/">Dashboard</a>
      {standing.kind !== 'none' && (
        <button type="button" className="forget" onClick={onForget} title="Drops the token and every answer from this tab">
          Forget token
        </button>
      )}
      {children}
    </header>
  );
}
