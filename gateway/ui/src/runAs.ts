// Whom an admin may look as: the members of the organization on whom they may act. The gateway decides on every request anew;
// this is only the list to choose from.
import { execute, refusalOf, type Headers } from './gateway';
import MEMBERS from './operations/members.graphql?raw';

/** Another member. */
export interface Other {
  id: string;
  name: string;
  role: string;
}

interface Members {
  viewer: { member: { id: string } | null } | null;
  members: {
    nodes: { id: string; role: string; user: { name: string } | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  } | null;
}

/** Pages that are asked for: of more than a thousand members nobody finds one in a list. */
const PAGES = 10;

/** By which a request looks as somebody. */
export function asOther(other: Other | null): Headers {
  return other === null ? {} : { 'x-run-as-member': other.id };
}

/** Whether somebody of this role may look as somebody of that one: admins as members, owners as everybody. */
function mayLook(own: string, other: string): boolean {
  return own === 'OWNER' || (own === 'ADMIN' && other === 'MEMBER');
}

/** Those whom `role` may look as, by name; nobody is asked for where nobody could be. */
export async function fetchOthers(token: string, organization: string, role: string, signal: AbortSignal): Promise<Other[]> {
  const others: Other[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await execute(token, organization, { query: MEMBERS, operationName: 'Members', variables: { after } }, {}, signal);
    const { viewer, members } = (answer.data ?? {}) as Partial<Members>;
    if (!members) throw refusalOf(answer, 'The gateway does not say who the members are.');
    for (const { id, role: theirs, user } of members.nodes) {
      if (id !== viewer?.member?.id && mayLook(role, theirs)) others.push({ id, name: user?.name ?? id, role: theirs });
    }
    if (!members.pageInfo.hasNextPage) break;
    after = members.pageInfo.endCursor;
  }
  return others.sort((left, right) => left.name.localeCompare(right.name));
}
