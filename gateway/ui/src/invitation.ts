// What an invitation is about, by the token in the link of its mail. The token goes out in the body of a request only: an address would
// stand in logs. It is answered on the dashboard, where people sign in.
import { execute, refusalOf } from './gateway';
import PREVIEW from './operations/preview.graphql?raw';

/** What whoever holds the token is told. */
export interface Preview {
  organizationName: string;
  inviterName: string | null;
  maskedEmail: string;
}

/** The address at which an invitation is answered. `token`: what the same link handed over besides. */
export function pageOf(invitation: string, token: string | null = null): string {
  return `/dashboard/#${new URLSearchParams({ invitation, ...(token === null ? {} : { token }) }).toString()}`;
}

/** What an invitation is about; `null` for every token that opens none. Asked as nobody: whoever is invited may not have signed in yet. */
export async function fetchPreview(invitation: string, signal: AbortSignal): Promise<Preview | null> {
  const answer = await execute(null, '', { query: PREVIEW, variables: { token: invitation } }, {}, signal);
  const data = answer.data as { invitationPreview?: Preview | null } | null | undefined;
  if (answer.errors !== undefined || data?.invitationPreview === undefined) throw refusalOf(answer, 'The gateway does not say what this invitation is about.');
  return data.invitationPreview;
}
