//! Trusted documents: where they are enforced, other documents are executed only for members whose role permits
//! exploring.

use gateway::{
    config::{Documents, Trust},
    graphql::RegistryConfig,
    metrics::{Format, MetricsExporter, ReadinessGauge},
};
use serde_json::{Value, json};
use tests::{
    Actor, Answer, Database, Gateway, Kind,
    client::{defaults, limits},
    openmetrics::Exposed,
};

use super::{gateway, persisted, send, sha256};

const LISTED: &str = "query Names {\n  dsos { nodes { name } }\n}\n";
const MUTATION: &str =
    "mutation Name($id: ID!) { doctorUpdate(input: { doctorId: $id, notes: \"x\" }) { userErrors { code } } }";
const PUBLIC: &str = "query Invitation($token: String!) {\n  invitationPreview(token: $token) { organizationName inviterName maskedEmail }\n}";
const UNLISTED: &str = "{ organization { name } }";
/// Cannot be parsed: a gateway that refuses it like any other unlisted document has not parsed it.
const RUBBISH: &str = "{ { this is not GraphQL";

struct Listed {
    folder: tempfile::TempDir,
}

impl Listed {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        std::fs::write(folder.path().join("names.graphql"), LISTED).expect("write a document");
        let relay = json!({ "0123456789abcdef0123456789abcdef": MUTATION });
        std::fs::write(folder.path().join("relay.json"), relay.to_string()).expect("write a manifest");
        Self { folder }
    }

    fn enforced(&self) -> impl FnOnce(&mut Documents) {
        let manifest = vec![self.folder.path().to_owned()];
        move |documents| (documents.trust, documents.manifest) = (Trust::Enforce, manifest)
    }
}

/// Checks the refusal of an unlisted document; returns the answer without the request id, which must be the same for
/// all of them.
fn refused(answer: &Answer) -> Value {
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert_eq!(answer.codes(), ["PERSISTED_QUERY_NOT_FOUND"], "{}", answer.text);
    answer.stable()
}

