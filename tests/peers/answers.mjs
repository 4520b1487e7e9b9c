// Answers in one shape, so that those of different servers can be compared. They differ in what is around a list (`nodes`), in how ids, times
// and kinds are written, and in where figures stand; rows, their order and every value must be equal.
//
// Owns: the shape of each workload.

import { uuidOf } from './tenants.mjs';

export const WORKLOADS = {
  w1: 'viewer and organization',
  w2: 'the first 50 doctors of a DSO',
  w3: '5 DSOs × 20 doctors × 5 activities',
  w4: 'dashboard figures of every DSO',
  w5: 'log an activity',
};

/** What a whole answer says: `{ errors }` as a text, or the workload's shape. */
export function shape(workload, json) {
  if (json.errors || !json.data) return { errors: JSON.stringify(json.errors ?? json).slice(0, 300) };
  return SHAPES[workload](plain(json.data));
}

/** Whether an answer tells of no row at all. */
export function isEmpty(json) {
  const told = (value) => (Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined);
  return !json.data || !Object.values(plain(json.data)).some(told);
}

/** How many rows a shape holds; for the eye: equal answers may be equally empty. */
export function rows(workload, told) {
  if (workload === 'w2') return told?.doctors.length ?? 0;
  if (workload === 'w3') return told.flatMap(({ doctors }) => doctors.flatMap(({ activities }) => activities)).length;
  if (workload === 'w4') return told.length;
  return 1;
}

const SHAPES = {
  w1: ({ viewer, organization }) => ({ viewer: one(viewer), organization: one(organization) }),
  w2: ({ dso }) => one(dso),
  w3: ({ dsos }) => dsos.map((dso) => ({ ...dso, doctors: dso.doctors.map((doctor) => ({ ...doctor, activities: doctor.activities.map(activity) })) })),
  w4: ({ dsos }) => dsos.map(figures),
  // What was written is compared in the database.
  w5: () => null,
};

/** Seaography looks a row up by a list. */
const one = (value) => (Array.isArray(value) ? (value[0] ?? null) : value);

const activity = ({ id, kind, occurredAt }) => ({ id, kind, at: instant(occurredAt) });

/** Milliseconds since 1970; PostgreSQL's own texts have a blank for the T. */
function instant(text) {
  return Date.parse(text.replace(' +', '+').replace(' ', 'T'));
}

/** The figures of a DSO, which stand beside its name, or in one or two parts, or in our overview. */
function figures({ id, name, ...dso }) {
  const found = { ...dso, ...dso.stats, ...dso.risk, ...dso.activityKinds, ...(dso.overview && overview(dso.overview)) };
  const [low, medium, high, phone, email, text] = ['low', 'medium', 'high', 'phone', 'email', 'text'].map((key) => Number(found[key]));
  return { id, name, low, medium, high, phone, email, text, avgProgress: Number(Number(found.avgProgress).toFixed(6)) };
}

function overview({ doctorsByRisk, averageProgress, activitiesByKind }) {
  const counted = (list, key, of) => Object.fromEntries(list.map((row) => [row[key]?.toLowerCase(), row[of].count]));
  const none = { low: 0, medium: 0, high: 0, phone: 0, email: 0, text: 0 };
  return { ...none, ...counted(doctorsByRisk, 'risk', 'doctors'), ...counted(activitiesByKind, 'kind', 'activities'), avgProgress: averageProgress.value };
}

/** Lists without what is around them, public ids as UUIDs, kinds and risks in small letters. */
function plain(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (value && typeof value === 'object') {
    if ('nodes' in value) return plain(value.nodes);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, name)]));
  }
  if (typeof value !== 'string') return value;
  if (key === 'riskLevel' || key === 'kind') return value.toLowerCase();
  return uuidOf(value) ?? value;
}
