// The banner of an invitation, in the bar: who invites whom to what, and the two answers. Its token is a property of this part
// and nowhere else: closing the banner, or the page, forgets it.
import { useEffect, useRef, useState } from 'react';
import type { Standing } from './Bar';
import { inWords } from './gateway';
import { fetchPreview, send, type Answer, type Preview } from './invitation';

type State =
  | { kind: 'looking' }
  | { kind: 'open'; preview: Preview }
  | { kind: 'over' }
  | { kind: 'joined'; organizationName: string }
  | { kind: 'declined'; organizationName: string };

interface InvitationProps {
  invitation: string;
  /** Whom the answer comes from; counts only once `standing` knows them. */
  token: string | null;
  standing: Standing;
  /** The caller is a member of this organization now. */
  onJoined(organizationId: string): void;
  onClose(): void;
}

function Words({ state }: { state: State }) {
  switch (state.kind) {
    case 'looking':
      return 'Looking at your invitation…';
    case 'over':
      return 'This invitation is not open any more.';
    case 'joined':
      return (
        <>
          You are a member of <bdi>{state.organizationName}</bdi> now.
        </>
      );
    case 'declined':
      return (
        <>
          You have declined the invitation to <bdi>{state.organizationName}</bdi>.
        </>
      );
    case 'open': {
      const { inviterName, maskedEmail, organizationName } = state.preview;
      // Others wrote these names: isolated, none can turn the sentence around.
      return (
        <>
          {inviterName === null ? 'Somebody' : <bdi>{inviterName}</bdi>} invites <bdi>{maskedEmail}</bdi> to <bdi>{organizationName}</bdi>.
        </>
      );
    }
  }
}

export function Invitation({ invitation, token, standing, onJoined, onClose }: InvitationProps) {
  const [state, setState] = useState<State>({ kind: 'looking' });
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const looking = useRef<AbortController>(null);
  const caller = standing.kind === 'known' ? standing.caller : null;

  useEffect(() => {
    if (state.kind !== 'looking' && state.kind !== 'open') return;
    const asking = new AbortController();
    looking.current = asking;
    const look = async () => {
      const preview = await fetchPreview(invitation, asking.signal);
      setFault(null);
      if (preview !== null) return setState({ kind: 'open', preview });
      // Whoever signs in for the first time may be let in by that alone, and the invitation is then over for a good reason.
      const organizationName = state.kind === 'open' ? state.preview.organizationName : null;
      const [joined, ...more] = caller?.memberships.filter((membership) => membership.organizationName === organizationName) ?? [];
      if (joined === undefined || more.length > 0) return setState({ kind: 'over' });
      setState({ kind: 'joined', organizationName: joined.organizationName });
      onJoined(joined.organizationId);
    };
    void look().catch((error: unknown) => {
      if (!asking.signal.aborted) setFault(inWords(error));
    });
    return () => asking.abort();
    // Again with each new caller, and not with each new state.
  }, [caller]);

  const answer = async (which: Answer, preview: Preview, as: string) => {
    const { organizationName } = preview;
    // What a look would still find may be older than the answer.
    looking.current?.abort();
    setBusy(true);
    setFault(null);
    try {
      const answered = await send(which, invitation, preview, as);
      if (answered.kind === 'refused') return setFault(answered.words);
      if (answered.kind === 'over') return setState({ kind: 'over' });
      setState({ kind: which === 'accept' ? 'joined' : 'declined', organizationName });
      if (answered.organizationId !== null) onJoined(answered.organizationId);
    } catch (error) {
      setFault(inWords(error));
    } finally {
      setBusy(false);
    }
  };

  const open = state.kind === 'open' ? state.preview : null;
  const off = busy || caller === null || token === null;
  const click = (which: Answer) => () => {
    if (open !== null && token !== null) void answer(which, open, token);
  };
  return (
    <section className="invitation" aria-label="Invitation">
      {/* Live, and there before its words: a screen reader hears each of them. */}
      <div role="status">
        {(state.kind !== 'looking' || fault === null) && (
          <p>
            <Words state={state} />
          </p>
        )}
        {open !== null && caller === null && standing.kind !== 'asking' && <p className="hint">To answer it, paste your token first.</p>}
        {fault !== null && <p className="fault">{fault}</p>}
      </div>
      {open !== null && (
        <>
          <button type="button" className="accept" disabled={off} onClick={click('accept')}>
            Accept
          </button>
          <button type="button" disabled={off} onClick={click('decline')}>
            Decline
          </button>
        </>
      )}
      <button type="button" disabled={busy} onClick={onClose}>
        Close
      </button>
    </section>
  );
}
