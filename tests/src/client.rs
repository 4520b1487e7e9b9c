//! In-process requests to the gateway.
//!
//! Owns: a gateway over one database with a statement recorder, and its answers. Invariant: a request passes through
//! the whole router, as over a socket.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
    response::Response,
};
use entity::db::{ConnectOptions, Db, Recorder};
use gateway::{
    admission::{Admission, RedisStore},
    authn::Authenticator,
    config::{Authn, Config, Documents, Enforcement, Issuer, Limit, Limits, Overrides, Secret},
    graphql::{DocumentRegistry, Executor},
    http::{App, Readiness, Settings, Transport, router},
    limits::LimitRegistry,
    reloadable::Reloadable,
    telemetry::Telemetry,
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Actor, Database, Topology, actor::SECRET, postgres::cluster};

/// Longest wait for an answer. Even the slowest machine answers earlier, so a longer wait means a deadlock.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(2);

/// A gateway.
#[derive(Clone)]
pub struct Gateway {
    /// One router, or those of two gateways, which are used in turn.
    routers: Vec<Router>,
    turn: Arc<AtomicUsize>,
    /// Statements that the gateway sends to the database.
    pub recorder: Recorder,
    /// The gateway's database handle.
    pub db: Db,
    /// Executor of the operations; with two gateways, that of the first.
    pub engine: Executor,
}

/// A complete answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
    /// The body as JSON, or null.
    pub json: Value,
}

/// Configuration of a gateway besides its database.
struct Setup<'a> {
    limits: Limits,
    /// Which documents may be executed.
    documents: Documents,
    /// Store in which several gateways count cost together.
    shared: Option<RedisStore>,
    /// Changes to the default settings, as by an operator.
    set: &'a (dyn Fn(&mut Settings) + Sync),
}

impl Default for Setup<'_> {
    fn default() -> Self {
        Self { limits: limits(), documents: defaults().documents, shared: None, set: &|_| {} }
    }
}

impl Gateway {
    /// A gateway over a database.
    pub async fn over(database: &Database) -> Self {
        Self::with_connections(database, 8).await
    }

    /// A gateway over a database, with at most this many connections.
    pub async fn with_connections(database: &Database, max_connections: u32) -> Self {
        Self::opened(ConnectOptions { max_connections, ..ConnectOptions::new(database.url.clone()) }).await
    }

    /// A gateway over a database, with these limits; cost is counted in `shared` if given.
    pub async fn under(database: &Database, limits: Limits, shared: Option<RedisStore>) -> Self {
        let options = ConnectOptions { max_connections: 8, ..ConnectOptions::new(database.url.clone()) };
        Self::with(options, &Setup { limits, shared, ..Setup::default() }).await
    }

    /// A gateway over a database, with settings changed by `set`.
    pub async fn with_settings(database: &Database, set: impl Fn(&mut Settings) + Sync) -> Self {
        Self::with(ConnectOptions::new(database.url.clone()), &Setup { set: &set, ..Setup::default() }).await
    }

    /// A gateway over a database, with this configuration of documents.
    pub async fn with_documents(database: &Database, documents: Documents) -> Self {
        let options = ConnectOptions::new(database.url.clone());
        Self::with(options, &Setup { documents, ..Setup::default() }).await
    }

    /// A gateway over the database that the options name.
    pub async fn opened(options: ConnectOptions) -> Self {
        Self::with(options, &Setup::default()).await
    }

    async fn with(options: ConnectOptions, setup: &Setup<'_>) -> Self {
        let road = Topology::from_env();
        let database =
            options.url.strip_prefix("postgres://").and_then(|url| Some(url.split_once('/')?.1.split_once('?')?.0));
        let options = match database.map(str::to_owned) {
            Some(database) if options.url == cluster().url(&database) => road.connect_options(&database, options).await,
            Some(_) | None => options,
        };
        let recorder = Recorder::default();
        let options = ConnectOptions {
            // A machine that runs all suites at once may be slow; the pool's timeout is not under test here.
            acquire_timeout: std::time::Duration::from_mins(1),
            recorder: Some(recorder.clone()),
            ..options
        };
        let (db, engine, router) = Self::open(options.clone(), setup).await;
        let mut routers = vec![router];
        if road == Topology::TwoGateways {
            routers.push(Self::open(options, setup).await.2);
        }
        Self { routers, turn: Arc::default(), recorder, db, engine }
    }

    async fn open(options: ConnectOptions, setup: &Setup<'_>) -> (Db, Executor, Router) {
        let db = Db::connect(options).await.expect("open the database");
        let sight = Telemetry::new((&defaults()).into());
        let engine = built(&db, &setup.limits, &setup.documents, setup.shared.clone(), sight);
        let authn = Authn::of(vec![Issuer::development(Secret::new(SECRET))]);
        let authenticator = Reloadable::new(Authenticator::new(&authn).expect("build the authenticator"));
        let readiness = Readiness::of(db.clone(), migration::names());
        let mut settings = Settings {
            max_body_bytes: 128 * 1024,
            body_patience: Settings::BODY_TIMEOUT,
            subdomain_base: None,
            client_address: gateway::config::ClientAddress::Peer,
            allowed_origins: Vec::new(),
            allowed_headers: Vec::new(),
            pages: gateway::config::Pages::DEMO,
            transport: Transport::Plain,
        };
        (setup.set)(&mut settings);
        let router = router(App { engine: engine.clone(), authenticator, readiness, db: db.clone(), settings });
        (db, engine, router)
    }

