//! Where figures are collected.
//!
//! Owns: the listener of `/metrics`. May use: `http`. Invariant: it is served until everything else has ended, so that an
//! end is seen, too.

use std::time::SystemTime;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{CliError, logging};
use crate::config::Config;
use crate::http::{self, App, Tls};
use crate::metrics::{MetricsExporter, Sources};

/// A listener that is served.
pub(super) struct Metrics(Option<(oneshot::Sender<()>, JoinHandle<()>)>);

impl Metrics {
    /// Listens where the configuration says, if it does.
    pub(super) async fn open(config: &Config, app: &App, tls: Option<&Tls>) -> Result<Self, CliError> {
        let Some(address) = config.metrics.listen else { return Ok(Self(None)) };
        let listener =
            TcpListener::bind(address).await.map_err(|cause| CliError::ListenForMetrics { address, cause })?;
        let address = listener.local_addr().unwrap_or(address);
        let certificate = tls.cloned().map(|tls| {
            let ends_at: Box<dyn Fn() -> SystemTime + Send + Sync> = Box::new(move || tls.ends_at());
            ends_at
        });
        let sources = Sources { log: logging::queue(), authenticator: Some(app.authenticator.clone()), certificate };
        let exposition = MetricsExporter::of(&app.engine, &app.db).with(sources);
        let router = http::metrics_router(exposition, app.readiness.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(http::serve(listener, router, async {
            // Also when it is dropped: then whoever opened this has gone.
            let _ = stopped.await;
        }));
        tracing::info!(%address, "telling metrics at http://{address}/metrics");
        Ok(Self(Some((stop, served))))
    }

    /// Ends it.
    pub(super) async fn close(self) {
        if let Some((stop, served)) = self.0 {
            drop(stop);
            // It ends by itself: it waits for answers no longer than any other listener.
            let _ = served.await;
        }
    }
}
