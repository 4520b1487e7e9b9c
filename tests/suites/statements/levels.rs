//! Every relation of the schema under two and under two hundred parents, in an organization of many rows.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tests::{
    Database, Gateway, Kind,
    actor::token,
    queries::Sdl,
    tenants::{Size, Tenant},
};

use super::{cost, listed};

/// More of each than fit on a page (100) and into a loader's default batch (200).
const SIZE: Size = Size { dsos: 200, members: 210, grants: 3, doctors: 3, activities: 3, cases: 3, courses: 2 };
const TENANT: Tenant = Tenant(1);

/// Type, two parents of it or few, two hundred or more. `X` stands where the type's selection goes.
const PARENTS: [(&str, &str, &str); 21] = [
    (
        "Organization",
        "dsos(first: 2) { nodes { organization { X } } }",
        "dsos(first: 100) { nodes { organization { X } } } b: dsos(last: 100) { nodes { organization { X } } }",
    ),
    ("Dso", "dsos(first: 2) { nodes { X } }", "dsos(first: 100) { nodes { X } } b: dsos(last: 100) { nodes { X } }"),
    (
        "Doctor",
        "dsos(first: 1) { nodes { doctors(first: 2) { nodes { X } } } }",
        "dsos(first: 100) { nodes { doctors(first: 2) { nodes { X } } } }",
    ),
    (
        "OnboardingPeriod",
        "dsos(first: 1) { nodes { doctors(first: 2) { nodes { onboardingPeriods { X } } } } }",
        "dsos(first: 100) { nodes { doctors(first: 2) { nodes { onboardingPeriods { X } } } } }",
    ),
    (
        "Activity",
        "dsos(first: 1) { nodes { activities(first: 2) { nodes { X } } } }",
        "dsos(first: 100) { nodes { activities(first: 2) { nodes { X } } } }",
    ),
    (
        "Case",
        "dsos(first: 1) { nodes { cases(first: 2) { nodes { X } } } }",
        "dsos(first: 100) { nodes { cases(first: 2) { nodes { X } } } }",
    ),
    (
        "Course",
        "dsos(first: 1) { nodes { courses(first: 2) { nodes { X } } } }",
        "dsos(first: 100) { nodes { courses(first: 2) { nodes { X } } } }",
    ),
    (
        "Attendee",
        "dsos(first: 1) { nodes { courses(first: 1) { nodes { attendees { nodes { X } } } } } }",
        "dsos(first: 100) { nodes { courses(first: 1) { nodes { attendees { nodes { X } } } } } }",
    ),
    (
        "Terminology",
        "dsos(first: 1) { nodes { terminology { X } } }",
        "dsos(first: 100) { nodes { terminology { X } } }",
    ),
    (
        "DsoGrant",
        "dsos(first: 1) { nodes { grants(first: 2) { nodes { X } } } }",
        "dsos(first: 100) { nodes { grants(first: 2) { nodes { X } } } }",
    ),
    (
        "Member",
        "members(first: 2) { nodes { X } }",
        "members(first: 100) { nodes { X } } b: members(last: 100) { nodes { X } }",
    ),
    (
        "User",
        "members(first: 2) { nodes { user { X } } }",
        "members(first: 100) { nodes { user { X } } } b: members(last: 100) { nodes { user { X } } }",
    ),
    (
        "AuditEvent",
        "organization { auditLog(first: 2) { nodes { X } } }",
        "organization { auditLog(first: 100) { nodes { X } } b: auditLog(last: 100) { nodes { X } } }",
    ),
    (
        "Invitation",
        "organization { invitations(first: 2) { nodes { X } } }",
        "organization { invitations(first: 100) { nodes { X } } b: invitations(last: 100) { nodes { X } } }",
    ),
    (
        "JoinRequest",
        "organization { joinRequests(first: 2) { nodes { X } } }",
        "organization { joinRequests(first: 100) { nodes { X } } b: joinRequests(last: 100) { nodes { X } } }",
    ),
    (
        "Dashboard",
        "dashboards(first: 2) { nodes { X } }",
        "dashboards(first: 100) { nodes { X } } b: dashboards(last: 100) { nodes { X } }",
    ),
    // From midnight to midnight: parts of days would be one more.
    (
        "Overview",
        "dsos(first: 2) { nodes { overview(range: { from: \"2020-01-01T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { X } } }",
        "dsos(first: 100) { nodes { overview(range: { from: \"2020-01-01T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { X } } } b: dsos(last: 100) { nodes { overview(range: { from: \"2020-01-01T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { X } } }",
    ),
    (
        "ActorCount",
        "dsos(first: 2) { nodes { overview(range: { from: \"2020-01-01T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { activitiesByActor { X } } } }",
        "dsos(first: 100) { nodes { overview(range: { from: \"2020-01-01T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { activitiesByActor { X } } } } b: dsos(last: 100) { nodes { overview(range: { from: \"2020-01-01T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }) { activitiesByActor { X } } } }",
    ),
    (
        "DoctorGroup",
        "doctorsAggregate(groupBy: [DSO], first: 2) { nodes { X } }",
        "doctorsAggregate(groupBy: [DSO], first: 200) { nodes { X } }",
    ),
    (
        "ActivityGroup",
        "activitiesAggregate(groupBy: [DSO, DOCTOR, ACTOR], first: 2) { nodes { X } }",
        "activitiesAggregate(groupBy: [DSO, DOCTOR, ACTOR], first: 600) { nodes { X } }",
    ),
    (
        "CaseGroup",
        "casesAggregate(groupBy: [DSO, DOCTOR], first: 2) { nodes { X } }",
        "casesAggregate(groupBy: [DSO, DOCTOR], first: 600) { nodes { X } }",
    ),
];

