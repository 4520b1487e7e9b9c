//! Number of statements that figures cost.

use serde_json::json;
use tests::{Actor, Database, Gateway, Kind};

/// Eight widgets, as a dashboard requests them in one request.
const DASHBOARD: &str = r#"query {
    organization { overview(range: { from: "2016-01-01T00:00:00Z", until: "2026-12-01T00:00:00Z" }) {
        doctors { count before } doctorsByRisk { risk doctors { count } } doctorsByPeriod { period doctors { count } }
        averageProgress { value } onTrack { value } activitiesByKind { kind activities { count before } }
        activitiesByActor { actor { id user { name } } activities { count } }
        withoutContact { count before } casesByStatus { status cases { count } } courses { count } attendanceShare { value } } }
    byMonth: activitiesAggregate(groupBy: [KIND], bucket: { field: OCCURRED_AT, unit: MONTH,
        range: { from: "2016-01-01T00:00:00Z", until: "2026-12-01T00:00:00Z" } }) { nodes { kind bucket count } }
    byActor: activitiesAggregate(groupBy: [ACTOR], orderBy: [{ measure: { count: true }, direction: DESC }]) {
        nodes { actor { user { name } } count } }
    risks: doctorsAggregate(groupBy: [DSO, RISK]) { nodes { dso { name } risk count } }
    progress: doctorsAggregate(groupBy: [DSO]) { nodes { dso { name } avg(of: PROGRESS) median(of: PROGRESS) } }
    cases: casesAggregate(groupBy: [STATUS]) { nodes { status count } }
}"#;

#[tokio::test]
async fn a_dashboard_costs_the_same_statements_for_one_dso_and_for_all() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let mut costs = Vec::new();
        for actor in [Actor::Viewer, Actor::Manager, Actor::Owner] {
            let _ = gateway.recorder.take();
            let _ = gateway.ask(actor, DASHBOARD, json!({})).await.clean();
            let sent = gateway.recorder.take();
            costs.push(sent.iter().filter(|sent| sent.purpose == entity::db::Purpose::Data).count());
        }
        assert!(costs.iter().all(|cost| *cost == costs[0]), "{kind:?}: {costs:?} statements for 1, 2 and 3 DSOs");
        assert!(costs[0] <= 14, "{kind:?}: {costs:?} statements");
    }
}

#[tokio::test]
async fn the_overviews_of_many_dsos_are_one_batch_a_figure() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let query = "{ dsos { nodes { name overview { doctors { count } activities { count } lastContactAt courses { count } } } } }";
        for actor in [Actor::Viewer, Actor::Owner] {
            let _ = gateway.recorder.take();
            let _ = gateway.ask(actor, query, json!({})).await.clean();
            let sent = gateway.recorder.take();
            let sent: Vec<_> = sent.iter().filter(|sent| sent.purpose == entity::db::Purpose::Data).collect();
            // One for the DSOs, then one for standings, two for activities (whole days, and the partial days at the
            // ends), one for contacts, one for courses.
            assert_eq!(sent.len(), 6, "{kind:?} {actor:?}");
        }
    }
}

#[tokio::test]
async fn a_figure_that_may_not_be_read_costs_nothing_and_tells_nothing() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for asked in [
            "groupBy: [EMAIL]) { nodes { email count } }",
            "filter: { email: \"ada@doctors.example\" }) { nodes { count } }",
            "groupBy: [RISK], having: [{ measure: { countDistinct: EMAIL }, gt: 1 }]) { nodes { risk } }",
            "groupBy: [RISK], orderBy: [{ measure: { countDistinct: EMAIL } }]) { nodes { risk } }",
            "groupBy: [RISK]) { nodes { risk countDistinct(of: EMAIL) } }",
            "groupBy: [RISK]) { edges { node { ... on DoctorGroup { addresses: countDistinct(of: EMAIL) } } } }",
        ] {
            let query = format!("{{ doctorsAggregate({asked} }}");
            let _ = gateway.recorder.take();
            // The caller is manager of one DSO and viewer of the other, so they may not read this figure over both.
            let refused = gateway.ask(Actor::Manager, &query, json!({})).await;
            assert_eq!(refused.codes(), ["FORBIDDEN"], "{kind:?} {asked} {}", refused.text);
            assert!(refused.data("/doctorsAggregate").is_null(), "{kind:?} {asked}");
            let sent = gateway.recorder.take();
            assert!(
                sent.iter().all(|sent| sent.purpose != entity::db::Purpose::Data),
                "{kind:?} {asked}: something was read"
            );
            let _ = gateway.ask(Actor::Owner, &query, json!({})).await.clean();
        }
        // They may over the DSO of which they are manager.
        let smile = tests::World::id::<entity::id::DsoId>("dso Smile");
        let query =
            "query($dsos: [ID!]) { doctorsAggregate(filter: { dsoIds: $dsos }, groupBy: [EMAIL]) { nodes { email } } }";
        let _ = gateway.ask(Actor::Manager, query, json!({ "dsos": [smile] })).await.clean();
    }
}

#[tokio::test]
async fn invalid_aggregate_arguments_are_refused_by_name() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for (asked, named) in [
        ("activitiesAggregate(groupBy: [KIND, KIND])", "`groupBy`"),
        ("activitiesAggregate(orderBy: [{ dimension: KIND }])", "`orderBy`"),
        ("activitiesAggregate(orderBy: [{ bucket: true }])", "`orderBy`"),
        ("activitiesAggregate(orderBy: [{ direction: DESC }])", "`orderBy`"),
        ("activitiesAggregate(bucket: { field: OCCURRED_AT, unit: DAY, timeZone: \"Mars\" })", "`timeZone`"),
        (
            "activitiesAggregate(bucket: { field: OCCURRED_AT, unit: HOUR, range: { from: \"2020-01-01T00:00:00Z\", until: \"2021-01-01T00:00:00Z\" } })",
            "`bucket`",
        ),
        (
            "activitiesAggregate(bucket: { field: OCCURRED_AT, unit: DAY, range: { from: \"2020-01-01T00:00:00Z\", until: \"2020-01-01T00:00:00Z\" } })",
            "`range`",
        ),
        ("activitiesAggregate(first: 1001)", "`first`"),
        ("activitiesAggregate(after: \"nowhere\")", "`after`"),
    ] {
        let answer = gateway.ask(Actor::Owner, &format!("{{ {asked} {{ nodes {{ count }} }} }}"), json!({})).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{asked} {}", answer.text);
        let message = answer.json["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(named), "{asked}: {message}");
    }
    for (asked, named) in [
        ("inactiveDays: 0", "`inactiveDays`"),
        ("range: { from: \"2026-01-01T00:00:00Z\", until: \"2025-01-01T00:00:00Z\" }", "`range`"),
    ] {
        let answer = gateway
            .ask(Actor::Owner, &format!("{{ organization {{ overview({asked}) {{ dsoCount }} }} }}"), json!({}))
            .await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{asked}");
        assert!(answer.json["errors"][0]["message"].as_str().unwrap_or_default().contains(named), "{asked}");
    }
}
