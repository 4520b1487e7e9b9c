// The door: at the provider, where there is one, or with a token.
import { useState, type SubmitEvent } from 'react';
import { cleanToken } from '../session';
import type { SignInConfig } from './config';
import type { Invited, Looked } from './invited';
import { goToProvider } from './signIn';

function TokenForm({ onToken }: { onToken(token: string): void }) {
  const [pasted, setPasted] = useState('');
  const token = cleanToken(pasted);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (token !== '') onToken(token);
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor="token">Bearer token</label>
      <div className="token">
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
        <button type="submit" disabled={token === ''}>
          Use token
        </button>
      </div>
      <p className="hint">It stays in this tab and ends with it.</p>
    </form>
  );
}

function Provider({ signIn, invited, onFault }: { signIn: SignInConfig; invited: Invited | null; onFault(words: string): void }) {
  const [isBusy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    const fault = await goToProvider(signIn, invited);
    setBusy(false);
    if (fault !== null) onFault(fault);
  };
  return (
    <button type="button" className="primary" disabled={isBusy} onClick={() => void go()}>
      {isBusy ? 'One moment…' : signIn.label}
    </button>
  );
}

/** What the invitation is about whose link was opened, and how it is answered. */
function Invitation({ looked }: { looked: Looked }) {
  switch (looked.kind) {
    case 'looking':
      return <p>Looking at your invitation…</p>;
    case 'over':
      return <p>This invitation is not open any more.</p>;
    case 'failed':
      return <p>{looked.words}</p>;
    case 'open': {
      const { inviterName, maskedEmail, organizationName } = looked.invited;
      // Others wrote these names: isolated, none can turn the sentence around.
      return (
        <>
          <p>
            {inviterName === null ? 'A member' : <bdi>{inviterName}</bdi>} invites <bdi>{maskedEmail}</bdi> to <bdi>{organizationName}</bdi>.
          </p>
          <p className="hint">Sign in with this e-mail address to accept or decline.</p>
        </>
      );
    }
  }
}

interface SignInProps {
  signIn: SignInConfig | null;
  notice: string | null;
  /** `null` = no invitation brought the person here. */
  looked: Looked | null;
  onToken(token: string): void;
}

export function SignIn({ signIn, notice, looked, onToken }: SignInProps) {
  const [fault, setFault] = useState(notice);
  return (
    <main className="door">
      <div className="card">
        <h1>Dashboard</h1>
        {looked === null ? (
          <p className="hint">The figures of your organization, as far as you may see them.</p>
        ) : (
          <section className="invited" aria-label="Invitation" role="status">
            <Invitation looked={looked} />
          </section>
        )}
        {fault !== null && (
          <p className="notice" role="alert">
            {fault}
          </p>
        )}
        {signIn === null ? (
          <TokenForm onToken={onToken} />
        ) : (
          <>
            <Provider signIn={signIn} invited={looked?.kind === 'open' ? looked.invited : null} onFault={setFault} />
            <details>
              <summary>Use a token instead</summary>
              <TokenForm onToken={onToken} />
            </details>
          </>
        )}
        <p className="hint">
          For queries of your own: <a href="/graphiql/">GraphiQL</a>
        </p>
      </div>
    </main>
  );
}
