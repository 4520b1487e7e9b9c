//! `gateway serve`, and what `demo` shares with it: a served gateway.
//!
//! Owns: the order of the start. May use: every room. Invariant: nothing is served before the configuration, the
//! schema's guards and the database's schema were found sound; requests and mails under way at the end are finished.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use entity::db::Db;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::reload::{Parts, Reload, warn_of_name};
use super::signals::{ReloadSignal, ReloadSignals, ShutdownSignal, ShutdownSignals};
use super::{CliError, ConfigSource, database, healthcheck::reachable, metrics::Metrics};
use crate::admission::{Admission, RedisStore};
use crate::authn::Authenticator;
use crate::config::{Authn, Config, Overrides};
use crate::http::{self, App, Connections, Listener, Readiness, Tls};
use crate::mail::MailWorker;
use crate::reloadable::Reloadable;
use crate::telemetry::Telemetry;
use crate::{
    graphql::{DocumentRegistry, Executor},
    limits::LimitRegistry,
};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    source: ConfigSource,
    /// Address and port; port 0 takes a free one [default: the configuration's].
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let overrides = Overrides { listen: self.listen, ..Overrides::default() };
        let (config, otlp) = self.source.load_to_serve(overrides.clone())?;
        config.check_serving()?;
        let tls = config.server.tls.as_ref().map(Tls::load).transpose()?;
        if let Some(tls) = &tls {
            warn_of_name(tls, &config);
        }
        let db = database::serve(&config).await?;
        let app = app(&config, &config.authn, db.clone())?;
        announce(&config);
        app.authenticator.load().prefetch_keys().await;
        let address = config.server.listen;
        let listener = TcpListener::bind(address).await.map_err(|cause| CliError::Listen { address, cause })?;
        let stops = ShutdownSignals::listen(ReloadSignal::Reloads).map_err(CliError::Signal)?;
        let hangups = ReloadSignals::listen().map_err(CliError::Signal)?;
        let address = listener.local_addr().unwrap_or(address);
        let scheme = if tls.is_some() { "https" } else { "http" };
        let here = format!("{scheme}://{}", reachable(address));
        let postman = MailWorker::new(db.clone(), &config, config.server.public_url.as_deref().unwrap_or(&here))?;
        let drain = config.server.drain;
        let metrics = Metrics::open(&config, &app, tls.as_ref()).await?;
        let parts = Parts {
            authenticator: app.authenticator.clone(),
            tls: tls.clone(),
            bounds: app.engine.bounds(),
            shelf: app.engine.library().apq_cache().clone(),
        };
        let connections = connections(&config, &app);
        let reload = Reload::new(self.source, overrides, config, parts);
        tracing::info!(%address, "serving GraphQL at {scheme}://{address}/graphql");
        // On a task of its own: whatever a reload waits for, connections are accepted.
        let reloading = tokio::spawn(reload.run(hangups));
        let ended = until(stops, drain, Listener::new(listener, tls).within(connections), app, postman).await;
        reloading.abort();
        if ended.is_err() {
            // At once: dropped, it would wait for the collector.
            std::mem::forget(otlp);
            return ended;
        }
        metrics.close().await;
        let closed = db.close().await;
        tracing::info!("stopped");
        if let Some(otlp) = otlp {
            // Last of all, so that the end is sent, too. It waits for the collector as long as that may take.
            let _ = tokio::task::spawn_blocking(|| otlp.close()).await;
        }
        Ok(closed?)
    }
}

/// One line with what a reader of the log needs to know about this process.
fn announce(config: &Config) {
    let is_sqlite = config.database.url.expose().starts_with("sqlite:");
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        database = if is_sqlite { "sqlite" } else { "postgresql" },
        pooler = config.database.pooler_url.is_some(),
        replicas = config.database.replica_urls.len(),
        redis = config.redis_url.is_some(),
        issuers = config.authn.issuers.len(),
        mail = if config.mail.smtp_url.is_some() { "smtp" } else { "folder" },
        "starting"
    );
}

/// Answers requests and carries mails until it is told to stop. After SIGTERM it goes on for as long as `drain` while it says to probes
/// that nobody should come; then it finishes what is under way. A second word to stop ends it at once.
pub(super) async fn until(
    mut stops: ShutdownSignals,
    drain: Duration,
    listener: Listener,
    app: App,
    postman: MailWorker,
) -> Result<(), CliError> {
    let readiness = app.readiness.clone();
    let (going_on, stopping) = oneshot::channel();
    let (taking, closing) = oneshot::channel();
    let serving = async {
        tokio::join!(http::serve(listener, http::router(app), dropped(closing)), postman.run(dropped(stopping)));
    };
    let told = async {
        let pause = match stops.next().await {
            ShutdownSignal::Terminate => drain,
            ShutdownSignal::Interrupt => Duration::ZERO,
        };
        tracing::info!(?pause, "stopping");
        readiness.start_draining();
        drop(going_on);
        let pausing = async {
            tokio::time::sleep(pause).await;
            drop(taking);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = pausing => {}
            _ = stops.next() => {}
        }
    };
    tokio::select! {
        () = serving => Ok(()),
        () = told => Err(CliError::CutShort),
    }
}

/// The connections of its listener, and where they are counted.
pub(super) fn connections(config: &Config, app: &App) -> Connections {
    let (open, refused) = app.engine.telemetry().connections();
    Connections::new((&config.server).into(), open, refused)
}

/// Comes true when the other half is dropped: nothing is ever sent.
async fn dropped(half: oneshot::Receiver<()>) {
    let _ = half.await;
}

/// The gateway's parts, put together.
pub(super) fn app(config: &Config, authn: &Authn, db: Db) -> Result<App, CliError> {
    let bounds = Arc::new(LimitRegistry::new(config.limits));
    let shared = config.redis_url.as_ref().map(|url| RedisStore::at(url.expose())).transpose()?;
    let admission = Admission::new(&bounds, shared);
    let secret = config.cursor_secret.as_ref().map(|secret| secret.expose().as_bytes());
    let library = DocumentRegistry::open(&config.documents, config.limits)?;
    Ok(App {
        engine: Executor::new(db.clone(), bounds, admission, library, secret, Telemetry::new(config.into()))?,
        authenticator: Reloadable::new(Authenticator::new(authn)?),
        readiness: Readiness::of(db.clone(), migration::names()),
        db,
        settings: config.into(),
    })
}
