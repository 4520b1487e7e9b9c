// The bar: where one is, who one is, light or dark, and the way out.
import { useState } from 'react';
import type { Caller, Membership } from './questions';
import { chosenTheme, chooseTheme, THEMES, type Theme } from './theme';
import { ORG_ROLE_WORDS } from './words';

const THEME_WORDS: Record<Theme, string> = { system: 'Automatic', light: 'Light', dark: 'Dark' };

function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (value: string) => {
    const next = THEMES.find((theme) => theme === value) ?? 'system';
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <select aria-label="Colours" value={theme} onChange={(event) => choose(event.target.value)}>
      {THEMES.map((theme) => (
        <option key={theme} value={theme}>
          {THEME_WORDS[theme]}
        </option>
      ))}
    </select>
  );
}

interface SwitchProps {
  memberships: Membership[];
  chosen: Membership | null;
  onChoose(membership: Membership): void;
}

function OrganizationSwitch({ memberships, chosen, onChoose }: SwitchProps) {
  const choose = (id: string) => {
    const next = memberships.find(({ organizationId }) => organizationId === id);
    if (next) onChoose(next);
  };
  return (
    <select aria-label="Organization" className="organization" value={chosen?.organizationId ?? ''} onChange={(event) => choose(event.target.value)}>
      {chosen === null && <option value="">Choose an organization</option>}
      {memberships.map(({ organizationId, organizationName, role }) => (
        <option key={organizationId} value={organizationId}>
          {organizationName} ({ORG_ROLE_WORDS[role]})
        </option>
      ))}
    </select>
  );
}

interface HeaderProps {
  caller: Caller | null;
  chosen: Membership | null;
  onChoose(membership: Membership): void;
  onLeave(): void;
}

export function Header({ caller, chosen, onChoose, onLeave }: HeaderProps) {
  return (
    <header className="bar">
      <h1>Dashboard</h1>
      {caller && caller.memberships.length > 0 && <OrganizationSwitch memberships={caller.memberships} chosen={chosen} onChoose={onChoose} />}
      <div className="self">
        {/* In the same tab: the sign-in goes along. */}
        <a href="/graphiql/">GraphiQL</a>
        {caller && <span className="caller">{caller.name ?? caller.email}</span>}
        <ThemeSwitch />
        <button type="button" onClick={onLeave}>
          Sign out
        </button>
      </div>
    </header>
  );
}
