//! Whether requests should come here.
//!
//! Owns: [`Readiness`], what it asks the database, and the word that the process is leaving. May use: the door's list of steps.
//! Invariant: however many ask, the database is asked at most once in [`FRESH`]; who is leaving is never ready again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::response::Response;
use entity::db::{Db, Health, WriteStatus};
use tokio::sync::{Mutex, watch};

/// How long an answer of the database stands: probes come from several sides, and each would take a connection.
const CACHE_TTL: Duration = Duration::from_secs(1);

/// Longest wait for the database; orchestrators give up after about as long.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Why no request should come here, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// The process is about to end.
    Draining,
    /// The database does not answer, or too late.
    Database,
    /// The database lacks steps that this version needs.
    Migrations,
    /// The database takes no writes: it is a standby, or is set so.
    ReadOnly,
}

impl Unready {
    /// What a probe is told.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::Draining => "not ready: draining",
            Self::Database => "not ready: database",
            Self::Migrations => "not ready: migrations",
            Self::ReadOnly => "not ready: read-only",
        }
    }
}

/// Whether requests should come here. Clones share it.
#[derive(Clone)]
pub struct Readiness(Arc<Shared>);

struct Shared {
    db: Db,
    /// The steps without which this version does not work.
    needed: Vec<String>,
    is_leaving: watch::Sender<bool>,
    /// Held while asking, so that one asks for all.
    last: Mutex<Option<(Instant, Result<(), Unready>)>>,
}

impl Readiness {
    /// Of a gateway over this database that needs these steps of its schema. Steps that it does not know do not matter: a rollout brings
    /// them before the version that knows them.
    #[must_use]
    pub fn of(db: Db, needed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let needed = needed.into_iter().map(Into::into).collect();
        Self(Arc::new(Shared { db, needed, is_leaving: watch::Sender::new(false), last: Mutex::default() }))
    }

    /// From now on, nobody should come: probes are told so, and each answer ends its connection.
    pub fn start_draining(&self) {
        self.0.is_leaving.send_replace(true);
    }

    /// Whether requests should come, as of at most a second ago.
    pub async fn check(&self) -> Result<(), Unready> {
        if self.is_draining() {
            return Err(Unready::Draining);
        }
        let mut last = self.0.last.lock().await;
        if let Some((asked, answer)) = *last
            && asked.elapsed() < CACHE_TTL
        {
            return answer;
        }
        let answer = self.query_health().await;
        *last = Some((Instant::now(), answer));
        answer
    }

    async fn query_health(&self) -> Result<(), Unready> {
        match tokio::time::timeout(TIMEOUT, self.0.db.health()).await {
            Ok(Ok(Health { steps, writes })) => {
                let missing = self.0.needed.iter().filter(|step| !steps.contains(step)).count();
                if missing > 0 {
                    tracing::warn!(missing, "the database lacks steps: run `gateway migrate up`");
                    return Err(Unready::Migrations);
                }
                takes_writes(writes)
            }
            Ok(Err(error)) => {
                tracing::warn!(error = %error.logged(), "the database does not answer");
                Err(Unready::Database)
            }
            Err(_) => {
                tracing::warn!(patience = ?TIMEOUT, "the database takes too long to answer");
                Err(Unready::Database)
            }
        }
    }

    fn is_draining(&self) -> bool {
        *self.0.is_leaving.borrow()
    }

    /// Comes true when the process leaves: for connections that do not end with an answer.
    pub(super) async fn draining(&self) {
        let mut is_leaving = self.0.is_leaving.subscribe();
        let _ = is_leaving.wait_for(|is_leaving| *is_leaving).await;
    }

    /// Who leaves says so with each answer: the client opens its next connection elsewhere, and no request is on its way on this one when
    /// it ends.
    pub(super) fn add_connection_close(&self, mut response: Response) -> Response {
        if self.is_draining() {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

fn takes_writes(writes: WriteStatus) -> Result<(), Unready> {
    let why = match writes {
        WriteStatus::Taken => return Ok(()),
        WriteStatus::Standby => "it is a standby: `database.url` must lead to the primary",
        WriteStatus::ReadOnly => "`default_transaction_read_only` is on",
        WriteStatus::ReadOnlyFile => "its file cannot be written to",
    };
    tracing::warn!(why, "the database takes no writes: queries are answered, mutations are not");
    Err(Unready::ReadOnly)
}
