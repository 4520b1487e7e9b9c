//! When to stop, and when to read the configuration again.
//!
//! Owns: the signals. May use: tokio. Invariant: the handlers stand before the first request is taken, so that an early
//! signal is not lost.

use std::io;

/// A word to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShutdownSignal {
    /// SIGTERM: from whoever also sends the requests, and takes a moment to notice.
    Terminate,
    /// Ctrl-C: somebody sits at the terminal and waits.
    Interrupt,
}

/// What SIGHUP means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReloadSignal {
    /// The terminal was closed: for a command that runs there.
    Stops,
    /// The configuration is to be read again, see [`Hangups`]: no word to stop.
    Reloads,
}

/// The words to stop, one after another.
pub(super) struct ShutdownSignals {
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl ShutdownSignals {
    /// Ready to stop: by Ctrl-C, and on Unix by SIGTERM, perhaps by SIGHUP.
    pub(super) fn listen(hangup: ReloadSignal) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let hangup = match hangup {
                ReloadSignal::Stops => Some(signal(SignalKind::hangup())?),
                ReloadSignal::Reloads => None,
            };
            let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
            Ok(Self { hangup, terminate, interrupt })
        }
        #[cfg(not(unix))]
        {
            let _ = hangup;
            Ok(Self {})
        }
    }

    /// The next one. Left off, nothing of it is lost.
    pub(super) async fn next(&mut self) -> ShutdownSignal {
        #[cfg(unix)]
        {
            let Self { hangup, terminate, interrupt } = self;
            tokio::select! {
                Some(()) = async { hangup.as_mut()?.recv().await } => ShutdownSignal::Interrupt,
                _ = terminate.recv() => ShutdownSignal::Terminate,
                _ = interrupt.recv() => ShutdownSignal::Interrupt,
            }
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
            ShutdownSignal::Interrupt
        }
    }
}

/// The words to read the configuration again: SIGHUP. There is none but on Unix.
pub(super) struct ReloadSignals {
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

impl ReloadSignals {
    /// Ready to be told.
    pub(super) fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { hangup: signal(SignalKind::hangup())? })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// The next one. Several that come while one is being heeded are one.
    pub(super) async fn next(&mut self) {
        #[cfg(unix)]
        if self.hangup.recv().await.is_some() {
            return;
        }
        std::future::pending::<()>().await;
    }
}
