//! `gateway serve`, and what `demo` shares with it: a served gateway.
//!
//! Owns: the order of the start. May use: every room. Invariant: nothing is served before the configuration, the
//! schema's guards and the database's schema were found sound; requests and mails under way at the end are finished.

use std::sync::Arc;

use clap::Args;
use entity::Db;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{CliError, Source, database, healthcheck::reachable, stop};
use crate::admission::{Admission, Shared};
use crate::authn::Authenticator;
use crate::config::{Authn, Config, Overrides};
use crate::graphql::{Bounds, Engine};
use crate::http::{self, App};
use crate::mail::Postman;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    source: Source,
    /// Address and port; port 0 takes a free one [default: the configuration's].
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let config = self.source.load(Overrides { listen: self.listen, ..Overrides::default() })?;
        config.check_serving()?;
        let db = database::connect(&config).await?;
        let app = app(&config, &config.authn, db.clone())?;
        app.authenticator.warm().await;
        let address = config.server.listen;
        let listener = TcpListener::bind(address).await.map_err(|cause| CliError::Listen { address, cause })?;
        let stop = stop::signal().map_err(CliError::Signal)?;
        let address = listener.local_addr().unwrap_or(address);
        let here = format!("http://{}", reachable(address));
        let postman = Postman::new(db.clone(), &config, config.server.public_url.as_deref().unwrap_or(&here))?;
        tracing::info!(%address, "serving GraphQL at http://{address}/graphql");
        until(stop, listener, app, postman).await;
        Ok(db.close().await?)
    }
}

/// Answers requests and carries mails until `stop` comes true.
pub(super) async fn until(stop: impl Future<Output = ()>, listener: TcpListener, app: App, postman: Postman) {
    let (going_on, stopped) = oneshot::channel::<()>();
    let stop = async move {
        stop.await;
        drop(going_on);
    };
    let stopped = async move {
        // Nothing is ever sent: this comes true when the other half is dropped.
        let _ = stopped.await;
    };
    tokio::join!(http::serve(listener, http::router(app), stop), postman.run(stopped));
}

/// The gateway's parts, put together.
pub(super) fn app(config: &Config, authn: &Authn, db: Db) -> Result<App, CliError> {
    let bounds = Arc::new(Bounds::new(config.limits));
    let shared = config.redis_url.as_ref().map(|url| Shared::at(url.expose())).transpose()?;
    let admission = Admission::new(&bounds, shared);
    let secret = config.cursor_secret.as_ref().map(|secret| secret.expose().as_bytes());
    Ok(App {
        engine: Engine::new(db.clone(), bounds, admission, secret)?,
        authenticator: Arc::new(Authenticator::new(authn)?),
        db,
        settings: config.into(),
    })
}
