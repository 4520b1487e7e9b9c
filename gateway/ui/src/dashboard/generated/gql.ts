/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Caller {\n  viewer {\n    name\n    email\n    memberships {\n      organizationId\n      organizationName\n      organizationSlug\n      role\n    }\n  }\n}": typeof types.CallerDocument,
    "query Doctors($filter: DoctorFilter, $orderBy: DoctorOrder, $first: Int!, $after: String) {\n  doctors(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      practice\n      risk\n      onboardingPeriod\n      lastContactAt\n      dso {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.DoctorsDocument,
    "query Dsos($after: String) {\n  dsos(first: 100, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      viewerRole\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.DsosDocument,
    "query Overview($dsoIds: [ID!], $range: TimeRange!, $inactiveDays: Int!) {\n  organization {\n    id\n    overview(dsoIds: $dsoIds, range: $range, inactiveDays: $inactiveDays) {\n      from\n      until\n      previousFrom\n      dsoCount\n      doctors {\n        ...Count\n      }\n      doctorsByRisk {\n        risk\n        doctors {\n          ...Count\n        }\n      }\n      doctorsByPeriod {\n        period\n        doctors {\n          ...Count\n        }\n      }\n      averageProgress {\n        ...Figure\n      }\n      onTrack {\n        ...Figure\n      }\n      activities {\n        ...Count\n      }\n      activitiesByKind {\n        kind\n        activities {\n          ...Count\n        }\n      }\n      activitiesByActor {\n        actor {\n          id\n          user {\n            name\n          }\n        }\n        activities {\n          ...Count\n        }\n      }\n      lastContactAt\n      withoutContact {\n        ...Count\n      }\n      cases {\n        ...Count\n      }\n      casesByStatus {\n        status\n        cases {\n          ...Count\n        }\n      }\n      courses {\n        ...Count\n      }\n      attendances {\n        ...Count\n      }\n      attendanceShare {\n        ...Figure\n      }\n    }\n  }\n}\n\nfragment Count on CountChange {\n  count\n  before\n  change\n}\n\nfragment Figure on FigureChange {\n  value\n  before\n  change\n}": typeof types.OverviewDocument,
};
const documents: Documents = {
    "query Caller {\n  viewer {\n    name\n    email\n    memberships {\n      organizationId\n      organizationName\n      organizationSlug\n      role\n    }\n  }\n}": types.CallerDocument,
    "query Doctors($filter: DoctorFilter, $orderBy: DoctorOrder, $first: Int!, $after: String) {\n  doctors(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      practice\n      risk\n      onboardingPeriod\n      lastContactAt\n      dso {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.DoctorsDocument,
    "query Dsos($after: String) {\n  dsos(first: 100, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      viewerRole\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.DsosDocument,
    "query Overview($dsoIds: [ID!], $range: TimeRange!, $inactiveDays: Int!) {\n  organization {\n    id\n    overview(dsoIds: $dsoIds, range: $range, inactiveDays: $inactiveDays) {\n      from\n      until\n      previousFrom\n      dsoCount\n      doctors {\n        ...Count\n      }\n      doctorsByRisk {\n        risk\n        doctors {\n          ...Count\n        }\n      }\n      doctorsByPeriod {\n        period\n        doctors {\n          ...Count\n        }\n      }\n      averageProgress {\n        ...Figure\n      }\n      onTrack {\n        ...Figure\n      }\n      activities {\n        ...Count\n      }\n      activitiesByKind {\n        kind\n        activities {\n          ...Count\n        }\n      }\n      activitiesByActor {\n        actor {\n          id\n          user {\n            name\n          }\n        }\n        activities {\n          ...Count\n        }\n      }\n      lastContactAt\n      withoutContact {\n        ...Count\n      }\n      cases {\n        ...Count\n      }\n      casesByStatus {\n        status\n        cases {\n          ...Count\n        }\n      }\n      courses {\n        ...Count\n      }\n      attendances {\n        ...Count\n      }\n      attendanceShare {\n        ...Figure\n      }\n    }\n  }\n}\n\nfragment Count on CountChange {\n  count\n  before\n  change\n}\n\nfragment Figure on FigureChange {\n  value\n  before\n  change\n}": types.OverviewDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Caller {\n  viewer {\n    name\n    email\n    memberships {\n      organizationId\n      organizationName\n      organizationSlug\n      role\n    }\n  }\n}"): (typeof documents)["query Caller {\n  viewer {\n    name\n    email\n    memberships {\n      organizationId\n      organizationName\n      organizationSlug\n      role\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Doctors($filter: DoctorFilter, $orderBy: DoctorOrder, $first: Int!, $after: String) {\n  doctors(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      practice\n      risk\n      onboardingPeriod\n      lastContactAt\n      dso {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): (typeof documents)["query Doctors($filter: DoctorFilter, $orderBy: DoctorOrder, $first: Int!, $after: String) {\n  doctors(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      practice\n      risk\n      onboardingPeriod\n      lastContactAt\n      dso {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Dsos($after: String) {\n  dsos(first: 100, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      viewerRole\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): (typeof documents)["query Dsos($after: String) {\n  dsos(first: 100, after: $after) {\n    totalCount\n    nodes {\n      id\n      name\n      viewerRole\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Overview($dsoIds: [ID!], $range: TimeRange!, $inactiveDays: Int!) {\n  organization {\n    id\n    overview(dsoIds: $dsoIds, range: $range, inactiveDays: $inactiveDays) {\n      from\n      until\n      previousFrom\n      dsoCount\n      doctors {\n        ...Count\n      }\n      doctorsByRisk {\n        risk\n        doctors {\n          ...Count\n        }\n      }\n      doctorsByPeriod {\n        period\n        doctors {\n          ...Count\n        }\n      }\n      averageProgress {\n        ...Figure\n      }\n      onTrack {\n        ...Figure\n      }\n      activities {\n        ...Count\n      }\n      activitiesByKind {\n        kind\n        activities {\n          ...Count\n        }\n      }\n      activitiesByActor {\n        actor {\n          id\n          user {\n            name\n          }\n        }\n        activities {\n          ...Count\n        }\n      }\n      lastContactAt\n      withoutContact {\n        ...Count\n      }\n      cases {\n        ...Count\n      }\n      casesByStatus {\n        status\n        cases {\n          ...Count\n        }\n      }\n      courses {\n        ...Count\n      }\n      attendances {\n        ...Count\n      }\n      attendanceShare {\n        ...Figure\n      }\n    }\n  }\n}\n\nfragment Count on CountChange {\n  count\n  before\n  change\n}\n\nfragment Figure on FigureChange {\n  value\n  before\n  change\n}"): (typeof documents)["query Overview($dsoIds: [ID!], $range: TimeRange!, $inactiveDays: Int!) {\n  organization {\n    id\n    overview(dsoIds: $dsoIds, range: $range, inactiveDays: $inactiveDays) {\n      from\n      until\n      previousFrom\n      dsoCount\n      doctors {\n        ...Count\n      }\n      doctorsByRisk {\n        risk\n        doctors {\n          ...Count\n        }\n      }\n      doctorsByPeriod {\n        period\n        doctors {\n          ...Count\n        }\n      }\n      averageProgress {\n        ...Figure\n      }\n      onTrack {\n        ...Figure\n      }\n      activities {\n        ...Count\n      }\n      activitiesByKind {\n        kind\n        activities {\n          ...Count\n        }\n      }\n      activitiesByActor {\n        actor {\n          id\n          user {\n            name\n          }\n        }\n        activities {\n          ...Count\n        }\n      }\n      lastContactAt\n      withoutContact {\n        ...Count\n      }\n      cases {\n        ...Count\n      }\n      casesByStatus {\n        status\n        cases {\n          ...Count\n        }\n      }\n      courses {\n        ...Count\n      }\n      attendances {\n        ...Count\n      }\n      attendanceShare {\n        ...Figure\n      }\n    }\n  }\n}\n\nfragment Count on CountChange {\n  count\n  before\n  change\n}\n\nfragment Figure on FigureChange {\n  value\n  before\n  change\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;