//! Where the log goes.
//!
//! Owns: the subscriber. May use: tracing-subscriber. Invariant: standard error only; other people's crates say no more
//! than warnings, since their messages may hold what ours must not.

use std::io::{self, IsTerminal as _};
use std::sync::OnceLock;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::reload::Handle;

use crate::config::{Level, Log, LogFormat};

/// What changes the level of the log that has begun: there is one log, as there is one standard error.
static CHANGE: OnceLock<Box<dyn Fn(EnvFilter) + Send + Sync>> = OnceLock::new();

/// Begins to log. A second time nothing changes.
pub(super) fn start(log: Log) {
    let subscriber = tracing_subscriber::fmt().with_writer(io::stderr);
    // A subscriber that is there already is a test's.
    let _ = match log.format {
        LogFormat::Pretty => {
            let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let subscriber = subscriber.with_ansi(colours).with_target(false);
            let subscriber = subscriber.with_env_filter(filter(log.level)).with_filter_reloading();
            let handle = subscriber.reload_handle();
            subscriber.try_init().map(|()| keep(handle))
        }
        LogFormat::Json => {
            let subscriber = subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false);
            let subscriber = subscriber.with_env_filter(filter(log.level)).with_filter_reloading();
            let handle = subscriber.reload_handle();
            subscriber.try_init().map(|()| keep(handle))
        }
    };
}

/// Logs from another level on.
pub(super) fn change(level: Level) {
    if let Some(change) = CHANGE.get() {
        change(filter(level));
    }
}

fn keep<S: 'static>(handle: Handle<EnvFilter, S>) {
    // It only fails when the subscriber has gone, which never does.
    let _ = CHANGE.set(Box::new(move |filter| drop(handle.reload(filter))));
}

fn filter(level: Level) -> EnvFilter {
    let others = if level == Level::Error { "error" } else { "warn" };
    let level = level.as_str();
    EnvFilter::new(format!("{others},gateway={level},entity={level},migration={level}"))
}
