//! `gateway demo`: a gateway with data and people, out of nothing.
//!
//! Owns: the order of its start and what it prints. May use: `demo` for the data, `serve` for the parts. Invariant: with
//! `--json`, standard output holds one line, written when the first request can be answered; a database that the demo
//! made itself is gone when it ends, and so are the mails that it wrote.

mod banner;
mod temp_dir;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use entity::db::Db;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::signals::{ReloadSignal, ShutdownSignals};
use super::{CliError, ConfigFile, database, healthcheck::reachable, output, serve};
use crate::config::{Authn, Issuer, Overrides, Pages, Platform, Secret};
use crate::demo;
use crate::http::Listener;
use crate::mail::MailWorker;
use banner::Banner;
use temp_dir::TempDir;

/// How many ports beyond the usual one are tried when nobody has asked for a certain one.
const OTHER_PORTS: u16 = 20;

#[derive(Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    file: ConfigFile,
    /// A database to add the demo's two organizations to [default: a new SQLite file, removed at the end].
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Address and port; port 0 takes a free one [default: the configuration's, or the next one that is free].
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Print one line of JSON when ready: the address and everybody's token.
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), CliError> {
        // Never the configured database: nobody wants invented people there. Lives until the end of this function.
        let folder = TempDir::create()?;
        let database_url = Some(self.database_url.unwrap_or_else(|| folder.database_url()));
        let ports = if self.listen.is_some() { 0 } else { OTHER_PORTS };
        let mut config =
            self.file.load(Overrides { database_url, listen: self.listen, platform: Platform::Ignored })?;
        config.mail.folder = folder.mails();
        config.pages = Pages::DEMO;
        // Nobody balances load over demos, and its address is printed as `http://`.
        (config.server.drain, config.server.tls) = (Duration::ZERO, None);
        let stops = ShutdownSignals::listen(ReloadSignal::Stops).map_err(CliError::Signal)?;
        let listener = listen(config.server.listen, ports).await?;

        if !migration::up(config.database.url.expose(), None).await?.is_empty() {
            database::fill_names(&config).await?;
        }
        let db = database::connect(&config).await?;
        let imported = demo::Demo::build(&db).await?;
        tracing::info!(
            rows = imported.all_solutions.taken() + imported.other_solutions.taken(),
            "the demo's data is in"
        );

        // Its own issuer and a secret that ends with the process: a demo's token opens nothing else.
        let secret = Secret::new(format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
        let authn = Authn::of(vec![Issuer::development(secret.clone())]);
        let app = serve::app(&config, &authn, db.clone())?;
        let address = reachable(listener.local_addr().unwrap_or(config.server.listen));
        let here = format!("http://{address}");
        let postman = MailWorker::new(db.clone(), &config, config.server.public_url.as_deref().unwrap_or(&here))?;
        let greeting = Banner::new(address, &secret, &config.mail)?;
        output::announce(if self.json { greeting.json()? } else { greeting.text() })?;
        let listener = Listener::new(listener, None).within(serve::connections(&config, &app));
        let ended = serve::until(stops, config.server.drain, listener, app, postman).await;
        close(db, folder, ended).await
    }
}

/// The database first: its files are in the folder.
async fn close(db: Db, folder: TempDir, ended: Result<(), CliError>) -> Result<(), CliError> {
    let closed = if ended.is_ok() { db.close().await } else { Ok(()) };
    drop(folder);
    ended.and(closed.map_err(CliError::from))
}

/// Listens at the address, or at one of the next ports if that one is taken.
async fn listen(wanted: SocketAddr, others: u16) -> Result<TcpListener, CliError> {
    let mut address = wanted;
    for _ in 0..others {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == ErrorKind::AddrInUse && address.port() < u16::MAX => {
                address.set_port(address.port() + 1);
            }
            bound => return bound.map_err(|cause| CliError::Listen { address, cause }),
        }
    }
    TcpListener::bind(address).await.map_err(|cause| CliError::Listen { address, cause })
}
