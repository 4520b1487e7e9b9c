// From a figure to the doctors behind it: the filter that the gateway knows, its name in the address, and its title. Two figures have
// no way down, because the gateway has no filter for them: doctors without a risk, and doctors who are in no period.
import { go } from './address';
import type { DoctorFilter, DoctorOrder, Risk } from './generated/graphql';
import { INACTIVE_DAYS } from './questions';
import { RISK_WORDS } from './words';

export type Drill = { by: 'risk'; risk: Risk } | { by: 'period'; period: number } | { by: 'quiet' } | { by: 'all' };

export function writeDrill(drill: Drill): string {
  switch (drill.by) {
    case 'risk':
      return `risk:${drill.risk.toLowerCase()}`;
    case 'period':
      return `period:${drill.period}`;
    default:
      return drill.by;
  }
}

export function readDrill(text: string | null): Drill | null {
  const [by, value = ''] = (text ?? '').split(':');
  if (by === 'quiet' || by === 'all') return { by };
  const risk = value.toUpperCase();
  if (by === 'risk' && risk in RISK_WORDS) return { by, risk: risk as Risk };
  const period = Number(value);
  if (by === 'period' && Number.isInteger(period) && period >= 1 && period <= 12) return { by, period };
  return null;
}

/** What a press on a figure does. */
export function openDoctors(drill: Drill): () => void {
  return () => go({ doctors: writeDrill(drill) });
}

export function titleOf(drill: Drill): string {
  switch (drill.by) {
    case 'risk':
      return `Doctors at ${RISK_WORDS[drill.risk].toLowerCase()} risk`;
    case 'period':
      return `Doctors in period ${drill.period}`;
    case 'quiet':
      return `Doctors without contact for ${INACTIVE_DAYS} days`;
    case 'all':
      return 'Doctors';
  }
}

/** `until`: the end of the range, from which silence is counted. */
export function filterOf(drill: Drill, dsoIds: readonly string[], until: string): DoctorFilter {
  const base: DoctorFilter = dsoIds.length === 0 ? {} : { dsoIds: [...dsoIds] };
  switch (drill.by) {
    case 'risk':
      return { ...base, risk: [drill.risk] };
    case 'period':
      return { ...base, periodFrom: drill.period, periodTo: drill.period };
    case 'quiet':
      return { ...base, notContactedSince: new Date(new Date(until).getTime() - INACTIVE_DAYS * 86_400_000).toISOString() };
    case 'all':
      return base;
  }
}

/** Whom to look at first: where silence is the matter, the longest; else the riskiest or the first by name. */
export function orderOf(drill: Drill): DoctorOrder {
  switch (drill.by) {
    case 'quiet':
      return { field: 'LAST_CONTACT', direction: 'ASC' };
    case 'period':
      return { field: 'RISK', direction: 'DESC' };
    default:
      return { field: 'NAME', direction: 'ASC' };
  }
}
