//! Who speaks over a WebSocket, and what they wait for.
//!
//! Owns: [`Session`]: the credential and the organization of a connection, its subscriptions, and why it is to end. May use: authn, tenancy, the engine.
//! Invariant: one connection has one credential and one organization, from the handshake or from `connection_init`; before each message the
//! credential is judged again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError};

use async_graphql::futures_util::stream::{self, BoxStream, StreamExt as _};
use async_graphql::{Data, Executor, Response, ServerError};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use entity::audit::RequestMetadata;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::authn::NotAuthenticated;
use crate::http::error::HttpError;
use crate::http::graphql::caller;
use crate::http::{App, request};
use crate::tenancy;
use crate::{
    errors::ErrorCode,
    graphql::{Caller, Cause, Ended},
};

/// Subscriptions at once over one connection.
const MAX_SUBSCRIPTIONS: usize = 10;

/// What `connection_init` may say in place of a header, which a browser's page cannot set.
static CLOSE_REASON_BYTES: [HeaderName; 3] = [AUTHORIZATION, tenancy::ORGANIZATION, tenancy::WORKSPACE];

/// A connection's client.
pub(super) struct Session {
    app: App,
    parts: Parts,
    origin: RequestMetadata,
    speaker: OnceLock<ProtocolExecutor>,
    open: AtomicUsize,
    end: std::sync::Mutex<Option<CloseReason>>,
    ending: Notify,
}

/// Who was let in.
struct ProtocolExecutor {
    headers: HeaderMap,
    caller: Caller,
    until: Instant,
}

/// Why the connection ends: a close code and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CloseReason {
    pub(super) code: u16,
    pub(super) reason: &'static str,
}

impl CloseReason {
    pub(super) const UNAUTHORIZED: Self = Self { code: 4401, reason: "Unauthorized" };
    pub(super) const FORBIDDEN: Self = Self { code: 4403, reason: "Forbidden" };
    pub(super) const INIT_TIMEOUT: Self = Self { code: 4408, reason: "Connection initialisation timeout" };
    pub(super) const LEAVING: Self = Self { code: 1001, reason: "Going away" };
    pub(super) const TOO_OLD: Self = Self { code: 1012, reason: "Open for too long, connect again" };
    pub(super) const TRY_AGAIN_LATER: Self = Self { code: 1013, reason: "Try again later" };
    pub(super) const IDLE_CONNECTION: Self = Self { code: 1000, reason: "Idle" };
}

impl Session {
    pub(super) fn new(app: App, parts: Parts, origin: RequestMetadata) -> Self {
        Self {
            app,
            parts,
            origin,
            speaker: OnceLock::new(),
            open: AtomicUsize::new(0),
            end: std::sync::Mutex::default(),
            ending: Notify::new(),
        }
    }

    /// Refuses a credential in the handshake's headers that is not accepted.
    pub(super) async fn check_headers(&self) -> Result<(), HttpError> {
        self.app.authenticator.load().authenticate(&credentials(&self.parts.headers)).await?;
        Ok(())
    }

    /// `connection_init`: lets a client in, by its payload or else by the handshake's headers.
    pub(super) async fn init(&self, payload: Value) -> async_graphql::Result<Data> {
        let mut parts = self.parts.clone();
        if let Value::Object(said) = &payload {
            for (name, value) in said {
                let named = CLOSE_REASON_BYTES.iter().find(|header| header.as_str().eq_ignore_ascii_case(name));
                if let (Some(header), Some(value)) = (named, value.as_str()) {
                    let value = HeaderValue::from_str(value).map_err(|_| self.refuse(CloseReason::UNAUTHORIZED))?;
                    parts.headers.insert(header, value);
                }
            }
        }
        let headers = credentials(&parts.headers);
        let judged = self.app.authenticator.load().authenticate_until(&headers).await;
        let (principal, left) = match judged {
            Ok(Some(found)) => found,
            Ok(None) | Err(NotAuthenticated::Refused | NotAuthenticated::TooLarge) => {
                return Err(self.refuse(CloseReason::UNAUTHORIZED));
            }
            Err(NotAuthenticated::KeysUnavailable) => return Err(self.refuse(CloseReason::TRY_AGAIN_LATER)),
        };
        let caller =
            caller(&parts, Some(principal), &self.app.settings).map_err(|_| self.refuse(CloseReason::FORBIDDEN))?;
        let speaker = ProtocolExecutor { headers, caller, until: Instant::now() + left };
        if self.speaker.set(speaker).is_err() {
            return Err(self.refuse(CloseReason::FORBIDDEN));
        }
        Ok(Data::default())
    }

