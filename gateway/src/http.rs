//! The way in: requests become operations, outcomes become answers.
//!
//! Owns: the one router, the one list of layers, what a request may look like and what an answer does look like. May
//! use: authn, tenancy, graphql, and of `entity` the door.
//! Invariant: every answer carries a request id, and every body that is an error has a code and nothing of the inside
//! of the gateway.

pub mod assets;
mod audit_log;
mod client_address;
mod compression;
mod content_negotiation;
mod error;
mod graphql;
mod headers;
mod health;
mod media_range;
mod metrics;
mod readiness;
mod request;
mod request_context;
mod request_id;
mod response;
mod schema;
mod server;
mod subscriptions;
#[cfg(test)]
mod tests;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};
use entity::db::Db;
use tower::ServiceBuilder;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;

use crate::admission::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::authn::Authenticator;
use crate::config;
use crate::graphql::Executor;
use crate::reloadable::Reloadable;
use crate::telemetry::{TRACEPARENT, TRACESTATE};
use crate::tenancy;
pub use headers::Transport;
pub use metrics::router as metrics_router;
pub use readiness::{Readiness, Unready};
pub use request_id::RequestId;
pub use server::{ConnectionLimits, Connections, Listener, serve};
pub use tls::{Credentials, NotValid, Tls, TlsError};

/// What the handlers need. Clones share it.
#[derive(Clone)]
pub struct App {
    /// Runs operations, and has the schema's text.
    pub engine: Executor,
    /// Tells who asks.
    pub authenticator: Reloadable<Authenticator>,
    /// The door to the database.
    pub db: Db,
    /// Whether requests should come here.
    pub readiness: Readiness,
    /// What the operator set.
    pub settings: Settings,
}

/// What the operator can set about HTTP.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest request body, in bytes.
    pub max_body_bytes: usize,
    /// Who says from which network address a request came.
    pub client_address: config::ClientAddress,
    /// Longest wait for the whole of a request's body.
    pub body_patience: Duration,
    /// Base of organization sub-domains, lower case; none = sub-domains choose nothing.
    pub subdomain_base: Option<Arc<str>>,
    /// Origins of other sites whose pages may ask, to the letter as browsers write them; empty = none.
    pub allowed_origins: Vec<HeaderValue>,
    /// Headers that those pages may send beside the gateway's own.
    pub allowed_headers: Vec<HeaderName>,
    /// How people sign in to the pages.
    pub pages: config::Pages,
    /// How browsers reach the gateway.
    pub transport: Transport,
}

impl Settings {
    /// Longest wait for a body unless set otherwise: a mobile line sends 128 KiB in far less.
    pub const BODY_TIMEOUT: Duration = Duration::from_secs(15);
}

impl From<&config::Config> for Settings {
    fn from(config: &config::Config) -> Self {
        let server = &config.server;
        Self {
            max_body_bytes: server.max_body_bytes,
            client_address: server.client_address,
            body_patience: Self::BODY_TIMEOUT,
            subdomain_base: server.public_host.as_deref().map(Into::into),
            // The configuration has checked that each is a plain origin.
            allowed_origins: server.allowed_origins.iter().filter_map(|origin| origin.parse().ok()).collect(),
            // Each is the name of a header, likewise.
            allowed_headers: server.allowed_headers.iter().filter_map(|header| header.parse().ok()).collect(),
            pages: config.pages.clone(),
            transport: if server.is_reached_over_tls() { Transport::Encrypted } else { Transport::Plain },
        }
    }
}

impl From<&config::Server> for ConnectionLimits {
    fn from(server: &config::Server) -> Self {
        let most_of_one = match server.client_address {
            config::ClientAddress::Peer => Some(server.max_connections_per_address as usize),
            config::ClientAddress::XForwardedFor | config::ClientAddress::XRealIp => None,
        };
        Self { most: server.max_connections as usize, most_of_one, ..Self::default() }
    }
}

/// All routes and all layers.
pub fn router(app: App) -> Router {
    let (readiness, transport) = (app.readiness.clone(), app.settings.transport);
    // From the outside in: the first sees a request first and its answer last.
    let layers = ServiceBuilder::new()
        // Whoever keeps a connection learns in time that this process is about to end.
        .map_response(move |response| readiness.add_connection_close(response))
        // Gives every request its id, its span, its log line and its place in the metrics, and writes the body of every failure below.
        .layer(from_fn_with_state(app.engine.telemetry().clone(), request_context::request_context))
        // What every answer tells the browser to keep to.
        .map_response(move |response| headers::add(response, transport))
        // Large answers travel as a quarter of themselves, where that tells nobody anything.
        .map_request(compression::plain_for_cookies)
        .layer(compression::layer())
        // Other sites' pages are let in by name only, and may then read failures, too.
        .layer(option_layer(cors(&app.settings)))
        // A panic costs one request a 500, not the connection and its neighbours their answers.
        .layer(CatchPanicLayer::custom(error::after_panic))
        // What a body may weigh: `graphql::read` stops reading there.
        .layer(DefaultBodyLimit::max(app.settings.max_body_bytes));

    Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/graphiql/schema.graphql", get(schema::handle))
        // A file, which an answer of GraphQL cannot be.
        .route("/audit-log", get(audit_log::handle))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .merge(pages(&app.settings))
        .method_not_allowed_fallback(error::wrong_method)
        .fallback(error::no_such_path)
        .layer(layers)
        .with_state(app)
}

/// Those of people's browsers, if the operator wants them.
fn pages(settings: &Settings) -> Router<App> {
    match settings.pages.serving {
        config::Serving::Off => Router::new(),
        config::Serving::On => Router::new()
            .merge(assets::home::routes())
            .merge(assets::routes(&settings.pages))
            .merge(assets::dashboard::routes(&settings.pages)),
    }
}

/// What requests bring that the gateway itself reads. A page that follows its requests sends both headers of a trace; without the second's leave
/// its browser would send nothing at all.
const OWN_HEADERS: [HeaderName; 9] = [
    AUTHORIZATION,
    CONTENT_TYPE,
    tenancy::ORGANIZATION,
    tenancy::WORKSPACE,
    tenancy::RUN_AS,
    request_id::HEADER,
    graphql::IDEMPOTENCY_KEY,
    TRACEPARENT,
    TRACESTATE,
];

/// No cookies for other sites: they bring a token, or nothing.
fn cors(settings: &Settings) -> Option<CorsLayer> {
    if settings.allowed_origins.is_empty() {
        return None;
    }
    let headers = OWN_HEADERS.into_iter().chain(settings.allowed_headers.iter().cloned());
    let layer = CorsLayer::new()
        .allow_origin(settings.allowed_origins.clone())
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers.collect::<Vec<_>>())
        .expose_headers([request_id::HEADER, RETRY_AFTER, RATE_LIMIT, RATE_LIMIT_POLICY, tenancy::RUN_AS])
        .max_age(Duration::from_mins(10));
    Some(layer)
}
