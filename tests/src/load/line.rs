//! A connection to a database that can become silent.
//!
//! Owns: a Unix socket that forwards everything to another. May use: tokio. Invariant: while it is silent, nothing
//! passes in either direction, and neither side is notified: both connections stay open, as when a network drops
//! packets.

use std::{path::PathBuf, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
};

/// Name of PostgreSQL's socket in a folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// A forwarding socket.
pub struct Line {
    folder: tempfile::TempDir,
    silent: Arc<watch::Sender<bool>>,
}

impl Line {
    /// A line to the server whose socket is in this folder.
    ///
    /// # Panics
    /// If it cannot listen.
    #[must_use]
    pub fn to(server: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("listen");
        let silent = Arc::new(watch::Sender::new(false));
        let heard = Arc::clone(&silent);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (heard, server) = (heard.subscribe(), server.join(SOCKET));
                tokio::spawn(async move {
                    let Ok(far) = UnixStream::connect(server).await else { return };
                    let (near_in, near_out) = near.into_split();
                    let (far_in, far_out) = far.into_split();
                    tokio::join!(pass(near_in, far_out, heard.clone()), pass(far_in, near_out, heard));
                });
            }
        });
        Self { folder, silent }
    }

    /// Folder to use in place of the server's.
    #[must_use]
    pub fn folder(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// Stops forwarding, or resumes it.
    pub fn silence(&self, silent: bool) {
        self.silent.send_replace(silent);
    }
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut silent: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = from.read(&mut buffer).await {
        if read == 0 || silent.wait_for(|silent| !silent).await.is_err() {
            break;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    // The end of a stream is forwarded too, but not while the line is silent.
    let _ = silent.wait_for(|silent| !silent).await;
    let _ = to.shutdown().await;
}
