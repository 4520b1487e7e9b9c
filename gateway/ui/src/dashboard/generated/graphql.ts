/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A question about activities in groups, of which one figure is shown: what a widget asks. */
export type ActivitiesQueryInput = {
  /** Into which intervals of time they are put. */
  bucket?: ActivityBucket | null | undefined;
  /** Which rows. */
  filter?: ActivityFilter | null | undefined;
  /** How many groups from the start; 100 when not given, at most 1000. */
  first?: number | null | undefined;
  /** By what they are grouped; all are one group, if not given. */
  groupBy?: Array<ActivityDimension> | null | undefined;
  /** Only groups that meet these conditions. */
  having?: Array<ActivityHaving> | null | undefined;
  /**
   * Only the last so many days, 1 to 3650, as of the time of asking: in place of the bucket's range, or without a
   * bucket of the filter's; doctors without a bucket are told as they stand now.
   */
  lastDays?: number | null | undefined;
  /** The figure of each group; how many rows it has, if not given. */
  measure?: ActivityMeasure | null | undefined;
  /** In what order; by bucket and dimensions, if not given. */
  orderBy?: Array<ActivityGroupOrder> | null | undefined;
};

/** Into which intervals of time rows are put. Rows without that time are left out. */
export type ActivityBucket = {
  /** By which time. */
  field: ActivityTime;
  /** Tells intervals without a row, too, each with a count of 0. */
  fill?: boolean;
  /** Only rows within this range; from the first row to the last, if not given. */
  range?: TimeRange | null | undefined;
  /** In which time zone intervals begin, by its name in the IANA database. */
  timeZone?: string;
  /** How long an interval is. */
  unit: TimeUnit;
  /** With which day weeks begin. */
  weekStart?: Weekday;
};

/** By what activities are grouped, and of what the different values are counted. */
export type ActivityDimension =
  /** Who did it, where it is known. */
  | 'ACTOR'
  /** The doctor. */
  | 'DOCTOR'
  /** The doctors' DSO. */
  | 'DSO'
  /** By what means. */
  | 'KIND';

/** Which activities. What is given must hold all together. */
export type ActivityFilter = {
  /** By these members. */
  actorIds?: Array<string | number> | null | undefined;
  /** With doctors of these DSOs. */
  dsoIds?: Array<string | number> | null | undefined;
  /** At this time or later. */
  from?: string | null | undefined;
  /** Of these kinds. */
  kind?: Array<ActivityKind> | null | undefined;
  /** Before this time. */
  until?: string | null | undefined;
};

/** By what groups are ordered: a dimension that they are grouped by, the bucket or a figure; exactly one of them. */
export type ActivityGroupOrder = {
  /** By where the interval begins. */
  bucket?: boolean;
  /** By a dimension; rows without come first. */
  dimension?: ActivityDimension | null | undefined;
  /** Which way. */
  direction?: OrderDirection;
  /** By a figure; groups without come first. */
  measure?: ActivityMeasure | null | undefined;
};

/** A condition on a figure of a group. What is given must hold all together. */
export type ActivityHaving = {
  /** It is this. */
  eq?: number | null | undefined;
  /** It is above this. */
  gt?: number | null | undefined;
  /** It is this or above. */
  gte?: number | null | undefined;
  /** It is below this. */
  lt?: number | null | undefined;
  /** It is this or below. */
  lte?: number | null | undefined;
  /** Which figure. */
  measure: ActivityMeasure;
};

/** The means of a contact. */
export type ActivityKind =
  /** A mail. */
  | 'EMAIL'
  /** In person or by video. */
  | 'MEETING'
  /** Something written down without a contact. */
  | 'NOTE'
  /** A call. */
  | 'PHONE'
  /** A text message. */
  | 'TEXT';

/** A figure of a group of activities. */
export type ActivityMeasure =
  {   /** How many; any value. */
  count: boolean; countDistinct?: never; }
  |  { count?: never;   /** How many different values. */
  countDistinct: ActivityDimension; };

/** The times of an activity. */
export type ActivityTime =
  /** When the row was made. */
  | 'CREATED_AT'
  /** When it happened. */
  | 'OCCURRED_AT';

/** Into which intervals of time rows are put. Rows without that time are left out. */
export type CaseBucket = {
  /** By which time. */
  field: CaseTime;
  /** Tells intervals without a row, too, each with a count of 0. */
  fill?: boolean;
  /** Only rows within this range; from the first row to the last, if not given. */
  range?: TimeRange | null | undefined;
  /** In which time zone intervals begin, by its name in the IANA database. */
  timeZone?: string;
  /** How long an interval is. */
  unit: TimeUnit;
  /** With which day weeks begin. */
  weekStart?: Weekday;
};

/** By what cases are grouped, and of what the different values are counted. */
export type CaseDimension =
  /** The doctor. */
  | 'DOCTOR'
  /** The doctors' DSO. */
  | 'DSO'
  /** How far they are. */
  | 'STATUS';

/** Which cases. */
export type CaseFilter = {
  /** Of doctors of these DSOs. */
  dsoIds?: Array<string | number> | null | undefined;
  /** Opened at this time or later. */
  openedFrom?: string | null | undefined;
  /** Opened before this time. */
  openedUntil?: string | null | undefined;
  /** In one of these states. */
  status?: Array<CaseStatus> | null | undefined;
};