#[tokio::test]
async fn only_listed_documents_are_executed() {
    for kind in Kind::ALL {
        let (database, listed) = (Database::world(kind).await, Listed::new());
        let gateway = gateway(&database, listed.enforced()).await;
        let file = sha256(LISTED);
        for body in [
            json!({ "query": LISTED }),
            json!({ "query": "query Names{dsos{nodes{name}}} # written otherwise" }),
            json!({ "documentId": file }),
            json!({ "documentId": format!("sha256:{file}") }),
            json!({ "documentId": sha256(LISTED.trim_end()) }),
            json!({ "extensions": persisted(&file) }),
            json!({ "query": LISTED, "extensions": persisted(&file) }),
        ] {
            let answer = send(&gateway, Actor::Manager, &body).await.clean();
            assert_eq!(answer.data("/dsos/nodes/1/name"), "Smile", "{kind:?} {body} {}", answer.text);
        }
        let variables = json!({ "id": "doc_nothing" });
        let changing = send(
            &gateway,
            Actor::Owner,
            &json!({ "documentId": "0123456789abcdef0123456789abcdef", "variables": variables }),
        )
        .await;
        assert_ne!(
            changing.codes(),
            ["PERSISTED_QUERY_NOT_FOUND"],
            "an id of Relay's is taken as it stands: {}",
            changing.text
        );

        let _ = gateway.recorder.take();
        let mut answers = Vec::new();
        for actor in [Actor::Owner, Actor::Viewer, Actor::Stranger, Actor::Removed, Actor::Outsider] {
            for body in [
                json!({ "query": UNLISTED }),
                json!({ "query": RUBBISH }),
                json!({ "query": "{ __schema { types { name } } }" }),
                json!({ "query": format!("{LISTED} query More {{ viewer {{ name }} }}"), "operationName": "Names" }),
                json!({ "query": "x".repeat(100_000) }),
                json!({ "documentId": "unknown" }),
                json!({ "documentId": file.to_uppercase() }),
                json!({ "documentId": sha256(UNLISTED) }),
                json!({ "extensions": persisted(&sha256(UNLISTED)) }),
                json!({ "query": UNLISTED, "extensions": persisted(&sha256(UNLISTED)) }),
                json!({ "query": UNLISTED, "extensions": persisted(&file) }),
            ] {
                answers.push(refused(&send(&gateway, actor, &body).await));
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{kind:?}: what is not listed has more than one answer: {answers:?}");
        assert_eq!(gateway.recorder.take(), [], "{kind:?}: what is not listed costs a statement");
    }
}

/// The right to explore is read from the membership on each request; a role in another organization or a claim of the
/// token has no effect.
#[tokio::test]
async fn exploring_takes_the_role_in_the_organization() {
    for kind in Kind::ALL {
        let (database, listed) = (Database::world(kind).await, Listed::new());
        for (role, explorers) in [
            (entity::auth::OrgRole::Owner, vec![Actor::Owner, Actor::OwnerOfB, Actor::BothInB]),
            (entity::auth::OrgRole::Admin, vec![Actor::Owner, Actor::Admin, Actor::OwnerOfB, Actor::BothInB]),
        ] {
            let enforced = listed.enforced();
            let gateway = gateway(&database, |documents| {
                enforced(documents);
                documents.exploring = Some(role);
            })
            .await;
            let mut refusals = Vec::new();
            for actor in Actor::ALL.into_iter().filter(|actor| *actor != Actor::Anonymous) {
                let answer = gateway.ask(actor, UNLISTED, json!({})).await;
                if explorers.contains(&actor) {
                    assert!(answer.clean().data("/organization/name").is_string(), "{kind:?} {role:?} {actor:?}");
                    let answer = gateway.ask(actor, RUBBISH, json!({})).await;
                    assert_eq!(answer.codes(), ["GRAPHQL_PARSE_FAILED"], "{kind:?} {actor:?} {}", answer.text);
                    continue;
                }
                refusals.push(refused(&answer));
                refusals.push(refused(&gateway.ask(actor, RUBBISH, json!({})).await));
            }
            refusals.dedup();
            assert_eq!(refusals.len(), 1, "{kind:?} {role:?}: {refusals:?}");
        }
    }
}

/// A caller without a credential gets the same answer to every document, listed or not, except for public fields.
#[tokio::test]
async fn anonymous_caller_learns_nothing_about_the_document_list() {
    let (database, listed) = (Database::world(Kind::Sqlite).await, Listed::new());
    let gateway = gateway(&database, listed.enforced()).await;
    let variables = json!({ "token": "nothing" });
    let open = send(&gateway, Actor::Anonymous, &json!({ "query": PUBLIC, "variables": variables })).await.clean();
    assert!(open.data("/invitationPreview").is_null(), "the page of an invitation must work: {}", open.text);
    let mut answers = Vec::new();
    for body in [
        json!({ "query": LISTED }),
        json!({ "documentId": sha256(LISTED) }),
        json!({ "documentId": "0123456789abcdef0123456789abcdef" }),
        json!({ "extensions": persisted(&sha256(LISTED)) }),
        json!({ "query": UNLISTED }),
        json!({ "query": "{ __typename }" }),
        json!({ "documentId": "unknown" }),
        json!({ "extensions": persisted("unknown") }),
        json!({ "query": RUBBISH, "extensions": persisted("unknown") }),
    ] {
        let answer = send(&gateway, Actor::Anonymous, &body).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (401, vec!["UNAUTHENTICATED"]), "{body}");
        answers.push(answer.stable());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "a list can be told from its absence: {answers:?}");
}

/// With `log`, everything is executed, and unlisted documents are logged with a hash.
#[tokio::test]
async fn where_they_are_only_logged_everything_runs() {
    let (database, listed) = (Database::world(Kind::Sqlite).await, Listed::new());
    let enforced = listed.enforced();
    let gateway = gateway(&database, |documents| {
        enforced(documents);
        documents.trust = Trust::Log;
    })
    .await;
    for body in [json!({ "query": UNLISTED }), json!({ "documentId": sha256(LISTED) }), json!({ "query": LISTED })] {
        send(&gateway, Actor::Owner, &body).await.clean();
    }
    refused(&send(&gateway, Actor::Owner, &json!({ "documentId": "unknown" })).await);
}

/// In the running gateway, a reload accepts documents that were added and refuses those that were removed.
#[tokio::test]
async fn a_reload_takes_effect_at_once() {
    let (database, listed) = (Database::world(Kind::Sqlite).await, Listed::new());
    let mut documents = defaults().documents;
    listed.enforced()(&mut documents);
    let gateway = Gateway::with_documents(&database, documents.clone()).await;
    let reload = |documents: &Documents| {
        RegistryConfig::read(documents, limits()).map(|shelf| gateway.engine.library().apq_cache().store(shelf))
    };
    refused(&gateway.ask(Actor::Owner, UNLISTED, json!({})).await);
    std::fs::write(listed.folder.path().join("more.graphql"), UNLISTED).expect("write a document");
    std::fs::remove_file(listed.folder.path().join("names.graphql")).expect("remove a document");
    refused(&gateway.ask(Actor::Owner, UNLISTED, json!({})).await);
    reload(&documents).expect("a sound list is taken");
    gateway.ask(Actor::Owner, UNLISTED, json!({})).await.clean();
    refused(&gateway.ask(Actor::Owner, LISTED, json!({})).await);

    std::fs::write(listed.folder.path().join("broken.graphql"), RUBBISH).expect("write a document");
    reload(&documents).expect_err("a broken list is refused");
    gateway.ask(Actor::Owner, UNLISTED, json!({})).await.clean();

    // A document that was registered before is not trusted because of that.
    documents.trust = Trust::Off;
    reload(&documents).expect("no list is needed");
    let other = "{ viewer { name } }";
    let registering = json!({ "query": other, "extensions": persisted(&sha256(other)) });
    send(&gateway, Actor::Owner, &registering).await.clean();
    send(&gateway, Actor::Owner, &json!({ "extensions": persisted(&sha256(other)) })).await.clean();
    std::fs::remove_file(listed.folder.path().join("broken.graphql")).expect("remove a document");
    documents.trust = Trust::Enforce;
    reload(&documents).expect("a sound list is taken");
    refused(&send(&gateway, Actor::Owner, &json!({ "extensions": persisted(&sha256(other)) })).await);
    refused(&send(&gateway, Actor::Owner, &json!({ "documentId": format!("sha256:{}", sha256(other)) })).await);
}

/// Number of operations of this name in the gateway's metrics.
fn counted(gateway: &Gateway, name: &str) -> u64 {
    let told = MetricsExporter::of(&gateway.engine, &gateway.db)
        .text(ReadinessGauge::Yes, Format::OpenMetrics)
        .expect("figures");
    Exposed::read(&told).count("cs12_operations_total", &[("name", name)])
}

/// The operator's names are few and not chosen by callers: they are counted without being learned, even when there is
/// no room for other names.
#[tokio::test]
async fn listed_operations_have_figures_of_their_own_from_the_first_request_on() {
    const DENIED: &str = "query Emails { doctors { nodes { email } } }";
    let (database, listed) = (Database::world(Kind::Sqlite).await, Listed::new());
    let add = |file: &str, text: &str| std::fs::write(listed.folder.path().join(file), text).expect("write a document");
    add("emails.graphql", DENIED);
    let mut documents = defaults().documents;
    listed.enforced()(&mut documents);
    documents.trust = Trust::Log;
    let gateway = Gateway::with_documents(&database, documents.clone()).await;
    // Other names take all the room.
    for n in 0..=defaults().metrics.operation_names {
        gateway.ask(Actor::Owner, &format!("query Learned{n} {{ viewer {{ id }} }}"), json!({})).await.clean();
    }
    let last = format!("Learned{}", defaults().metrics.operation_names);
    assert_eq!((counted(&gateway, "Learned0"), counted(&gateway, &last)), (1, 0), "the control: there is no room left");

    // Both requests end with an error, so their names would not have been learned.
    assert_eq!(gateway.ask(Actor::Viewer, DENIED, json!({})).await.codes(), ["FORBIDDEN"]);
    let refused = gateway.ask(Actor::Viewer, "query Nobodys { doctors { nodes { email } } }", json!({})).await;
    assert_eq!(refused.codes(), ["FORBIDDEN"]);
    assert_eq!((counted(&gateway, "Emails"), counted(&gateway, "Nobodys")), (1, 0));

    // After a reload, the names of the new list are counted.
    add("emails.graphql", DENIED.replace("Emails", "Addresses").as_str());
    gateway.engine.library().apq_cache().store(RegistryConfig::read(&documents, limits()).expect("a sound list"));
    for name in ["Emails", "Addresses"] {
        gateway.ask(Actor::Viewer, &DENIED.replace("Emails", name), json!({})).await;
    }
    assert_eq!((counted(&gateway, "Emails"), counted(&gateway, "Addresses")), (1, 1));
}