/// Types with relations that have one object at most in an answer, or none that a list could hold; figures, which are read
/// with what holds them; and widgets, each of which asks a question of its own.
const ALONE: [&str; 14] = [
    "Query",
    "Mutation",
    "Subscription",
    "Changes",
    "Viewer",
    "PageInfo",
    "RiskCount",
    "PeriodCount",
    "KindCount",
    "StatusCount",
    "Widget",
    "WidgetResult",
    "WidgetRow",
    "WidgetKey",
];

async fn big(kind: Kind) -> (Database, Gateway) {
    let database = Database::empty(kind).await;
    TENANT.seed(&database.connect().await, SIZE).await;
    let gateway = Gateway::over(&database).await;
    (database, gateway)
}

#[tokio::test]
async fn a_level_is_one_statement_on_sqlite() {
    all(Kind::Sqlite).await;
}

#[tokio::test]
async fn a_level_is_one_statement_on_postgresql() {
    all(Kind::Postgres).await;
}

async fn all(kind: Kind) {
    let (database, gateway) = big(kind).await;
    let asking =
        Asking { kind, gateway, rows: database.connect().await, token: token(&TENANT.owner()), slug: TENANT.slug() };
    the_chain_of_four(&asking).await;
    more_parents_than_a_batch(&asking).await;
    two_hundred_parents_by_two_lists(&asking).await;
    every_relation(&asking).await;
    root_aliases_of_one_list_cost_one(&asking).await;
}

struct Asking {
    kind: Kind,
    gateway: Gateway,
    /// A look past the gateway.
    rows: DatabaseConnection,
    token: String,
    slug: String,
}

impl Asking {
    async fn cost(&self, query: &str) -> (Vec<entity::db::Recorded>, usize) {
        cost(&self.gateway, &self.token, &self.slug, query).await
    }

    /// SQLite reads a list of lists from its parents on, each row by its whole key: not every row of the organization
    /// for each parent. (The plan does not depend on the values, which are left out here.)
    async fn starts_at_the_parents(&self, statements: &[entity::db::Recorded]) {
        if self.kind != Kind::Sqlite {
            return;
        }
        for statement in statements.iter().filter(|one| one.sql.contains("AS parents")) {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let plan = self.rows.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|step| step.try_get("", "detail").unwrap()).collect();
            assert!(steps[0].starts_with("SCAN parents"), "{steps:#?}\n{}", statement.sql);
            let rows = steps.iter().find(|step| step.contains(" rows ")).unwrap();
            let by_key = rows.contains("(rowid=?)") || rows.contains("AND id=?)");
            assert!(rows.starts_with("SEARCH rows") && by_key, "{steps:#?}\n{}", statement.sql);
        }
    }
}

fn chain(dsos: usize, doctors: usize) -> String {
    format!(
        "{{ organization {{ name dsos(first: {dsos}) {{ nodes {{ name doctors(first: {doctors}) {{ nodes {{ name \
         activities(first: 1) {{ nodes {{ kind }} pageInfo {{ hasNextPage }} }} }} }} }} }} }} }}"
    )
}

