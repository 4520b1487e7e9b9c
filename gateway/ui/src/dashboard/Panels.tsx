// The figures that are drawn: which counts, in what order, and where a bar leads.
import type { ReactNode } from 'react';
import { unknownUntil } from './Cards';
import { notKnownBefore } from './Change';
import type { Count } from './count';
import { Counts } from './Counts';
import { openDoctors } from './drill';
import type { Overview } from './questions';
import type { Say } from './terms';
import { KIND_WORDS, NO_MEMBER, RISKS, RISK_WORDS, STATUS_WORDS } from './words';

interface Panel {
  key: string;
  show(overview: Overview, file: (name: string) => string, say: Say): ReactNode;
}

/** Counts of how things stand, as far as that is on record: without what was before, and with a note, where it is not. */
function standing(overview: Overview, counts: Count[] | null): { counts: Count[] | null; note?: string } {
  const knownFrom = unknownUntil(overview);
  if (knownFrom === null || counts === null) return { counts };
  return { counts: counts.map((count) => ({ ...count, before: null, change: null })), note: notKnownBefore(knownFrom) };
}

export const PANELS: Panel[] = [
  {
    key: 'risk',
    show: (overview, file, say) => {
      const { doctorsByRisk } = overview;
      // The riskiest first, and always all of them: a missing bar would move the others.
      const counts = doctorsByRisk
        ? RISKS.map((risk): Count => {
            const found = doctorsByRisk.find((row) => (row.risk ?? null) === risk)?.doctors ?? { count: 0, before: 0, change: 0 };
            const way = risk === null ? {} : { open: openDoctors({ by: 'risk', risk }) };
            return {
              key: risk ?? 'none',
              label: risk === null ? 'Not rated' : RISK_WORDS[risk],
              tone: risk?.toLowerCase() ?? 'none',
              ...found,
              ...way,
            };
          })
        : null;
      return (
        <Counts
          title={say('Doctors by risk')}
          noun={say('Doctors')}
          by="Risk"
          {...standing(overview, counts)}
          file={file('doctors-by-risk')}
          empty={say('No doctors at the end of this range, and none at its start.')}
        />
      );
    },
  },
  {
    key: 'period',
    show: (overview, file, say) => {
      const { doctorsByPeriod } = overview;
      const counts = doctorsByPeriod
        ? Array.from({ length: 13 }, (_, index): Count => {
            const period = index === 12 ? null : index + 1;
            const found = doctorsByPeriod.find((row) => (row.period ?? null) === period)?.doctors ?? { count: 0, before: 0, change: 0 };
            const way = period === null ? {} : { open: openDoctors({ by: 'period', period }) };
            return {
              key: String(period),
              label: period === null ? say('In no period') : String(period),
              short: period === null ? '–' : String(period),
              ...found,
              ...way,
            };
          })
        : null;
      return (
        <Counts
          title={say('Doctors by onboarding period')}
          noun={say('Doctors')}
          by={say('Period')}
          {...standing(overview, counts)}
          lying="columns"
          file={file('doctors-by-period')}
          empty={say('No doctors at the end of this range, and none at its start.')}
        />
      );
    },
  },
  {
    key: 'kind',
    show: ({ activitiesByKind }, file, say) => {
      const counts = activitiesByKind?.map(({ kind, activities }): Count => ({ key: kind, label: KIND_WORDS[kind], ...activities })) ?? null;
      return (
        <Counts
          title={say('Activities by kind')}
          noun={say('Activities')}
          by="Kind"
          counts={counts}
          file={file('activities-by-kind')}
          empty={say('No activities in this range, and none in the one before.')}
        />
      );
    },
  },
  {
    key: 'status',
    show: (overview, file, say) => {
      const { casesByStatus } = overview;
      const counts = casesByStatus?.map(({ status, cases }): Count => ({ key: status, label: STATUS_WORDS[status], ...cases })) ?? null;
      return (
        <Counts
          title={say('Cases by status')}
          noun={say('Cases')}
          by="Status"
          {...standing(overview, counts)}
          file={file('cases-by-status')}
          empty={say('No cases at the end of this range, and none at its start.')}
        />
      );
    },
  },
  {
    key: 'actor',
    show: ({ activitiesByActor }, file, say) => {
      const counts = activitiesByActor?.map(({ actor, activities }, index): Count => ({
        key: actor?.id ?? `unknown-${index}`,
        label: actor?.user?.name ?? NO_MEMBER,
        ...activities,
      }));
      return (
        <Counts
          title={say('Activities by person')}
          noun={say('Activities')}
          by="Person"
          counts={counts ?? null}
          most={8}
          {...(counts?.some(({ label }) => label === NO_MEMBER) ? { note: `${NO_MEMBER}: imported, of people who are not members here` } : {})}
          file={file('activities-by-person')}
          empty={say('No activities in this range, and none in the one before.')}
        />
      );
    },
  },
];
