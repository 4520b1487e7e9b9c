//! Which callers may introspect the schema.

use axum::{body::Body, http::Request};
use entity::auth::OrgRole;
use gateway::config::{Introspection, Suggestions};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind};

use super::gateway;

/// Introspection in places where a superficial check would not find it.
const ASKED: [&str; 4] = [
    "{ __schema { types { name } } }",
    "{ __typename t: __type(name: \"Doctor\") { fields { name } } }",
    "query { ...F } fragment F on Query { ... on Query { __schema { queryType { name } } } }",
    "query A { viewer { name } } query B { __schema { types { name } } }",
];

async fn page(gateway: &Gateway, actor: Actor) -> Answer {
    let mut request = Request::get("/graphiql/schema.graphql");
    if let Some(token) = actor.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(organization) = actor.organization() {
        request = request.header("x-organization-id", organization);
    }
    gateway.send(request.body(Body::empty()).expect("make a request")).await
}

/// The same rule applies to documents and to GraphiQL's schema file.
#[tokio::test]
async fn one_rule_holds_for_documents_and_for_the_file() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let everybody: Vec<_> = Actor::ALL.into_iter().filter(|actor| *actor != Actor::Anonymous).collect();
        let admins = vec![Actor::Owner, Actor::Admin, Actor::OwnerOfB, Actor::BothInB];
        for (rule, allowed) in [
            (Introspection::SignedIn, everybody),
            (Introspection::AtLeast(OrgRole::Admin), admins),
            (Introspection::Off, Vec::new()),
        ] {
            let gateway = gateway(&database, |documents| documents.introspection = rule).await;
            for actor in Actor::ALL {
                let file = page(&gateway, actor).await;
                assert_eq!(
                    file.status == 200,
                    allowed.contains(&actor),
                    "{kind:?} {rule:?} {actor:?}: {}",
                    file.status
                );
                assert_eq!(file.text.contains("type Doctor"), file.status == 200, "{kind:?} {rule:?} {actor:?}");
                for query in ASKED {
                    let answer = gateway.ask(actor, &format!("{query} # {rule:?}"), json!({})).await;
                    if actor == Actor::Anonymous {
                        assert_eq!((answer.status.as_u16(), answer.codes()), (401, vec!["UNAUTHENTICATED"]), "{query}");
                        continue;
                    }
                    let is_refused = answer.codes() == ["FORBIDDEN"] && answer.status == 403;
                    if query.contains("query B") {
                        // Two operations without an operation name: neither is executed.
                        assert!(is_refused || answer.codes() == ["BAD_USER_INPUT"], "{query} {}", answer.text);
                        continue;
                    }
                    assert_eq!(
                        !is_refused,
                        allowed.contains(&actor),
                        "{kind:?} {rule:?} {actor:?}: {query} {}",
                        answer.text
                    );
                }
                // `__typename` is not introspection: every client cache requests it.
                if actor != Actor::Anonymous {
                    gateway.ask(actor, "{ __typename }", json!({})).await.clean();
                }
            }
        }
    }
}

/// Suggestions are only for callers who may introspect the schema.
#[tokio::test]
async fn names_are_suggested_only_where_they_may_be_read() {
    let database = Database::world(Kind::Sqlite).await;
    let query = "{ doctors { nodes { emails } } }";
    let given = gateway(&database, |_| {}).await;
    let answer = given.ask(Actor::Viewer, query, json!({})).await;
    assert!(answer.text.contains("\\\"email\\\""), "the name is near enough to be suggested: {}", answer.text);
    assert!(!given.ask(Actor::Anonymous, query, json!({})).await.text.contains("email"), "suggested to nobody");
    let off = gateway(&database, |documents| documents.suggestions = Suggestions::Off).await;
    let answer = off.ask(Actor::Viewer, query, json!({})).await;
    assert!(
        answer.codes() == ["GRAPHQL_VALIDATION_FAILED"] && !answer.text.contains("\\\"email\\\""),
        "{}",
        answer.text
    );

    // Nor for public fields: their documents are validated, but the error gives no details.
    let public =
        ["{ invitationPreview(toke: \"x\") { organizationName } }", "{ invitationPreview { organizationName } }"];
    let mut answers = Vec::new();
    for query in public {
        let answer = given.ask(Actor::Anonymous, query, json!({})).await;
        assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}", answer.text);
        answers.push(answer.stable());
    }
    let directive = "{ invitationPreview(token: \"x\") @aa { organizationName } }";
    let answer = given.ask(Actor::Anonymous, directive, json!({})).await;
    assert_eq!(answer.codes(), ["UNAUTHENTICATED"], "a directive comes before the validation: {}", answer.text);
    assert_eq!(answers[0], answers[1], "what is wrong with a public field is told to somebody who is not signed in");
}
