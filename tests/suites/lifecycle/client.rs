//! Asking for changes.
//!
//! Owns: a gateway in process, changes by name, what they ended with, and the mails. May use: the router as the binary
//! builds it. Invariant: what is asked goes through the whole router.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use entity::{
    commands::{Mail, TokenKey},
    db::{ConnectOptions, Db},
    organization_settings::OrganizationSettings,
};
use gateway::{
    authn::Authenticator,
    config::{Authn, Issuer, Secret},
    http::{App, Readiness, Settings, Transport, router},
    reloadable::Reloadable,
};
use serde_json::{Value, json};
use tests::{
    Answer, Database,
    actor::{SECRET, token},
    client::{engine, limits},
    sample,
};
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::fixture_rows::NOWHERE;

/// How often a race is run.
pub(super) fn rounds() -> usize {
    sample(32, 200)
}

/// The way in. Clones share it.
#[derive(Clone)]
pub(super) struct Gate {
    router: Router,
    pub(super) db: Db,
}

/// A change that somebody asks for.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) token: String,
    pub(super) of: String,
    pub(super) mutation: &'static str,
    pub(super) input: Value,
}

/// What a change ended with.
pub(super) struct Ended {
    pub(super) answer: Answer,
    mutation: &'static str,
}

/// A change asked for by somebody of the house.
pub(super) fn change(by: &str, of: &str, mutation: &'static str, input: Value) -> Change {
    Change { token: token(by), of: of.to_owned(), mutation, input }
}

/// What is asked of a change's payload.
fn shown(mutation: &str) -> &'static str {
    match mutation {
        "organizationCreate" | "organizationRestore" | "invitationAccept" => {
            "membership { organizationId organizationName organizationSlug role }"
        }
        "organizationRename" => "organization { id name slug version }",
        "organizationSettingsUpdate" => "organization { acceptsJoinRequests version }",
        "organizationDelete" => "deletedOrganization { organizationId slug }",
        "organizationLeave"
        | "organizationOwnershipTransfer"
        | "memberRoleUpdate"
        | "memberRemove"
        | "memberSuspend"
        | "memberResume" => "member { id role status version }",
        "dsoGrant" | "dsoGrantRevoke" => "grant { id role }",
        "dsoGrantBulk" | "dsoGrantRevokeBulk" => "grants { id role }",
        "invitationCreate" | "invitationResend" | "invitationRevoke" => {
            "invitation { id email role status expiresAt sentAt }"
        }
        "invitationDecline" => "organizationName",
        "joinRequestCreate" | "joinRequestCancel" => "joinRequest { id organizationSlug message status createdAt }",
        "joinRequestApprove" | "joinRequestDeny" => "joinRequest { id status }",
        "viewerDefaultOrganizationSet" => "viewer { id }",
        unknown => panic!("say what to ask of the payload of `{unknown}`"),
    }
}

impl Gate {
    pub(super) async fn over(
        database: &Database,
        organization_settings: OrganizationSettings,
        max_connections: u32,
    ) -> Self {
        let options = ConnectOptions {
            max_connections,
            // A machine that runs all suites at once may be slow; what never comes does not come later either.
            acquire_timeout: Duration::from_secs(20),
            organization_settings,
            ..ConnectOptions::new(database.url.clone())
        };
        let db = Db::connect(options).await.expect("open the database");
        let engine = engine(&db, limits(), None);
        let authn = Authn::of(vec![Issuer::development(Secret::new(SECRET))]);
        let authenticator = Reloadable::new(Authenticator::new(&authn).expect("build the authenticator"));
        let readiness = Readiness::of(db.clone(), migration::names());
        let settings = Settings {
            max_body_bytes: 128 * 1024,
            body_patience: Settings::BODY_TIMEOUT,
            subdomain_base: None,
            client_address: gateway::config::ClientAddress::Peer,
            allowed_origins: Vec::new(),
            allowed_headers: Vec::new(),
            pages: gateway::config::Pages::DEMO,
            transport: Transport::Plain,
        };
        Self { router: router(App { engine, authenticator, readiness, db: db.clone(), settings }), db }
    }

