// The page: the bar, one line of guidance, and the editor, which comes after (it is twenty times as large).
import type { GraphQLSchema } from 'graphql';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Bar, type Standing } from './Bar';
import type { Kind } from './Editor';
import { execute, fetchCaller, fetchSchema, inWords, type Caller, type GraphQLAnswer, type Headers } from './gateway';
import { pageOf } from './invitation';
import { reasonsOf, type Reason } from './reasons';
import { RunAs } from './RunAs';
import { asOther, type Other } from './runAs';
import { mayLinksSignIn, offerOf, type Offer } from './link';
import { LinkQuestion } from './LinkQuestion';
import { forget, onSignOutElsewhere, storedOrganization, storedToken, storeOrganization, storeToken, takeFromAddress } from './session';

const NO_TOKEN = 'no token yet: paste one in the bar above, then run again';

const READ_ONLY = 'you look at what a member sees, which is for reading only: go back to your own view to change something';

/** In place of an answer: a sentence, and not what a script says of a failed request. */
function unanswered(error: unknown): GraphQLAnswer {
  return { errors: [{ message: inWords(error), extensions: { code: 'UNREACHABLE' } }] };
}

const Editor = lazy(() => import('./Editor'));

/** The one chosen before if it is still theirs, else their first: a request then never lacks an organization. */
function organizationFor({ memberships }: Caller): string {
  const chosen = storedOrganization();
  if (chosen === '' || memberships.some(({ organizationId }) => organizationId === chosen)) return chosen ?? '';
  return memberships[0]?.organizationId ?? '';
}

function Guidance({ standing, schemaFault }: { standing: Standing; schemaFault: string | null }) {
  switch (standing.kind) {
    case 'none':
      return (
        <p className="guidance" role="status">
          Paste a bearer token above to begin: the organizations and the documentation come with it. The command <code>gateway demo</code> prints
          links with tokens to try, and <code>gateway token</code> makes a token. It stays in this tab only.
        </p>
      );
    case 'refused':
      return (
        <p className="guidance refused" role="alert">
          {standing.why}
        </p>
      );
    case 'asking':
      return null;
    case 'known':
      return schemaFault === null ? null : (
        <p className="guidance refused" role="alert">
          The documentation is not there: {schemaFault} Queries run without it.
        </p>
      );
  }
}

interface AppProps {
  /** The token in the address that opened this page. */
  token: string | null;
}

export function App({ token: linked }: AppProps) {
  // Wrapped, so that giving the same token again asks again: the gateway may have been away the first time.
  const [given, setGiven] = useState(() => ({ token: storedToken() }));
  const { token } = given;
  const [standing, setStanding] = useState<Standing>(token === null ? { kind: 'none' } : { kind: 'asking' });
  const [organization, setOrganization] = useState('');
  // `null` = GraphiQL runs without a schema and does not ask for one by itself.
  const [schema, setSchema] = useState<GraphQLSchema | null>(null);
  const [schemaFault, setSchemaFault] = useState<string | null>(null);
  // Of the latest answer, and which it is.
  const [told, setTold] = useState<{ reasons: Reason[]; answer: number }>({ reasons: [], answer: 0 });
  const tell = (reasons: Reason[]) => setTold(({ answer }) => ({ reasons, answer: answer + 1 }));
  // As whom the caller looks, if not as themselves.
  const [other, setOther] = useState<Other | null>(null);

  // A token in the address, until the person has decided about it.
  const [offer, setOffer] = useState<Offer | null>(null);

  const lookAs = (next: Other | null) => {
    setOther(next);
    tell([]);
  };

  const takeToken = (next: string) => {
    storeToken(next);
    setStanding({ kind: 'asking' });
    setSchema(null);
    setSchemaFault(null);
    lookAs(null);
    setGiven({ token: next });
    setOffer(null);
  };

  useEffect(() => {
    const consider = async (token: string | null) => {
      if (token !== null) setOffer(offerOf(token, await mayLinksSignIn()));
    };
    void consider(linked);
    // A link with a token, opened in a tab that already shows the page, changes the fragment only.
    const taken = () => {
      const { token, invitation } = takeFromAddress();
      void consider(token);
      if (invitation !== null) location.assign(pageOf(invitation));
    };
    addEventListener('hashchange', taken);
    return () => removeEventListener('hashchange', taken);
  }, []);

  useEffect(() => onSignOutElsewhere(() => forget('elsewhere')), []);

  useEffect(() => {
    if (token === null) return;
    const asking = new AbortController();
    const unlessOver = (tell: (why: string) => void) => (error: unknown) => {
      if (!asking.signal.aborted) tell(inWords(error));
    };
    const askForSchema = async (organization: string) => {
      const sdl = await fetchSchema(token, organization, asking.signal);
      const { schemaWithGuards } = await import('./guards');
      setSchema(schemaWithGuards(sdl));
      setSchemaFault(null);
    };
    const ask = async () => {
      const caller = await fetchCaller(token, asking.signal);
      const chosen = organizationFor(caller);
      setOrganization(chosen);
      setStanding({ kind: 'known', caller });
      // After the caller is known: a token that is refused is refused once. The schema is the same wherever they are a member.
      if (schema === null) await askForSchema(chosen).catch(unlessOver(setSchemaFault));
    };
    void ask().catch(unlessOver((why) => setStanding({ kind: 'refused', why })));
    return () => asking.abort();
  }, [given]);

  const ask = useCallback(
    async (body: unknown, headers: Headers): Promise<GraphQLAnswer> => {
      if (token === null) return { errors: [{ message: NO_TOKEN }] };
      return execute(token, organization, body, { ...headers, ...asOther(other) });
    },
    [token, organization, other],
  );
  const run = useCallback(
    async (kind: Kind, body: unknown, headers: Headers): Promise<GraphQLAnswer> => {
      // The gateway would refuse it as well; here it is not even tried, and nothing is written down.
      const isRefused = other !== null && kind === 'mutation';
      const answer = isRefused ? { errors: [{ message: READ_ONLY, extensions: { code: 'FORBIDDEN' } }] } : await ask(body, headers).catch(unanswered);
      tell(reasonsOf(answer.errors));
      return answer;
    },
    [ask, other],
  );

  const chooseOrganization = (id: string) => {
    storeOrganization(id);
    setOrganization(id);
    // A member of one organization is none of another.
    lookAs(null);
  };

  const role = standing.kind === 'known' ? standing.caller.memberships.find(({ organizationId }) => organizationId === organization)?.role : undefined;
  return (
    <>
      <Bar
        standing={standing}
        organization={organization}
        onToken={takeToken}
        onOrganization={chooseOrganization}
        onForget={() => forget()}
        look={
          token !== null &&
          (role === 'OWNER' || role === 'ADMIN') && (
            <RunAs key={organization} token={token} organization={organization} role={role} other={other} onOther={lookAs} />
          )
        }
      >
        {offer?.kind === 'ask' && <LinkQuestion key={offer.token} token={offer.token} onAccept={takeToken} onRefuse={() => setOffer(null)} />}
      </Bar>
      {offer?.kind === 'refused' && (
        <p className="guidance refused" role="alert">
          {offer.words}
        </p>
      )}
      <Guidance standing={standing} schemaFault={schemaFault} />
      <main>
        <Suspense fallback={<p className="guidance">Loading the editor…</p>}>
          <Editor schema={schema} reasons={told.reasons} answer={told.answer} ask={ask} run={run} />
        </Suspense>
      </main>
    </>
  );
}