    /// The router, to be served over a socket; with two gateways, that of the given one.
    pub fn routes(&self, gateway: usize) -> Router {
        self.routers[gateway % self.routers.len()].clone()
    }

    /// Sends a request as an actor.
    pub async fn ask(&self, actor: Actor, query: &str, variables: Value) -> Answer {
        self.ask_as(actor.token().as_deref(), actor.organization(), query, variables).await
    }

    /// Sends a request with a token, for an organization.
    pub async fn ask_as(
        &self,
        token: Option<&str>,
        organization: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Answer {
        let headers: Vec<_> = organization.map(|name| ("x-organization-id", name)).into_iter().collect();
        self.ask_with(token, &headers, query, variables).await
    }

    /// Sends a request with a token and headers.
    pub async fn ask_with(
        &self,
        token: Option<&str>,
        headers: &[(&str, &str)],
        query: &str,
        variables: Value,
    ) -> Answer {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.send(request.body(Body::from(body)).expect("make a request")).await
    }

    /// Sends any request; returns the response with its body unread.
    pub async fn begin(&self, request: Request<Body>) -> Response {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.routers.len();
        let response = tokio::time::timeout(PATIENCE, self.routers[turn].clone().oneshot(request)).await;
        let response = response.expect("no answer within two minutes: something waits for ever");
        response.expect("the router never fails")
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.begin(request).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("read the answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, json }
    }
}

impl Answer {
    /// A value in `data`, by JSON pointer; null if there is none.
    #[must_use]
    pub fn data(&self, pointer: &str) -> &Value {
        self.json.pointer(&format!("/data{pointer}")).unwrap_or(&Value::Null)
    }

    /// The codes of the errors, in order.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error["extensions"]["code"].as_str()).collect()
    }

    /// The id of the request, from the `x-request-id` header.
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default()
    }

    /// Fails unless the request succeeded without any error.
    #[expect(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "asked for what it checks")]
    pub fn clean(self) -> Self {
        assert!(self.json["errors"].is_null() && self.status == StatusCode::OK, "{} {}", self.status, self.text);
        self
    }

    /// All bytes that the client gets, headers and body, except the headers that differ in every answer.
    #[must_use]
    pub fn bytes(&self) -> String {
        // The remaining budget decreases with each request.
        let headers = self.headers.iter().filter(|(name, _)| *name != gateway::admission::RATE_LIMIT);
        let headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
        format!("{}\n{}\n{}", self.status, headers.join("\n"), self.text)
    }

    /// The body without request ids, which are new each time.
    #[must_use]
    pub fn stable(&self) -> Value {
        let mut json = self.json.clone();
        if let Some(errors) = json["errors"].as_array_mut() {
            for error in errors {
                error["extensions"]["requestId"] = Value::Null;
            }
        }
        json
    }
}

/// An executor with these limits.
#[must_use]
pub fn engine(db: &Db, limits: Limits, shared: Option<RedisStore>) -> Executor {
    watched(db, limits, shared, Telemetry::new((&defaults()).into()))
}

/// The same with the given telemetry.
#[must_use]
pub fn watched(db: &Db, limits: Limits, shared: Option<RedisStore>, sight: Telemetry) -> Executor {
    built(db, &limits, &defaults().documents, shared, sight)
}

fn built(db: &Db, limits: &Limits, documents: &Documents, shared: Option<RedisStore>, sight: Telemetry) -> Executor {
    let bounds = Arc::new(LimitRegistry::new(*limits));
    let admission = Admission::new(&bounds, shared);
    let library = DocumentRegistry::open(documents, *limits);
    let library = library.unwrap_or_else(|problems| panic!("the documents are unsound: {problems}"));
    let secret = b"the cursors of the tests";
    Executor::new(db.clone(), bounds, admission, library, Some(secret), sight).expect("build the engine")
}

/// The default configuration.
#[must_use]
pub fn defaults() -> Config {
    let overrides = Overrides { database_url: Some("sqlite://unused.sqlite".to_owned()), ..Overrides::default() };
    Config::load(None, overrides).unwrap_or_else(|problems| panic!("the defaults are unsound: {problems}"))
}

/// The default limits, except for the waiting time: a suite sends more requests than people do, on a machine that runs
/// all suites at once.
#[must_use]
pub fn limits() -> Limits {
    [
        (Limit::PersonRate, 1_000_000_000),
        (Limit::OrganizationRate, 1_000_000_000),
        (Limit::Waiting, 100_000),
        (Limit::WaitingOfOne, 100_000),
        (Limit::Wait, 60_000),
        (Limit::Time, 60_000),
    ]
    .into_iter()
    .fold(defaults().limits, |limits, (limit, most)| limits.with(limit, most, Enforcement::Refuse))
}