    /// Asks, with a token or without.
    pub(super) async fn ask_as(&self, token: Option<&str>, of: &str, query: &str, variables: Value) -> Answer {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if of != NOWHERE {
            request = request.header("x-organization-id", of);
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = request.body(Body::from(body)).expect("make a request");
        let response = tokio::time::timeout(Duration::from_mins(2), self.router.clone().oneshot(request)).await;
        let response = response.expect("no answer within two minutes: something waits for ever");
        let (parts, body) = response.expect("the router never fails").into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("read the answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, json }
    }

    /// Sends a request as an actor.
    pub(super) async fn ask(&self, by: &str, of: &str, query: &str) -> Answer {
        self.ask_as(Some(&token(by)), of, query, json!({})).await
    }

    /// Makes a change.
    pub(super) async fn make(&self, change: Change) -> Ended {
        let Change { token, of, mutation, input } = change;
        let (first, rest) = mutation.split_at(1);
        let (ty, shown) = (format!("{}{rest}Input!", first.to_uppercase()), shown(mutation));
        let text = format!(
            "mutation($input: {ty}) {{ {mutation}(input: $input) {{ {shown} userErrors {{ code message field }} }} }}"
        );
        let answer = self.ask_as(Some(&token), &of, &text, json!({ "input": input })).await;
        Ended { answer, mutation }
    }

    /// Makes a change as somebody of the house.
    pub(super) async fn change(&self, by: &str, of: &str, mutation: &'static str, input: Value) -> Ended {
        self.make(change(by, of, mutation, input)).await
    }

    pub(super) fn start(&self, change: Change) -> JoinHandle<Ended> {
        let gate = self.clone();
        tokio::spawn(async move { gate.make(change).await })
    }

    /// Makes changes at once; the codes are in their order.
    pub(super) async fn at_once(&self, changes: impl IntoIterator<Item = Change>) -> Vec<Ended> {
        let started: Vec<_> = changes.into_iter().map(|change| self.start(change)).collect();
        let mut ended = Vec::with_capacity(started.len());
        for one in started {
            ended.push(one.await.expect("a change came to its end"));
        }
        ended
    }

    /// Takes all mails that are due, as sent.
    pub(super) async fn post(&self) -> Vec<Mail> {
        let mut mails = Vec::new();
        while let Some(mail) = self.db.next_mail(&key()).await.expect("ask for mails") {
            self.db.mail_sent(&mail).await.expect("tell that a mail was sent");
            mails.push(mail);
        }
        mails
    }
}

/// What the tests' tokens are made with.
pub(super) fn key() -> TokenKey {
    TokenKey::of(b"the invitations of the tests")
}

impl Ended {
    /// `OK`, or all codes of what stood against it.
    pub(super) fn code(&self) -> String {
        let payload = &self.answer.json["data"][self.mutation];
        let mended = payload["userErrors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mended = mended.iter().filter_map(|error| error["code"].as_str());
        let codes: Vec<_> = self.answer.codes().into_iter().chain(mended).collect();
        if codes.is_empty() {
            assert!(payload.is_object(), "neither done nor refused: {}", self.answer.text);
            return "OK".to_owned();
        }
        codes.join(" ")
    }

    /// The inputs that are to be mended.
    pub(super) fn fields(&self) -> Vec<&str> {
        let errors = self.answer.json["data"][self.mutation]["userErrors"].as_array();
        let errors = errors.map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error["field"].as_array()?.last()?.as_str()).collect()
    }

    /// A text of the payload.
    pub(super) fn text(&self, pointer: &str) -> String {
        let found = self.answer.data(&format!("/{}{pointer}", self.mutation));
        found.as_str().unwrap_or_else(|| panic!("there is no `{pointer}` in {}", self.answer.text)).to_owned()
    }
}

/// The codes, in order.
pub(super) fn codes(ended: &[Ended]) -> Vec<String> {
    ended.iter().map(Ended::code).collect()
}

/// How often each code came.
pub(super) fn tally(ended: &[Ended]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for code in codes(ended) {
        *tally.entry(code).or_default() += 1;
    }
    tally
}