/// The organization itself came with finding out who asks.
async fn the_chain_of_four(asking: &Asking) {
    let (one, context_of_one) = asking.cost(&chain(1, 1)).await;
    let (many, context_of_many) = asking.cost(&chain(100, 2)).await;
    for statements in [&one, &many] {
        assert_eq!(statements.len(), 3, "DSOs, doctors, activities:\n{}", listed(statements));
    }
    assert_eq!(context_of_one, context_of_many, "finding out who asks costs more in a larger answer");
    assert!(context_of_one <= 5, "finding out who asks takes {context_of_one} statements");
    // Three activities each: without the limit for each doctor, 600 rows would come.
    assert_eq!(many[2].rows, Some(400), "the limit for each parent is not in the SQL: {}", many[2].sql);
    assert_eq!(many[1].rows, Some(300), "the limit for each parent is not in the SQL: {}", many[1].sql);
    assert_eq!(many[0].rows, Some(101), "the limit is not in the SQL: {}", many[0].sql);
}

/// A loader's default batch is 200 keys: 600 would be three statements.
async fn more_parents_than_a_batch(asking: &Asking) {
    let nodes = "nodes { doctors(first: 3) { nodes { name activities(first: 1) { nodes { kind } } dso { name } } } }";
    let (statements, _) =
        asking.cost(&format!("{{ dsos(first: 100) {{ {nodes} }} b: dsos(last: 100) {{ {nodes} }} }}")).await;
    // Two lists of DSOs, the doctors, the activities, and the doctors' DSOs.
    assert_eq!(statements.len(), 5, "600 parents:\n{}", listed(&statements));
    assert!(
        statements.iter().any(|one| one.rows == Some(1200)),
        "of 600 doctors each should show two activities at most"
    );
}

async fn two_hundred_parents_by_two_lists(asking: &Asking) {
    let nodes = "nodes { id doctors(first: 1, orderBy: { field: RISK }) { totalCount nodes { id } } }";
    let (statements, _) =
        asking.cost(&format!("{{ dsos(first: 100) {{ {nodes} }} b: dsos(last: 100) {{ {nodes} }} }}")).await;
    assert_eq!(statements.len(), 4, "two lists, their doctors, their counts:\n{}", listed(&statements));
}

async fn every_relation(asking: &Asking) {
    let sdl = Sdl::now();
    for ty in sdl.types() {
        let has_relations = sdl.fields(ty).iter().any(|field| sdl.is_object(&field.ty));
        let is_wrapping = ["Connection", "Edge", "Payload"].iter().any(|end| ty.ends_with(end));
        let is_known = PARENTS.iter().any(|(known, ..)| *known == ty) || ALONE.contains(&ty);
        assert!(!has_relations || is_wrapping || is_known, "the relations of `{ty}` are not counted");
    }
    for (ty, few, many) in PARENTS {
        let whole = |place: &str, selection: &str| format!("{{ {} }}", place.replace('X', selection));
        let base_of_few = asking.cost(&whole(few, "__typename")).await.0.len();
        let base_of_many = asking.cost(&whole(many, "__typename")).await.0.len();
        for field in sdl.fields(ty).iter().filter(|field| sdl.is_object(&field.ty)) {
            let name = &field.name;
            let is_connection = field.ty.ends_with("Connection");
            let selection = if is_connection {
                format!("{name}(first: 1) {{ nodes {{ __typename }} }}")
            } else {
                format!("{name} {{ __typename }}")
            };
            let (of_few, _) = asking.cost(&whole(few, &selection)).await;
            let (of_many, _) = asking.cost(&whole(many, &selection)).await;
            let most = 1;
            assert!(of_few.len() - base_of_few <= most, "`{ty}.{name}` under few:\n{}", listed(&of_few));
            assert!(
                of_many.len() - base_of_many <= most,
                "`{ty}.{name}` under many:\n{}",
                listed(&of_many[..of_many.len().min(9)])
            );
            if is_connection {
                let counted = format!("{name}(first: 1) {{ totalCount nodes {{ __typename }} }}");
                let (counted, _) = asking.cost(&whole(many, &counted)).await;
                assert_eq!(
                    counted.len(),
                    of_many.len() + 1,
                    "`{ty}.{name}` counted under many:\n{}",
                    listed(&counted[..counted.len().min(9)])
                );
                asking.starts_at_the_parents(&of_many).await;
                let parents = if ty == "Organization" { 1 } else { 600 };
                let rows = of_many.last().and_then(|one| one.rows).expect("the connection's rows");
                assert!(rows <= parents * 2, "`{ty}.{name}` reads {rows} rows:\n{}", listed(&of_many));
            }
        }
    }
}

async fn root_aliases_of_one_list_cost_one(asking: &Asking) {
    let (statements, _) =
        asking.cost("{ doctors(first: 2) { nodes { id } } b: doctors(first: 2) { nodes { name } } }").await;
    assert_eq!(statements.len(), 1, "the same list twice:\n{}", listed(&statements));
}
