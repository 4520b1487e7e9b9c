//! What is free, and what costs one more, in the small world.

use serde_json::json;
use tests::{Actor, Database, Gateway, Kind};

use super::{cost, listed, split};

async fn each() -> Vec<(Kind, Database, Gateway)> {
    let mut all = vec![];
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        all.push((kind, database, gateway));
    }
    all
}

async fn costs(gateway: &Gateway, actor: Actor, query: &str) -> Vec<entity::db::Recorded> {
    let (token, organization) = (actor.token().unwrap(), actor.organization().unwrap());
    cost(gateway, &token, organization, query).await.0
}

#[tokio::test]
async fn a_count_costs_one_statement_and_only_when_it_is_selected() {
    for (kind, _database, gateway) in each().await {
        for (list, total) in [("doctors", 2), ("dsos", 1)] {
            let without = costs(&gateway, Actor::Owner, &format!("{{ {list} {{ nodes {{ id }} }} }}")).await;
            let with = costs(&gateway, Actor::Owner, &format!("{{ {list} {{ totalCount nodes {{ id }} }} }}")).await;
            assert_eq!((without.len(), with.len()), (1, 2), "{kind:?} {list} {total}:\n{}", listed(&with));
        }
        let without = costs(&gateway, Actor::Owner, "{ dsos { nodes { doctors { nodes { id } } } } }").await;
        let with = costs(&gateway, Actor::Owner, "{ dsos { nodes { doctors { totalCount nodes { id } } } } }").await;
        assert_eq!((without.len(), with.len()), (2, 3), "{kind:?}:\n{}", listed(&with));
    }
}

#[tokio::test]
async fn aliases_cost_one_statement_for_each_set_of_arguments() {
    for (kind, _database, gateway) in each().await {
        let aliases = |arguments: [&str; 3]| {
            let lists = arguments
                .iter()
                .enumerate()
                .map(|(place, argument)| format!("a{place}: doctors({argument}) {{ nodes {{ id }} }}"));
            format!("{{ dsos {{ nodes {{ {} }} }} }}", lists.collect::<Vec<_>>().join(" "))
        };
        let same = costs(&gateway, Actor::Owner, &aliases(["first: 1"; 3])).await;
        assert_eq!(same.len(), 2, "{kind:?} one list under three names:\n{}", listed(&same));
        let different =
            costs(&gateway, Actor::Owner, &aliases(["first: 1", "first: 2", "first: 1, orderBy: { field: RISK }"]))
                .await;
        assert_eq!(different.len(), 4, "{kind:?} three lists:\n{}", listed(&different));
    }
}

#[tokio::test]
async fn a_denied_field_costs_nothing() {
    for (kind, _database, gateway) in each().await {
        let denied = [
            ("{ dsos { nodes { name } } }", "{ dsos { nodes { name grants { totalCount nodes { role } } } } }"),
            ("{ organization { name } }", "{ organization { name auditLog { totalCount nodes { id } } } }"),
            ("{ members { nodes { role } } }", "{ members { nodes { role grants { nodes { role dso { name } } } } } }"),
            ("{ __typename }", "{ doctors(filter: { email: \"ada@doctors.example\" }) { totalCount nodes { name } } }"),
            ("{ __typename }", "mutation { dsoCreate(input: { name: \"x\" }) { dso { name } } }"),
        ];
        for (without, with) in denied {
            let base = costs(&gateway, Actor::Viewer, without).await;
            let _before = gateway.recorder.take();
            let answer = gateway.ask(Actor::Viewer, with, json!({})).await;
            assert!(answer.codes().contains(&"FORBIDDEN"), "{kind:?} {with} was not denied: {}", answer.text);
            let (statements, _) = split(gateway.recorder.take());
            // A member reads their own grants; the other members' are denied.
            let own = usize::from(with.contains("members")) * 2;
            assert_eq!(statements.len(), base.len() + own, "{kind:?} {with}:\n{}", listed(&statements));
        }
    }
}

#[tokio::test]
async fn a_foreign_id_costs_what_a_random_one_costs() {
    use entity::id::{DoctorId, TypedId};
    for (kind, _database, gateway) in each().await {
        let seen = tests::World::id::<DoctorId>("doctor Smile Ada");
        let ids = [
            tests::World::id::<DoctorId>("doctor Zenith Ada"),
            tests::World::id::<DoctorId>("doctor Smile Cleo"),
            DoctorId::generate().to_text(),
            "doc_".to_owned(),
            seen,
        ];
        let queries = [
            "query($id: ID!) { doctor(id: $id) { name } }",
            "query($id: ID!) { node(id: $id) { id } }",
            "query($id: ID!) { nodes(ids: [$id]) { id } }",
            "mutation($id: ID!) { doctorUpdate(input: { doctorId: $id, name: \"x\" }) { doctor { name } } }",
        ];
        for query in queries {
            let mut answers = vec![];
            for id in &ids {
                let _before = gateway.recorder.take();
                let answer = gateway.ask(Actor::Viewer, query, json!({ "id": id })).await;
                let statements: Vec<_> = gateway.recorder.take().into_iter().map(|one| one.sql).collect();
                answers.push((answer.status, answer.stable(), statements));
            }
            let random = &answers[2];
            assert_eq!(answers[0], *random, "{kind:?} {query}: another DSO's row is not as a random one");
            assert_eq!(answers[3].2.len(), random.2.len(), "{kind:?} {query}: a mangled id costs differently");
            assert_eq!(answers[3].1, random.1, "{kind:?} {query}: a mangled id is answered differently");
            if !query.starts_with("mutation") {
                // An archived doctor can be restored by a manager, so a viewer is told FORBIDDEN there.
                assert_eq!(answers[1], *random, "{kind:?} {query}: an archived row is not as a random one");
                assert_ne!(answers[4].1, random.1, "{kind:?} {query}: the control, a row that is seen");
            }
        }
    }
}
