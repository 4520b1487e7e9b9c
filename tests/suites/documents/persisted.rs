//! Automatic persisted queries, according to Apollo's protocol.

use axum::{body::Body, http::Request};
use gateway::config::Persisted;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind};

use super::{coded, gateway, persisted, send, sha256};

const QUERY: &str = "{ organization { name } }";

fn by_hash(text: &str) -> Value {
    json!({ "extensions": persisted(&sha256(text)) })
}

fn registering(text: &str) -> Value {
    json!({ "query": text, "extensions": persisted(&sha256(text)) })
}

fn unknown(answer: &Answer) {
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert_eq!(answer.codes(), ["PERSISTED_QUERY_NOT_FOUND"], "{}", answer.text);
    assert_eq!(answer.json["errors"][0]["message"], "PersistedQueryNotFound", "Apollo's clients look for this word");
    assert_eq!(answer.json["errors"].as_array().map(Vec::len), Some(1));
}

async fn get(gateway: &Gateway, actor: Actor, query: &str) -> Answer {
    let mut request = Request::get(format!("/graphql?{query}")).header("accept", "application/json");
    for (name, value) in [
        ("authorization", actor.token().map(|token| format!("Bearer {token}"))),
        ("x-organization-id", actor.organization().map(str::to_owned)),
    ] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    gateway.send(request.body(Body::empty()).expect("make a request")).await
}

/// The hash alone is unknown; text with hash is executed and stored; from then on the hash alone suffices, for each
/// caller with their own rights.
#[tokio::test]
async fn a_hash_is_known_once_its_text_was_sent() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = gateway(&database, |_| {}).await;
        unknown(&send(&gateway, Actor::Owner, &by_hash(QUERY)).await);
        send(&gateway, Actor::Owner, &registering(QUERY)).await.clean();
        let own = send(&gateway, Actor::Owner, &by_hash(QUERY)).await.clean();
        assert!(own.data("/organization/name").is_string());
        let other = send(&gateway, Actor::OwnerOfB, &by_hash(QUERY)).await.clean();
        assert_ne!(
            other.data("/organization/name"),
            own.data("/organization/name"),
            "{kind:?} each asks for themselves"
        );
        let id = json!({ "documentId": format!("sha256:{}", sha256(QUERY)) });
        send(&gateway, Actor::Owner, &id).await.clean();

        let extensions = persisted(&sha256("{ viewer { name } }")).to_string();
        let extensions = coded(&extensions);
        let answer = get(&gateway, Actor::Owner, &format!("extensions={extensions}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.codes()),
            (200, vec!["PERSISTED_QUERY_NOT_FOUND"]),
            "{}",
            answer.text
        );
        get(&gateway, Actor::Owner, &format!("query=%7B%20viewer%20%7B%20name%20%7D%20%7D&extensions={extensions}"))
            .await
            .clean();
        get(&gateway, Actor::Owner, &format!("extensions={extensions}")).await.clean();
    }
}

#[tokio::test]
async fn document_is_stored_only_under_its_own_hash() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = gateway(&database, |_| {}).await;
    for hash in
        [sha256("{ viewer { name } }"), sha256(QUERY).to_uppercase(), format!("{} ", sha256(QUERY)), String::new()]
    {
        let body = json!({ "query": QUERY, "extensions": persisted(&hash) });
        let answer = send(&gateway, Actor::Owner, &body).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{}", answer.text);
        unknown(&send(&gateway, Actor::Owner, &json!({ "extensions": persisted(&hash) })).await);
    }
    unknown(&send(&gateway, Actor::Owner, &by_hash(QUERY)).await);
}

/// Texts that are not valid documents, or exceed the limits, are not stored.
#[tokio::test]
async fn only_valid_documents_within_the_limits_are_stored() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = gateway(&database, |_| {}).await;
    let wide = (0..40).map(|number| format!("a{number}: __typename")).collect::<Vec<_>>().join(" ");
    for text in [
        "{ organization {".to_owned(),
        format!("{{ {wide} }}"),
        format!("{{ viewer {{ name }} }}{}", " ".repeat(33_000)),
    ] {
        let refused = send(&gateway, Actor::Owner, &registering(&text)).await;
        assert!(refused.json["data"].is_null() && refused.status.is_client_error(), "{}", refused.text);
        unknown(&send(&gateway, Actor::Owner, &by_hash(&text)).await);
    }
}

/// A mutation is registered by POST and never executed by GET, not even by its hash.
#[tokio::test]
async fn a_hash_is_no_way_to_change_something_by_get() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = gateway(&database, |_| {}).await;
    let text = "mutation { organizationLeave(input: {}) { userErrors { code } } }";
    let _ = send(&gateway, Actor::Ungranted, &registering(text)).await;
    let extensions = coded(&persisted(&sha256(text)).to_string());
    let answer = get(&gateway, Actor::Ungranted, &format!("extensions={extensions}")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.headers["allow"].to_str().unwrap_or_default()),
        (405, "POST"),
        "{}",
        answer.text
    );
}

/// A caller without a credential stores nothing, and cannot find out what others have stored.
#[tokio::test]
async fn document_cache_is_unreachable_without_a_credential() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = gateway(&database, |_| {}).await;
    let public = "query ($t: String!) { invitationPreview(token: $t) { organizationName } }";
    let registered = json!({ "query": public, "variables": { "t": "x" }, "extensions": persisted(&sha256(public)) });
    send(&gateway, Actor::Anonymous, &registered).await.clean();
    unknown(&send(&gateway, Actor::Owner, &by_hash(public)).await);

    send(&gateway, Actor::Owner, &registered).await.clean();
    send(&gateway, Actor::Owner, &registering(QUERY)).await.clean();
    let mut answers = Vec::new();
    for text in [public, QUERY, "{ neverSent }"] {
        let answer = send(&gateway, Actor::Anonymous, &by_hash(text)).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
        answers.push(answer.stable());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the cache can be probed: {answers:?}");
}

/// A string literal in a document may contain a tenant's data: a caller of another tenant who guesses the hash does
/// not learn that the document was sent.
#[tokio::test]
async fn hash_of_another_tenants_document_is_unknown() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = gateway(&database, |_| {}).await;
    let text = r#"{ doctors(filter: { search: "Ada Lovelace" }) { totalCount } }"#;
    let _ = send(&gateway, Actor::OwnerOfB, &registering(text)).await;
    assert_ne!(
        send(&gateway, Actor::OwnerOfB, &by_hash(text)).await.codes(),
        ["PERSISTED_QUERY_NOT_FOUND"],
        "it is theirs"
    );
    unknown(&send(&gateway, Actor::Owner, &by_hash(text)).await);
}

/// If persisted queries are off, a hash alone is answered with the message on which Apollo's clients stop trying.
#[tokio::test]
async fn switched_off_it_says_so() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = gateway(&database, |documents| documents.persisted = Persisted::Off).await;
    send(&gateway, Actor::Owner, &registering(QUERY)).await.clean();
    let answer = send(&gateway, Actor::Owner, &by_hash(QUERY)).await;
    assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
    assert_eq!(answer.json["errors"][0]["message"], "PersistedQueryNotSupported");
}
