//! One token with many organizations, and agents who are refused a part of the answer: of 16 concurrent requests, each
//! gets its own answer.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use entity::id::{ActivityId, DoctorId};
use serde_json::{Value, json};
use tests::{
    Answer, Database, Gateway, Kind, World,
    actor::token,
    sample,
    tenants::{Size, Tenant, insert_many},
};

const TENANTS: usize = 30;
/// Minimum number of requests: each request is sent twice.
const REQUESTS: usize = 240;
const REQUESTS_OF_THE_WHOLE: usize = 1_000;
const AT_ONCE: usize = 16;
const SIZE: Size = Size { dsos: 2, members: 1, grants: 1, doctors: 2, activities: 2, cases: 1, courses: 1 };

/// An admin of every tenant: their requests differ only in a header.
const TRAVELLER: &str = "traveller";

struct Ask {
    token: String,
    slug: String,
    query: &'static str,
    variables: Value,
    /// The answer without concurrent requests.
    alone: String,
}

async fn ask(gateway: &Gateway, token: &str, slug: &str, query: &str, variables: &Value) -> String {
    bytes(&gateway.ask_as(Some(token), Some(slug), query, variables.clone()).await)
}

/// The answer's status and body, without the request id.
fn bytes(answer: &Answer) -> String {
    let name = answer.request_id();
    assert!(!name.is_empty(), "an answer without a request id: {}", answer.text);
    format!("{}\n{}", answer.status, answer.text.replace(name, "REQUEST"))
}

/// Whether the tenant's agent is the caller or the traveller, the query, and its variables, with ids that are the same
/// in all tenants.
fn shapes() -> [(bool, &'static str, Value); 4] {
    let doctor = Tenant::row::<DoctorId>("doctor 0 1");
    let hidden = Tenant::row::<ActivityId>("activity 1 0 0");
    let deep = "{ organization { slug dsos { nodes { name doctors(first: 1) { totalCount nodes { name email \
                activities(first: 1) { pageInfo { endCursor } nodes { note actor { user { name } } } } } } } } } }";
    let denied = "{ members { nodes { role user { name email } } } organization { slug auditLog { totalCount } } }";
    [
        (false, deep, json!({})),
        (true, deep, json!({})),
        (true, denied, json!({})),
        (
            true,
            "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Doctor { name } ... on Activity { note } } }",
            json!({ "ids": [doctor, hidden, "doc_"] }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn token_with_many_organizations_is_answered_for_the_requested_one() {
    for kind in Kind::ALL {
        let database = seeded(kind).await;
        let gateway = Gateway::over(&database).await;
        let asks = Arc::new(alone(&gateway).await);
        let next = Arc::new(AtomicUsize::new(0));
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..AT_ONCE {
            let (gateway, asks, next) = (gateway.clone(), Arc::clone(&asks), Arc::clone(&next));
            clients.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= sample(REQUESTS, REQUESTS_OF_THE_WHOLE) {
                        return;
                    }
                    // A step that reaches all requests and puts distant ones next to each other.
                    let one = &asks[number * 37 % asks.len()];
                    let answer = ask(&gateway, &one.token, &one.slug, one.query, &one.variables).await;
                    assert_eq!(answer, one.alone, "{kind:?} {} {}", one.slug, one.query);
                }
            });
        }
        while let Some(done) = clients.join_next().await {
            done.unwrap();
        }
    }
}

/// Every shape for every tenant, sent one at a time; each answer names its own tenant and no other.
async fn alone(gateway: &Gateway) -> Vec<Ask> {
    let travelling = token(TRAVELLER);
    let mut asks = vec![];
    for tenant in (0..TENANTS).map(Tenant) {
        let agent = token(&tenant.agent());
        for (is_agent, query, variables) in shapes() {
            let token = if is_agent { agent.clone() } else { travelling.clone() };
            let slug = tenant.slug();
            let alone = ask(gateway, &token, &slug, query, &variables).await;
            assert!(alone.contains(&slug), "{slug} is not in {alone}");
            for (start, _) in alone.match_indices("tenant-") {
                let named =
                    alone[start..].split(|letter: char| letter != '-' && !letter.is_ascii_alphanumeric()).next();
                assert_eq!(named, Some(slug.as_str()), "{alone}");
            }
            asks.push(Ask { token, slug, query, variables, alone });
        }
    }
    let different: HashSet<_> = asks.iter().map(|ask| &ask.alone).collect();
    assert_eq!(different.len(), asks.len(), "two tenants are answered alike: the rows do not tell them apart");
    assert_ne!(asks.len() % 37, 0, "the walk would miss some");
    asks
}

async fn seeded(kind: Kind) -> Database {
    let database = Database::empty(kind).await;
    let connection = database.connect().await;
    let now = || chrono::Utc::now().into();
    let user: sea_orm::Value = World::uuid(TRAVELLER).into();
    let email = || "traveller@people.example".into();
    let row = vec![user.clone(), email(), email(), TRAVELLER.into(), now(), now()];
    insert_many(&connection, "users", &["id", "email", "email_normal", "name", "created_at", "updated_at"], vec![row])
        .await;
    let row = vec![gateway::config::Issuer::DEVELOPMENT.into(), TRAVELLER.into(), user.clone(), now()];
    insert_many(&connection, "identities", &["issuer", "subject", "user_id", "created_at"], vec![row]).await;
    for tenant in (0..TENANTS).map(Tenant) {
        tenant.seed(&connection, SIZE).await;
        let id = Tenant::uuid("member traveller").into();
        let row = vec![tenant.id().into(), id, user.clone(), "ADMIN".into(), now(), now()];
        let columns = ["organization_id", "id", "user_id", "role", "created_at", "updated_at"];
        insert_many(&connection, "memberships", &columns, vec![row]).await;
    }
    database
}
