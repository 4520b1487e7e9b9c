// The door: at the provider, where there is one, or with a token.
import { useState, type SubmitEvent } from 'react';
import { cleanToken } from '../session';
import type { SignInConfig } from './config';
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

function Provider({ signIn, onFault }: { signIn: SignInConfig; onFault(words: string): void }) {
  const [isBusy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    const fault = await goToProvider(signIn);
    setBusy(false);
    if (fault !== null) onFault(fault);
  };
  return (
    <button type="button" className="primary" disabled={isBusy} onClick={() => void go()}>
      {isBusy ? 'One moment…' : signIn.label}
    </button>
  );
}

interface SignInProps {
  signIn: SignInConfig | null;
  notice: string | null;
  onToken(token: string): void;
}

export function SignIn({ signIn, notice, onToken }: SignInProps) {
  const [fault, setFault] = useState(notice);
  return (
    <main className="door">
      <div className="card">
        <h1>Dashboard</h1>
        <p className="hint">The figures of your organization, as far as you may see them.</p>
        {fault !== null && (
          <p className="notice" role="alert">
            {fault}
          </p>
        )}
        {signIn === null ? (
          <TokenForm onToken={onToken} />
        ) : (
          <>
            <Provider signIn={signIn} onFault={setFault} />
            <details>
              <summary>Use a token instead</summary>
              <TokenForm onToken={onToken} />
            </details>
          </>
        )}
      </div>
    </main>
  );
}