/** By what groups are ordered: a dimension that they are grouped by, the bucket or a figure; exactly one of them. */
export type CaseGroupOrder = {
  /** By where the interval begins. */
  bucket?: boolean;
  /** By a dimension; rows without come first. */
  dimension?: CaseDimension | null | undefined;
  /** Which way. */
  direction?: OrderDirection;
  /** By a figure; groups without come first. */
  measure?: CaseMeasure | null | undefined;
};

/** A condition on a figure of a group. What is given must hold all together. */
export type CaseHaving = {
  /** It is this. */
  eq?: number | null | undefined;
  /** It is above this. */
  gt?: number | null | undefined;
  /** It is this or above. */
  gte?: number | null | undefined;
  /** It is below this. */
  lt?: number | null | undefined;
  /** It is this or below. */
  lte?: number | null | undefined;
  /** Which figure. */
  measure: CaseMeasure;
};

/** A figure of a group of cases. */
export type CaseMeasure =
  {   /** How many; any value. */
  count: boolean; countDistinct?: never; }
  |  { count?: never;   /** How many different values. */
  countDistinct: CaseDimension; };

/** How far a case is. */
export type CaseStatus =
  /** Given up. */
  | 'CANCELLED'
  /** Done. */
  | 'COMPLETED'
  /** Being worked on. */
  | 'IN_PROGRESS'
  /** Handed in. */
  | 'SUBMITTED';

/** The times of a case. */
export type CaseTime =
  /** When the row was made. */
  | 'CREATED_AT'
  /** When it was opened. */
  | 'OPENED_AT';

/** A question about cases in groups, of which one figure is shown: what a widget asks. */
export type CasesQueryInput = {
  /** Into which intervals of time they are put. */
  bucket?: CaseBucket | null | undefined;
  /** Which rows. */
  filter?: CaseFilter | null | undefined;
  /** How many groups from the start; 100 when not given, at most 1000. */
  first?: number | null | undefined;
  /** By what they are grouped; all are one group, if not given. */
  groupBy?: Array<CaseDimension> | null | undefined;
  /** Only groups that meet these conditions. */
  having?: Array<CaseHaving> | null | undefined;
  /**
   * Only the last so many days, 1 to 3650, as of the time of asking: in place of the bucket's range, or without a
   * bucket of the filter's; doctors without a bucket are told as they stand now.
   */
  lastDays?: number | null | undefined;
  /** The figure of each group; how many rows it has, if not given. */
  measure?: CaseMeasure | null | undefined;
  /** In what order; by bucket and dimensions, if not given. */
  orderBy?: Array<CaseGroupOrder> | null | undefined;
};

/** The places of all widgets of a dashboard. */
export type DashboardArrangeInput = {
  /** The dashboard. */
  dashboardId: string | number;
  /** Refuse if the dashboard has changed since this version was read. */
  expectedVersion?: number | null | undefined;
  /** All its widgets, each once. */
  widgets: Array<WidgetPlacedInput>;
};

/** A dashboard to be made. */
export type DashboardCreateInput = {
  /** What it is called, 1 to 200 characters. */
  title: string;
  /** Who sees it. */
  visibility?: DashboardVisibility;
};

/** The dashboard to be deleted. */
export type DashboardDeleteInput = {
  /** The dashboard. */
  dashboardId: string | number;
  /** Refuse if the dashboard has changed since this version was read. */
  expectedVersion?: number | null | undefined;
};

/** The dashboard to be copied. */
export type DashboardDuplicateInput = {
  /** The dashboard: any that one sees, a built-in one too. */
  dashboardId: string | number;
  /** What the copy is called, 1 to 200 characters; as the original, if not given. */
  title?: string | null | undefined;
};

/** A change of a dashboard: what is left out stays. */
export type DashboardUpdateInput = {
  /** The dashboard. */
  dashboardId: string | number;
  /** Refuse if the dashboard has changed since this version was read. */
  expectedVersion?: number | null | undefined;
  /** What it is called, 1 to 200 characters. */
  title?: string | null | undefined;
  /**
   * Who sees it; only its author can keep it for themselves. It is not shared while a widget on it filters by a person's
   * `email` or by `text`: all members read what the widgets of a shared dashboard ask.
   */
  visibility?: DashboardVisibility | null | undefined;
};

/** Who sees a dashboard. */
export type DashboardVisibility =
  /** Its author, and nobody else whatever their role. */
  | 'PRIVATE'
  /** Every member of the organization; of the figures each sees their own. */
  | 'SHARED';

/** Into which intervals of time rows are put. Rows without that time are left out. */
export type DoctorBucket = {
  /** By which time. */
  field: DoctorTime;
  /** Tells intervals without a row, too, each with a count of 0. */
  fill?: boolean;
  /** Only rows within this range; from the first row to the last, if not given. */
  range?: TimeRange | null | undefined;
  /** In which time zone intervals begin, by its name in the IANA database. */
  timeZone?: string;
  /** How long an interval is. */
  unit: TimeUnit;
  /** With which day weeks begin. */
  weekStart?: Weekday;
};

/** A doctor to be added. */
export type DoctorCreateInput = {
  /** The DSO they belong to. */
  dsoId: string | number;
  /** Their e-mail address. */
  email?: string | null | undefined;
  /** When they joined. */
  joinedAt?: string | null | undefined;
  /** What they are called, 1 to 200 characters. */
  name: string;
  /** What the agents write down, at most 20,000 characters. */
  notes?: string | null | undefined;
  /** The onboarding period they are in, 1 to 12. */
  onboardingPeriod?: number | null | undefined;
  /** Their phone number, at most 60 characters. */
  phone?: string | null | undefined;
  /** Where they work, at most 200 characters. */
  practice?: string | null | undefined;
  /** How likely they are to leave. */
  risk?: Risk | null | undefined;
};

