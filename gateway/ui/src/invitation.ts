// An invitation, by the token in the link of its mail: what it is about, and the two answers to it. The token goes out in the
// body of a request only: an address would stand in logs.
import { execute, refusalOf } from './gateway';
import ACCEPT from './operations/accept.graphql?raw';
import DECLINE from './operations/decline.graphql?raw';
import PREVIEW from './operations/preview.graphql?raw';

/** What whoever holds the token is told. */
export interface Preview {
  organizationName: string;
  inviterName: string | null;
  maskedEmail: string;
}

interface UserError {
  code: string;
  message: string;
}

interface Outcome {
  membership?: { organizationId: string } | null;
  userErrors: UserError[];
}

/** What became of an answer: done (in which organization, if in one), over, or refused in words. */
export type Answered = { kind: 'done'; organizationId: string | null } | { kind: 'over' } | { kind: 'refused'; words: string };

export type Answer = 'accept' | 'decline';

const ANSWERS: Record<Answer, string> = { accept: ACCEPT, decline: DECLINE };

/** What it would take, where the gateway's own message does not say it. */
function words({ code, message }: UserError, { maskedEmail }: Preview): string {
  switch (code) {
    case 'EMAIL_MISMATCH':
      return `This invitation is for ${maskedEmail}, and your token for another address. Forget that token, open the link in the mail again and paste the one of the right address.`;
    case 'EMAIL_UNVERIFIED':
      return `Your token holds no verified e-mail address: this takes one with ${maskedEmail}, verified.`;
    default:
      return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
}

/** What an invitation is about; `null` for every token that opens none. Asked as nobody: whoever is invited may not have signed in yet. */
export async function fetchPreview(invitation: string, signal: AbortSignal): Promise<Preview | null> {
  const answer = await execute(null, '', { query: PREVIEW, variables: { token: invitation } }, {}, signal);
  const data = answer.data as { invitationPreview?: Preview | null } | null | undefined;
  if (answer.errors !== undefined || data?.invitationPreview === undefined) throw refusalOf(answer, 'The gateway does not say what this invitation is about.');
  return data.invitationPreview;
}

/** Accepts or declines, in no organization: whoever is invited may be in none. */
export async function send(which: Answer, invitation: string, preview: Preview, token: string): Promise<Answered> {
  const answer = await execute(token, '', { query: ANSWERS[which], variables: { token: invitation } }, {});
  const outcome = (answer.data as { outcome?: Outcome | null } | null | undefined)?.outcome;
  if (!outcome) throw refusalOf(answer, 'The gateway does not say what became of the answer.');
  const [error] = outcome.userErrors;
  if (error === undefined) return { kind: 'done', organizationId: outcome.membership?.organizationId ?? null };
  return error.code === 'INVITATION_OVER' ? { kind: 'over' } : { kind: 'refused', words: words(error, preview) };
}
