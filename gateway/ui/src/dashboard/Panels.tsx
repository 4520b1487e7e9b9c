// The figures that are drawn: which counts, in what order, and where a bar leads.
import type { ReactNode } from 'react';
import type { Count } from './count';
import { Counts } from './Counts';
import { openDoctors } from './drill';
import type { Overview } from './questions';
import type { Say } from './terms';
import { KIND_WORDS, RISK_WORDS, STATUS_WORDS } from './words';

interface Panel {
  key: string;
  show(overview: Overview, file: (name: string) => string, say: Say): ReactNode;
}

const RISKS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', null] as const;

export const PANELS: Panel[] = [
  {
    key: 'risk',
    show: ({ doctorsByRisk }, file, say) => {
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
          counts={counts}
          file={file('doctors-by-risk')}
          empty={say('No doctors at the end of this range, and none at its start.')}
        />
      );
    },
  },
  {
    key: 'period',
    show: ({ doctorsByPeriod }, file, say) => {
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
          counts={counts}
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
    show: ({ casesByStatus }, file, say) => {
      const counts = casesByStatus?.map(({ status, cases }): Count => ({ key: status, label: STATUS_WORDS[status], ...cases })) ?? null;
      return (
        <Counts
          title={say('Cases by status')}
          noun={say('Cases')}
          by="Status"
          counts={counts}
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
        label: actor?.user?.name ?? 'Not known',
        ...activities,
      }));
      return (
        <Counts
          title={say('Activities by person')}
          noun={say('Activities')}
          by="Person"
          counts={counts ?? null}
          most={8}
          file={file('activities-by-person')}
          empty={say('No activities in this range, and none in the one before.')}
        />
      );
    },
  },
];