/** By what doctors are grouped, and of what the different values are counted. */
export type DoctorDimension =
  /** Their DSO. */
  | 'DSO'
  /** Their e-mail address, in lower case. Needs the right to read `Doctor.email` in every DSO concerned. */
  | 'EMAIL'
  /** Their onboarding period. */
  | 'ONBOARDING_PERIOD'
  /** Where they work. */
  | 'PRACTICE'
  /** Their risk. */
  | 'RISK';

/** Which doctors. What is given must hold all together. */
export type DoctorFilter = {
  /** With the last contact at this time or later. */
  contactedFrom?: string | null | undefined;
  /** Of these DSOs. */
  dsoIds?: Array<string | number> | null | undefined;
  /**
   * With this e-mail address, in any case. Needs the right to read `Doctor.email` in every DSO concerned. Not for widgets of
   * shared dashboards.
   */
  email?: string | null | undefined;
  /** With no contact since this time, or none at all. */
  notContactedSince?: string | null | undefined;
  /** In this onboarding period or a later one. */
  periodFrom?: number | null | undefined;
  /** In this onboarding period or an earlier one. */
  periodTo?: number | null | undefined;
  /** At one of these risks. */
  risk?: Array<Risk> | null | undefined;
  /** Living doctors, unless archived ones are asked for. */
  shelf?: Shelf | null | undefined;
  /**
   * With all of these words in the name or the practice, at most 200 characters. Words stand in any order, a part of a word is enough, and
   * case and accents do not matter: `schule oztu` finds `Öztürk Schule`. Blanks alone search for nothing. Not for widgets of shared
   * dashboards.
   */
  text?: string | null | undefined;
};

/** By what groups are ordered: a dimension that they are grouped by, the bucket or a figure; exactly one of them. */
export type DoctorGroupOrder = {
  /** By where the interval begins. */
  bucket?: boolean;
  /** By a dimension; rows without come first. */
  dimension?: DoctorDimension | null | undefined;
  /** Which way. */
  direction?: OrderDirection;
  /** By a figure; groups without come first. */
  measure?: DoctorMeasure | null | undefined;
};

/** A condition on a figure of a group. What is given must hold all together. */
export type DoctorHaving = {
  /** It is this. */
  eq?: number | null | undefined;
  /** It is above this. */
  gt?: number | null | undefined;
  /** It is this or above. */
  gte?: number | null | undefined;
  /** It is below this. */
  lt?: number | null | undefined;
  /** It is this or below. */
  lte?: number | null | undefined;
  /** Which figure. */
  measure: DoctorMeasure;
};

/** A list of doctors. */
export type DoctorListInput = {
  /** Which doctors. */
  filter?: DoctorFilter | null | undefined;
  /** How many; 25 when not given, at most 100. */
  first?: number | null | undefined;
  /** In what order; by name, if not given. */
  orderBy?: DoctorOrder | null | undefined;
  /**
   * Only those without contact for so many days, 1 to 3650, as of the time of asking: in place of the filter's
   * `notContactedSince`.
   */
  withoutContactDays?: number | null | undefined;
};

/** A figure of a group of doctors. */
export type DoctorMeasure =
  {   /** The mean. */
  avg: DoctorNumber; count?: never; countDistinct?: never; max?: never; median?: never; min?: never; stddev?: never; sum?: never; }
  |  { avg?: never;   /** How many; any value. */
  count: boolean; countDistinct?: never; max?: never; median?: never; min?: never; stddev?: never; sum?: never; }
  |  { avg?: never; count?: never;   /** How many different values. */
  countDistinct: DoctorDimension; max?: never; median?: never; min?: never; stddev?: never; sum?: never; }
  |  { avg?: never; count?: never; countDistinct?: never;   /** The largest. */
  max: DoctorNumber; median?: never; min?: never; stddev?: never; sum?: never; }
  |  { avg?: never; count?: never; countDistinct?: never; max?: never;   /** The median. */
  median: DoctorNumber; min?: never; stddev?: never; sum?: never; }
  |  { avg?: never; count?: never; countDistinct?: never; max?: never; median?: never;   /** The least. */
  min: DoctorNumber; stddev?: never; sum?: never; }
  |  { avg?: never; count?: never; countDistinct?: never; max?: never; median?: never; min?: never;   /** The standard deviation. */
  stddev: DoctorNumber; sum?: never; }
  |  { avg?: never; count?: never; countDistinct?: never; max?: never; median?: never; min?: never; stddev?: never;   /** The sum. */
  sum: DoctorNumber; };

/** The numbers of a doctor. */
export type DoctorNumber =
  /** The onboarding period, 1 to 12. */
  | 'ONBOARDING_PERIOD'
  /** How far they are through all twelve periods, in percent. */
  | 'PROGRESS';

/** The order of a list of doctors. */
export type DoctorOrder = {
  /** Which way. */
  direction?: OrderDirection;
  /** By what. */
  field: DoctorOrderField;
};