    fn refuse(&self, end: CloseReason) -> async_graphql::Error {
        self.end(end);
        async_graphql::Error::new(end.reason)
    }

    /// Until when the credential is accepted; none before a client was let in.
    pub(super) fn until(&self) -> Option<Instant> {
        self.speaker.get().map(|speaker| speaker.until)
    }

    /// How many subscriptions are open.
    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// From now on, the connection is to end; the first cause stands.
    pub(super) fn end(&self, end: CloseReason) {
        self.end.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(end);
        self.ending.notify_one();
    }

    /// Why it is to end, if it is.
    pub(super) fn ended(&self) -> Option<CloseReason> {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Comes true when it is to end.
    pub(super) async fn ending(&self) {
        self.ending.notified().await;
    }

    /// When the process leaves.
    pub(super) async fn leaving(&self) {
        self.app.readiness.draining().await;
    }

    /// Whether the credential is still accepted.
    async fn is_accepted(&self, speaker: &ProtocolExecutor) -> bool {
        matches!(self.app.authenticator.load().authenticate(&speaker.headers).await, Ok(Some(_)))
    }
}

/// Of a handshake's headers the token alone counts, and no cookie.
fn credentials(headers: &HeaderMap) -> HeaderMap {
    headers.get_all(AUTHORIZATION).iter().map(|value| (AUTHORIZATION, value.clone())).collect()
}

/// Runs what comes over a connection.
#[derive(Clone)]
pub(super) struct Runner(pub(super) Arc<Session>);

/// A subscription's place among those of its connection.
struct OperationSlot(Arc<Session>);

impl OperationSlot {
    fn take(session: &Arc<Session>) -> Option<Self> {
        let place = Self(Arc::clone(session));
        (session.open.fetch_add(1, Ordering::Relaxed) < MAX_SUBSCRIPTIONS).then_some(place)
    }
}

impl Drop for OperationSlot {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Executor for Runner {
    async fn execute(&self, _: async_graphql::Request) -> Response {
        refused("queries and mutations go by POST")
    }

    fn execute_stream(&self, request: async_graphql::Request, _: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let session = Arc::clone(&self.0);
        let Some(place) = OperationSlot::take(&session) else {
            let message = "too many subscriptions over one connection: end one first";
            return stream::once(async move { refused(message) }).boxed();
        };
        stream::unfold(Step::Begin(Box::new(request)), move |step| {
            let session = Arc::clone(&session);
            let _ = &place;
            async move { session.step(step).await }
        })
        .boxed()
    }
}

enum Step {
    Begin(Box<async_graphql::Request>),
    Next(Box<crate::graphql::SubscriptionStream>),
    Over,
    /// The connection ends with it: no message says that the subscription is over.
    Ending,
}

impl Session {
    async fn step(&self, step: Step) -> Option<(Response, Step)> {
        let speaker = self.speaker.get()?;
        let mut subscribed = match step {
            Step::Over => return None,
            Step::Ending => return std::future::pending().await,
            Step::Next(subscribed) => subscribed,
            Step::Begin(request) => {
                let operation = match request::from_message(*request) {
                    Ok(operation) => operation,
                    Err(failure) => return Some((refused(failure.message().to_owned()), Step::Over)),
                };
                match self.app.engine.subscribe(operation, speaker.caller.clone(), &self.origin).await {
                    Ok(subscribed) => Box::new(subscribed),
                    Err(ended) => return Some(self.last(ended)),
                }
            }
        };
        let next = subscribed.next().await;
        if !self.is_accepted(speaker).await {
            self.end(CloseReason::UNAUTHORIZED);
            return std::future::pending().await;
        }
        match next {
            Ok(response) => Some((response, Step::Next(subscribed))),
            Err(ended) => Some(self.last(ended)),
        }
    }

    /// The last response of a subscription. Where the rights have ended, so does the connection: it is of one caller in one organization.
    fn last(&self, Ended { response, cause }: Ended) -> (Response, Step) {
        match cause {
            Cause::Operation => return (response, Step::Over),
            Cause::Rights => self.end(CloseReason::FORBIDDEN),
            Cause::Gateway => self.end(CloseReason::TRY_AGAIN_LATER),
        }
        (response, Step::Ending)
    }
}

fn refused(message: impl Into<String>) -> Response {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", ErrorCode::BadUserInput.as_str());
    Response::from_errors(vec![error])
}
