//! When to stop, and when to read the configuration again.
//!
//! Owns: the signals. May use: tokio. Invariant: the handlers stand before the first request is taken, so that an early
//! signal is not lost.

use std::io;

/// A word to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// SIGTERM: from whoever also sends the requests, and takes a moment to notice.
    Terminate,
    /// Ctrl-C: somebody sits at the terminal and waits.
    Interrupt,
}

/// What SIGHUP means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hangup {
    /// The terminal was closed: for a command that runs there.
    Stops,
    /// The configuration is to be read again, see [`Hangups`]: no word to stop.
    Reloads,
}

/// The words to stop, one after another.
pub(super) struct Stops {
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stops {
    /// Ready to stop: by Ctrl-C, and on Unix by SIGTERM, perhaps by SIGHUP.
    pub(super) fn listen(hangup: Hangup) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let hangup = match hangup {
                Hangup::Stops => Some(signal(SignalKind::hangup())?),
                Hangup::Reloads => None,
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
    pub(super) async fn next(&mut self) -> Stop {
        #[cfg(unix)]
        {
            let Self { hangup, terminate, interrupt } = self;
            tokio::select! {
                Some(()) = async { hangup.as_mut()?.recv().await } => Stop::Interrupt,
                _ = terminate.recv() => Stop::Terminate,
                _ = interrupt.recv() => Stop::Interrupt,
            }
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
            Stop::Interrupt
        }
    }
}

/// The words to read the configuration again: SIGHUP. There is none but on Unix.
pub(super) struct Hangups {
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

impl Hangups {
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