/** By what doctors can be ordered. */
export type DoctorOrderField =
  /** By the time they joined, none first. */
  | 'JOINED_AT'
  /** By last contact, none first. */
  | 'LAST_CONTACT'
  /** By name: case and accents do not matter, and names that are then alike are in the order of their letters. */
  | 'NAME'
  /** By onboarding period, none first. */
  | 'PERIOD'
  /** By risk, none lowest. */
  | 'RISK';

/** The times of a doctor. */
export type DoctorTime =
  /** When the row was made. */
  | 'CREATED_AT'
  /** When they joined. */
  | 'JOINED_AT'
  /** The time of their latest activity. */
  | 'LAST_CONTACT_AT';

/** A question about doctors in groups, of which one figure is shown: what a widget asks. */
export type DoctorsQueryInput = {
  /** Into which intervals of time they are put. */
  bucket?: DoctorBucket | null | undefined;
  /** Which rows. */
  filter?: DoctorFilter | null | undefined;
  /** How many groups from the start; 100 when not given, at most 1000. */
  first?: number | null | undefined;
  /** By what they are grouped; all are one group, if not given. */
  groupBy?: Array<DoctorDimension> | null | undefined;
  /** Only groups that meet these conditions. */
  having?: Array<DoctorHaving> | null | undefined;
  /**
   * Only the last so many days, 1 to 3650, as of the time of asking: in place of the bucket's range, or without a
   * bucket of the filter's; doctors without a bucket are told as they stand now.
   */
  lastDays?: number | null | undefined;
  /** The figure of each group; how many rows it has, if not given. */
  measure?: DoctorMeasure | null | undefined;
  /** In what order; by bucket and dimensions, if not given. */
  orderBy?: Array<DoctorGroupOrder> | null | undefined;
};

/** A DSO to be made. */
export type DsoCreateInput = {
  /** What it is called, 1 to 200 characters. */
  name: string;
};

/** A role on a DSO that a member is to have. */
export type DsoGrantInput = {
  /** On what. */
  dsoId: string | number;
  /** Who. */
  memberId: string | number;
  /** Which role; it takes the place of the one that they have. */
  role: DsoRole;
};

/** A role on a DSO for somebody who is to come. */
export type DsoGrantPromise = {
  /** On what. */
  dsoId: string | number;
  /** Which role. */
  role: DsoRole;
};

/** What a member is on one DSO; each role can do what those before it can. */
export type DsoRole =
  /** Also changes the DSO and manages its grants. */
  | 'ADMIN'
  /** Also reads contact data and notes, and writes doctors and activities. */
  | 'MANAGER'
  /** Reads doctors, onboarding and activities. */
  | 'VIEWER';

/** The invitation to be accepted: give one of both. */
export type InvitationAcceptInput = {
  /** The invitation, as `viewer.pendingInvitations` lists it. */
  invitationId?: string | number | null | undefined;
  /** The token in the mail. */
  token?: string | null | undefined;
};

/** An invitation to be made. */
export type InvitationCreateInput = {
  /** To whom. */
  email: string;
  /** Until when it is good: at most 30 days ahead; 7, unless the operator says otherwise, if not given. */
  expiresAt?: string | null | undefined;
  /** With which roles on which DSOs. */
  grants?: Array<DsoGrantPromise> | null | undefined;
  /** With which role in the organization: not OWNER, and not above the caller's own. */
  role?: OrgRole;
};

/** The invitation to be declined: give one of both. */
export type InvitationDeclineInput = {
  /** The invitation, as `viewer.pendingInvitations` lists it. */
  invitationId?: string | number | null | undefined;
  /** The token in the mail. */
  token?: string | null | undefined;
};

/** Something to do first. */
export type OnboardingStepKind =
  /** Add a doctor. */
  | 'ADD_DOCTOR'
  /** Make a DSO. */
  | 'CREATE_DSO'
  /** Be given a role on a DSO, by an admin. */
  | 'GET_GRANT'
  /** Give a member a role on a DSO. */
  | 'GRANT_DSO'
  /** Invite somebody. */
  | 'INVITE_MEMBER'
  /** Join an organization, or make one. */
  | 'JOIN_ORGANIZATION'
  /** Log a contact with a doctor. */
  | 'LOG_ACTIVITY'
  /** See a doctor. */
  | 'MEET_DOCTOR'
  /** Record how far a doctor has come. */
  | 'RECORD_PROGRESS'
  /** Let the identity provider verify one's e-mail address. */
  | 'VERIFY_EMAIL';

/** Which way a list runs. */
export type OrderDirection =
  /** Smallest first. */
  | 'ASC'
  /** Largest first. */
  | 'DESC';

/** What a member is in the organization; each role can do what those before it can. */
export type OrgRole =
  /** Decides who sees what; administers every DSO. */
  | 'ADMIN'
  /** Sees the organization and the DSOs that were granted. */
  | 'MEMBER'
  /** Owns the organization. */
  | 'OWNER';

/** An organization to be made. */
export type OrganizationCreateInput = {
  /** What it is called, 1 to 200 characters. */
  name: string;
  /** Its name in addresses, 3 to 48 letters, digits and hyphens; made of the name, if none is given. */
  slug?: string | null | undefined;
};

/** A figure of an overview. */
export type OverviewFigure =
  /** The activities. */
  | 'ACTIVITIES'
  /** The people who came to them. */
  | 'ATTENDANCES'
  /** The share of those on their lists who came, 0 to 1. */
  | 'ATTENDANCE_SHARE'
  /** How far the doctors are through all twelve periods on average, in percent. */
  | 'AVERAGE_PROGRESS'
  /** The cases. */
  | 'CASES'
  /** The courses that were held. */
  | 'COURSES'
  /** The doctors. */
  | 'DOCTORS'
  /** The share of the doctors who are on track, 0 to 1. */
  | 'ON_TRACK'
  /** The doctors without contact for 30 days. */
  | 'WITHOUT_CONTACT';

