//! Where the log goes.
//!
//! Owns: the subscriber. May use: tracing-subscriber. Invariant: standard error only; other people's crates say no more
//! than warnings, since their messages may hold what ours must not.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::config::{Level, Log, LogFormat};

/// Begins to log. A second time nothing changes.
pub(super) fn start(log: Log) {
    let level = log.level.as_str();
    let others = if log.level == Level::Error { "error" } else { "warn" };
    let filter = EnvFilter::new(format!("{others},gateway={level},entity={level},migration={level}"));
    let subscriber = tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(filter);
    // A subscriber that is there already is a test's.
    let _ = match log.format {
        LogFormat::Pretty => {
            let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            subscriber.with_ansi(colours).with_target(false).try_init()
        }
        LogFormat::Json => {
            subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
    };
}
