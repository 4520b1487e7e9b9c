//! The broad queries.

use entity::id::{
    ActivityId, AttendeeId, CaseId, CourseId, DashboardId, DoctorId, DsoId, MemberId, OnboardingPeriodId,
    OrganizationId, TypedId, UserId,
};
use serde_json::{Value, json};

use super::{Query, Sdl};
use crate::{World, world::Side};

/// Path to many rows of each type. Connections, edges and payloads are reached along the way.
const PLACES: [(&str, &str); 40] = [
    ("Viewer", "viewer"),
    ("ViewerMembership", "viewer { memberships"),
    ("Organization", "organization"),
    ("Dso", "dsos(first: 100) { nodes"),
    ("Doctor", "doctors(first: 100) { nodes"),
    ("OnboardingPeriod", "doctors { nodes { onboardingPeriods"),
    ("Activity", "activities(first: 100) { nodes"),
    ("Case", "dsos { nodes { cases { nodes"),
    ("Course", "dsos { nodes { courses { nodes"),
    ("Attendee", "dsos { nodes { courses { nodes { attendees { nodes"),
    ("Terminology", "dsos { nodes { terminology"),
    ("DsoGrant", "members { nodes { grants { nodes"),
    ("Member", "members(filter: { status: [ACTIVE, SUSPENDED, REMOVED] }) { nodes"),
    ("User", "members { nodes { user"),
    ("DeletedOrganization", "viewer { deletedOrganizations"),
    ("PendingInvitation", "viewer { pendingInvitations"),
    ("ViewerJoinRequest", "viewer { joinRequests"),
    ("OnboardingStep", "viewer { onboarding"),
    ("Invitation", "organization { invitations { nodes"),
    ("InvitationPreview", "invitationPreview(token: \"token of invitation open\")"),
    ("JoinRequest", "organization { joinRequests { nodes"),
    ("AuditEvent", "organization { auditLog { nodes"),
    ("Overview", "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" })"),
    (
        "CountChange",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { doctors",
    ),
    (
        "FigureChange",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { averageProgress",
    ),
    (
        "RiskCount",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { doctorsByRisk",
    ),
    (
        "PeriodCount",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { doctorsByPeriod",
    ),
    (
        "KindCount",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { activitiesByKind",
    ),
    (
        "ActorCount",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { activitiesByActor",
    ),
    (
        "StatusCount",
        "organization { overview(range: { from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { casesByStatus",
    ),
    ("DoctorGroup", "doctorsAggregate(groupBy: [DSO, RISK, ONBOARDING_PERIOD, PRACTICE]) { nodes"),
    ("ActivityGroup", "activitiesAggregate(groupBy: [DSO, DOCTOR, ACTOR, KIND]) { nodes"),
    ("CaseGroup", "casesAggregate(groupBy: [DSO, DOCTOR, STATUS]) { nodes"),
    ("Dashboard", "dashboards { nodes"),
    ("Widget", "dashboards(first: 4) { nodes { widgets"),
    ("WidgetResult", "dashboards(first: 4) { nodes { widgets { result"),
    ("WidgetRow", "dashboards(first: 4) { nodes { widgets { result { rows"),
    ("WidgetKey", "dashboards(first: 4) { nodes { widgets { result { rows { keys"),
    ("ViewerPermission", "dsos { nodes { viewerPermissions"),
    ("AccessExplanation", "explainAccess(coordinate: \"Doctor.email\")"),
];

/// One query for each type, with all its fields, their relations, and the leaf fields of those.
#[must_use]
pub fn by_type() -> Vec<Query> {
    let sdl = Sdl::now();
    let comes_along = |ty: &str| {
        ["Connection", "Edge", "Payload"].iter().any(|end| ty.ends_with(end))
            || ["Query", "Mutation", "PageInfo", "UserError"].contains(&ty)
            // Types that are sent over a WebSocket: tested by the suite `changes`.
            || ["Subscription", "Changes", "ChangedRow"].contains(&ty)
            // The remaining budget differs in each answer: tested by the suite `limits`.
            || ty == "RateLimit"
    };
    for ty in sdl.types() {
        assert!(
            comes_along(ty) || PLACES.iter().any(|(known, _)| *known == ty),
            "`{ty}` has no place in the broad queries"
        );
    }
    let query = |(ty, place): &(&str, &str)| {
        let fields: Vec<_> = sdl
            .fields(ty)
            .iter()
            .map(|field| {
                let is_called = field.call.contains('(');
                let needs = field.arguments.iter().any(|name| name.ends_with('!'));
                assert!(is_called || !needs, "`{ty}.{}` needs an argument", field.name);
                sdl.selection(field)
            })
            .collect();
        let close = "}".repeat(place.replace(": { ", ": {").matches(" { ").count() + 1);
        Query {
            name: (*ty).to_owned(),
            text: format!("{{ {place} {{ {} }} {close}", fields.join(" ")),
            variables: json!({}),
        }
    };
    PLACES.iter().map(query).collect()
}

/// Rows of every kind by id: visible, of another DSO, archived, only in B, unknown, malformed.
#[must_use]
pub fn by_id() -> Vec<Query> {
    let sdl = Sdl::now();
    let types = [
        "Organization",
        "Member",
        "Dso",
        "Doctor",
        "OnboardingPeriod",
        "Activity",
        "Case",
        "Course",
        "Attendee",
        "Dashboard",
    ];
    let spreads: Vec<_> = types
        .iter()
        .map(|ty| {
            // One alias for each leaf field of each type: fields of the same name in two types would conflict.
            let leaves = sdl.leaves(ty);
            let own: Vec<_> = leaves.split(' ').filter(|leaf| ["name", "title"].contains(leaf)).collect();
            format!("... on {ty} {{ __typename {} }}", own.join(" "))
        })
        .collect();
    let text = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {} }} }}", spreads.join(" "));
    let mut queries = vec![Query { name: "nodes".to_owned(), text, variables: json!({ "ids": ids() }) }];
    for id in ids() {
        let text = "query($id: ID!) { node(id: $id) { id __typename } doctor(id: $id) { name } dso(id: $id) { name } activity(id: $id) { kind } }";
        queries.push(Query { name: format!("node {id}"), text: text.to_owned(), variables: json!({ "id": id }) });
    }
    queries
}

fn ids() -> Vec<String> {
    let mut ids = vec![
        OrganizationId::from_uuid(World::organization(Side::A)).to_text(),
        OrganizationId::from_uuid(World::organization(Side::B)).to_text(),
        World::id::<MemberId>("member owner"),
        World::id::<MemberId>("member owner-b"),
        World::id::<UserId>("user owner"),
        DoctorId::generate().to_text(),
        "doc_".to_owned(),
        World::uuid("doctor Smile Ada").to_string(),
    ];
    ids.extend(["figure", "private"].map(|name| World::id::<DashboardId>(&format!("dashboard {name}"))));
    for dso in ["Smile", "Bright", "Zenith", "Archived"] {
        ids.push(World::id::<DsoId>(&format!("dso {dso}")));
        ids.push(World::id::<CourseId>(&format!("course {dso}")));
        ids.push(World::id::<AttendeeId>(&format!("attendee {dso} Ada")));
    }
    for doctor in ["Smile Ada", "Smile Cleo", "Zenith Ada", "Archived Ada"] {
        ids.push(World::id::<DoctorId>(&format!("doctor {doctor}")));
        ids.push(World::id::<OnboardingPeriodId>(&format!("period {doctor} 1")));
        ids.push(World::id::<ActivityId>(&format!("activity {doctor} PHONE")));
        ids.push(World::id::<CaseId>(&format!("case {doctor}")));
    }
    ids
}

/// Filters, orders and pages, and many invalid requests.
#[must_use]
pub fn odd() -> Vec<Query> {
    let dso = World::id::<DsoId>("dso Zenith");
    let member = World::id::<MemberId>("member owner-b");
    let own = World::id::<MemberId>("member viewer");
    let doctor = World::id::<DoctorId>("doctor Smile Ada");
    let canary = crate::CANARY;
    let texts: [(String, Value); 24] = [
        (format!("{{ doctors(filter: {{ text: \"{canary}\" }}) {{ totalCount nodes {{ name practice }} }} }}"), json!({})),
        (format!("{{ doctors(filter: {{ email: \"ada-{canary}@doctors.example\" }}) {{ totalCount nodes {{ name }} }} }}"), json!({})),
        ("{ doctors(filter: { email: \"ADA@doctors.example\" }) { totalCount nodes { name } } }".to_owned(), json!({})),
        ("{ doctors(filter: { text: \"dr\", risk: [LOW, CRITICAL] }, orderBy: { field: RISK, direction: DESC }, last: 3) { nodes { name risk } } }".to_owned(), json!({})),
        ("{ doctors(filter: { shelf: ARCHIVED }) { nodes { name archivedAt dso { name } } } dsos(filter: { shelf: ARCHIVED }) { nodes { name doctors { nodes { name } } } } }".to_owned(), json!({})),
        ("query($dsos: [ID!]) { doctors(filter: { dsoIds: $dsos, text: \"a\" }) { totalCount nodes { name } } activities(filter: { dsoIds: $dsos }) { nodes { kind } } }".to_owned(), json!({ "dsos": [dso] })),
        ("query($actors: [ID!]) { activities(filter: { actorIds: $actors }, orderBy: { field: OCCURRED_AT, direction: ASC }) { totalCount nodes { kind occurredAt actor { user { name } } } } }".to_owned(), json!({ "actors": [member] })),
        (format!("{{ dsos(filter: {{ text: \"{canary}\" }}) {{ totalCount }} members(filter: {{ role: [OWNER] }}) {{ nodes {{ user {{ name email }} }} }} }}"), json!({})),
        ("{ doctors(first: 1) { pageInfo { endCursor hasNextPage } edges { cursor } } }".to_owned(), json!({})),
        ("{ doctors(first: 101) { nodes { name } } }".to_owned(), json!({})),
        ("{ doctors(first: -1) { nodes { name } } }".to_owned(), json!({})),
        ("{ doctors(first: 1, last: 1) { nodes { name } } }".to_owned(), json!({})),
        (format!("{{ doctors(after: \"{canary}\") {{ nodes {{ name }} }} }}"), json!({})),
        ("{ doctors { nodes { canary } } }".to_owned(), json!({})),
        ("{ doctors(filter: { risk: [VERY] }) { totalCount } }".to_owned(), json!({})),
        ("query($first: Int!) { doctors(first: $first) { totalCount } }".to_owned(), json!({ "first": "many" })),
        ("query($first: Int!) { doctors(first: $first) { totalCount } }".to_owned(), json!({})),
        ("{ doctors { nodes { name ".to_owned(), json!({})),
        ("query($member: ID!) { explainAccess(coordinate: \"Doctor.email\", memberId: $member) { allowed reason remedy } }".to_owned(), json!({ "member": member })),
        ("query($member: ID!, $dso: ID!) { explainAccess(coordinate: \"Doctor.email\", memberId: $member, dsoId: $dso) { allowed reason remedy } }".to_owned(), json!({ "member": own, "dso": dso })),
        ("{ explainAccess(coordinate: \"Doctor.nothing\") { allowed } }".to_owned(), json!({})),
        ("{ __schema { queryType { name } types { name fields { name } } } }".to_owned(), json!({})),
        // Refused for every caller: the row never had this version.
        ("mutation($id: ID!) { doctorUpdate(input: { doctorId: $id, name: \"x\", expectedVersion: 99 }) { doctor { name } userErrors { code message field } } }".to_owned(), json!({ "id": doctor })),
        ("mutation($id: ID!) { doctorUpdate(input: { doctorId: $id, name: \" \", email: \"no address\", onboardingPeriod: 13 }) { doctor { name } userErrors { code message field } } }".to_owned(), json!({ "id": doctor })),
    ];
    let query = |(text, variables): (String, Value)| Query { name: text.clone(), text, variables };
    texts.into_iter().map(query).collect()
}