/** How likely a doctor is to leave. */
export type Risk =
  /** About to. */
  | 'CRITICAL'
  /** Likely. */
  | 'HIGH'
  /** Not likely. */
  | 'LOW'
  /** Worth a look. */
  | 'MEDIUM';

/** Whether living or archived rows are wanted. */
export type Shelf =
  /** Rows that were archived. */
  | 'ARCHIVED'
  /** Rows that live. */
  | 'LIVING';

/** From one time to another; the end is left out. */
export type TimeRange = {
  /** The first moment in it. */
  from: string;
  /** The first moment after it. */
  until: string;
};

/** The length of an interval. */
export type TimeUnit =
  /** From midnight to midnight. */
  | 'DAY'
  /** An hour. */
  | 'HOUR'
  /** A month of the calendar. */
  | 'MONTH'
  /** Three months, from January, April, July or October. */
  | 'QUARTER'
  /** Seven days. */
  | 'WEEK'
  /** A year of the calendar. */
  | 'YEAR';

/** The kinds of problem in an input. */
export type UserErrorCode =
  /** There is an open invitation to this address already. */
  | 'ALREADY_INVITED'
  /** The person is a member already. */
  | 'ALREADY_MEMBER'
  /** One has asked already, and the answer is open. */
  | 'ALREADY_REQUESTED'
  /** A value that is not acceptable. */
  | 'BAD_USER_INPUT'
  /** It was denied, and it is too early to ask again. */
  | 'COOL_DOWN'
  /** The invitation is for another address than the caller's verified one. */
  | 'EMAIL_MISMATCH'
  /** The caller's address is not verified. */
  | 'EMAIL_UNVERIFIED'
  /** The invitation is over: answered, taken back, expired, or there never was one. */
  | 'INVITATION_OVER'
  /** The organization would be left without an active owner. */
  | 'LAST_OWNER'
  /** The confirmation is not what was asked for. */
  | 'NOT_CONFIRMED'
  /** There is no such person, DSO or organization for the caller. */
  | 'NOT_FOUND'
  /** One cannot do this to oneself. */
  | 'ONESELF'
  /** The person has as many organizations as they may have. */
  | 'ORGANIZATION_LIMIT'
  /** Too many of these lately. */
  | 'RATE_LIMITED'
  /** The organization has no seat left. */
  | 'SEAT_LIMIT'
  /** The slug is in use, was until lately, or is reserved. */
  | 'SLUG_TAKEN'
  /** The row has changed since it was read. */
  | 'STALE_VERSION'
  /** The row is not in a state that allows this. */
  | 'WRONG_STATE';

/** A day of the week. */
export type Weekday =
  /** The day after Thursday. */
  | 'FRIDAY'
  /** With which a week begins by ISO 8601. */
  | 'MONDAY'
  /** The day after Friday. */
  | 'SATURDAY'
  /** The day after Saturday. */
  | 'SUNDAY'
  /** The day after Wednesday. */
  | 'THURSDAY'
  /** The day after Monday. */
  | 'TUESDAY'
  /** The day after Tuesday. */
  | 'WEDNESDAY';

/** A widget to be put on a dashboard. */
export type WidgetAddInput = {
  /** The dashboard. */
  dashboardId: string | number;
  /** Refuse if the dashboard has changed since this version was read. */
  expectedVersion?: number | null | undefined;
  /** As what it shows its answer. */
  kind: WidgetKind;
  /** Where; below all others, if not given. */
  place?: WidgetPlaceInput | null | undefined;
  /** What it asks. On a shared dashboard all members read it, so there it must not filter by a person's `email` or by `text`. */
  query: WidgetQueryInput;
  /** What it is called, 1 to 200 characters. */
  title: string;
};

/** By what a widget's figures are told apart. */
export type WidgetDimension =
  /** Who did it. */
  | 'ACTOR'
  /** The interval of time. */
  | 'BUCKET'
  /** The doctor. */
  | 'DOCTOR'
  /** The DSO. */
  | 'DSO'
  /** A doctor's e-mail address. */
  | 'EMAIL'
  /** The means of a contact. */
  | 'KIND'
  /** The onboarding period. */
  | 'ONBOARDING_PERIOD'
  /** Where a doctor works. */
  | 'PRACTICE'
  /** The risk. */
  | 'RISK'
  /** The state of a case. */
  | 'STATUS';

/** As what a widget shows its answer. */
export type WidgetKind =
  /** Bars, one a group. */
  | 'BAR'
  /** A line over intervals of time: its query has a `bucket`. */
  | 'LINE'
  /** A list of doctors. */
  | 'LIST'
  /** One figure: an overview's, or one without groups. */
  | 'NUMBER'
  /** Shares of a whole, one a group; its query has no `bucket`. */
  | 'PIE'
  /** Rows with columns: groups, or a list of doctors. */
  | 'TABLE';

/** A place on a grid of twelve columns. */
export type WidgetPlaceInput = {
  /** How many lines, 1 to 24. */
  height: number;
  /** How many columns, up to the twelfth. */
  width: number;
  /** The first column, from 0. */
  x: number;
  /** The first line, from 0 to 999. */
  y: number;
};

