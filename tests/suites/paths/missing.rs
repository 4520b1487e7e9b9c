//! What you may not see does not exist.
//!
//! Owns: that a row of the other organization, a row of one's own that one may not see, and a row that nobody has are answered
//! alike: same status, same body, same statements. Invariant: the rows compared with do exist where they are said to.

use std::collections::BTreeMap;

use entity::{
    db::Recorded,
    id::{
        ActivityId, AttendeeId, CaseId, CourseId, DoctorId, DsoId, MemberId, OnboardingPeriodId, OrganizationId,
        TypedId, UserId,
    },
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World, dump::dump, world::Side};
use uuid::Uuid;

use crate::{
    matrix::{
        changes::{Change, Ends, changes},
        oracle::About,
    },
    schema::sdl::Sdl,
};

/// The kinds of rows that ids name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Dso,
    Doctor,
    Period,
    Activity,
    Case,
    Course,
    Attendee,
    Member,
}

impl Of {
    const ALL: [Self; 8] =
        [Self::Dso, Self::Doctor, Self::Period, Self::Activity, Self::Case, Self::Course, Self::Attendee, Self::Member];

    /// The row of this kind in a DSO, or of a person.
    fn key(self, place: &str) -> String {
        match self {
            Self::Dso => format!("dso {place}"),
            Self::Doctor => format!("doctor {place} Ada"),
            Self::Period => format!("period {place} Ada 1"),
            Self::Activity => format!("activity {place} Ada PHONE"),
            Self::Case => format!("case {place} Ada"),
            Self::Course => format!("course {place}"),
            Self::Attendee => format!("attendee {place} Ada"),
            Self::Member => format!("member {place}"),
        }
    }

    fn id(self, uuid: Uuid) -> String {
        match self {
            Self::Dso => DsoId::from_uuid(uuid).to_text(),
            Self::Doctor => DoctorId::from_uuid(uuid).to_text(),
            Self::Period => OnboardingPeriodId::from_uuid(uuid).to_text(),
            Self::Activity => ActivityId::from_uuid(uuid).to_text(),
            Self::Case => CaseId::from_uuid(uuid).to_text(),
            Self::Course => CourseId::from_uuid(uuid).to_text(),
            Self::Attendee => AttendeeId::from_uuid(uuid).to_text(),
            Self::Member => MemberId::from_uuid(uuid).to_text(),
        }
    }

    fn named(self, place: &str) -> String {
        self.id(World::uuid(&self.key(place)))
    }

    /// Ids that no row of this kind has: the yardstick, and texts that are no id of this kind.
    fn of_nobody(self) -> Vec<(&'static str, String)> {
        let random = self.id(Uuid::from_u128(0x0190_5e7d_7b1c_7aaa_8bbb_0123_4567_89ab));
        let prefix = random.split('_').next().unwrap_or_default().to_owned();
        let mangled = format!("{prefix}_{}", "z".repeat(26));
        let nil = self.id(Uuid::nil());
        vec![("random", random), ("mangled", mangled), ("nil", nil)]
    }

    /// Ids of other kinds, and what is no id at all.
    fn of_another_kind(self) -> Vec<(&'static str, String)> {
        let uuid = World::uuid(&self.key("Smile"));
        vec![
            ("with another kind's prefix", if self == Self::Doctor { Self::Dso } else { Self::Doctor }.id(uuid)),
            ("with an unguessable kind's prefix", UserId::from_uuid(uuid).to_text()),
            ("a plain UUID", uuid.to_string()),
            ("upper case", self.id(uuid).to_uppercase()),
            ("no text at all", String::new()),
            ("SQL", "doc_' OR 1=1 --".to_owned()),
        ]
    }
}

/// The world, but that `Zenith` with all below it is gone from A and `Bright` from B: rows that only the other side has.
async fn lopsided(kind: Kind) -> Database {
    let database = Database::world(kind).await;
    let connection = database.connect().await;
    for (side, dso) in [(Side::A, "Zenith"), (Side::B, "Bright")] {
        let tables = [
            "attendees",
            "courses",
            "cases",
            "activities",
            "onboarding_periods",
            "doctors",
            "terminology",
            "dso_grants",
            "activity_rollups",
            "standing_rollups",
        ];
        let statements = tables.map(|table| (table, "dso_id")).into_iter().chain([("dsos", "id")]);
        for (table, column) in statements {
            let sql = format!("DELETE FROM {table} WHERE organization_id = $1 AND {column} = $2");
            let values = [World::organization(side).into(), World::uuid(&format!("dso {dso}")).into()];
            let backend = connection.get_database_backend();
            let done = connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await;
            done.unwrap_or_else(|error| panic!("`{table}` cannot be made lopsided: {error}"));
        }
    }
    connection.close().await.expect("close");
    database
}

