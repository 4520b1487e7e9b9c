// The columns of a table of doctors: for the sheet behind a figure, and for a widget that lists them.
import { ago, day, NONE } from './format';
import type { Doctor } from './questions';
import type { Column } from './Table';
import type { Say } from './terms';
import { RISK_WORDS } from './words';

export function RiskPill({ risk }: Pick<Doctor, 'risk'>) {
  return risk ? <span className={`pill ${risk.toLowerCase()}`}>{RISK_WORDS[risk]}</span> : NONE;
}

export function LastContact({ lastContactAt }: Pick<Doctor, 'lastContactAt'>) {
  if (!lastContactAt) return 'never';
  return (
    <time dateTime={lastContactAt} title={day(lastContactAt)}>
      {ago(lastContactAt, new Date())}
    </time>
  );
}

/** For the eye. */
export function doctorColumns(say: Say): Column<Doctor>[] {
  return [
    {
      head: say('Doctor'),
      value: ({ name }) => name,
      show: ({ name, practice, dso }) => (
        <>
          {name}
          {practice && <small>{practice}</small>}
          {dso && <small className="narrow">{dso.name}</small>}
        </>
      ),
    },
    { head: say('DSO'), isWide: true, value: ({ dso }) => dso?.name ?? null },
    { head: 'Risk', value: ({ risk }) => (risk ? RISK_WORDS[risk] : null), show: ({ risk }) => <RiskPill risk={risk} /> },
    { head: say('Period'), isNumber: true, value: ({ onboardingPeriod }) => onboardingPeriod ?? null },
    {
      head: 'Last contact',
      value: ({ lastContactAt }) => lastContactAt ?? null,
      show: ({ lastContactAt }) => <LastContact lastContactAt={lastContactAt} />,
    },
  ];
}

/** For a file: what the eye finds below the name has a column of its own. */
export function doctorFile(say: Say): Column<Doctor>[] {
  const [name, ...others] = doctorColumns(say);
  return [...(name ? [name] : []), { head: 'Practice', value: ({ practice }) => practice ?? null }, ...others];
}