/** A widget and its place. */
export type WidgetPlacedInput = {
  /** Where it is to be. */
  place: WidgetPlaceInput;
  /** The widget. */
  widgetId: string | number;
};

/** What a widget asks: one thing. */
export type WidgetQueryInput =
  {   /** Activities in groups. */
  activities: ActivitiesQueryInput; cases?: never; doctorList?: never; doctors?: never; overview?: never; }
  |  { activities?: never;   /** Cases in groups. */
  cases: CasesQueryInput; doctorList?: never; doctors?: never; overview?: never; }
  |  { activities?: never; cases?: never;   /** Doctors, one by one. */
  doctorList: DoctorListInput; doctors?: never; overview?: never; }
  |  { activities?: never; cases?: never; doctorList?: never;   /** Doctors in groups. */
  doctors: DoctorsQueryInput; overview?: never; }
  |  { activities?: never; cases?: never; doctorList?: never; doctors?: never;   /** A figure of the overview, in the last 30 days unless another range is asked for. */
  overview: OverviewFigure; };

/** The widget to be taken off its dashboard. */
export type WidgetRemoveInput = {
  /** Refuse if the dashboard has changed since this version was read. */
  expectedVersion?: number | null | undefined;
  /** The widget. */
  widgetId: string | number;
};

/** A change of a widget: what is left out stays. */
export type WidgetUpdateInput = {
  /** Refuse if the dashboard has changed since this version was read. */
  expectedVersion?: number | null | undefined;
  /** As what it shows its answer. */
  kind?: WidgetKind | null | undefined;
  /** Where. */
  place?: WidgetPlaceInput | null | undefined;
  /** What it asks. On a shared dashboard all members read it, so there it must not filter by a person's `email` or by `text`. */
  query?: WidgetQueryInput | null | undefined;
  /** What it is called, 1 to 200 characters. */
  title?: string | null | undefined;
  /** The widget. */
  widgetId: string | number;
};

export type InvitationAcceptMutationVariables = Exact<{
  input: InvitationAcceptInput;
}>;