/// Who asks, and in which DSOs the rows lie that do not exist for them.
const ABSENT: &[(Actor, &[&str])] = &[
    (Actor::Owner, &["Zenith"]),
    (Actor::Manager, &["Zenith", "Archived"]),
    (Actor::Viewer, &["Bright", "Zenith", "Archived"]),
    (Actor::Ungranted, &["Smile", "Bright"]),
    (Actor::BothInB, &["Bright"]),
    // Who is not let in is told nothing about any row.
    (Actor::Outsider, &["Smile", "Zenith", "Bright"]),
];

/// Every query that takes an id, with the kind of row that it names.
const QUERIES: &[(Of, &str)] = &[
    (Of::Dso, "query($id: ID!) { dso(id: $id) { name } }"),
    (Of::Doctor, "query($id: ID!) { doctor(id: $id) { name email } }"),
    (Of::Activity, "query($id: ID!) { activity(id: $id) { kind note doctor { name } } }"),
    (Of::Dso, r#"query($id: ID!) { explainAccess(coordinate: "Doctor.email", dsoId: $id) { allowed } }"#),
    (
        Of::Dso,
        "query($id: ID!) { doctors(filter: {dsoIds: [$id]}) { totalCount nodes { name } pageInfo { endCursor } } }",
    ),
    (Of::Dso, r#"query($id: ID!) { doctors(filter: {dsoIds: [$id], email: "ada@doctors.example"}) { totalCount } }"#),
    (Of::Dso, "query($id: ID!) { activities(filter: {dsoIds: [$id]}) { totalCount nodes { note } } }"),
    (Of::Dso, "query($id: ID!) { dsos { nodes { doctors(filter: {dsoIds: [$id]}) { totalCount } } } }"),
];

/// Those that take any kind.
const ANY: &[&str] = &[
    "query($id: ID!) { node(id: $id) { __typename id ... on Doctor { email } ... on Activity { note } ... on Dso { name } } }",
    "query($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }",
];

/// Everything that somebody could tell two answers apart by.
async fn seen(gateway: &Gateway, actor: Actor, query: &str, variables: Value) -> (Answer, (u16, Value, Vec<Recorded>)) {
    let _ = gateway.recorder.take();
    let answer = gateway.ask(actor, query, variables).await;
    let seen = (answer.status.as_u16(), answer.stable(), gateway.recorder.take());
    (answer, seen)
}

#[tokio::test]
async fn a_row_that_may_not_be_seen_is_answered_as_one_that_nobody_has() {
    for kind in Kind::ALL {
        let database = lopsided(kind).await;
        let gateway = Gateway::over(&database).await;
        let queries = QUERIES.iter().copied().chain(ANY.iter().flat_map(|query| Of::ALL.map(|of| (of, *query))));
        for (of, query) in queries.filter(|(of, _)| *of != Of::Member) {
            for (actor, places) in ABSENT {
                let yardstick = seen(&gateway, *actor, query, json!({ "id": of.of_nobody()[0].1 })).await.1;
                let named = places.iter().map(|place| (*place, of.named(place)));
                for (what, id) in named.chain(of.of_nobody()) {
                    let (_, found) = seen(&gateway, *actor, query, json!({ "id": id })).await;
                    assert_eq!(found, yardstick, "{kind:?} {actor:?} tells `{what}` ({id}) from nobody's by {query}");
                }
                // Of another kind: the same answer. `node` goes to another table for it, or to none.
                let is_any = ANY.contains(&query);
                for (what, id) in of.of_another_kind() {
                    if is_any && what == "with another kind's prefix" {
                        continue;
                    }
                    let (_, found) = seen(&gateway, *actor, query, json!({ "id": id })).await;
                    let (status, body, statements) = &found;
                    assert_eq!((status, body), (&yardstick.0, &yardstick.1), "{kind:?} {actor:?} `{what}` by {query}");
                    assert!(
                        is_any || *statements == yardstick.2,
                        "{kind:?} {actor:?} `{what}`: other statements by {query}"
                    );
                }
            }
        }
    }
}

/// The positive control: the ids of these very rows are answered where they exist.
#[tokio::test]
async fn the_same_rows_are_answered_where_they_exist() {
    let database = lopsided(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for (actor, place) in
        [(Actor::Owner, "Bright"), (Actor::OwnerOfB, "Zenith"), (Actor::Manager, "Bright"), (Actor::Viewer, "Smile")]
    {
        for of in Of::ALL.into_iter().filter(|of| *of != Of::Member) {
            let (answer, _) =
                seen(&gateway, actor, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": of.named(place) }))
                    .await;
            assert_eq!(*answer.clean().data("/node/id"), json!(of.named(place)), "{actor:?} {of:?}");
        }
    }
}

/// Members and organizations: those of the other side are nobody.
#[tokio::test]
async fn people_of_the_other_organization_are_nobody() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let queries = [
            ANY[0],
            ANY[1],
            "query($id: ID!) { activities(filter: {actorIds: [$id]}) { totalCount } }",
            "query($id: ID!) { organization { auditLog(filter: {actorIds: [$id]}) { totalCount } } }",
            r#"query($id: ID!) { explainAccess(coordinate: "Doctor.email", memberId: $id) { allowed } }"#,
        ];
        let nobody = Of::Member.of_nobody();
        let foreign = |actor: Actor| if actor.may_see_b() { "viewer" } else { "owner-b" };
        for query in queries {
            for actor in [Actor::Owner, Actor::Admin, Actor::Manager, Actor::Ungranted, Actor::OwnerOfB] {
                let yardstick = seen(&gateway, actor, query, json!({ "id": nobody[0].1 })).await.1;
                let foreign = [("of the other side", Of::Member.named(foreign(actor)))];
                for (what, id) in foreign.into_iter().chain(nobody.clone()) {
                    let (_, found) = seen(&gateway, actor, query, json!({ "id": id })).await;
                    assert_eq!(found, yardstick, "{kind:?} {actor:?} tells `{what}` from nobody by {query}");
                }
            }
        }
        let organization = |side| OrganizationId::from_uuid(World::organization(side)).to_text();
        let of_nobody = OrganizationId::from_text("org_").to_text();
        for (actor, side) in
            [(Actor::Owner, Side::B), (Actor::Viewer, Side::B), (Actor::OwnerOfB, Side::A), (Actor::Outsider, Side::A)]
        {
            let (_, found) = seen(&gateway, actor, ANY[0], json!({ "id": organization(side) })).await;
            let (_, yardstick) = seen(&gateway, actor, ANY[0], json!({ "id": of_nobody })).await;
            assert_eq!(found, yardstick, "{kind:?} {actor:?}");
        }
    }
}

/// The ids in the input of a mutation: each is checked, and what is not there for the caller is not there.
#[tokio::test]
async fn no_mutation_tells_a_foreign_row_from_none_or_touches_it() {
    let sdl = Sdl::current();
    for kind in Kind::ALL {
        let database = lopsided(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        let before = dump(&connection).await;
        let mut compared = 0;
        for field in &sdl.get("Mutation").fields {
            let mutation: &'static str = field.name.clone().leak();
            let argument = &field.arguments[0];
            for id in sdl.get(&argument.named).fields.iter().filter(|input| input.named == "ID") {
                let of = match id.name.as_str() {
                    "dsoId" | "toDsoId" => Of::Dso,
                    "doctorId" => Of::Doctor,
                    "activityId" => Of::Activity,
                    "caseId" => Of::Case,
                    // Rows of the organization itself, and of people: the suites of `life` ask for those.
                    "memberId" | "organizationId" | "invitationId" | "joinRequestId" => continue,
                    // The suite `dashboards` asks for those.
                    "dashboardId" | "widgetId" => continue,
                    other => panic!("`{}.{other}` is new: say here which row it names", argument.named),
                };
                for (actor, places) in ABSENT {
                    // The row restored is an archived one: for owners it is there.
                    let places = places.iter().filter(|place| !(mutation == "dsoRestore" && **place == "Archived"));
                    let given = |text: &str| {
                        let about = About::Dso("Smile");
                        let change = Change { mutation, label: "", about, also: None, ends: Ends::Done };
                        let mut input = change.input(*actor);
                        input[&id.name] = json!(text);
                        (change.text(&sdl), json!({ "input": input }))
                    };
                    let (query, variables) = given(&of.of_nobody()[0].1);
                    // The first refusal of a kind is written down, the next ones are counted.
                    let _written = seen(&gateway, *actor, &query, variables.clone()).await;
                    let yardstick = seen(&gateway, *actor, &query, variables).await.1;
                    let named = places.map(|place| (*place, of.named(place)));
                    for (what, text) in named.chain(of.of_nobody()).chain(of.of_another_kind()) {
                        compared += 1;
                        let (query, variables) = given(&text);
                        let (answer, found) = seen(&gateway, *actor, &query, variables).await;
                        let place = format!("{kind:?} {actor:?} {mutation}.{}: `{what}` ({text})", id.name);
                        assert_eq!(found, yardstick, "{place} is told from nobody's");
                        assert!(
                            answer.json["data"][mutation].is_null() && answer.codes().len() == 1,
                            "{place}: {}",
                            answer.text
                        );
                    }
                }
            }
        }
        assert!(compared > 800, "only {compared} were compared");
        let mut after = dump(&connection).await;
        // Who tries to decide about access stands in the log, refused or not.
        let log = |rows: &BTreeMap<String, Vec<String>>| rows["audit_events"].clone();
        assert!(log(&after).iter().all(|event| log(&before).contains(event) || event.contains("REFUSED")), "{kind:?}");
        for told in ["audit_events", "refused_attempts"] {
            after.insert(told.to_owned(), before[told].clone());
        }
        assert_eq!(after, before, "{kind:?}: a refused mutation has changed something");
        assert!(changes(&sdl).len() > 30);
    }
}