export type InvitationAcceptMutation = { change: { membership: { organizationId: string, organizationSlug: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type InvitationDeclineMutationVariables = Exact<{
  input: InvitationDeclineInput;
}>;


export type InvitationDeclineMutation = { change: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type OrganizationCreateMutationVariables = Exact<{
  input: OrganizationCreateInput;
}>;


export type OrganizationCreateMutation = { change: { membership: { organizationId: string, organizationSlug: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type CallerQueryVariables = Exact<{ [key: string]: never; }>;


export type CallerQuery = { viewer: { name: string | null, email: string | null, memberships: Array<{ organizationId: string, organizationName: string, organizationSlug: string, role: OrgRole }>, pendingInvitations: Array<{ id: string, organizationName: string, role: OrgRole, expiresAt: string }> | null } | null };

export type DashboardCreateMutationVariables = Exact<{
  input: DashboardCreateInput;
}>;


export type DashboardCreateMutation = { change: { dashboard: { id: string, version: number } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type DashboardUpdateMutationVariables = Exact<{
  input: DashboardUpdateInput;
}>;


export type DashboardUpdateMutation = { change: { dashboard: { id: string, version: number } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type DashboardDeleteMutationVariables = Exact<{
  input: DashboardDeleteInput;
}>;


export type DashboardDeleteMutation = { change: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type DashboardDuplicateMutationVariables = Exact<{
  input: DashboardDuplicateInput;
}>;


export type DashboardDuplicateMutation = { change: { dashboard: { id: string, version: number } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type DashboardArrangeMutationVariables = Exact<{
  input: DashboardArrangeInput;
}>;


export type DashboardArrangeMutation = { change: { dashboard: { id: string, version: number } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type WidgetAddMutationVariables = Exact<{
  input: WidgetAddInput;
}>;


export type WidgetAddMutation = { change: { widget: { dashboard: { id: string, version: number } | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type WidgetUpdateMutationVariables = Exact<{
  input: WidgetUpdateInput;
}>;


export type WidgetUpdateMutation = { change: { widget: { dashboard: { id: string, version: number } | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type WidgetRemoveMutationVariables = Exact<{
  input: WidgetRemoveInput;
}>;


export type WidgetRemoveMutation = { change: { dashboard: { id: string, version: number } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type RefusalFragment = { code: UserErrorCode, message: string, field: Array<string> };

export type DashboardQueryVariables = Exact<{
  id: string | number;
  dsoIds?: Array<string | number> | string | number | null | undefined;
  range?: TimeRange | null | undefined;
  timeZone?: string | null | undefined;
}>;


export type DashboardQuery = { dashboard: { id: string, title: string, visibility: DashboardVisibility, isBuiltIn: boolean, viewerMayEdit: boolean, version: number, author: { id: string, user: { name: string } | null } | null, widgets: Array<{ id: string, title: string, kind: WidgetKind, x: number, y: number, width: number, height: number, query: unknown, result: { value: number | null, before: number | null, knownFrom: string | null, rows: Array<{ value: number | null, keys: Array<{ dimension: WidgetDimension, id: string | null, label: string | null, at: string | null }> }> | null, doctors: Array<{ id: string, name: string, practice: string | null, risk: Risk | null, onboardingPeriod: number | null, lastContactAt: string | null, dso: { id: string, name: string } | null }> | null } | null }> | null } | null };

export type DashboardsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type DashboardsQuery = { viewer: { member: { id: string } | null, defaultDashboard: { id: string, title: string } | null } | null, dashboards: { nodes: Array<{ id: string, title: string, visibility: DashboardVisibility, author: { id: string, user: { name: string } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type DoctorsQueryVariables = Exact<{
  filter?: DoctorFilter | null | undefined;
  orderBy?: DoctorOrder | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type DoctorsQuery = { doctors: { totalCount: number | null, nodes: Array<{ id: string, name: string, practice: string | null, risk: Risk | null, onboardingPeriod: number | null, lastContactAt: string | null, dso: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type DsosQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type DsosQuery = { dsos: { totalCount: number | null, nodes: Array<{ id: string, name: string, viewerRole: DsoRole | null, terminology: Array<{ key: string, label: string }> | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type FirstStepsQueryVariables = Exact<{ [key: string]: never; }>;


export type FirstStepsQuery = { viewer: { onboarding: Array<{ kind: OnboardingStepKind, done: boolean }> | null } | null };

export type AdminsQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminsQuery = { members: { nodes: Array<{ id: string, role: OrgRole, user: { name: string } | null }> } | null };

export type PeopleQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type PeopleQuery = { members: { nodes: Array<{ id: string, role: OrgRole, user: { name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type DsoCreateMutationVariables = Exact<{
  input: DsoCreateInput;
}>;


export type DsoCreateMutation = { change: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type DoctorCreateMutationVariables = Exact<{
  input: DoctorCreateInput;
}>;


export type DoctorCreateMutation = { change: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type InvitationCreateMutationVariables = Exact<{
  input: InvitationCreateInput;
}>;


export type InvitationCreateMutation = { change: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type DsoGrantMutationVariables = Exact<{
  input: DsoGrantInput;
}>;


export type DsoGrantMutation = { change: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> }> } | null };

export type OverviewQueryVariables = Exact<{
  dsoIds?: Array<string | number> | string | number | null | undefined;
  range: TimeRange;
  inactiveDays: number;
}>;


export type OverviewQuery = { organization: { id: string, overview: { from: string, until: string, previousFrom: string, dsoCount: number, knownFrom: string | null, lastContactAt: string | null, doctors: { count: number, before: number, change: number } | null, doctorsByRisk: Array<{ risk: Risk | null, doctors: { count: number, before: number, change: number } }> | null, doctorsByPeriod: Array<{ period: number | null, doctors: { count: number, before: number, change: number } }> | null, averageProgress: { value: number | null, before: number | null, change: number | null } | null, onTrack: { value: number | null, before: number | null, change: number | null } | null, activities: { count: number, before: number, change: number } | null, activitiesByKind: Array<{ kind: ActivityKind, activities: { count: number, before: number, change: number } }> | null, activitiesByActor: Array<{ actor: { id: string, user: { name: string } | null } | null, activities: { count: number, before: number, change: number } }> | null, withoutContact: { count: number, before: number, change: number } | null, cases: { count: number, before: number, change: number } | null, casesByStatus: Array<{ status: CaseStatus, cases: { count: number, before: number, change: number } }> | null, courses: { count: number, before: number, change: number } | null, attendances: { count: number, before: number, change: number } | null, attendanceShare: { value: number | null, before: number | null, change: number | null } | null } | null } | null };

export type CountFragment = { count: number, before: number, change: number };

export type FigureFragment = { value: number | null, before: number | null, change: number | null };

export const RefusalFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<RefusalFragment, unknown>;
export const CountFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Count"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CountChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"change"}}]}}]} as unknown as DocumentNode<CountFragment, unknown>;
export const FigureFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Figure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FigureChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"change"}}]}}]} as unknown as DocumentNode<FigureFragment, unknown>;
export const InvitationAcceptDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"InvitationAccept"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvitationAcceptInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"invitationAccept"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}},{"kind":"Field","name":{"kind":"Name","value":"organizationSlug"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<InvitationAcceptMutation, InvitationAcceptMutationVariables>;
export const InvitationDeclineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"InvitationDecline"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvitationDeclineInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"invitationDecline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<InvitationDeclineMutation, InvitationDeclineMutationVariables>;
export const OrganizationCreateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"OrganizationCreate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrganizationCreateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"organizationCreate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}},{"kind":"Field","name":{"kind":"Name","value":"organizationSlug"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<OrganizationCreateMutation, OrganizationCreateMutationVariables>;
export const CallerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"memberships"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}},{"kind":"Field","name":{"kind":"Name","value":"organizationName"}},{"kind":"Field","name":{"kind":"Name","value":"organizationSlug"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pendingInvitations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"organizationName"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]} as unknown as DocumentNode<CallerQuery, CallerQueryVariables>;
export const DashboardCreateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DashboardCreate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DashboardCreateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dashboardCreate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DashboardCreateMutation, DashboardCreateMutationVariables>;
export const DashboardUpdateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DashboardUpdate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DashboardUpdateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dashboardUpdate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DashboardUpdateMutation, DashboardUpdateMutationVariables>;
export const DashboardDeleteDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DashboardDelete"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DashboardDeleteInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dashboardDelete"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DashboardDeleteMutation, DashboardDeleteMutationVariables>;
export const DashboardDuplicateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DashboardDuplicate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DashboardDuplicateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dashboardDuplicate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DashboardDuplicateMutation, DashboardDuplicateMutationVariables>;
export const DashboardArrangeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DashboardArrange"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DashboardArrangeInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dashboardArrange"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DashboardArrangeMutation, DashboardArrangeMutationVariables>;
export const WidgetAddDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"WidgetAdd"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"WidgetAddInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"widgetAdd"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"widget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<WidgetAddMutation, WidgetAddMutationVariables>;
export const WidgetUpdateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"WidgetUpdate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"WidgetUpdateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"widgetUpdate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"widget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<WidgetUpdateMutation, WidgetUpdateMutationVariables>;
export const WidgetRemoveDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"WidgetRemove"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"WidgetRemoveInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"widgetRemove"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<WidgetRemoveMutation, WidgetRemoveMutationVariables>;
export const DashboardDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Dashboard"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dsoIds"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"range"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TimeRange"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"visibility"}},{"kind":"Field","name":{"kind":"Name","value":"isBuiltIn"}},{"kind":"Field","name":{"kind":"Name","value":"viewerMayEdit"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"author"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"widgets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"x"}},{"kind":"Field","name":{"kind":"Name","value":"y"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"query"}},{"kind":"Field","name":{"kind":"Name","value":"result"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"dsoIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dsoIds"}}},{"kind":"Argument","name":{"kind":"Name","value":"range"},"value":{"kind":"Variable","name":{"kind":"Name","value":"range"}}},{"kind":"Argument","name":{"kind":"Name","value":"timeZone"},"value":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"knownFrom"}},{"kind":"Field","name":{"kind":"Name","value":"rows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"keys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dimension"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"doctors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"practice"}},{"kind":"Field","name":{"kind":"Name","value":"risk"}},{"kind":"Field","name":{"kind":"Name","value":"onboardingPeriod"}},{"kind":"Field","name":{"kind":"Name","value":"lastContactAt"}},{"kind":"Field","name":{"kind":"Name","value":"dso"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<DashboardQuery, DashboardQueryVariables>;
export const DashboardsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Dashboards"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"defaultDashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dashboards"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"visibility"}},{"kind":"Field","name":{"kind":"Name","value":"author"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<DashboardsQuery, DashboardsQueryVariables>;
export const DoctorsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Doctors"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DoctorFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DoctorOrder"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"doctors"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"practice"}},{"kind":"Field","name":{"kind":"Name","value":"risk"}},{"kind":"Field","name":{"kind":"Name","value":"onboardingPeriod"}},{"kind":"Field","name":{"kind":"Name","value":"lastContactAt"}},{"kind":"Field","name":{"kind":"Name","value":"dso"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<DoctorsQuery, DoctorsQueryVariables>;
export const DsosDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Dsos"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dsos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"viewerRole"}},{"kind":"Field","name":{"kind":"Name","value":"terminology"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<DsosQuery, DsosQueryVariables>;
export const FirstStepsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FirstSteps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"done"}}]}}]}}]}}]} as unknown as DocumentNode<FirstStepsQuery, FirstStepsQueryVariables>;
export const AdminsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Admins"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"role"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"OWNER"},{"kind":"EnumValue","value":"ADMIN"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<AdminsQuery, AdminsQueryVariables>;
export const PeopleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"People"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<PeopleQuery, PeopleQueryVariables>;
export const DsoCreateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DsoCreate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DsoCreateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dsoCreate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DsoCreateMutation, DsoCreateMutationVariables>;
export const DoctorCreateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DoctorCreate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DoctorCreateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"doctorCreate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DoctorCreateMutation, DoctorCreateMutationVariables>;
export const InvitationCreateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"InvitationCreate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvitationCreateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"invitationCreate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<InvitationCreateMutation, InvitationCreateMutationVariables>;
export const DsoGrantDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DsoGrant"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DsoGrantInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"change"},"name":{"kind":"Name","value":"dsoGrant"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]} as unknown as DocumentNode<DsoGrantMutation, DsoGrantMutationVariables>;
export const OverviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Overview"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dsoIds"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"range"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TimeRange"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"inactiveDays"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"overview"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"dsoIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dsoIds"}}},{"kind":"Argument","name":{"kind":"Name","value":"range"},"value":{"kind":"Variable","name":{"kind":"Name","value":"range"}}},{"kind":"Argument","name":{"kind":"Name","value":"inactiveDays"},"value":{"kind":"Variable","name":{"kind":"Name","value":"inactiveDays"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"until"}},{"kind":"Field","name":{"kind":"Name","value":"previousFrom"}},{"kind":"Field","name":{"kind":"Name","value":"dsoCount"}},{"kind":"Field","name":{"kind":"Name","value":"knownFrom"}},{"kind":"Field","name":{"kind":"Name","value":"doctors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"doctorsByRisk"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"risk"}},{"kind":"Field","name":{"kind":"Name","value":"doctors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"doctorsByPeriod"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"period"}},{"kind":"Field","name":{"kind":"Name","value":"doctors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"averageProgress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Figure"}}]}},{"kind":"Field","name":{"kind":"Name","value":"onTrack"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Figure"}}]}},{"kind":"Field","name":{"kind":"Name","value":"activities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"activitiesByKind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"activities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"activitiesByActor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"activities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastContactAt"}},{"kind":"Field","name":{"kind":"Name","value":"withoutContact"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cases"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"casesByStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"cases"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"courses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"attendances"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"attendanceShare"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Figure"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Count"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CountChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"change"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Figure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FigureChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"change"}}]}}]} as unknown as DocumentNode<OverviewQuery, OverviewQueryVariables>;