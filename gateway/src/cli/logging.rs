//! Where the log goes.
//!
//! Owns: the subscriber. May use: tracing-subscriber, the queue and the export of `sight`. Invariant: standard error, by way of a queue
//! that nobody waits for, and the collector where one is configured; other people's crates say no more than warnings, since their
//! messages may hold what ours must not.

use std::io::{self, IsTerminal as _};
use std::sync::OnceLock;
use std::time::Duration;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{Level, Log, LogFormat};
use crate::telemetry::{LogQueue, Otlp};

/// Longest wait at the end for the last lines to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// What changes the level of the log that has begun: there is one log, as there is one standard error.
static CHANGE: OnceLock<Box<dyn Fn(Level) + Send + Sync>> = OnceLock::new();

/// The way to standard error, from the first time that a command begins to log.
static QUEUE: OnceLock<LogQueue> = OnceLock::new();

/// Begins to log, and to send to a collector if there is one. A second time nothing changes.
///
/// # Errors
/// Where the system starts no thread to write the log.
pub(super) fn start(log: Log, otlp: Option<&Otlp>) -> io::Result<()> {
    if QUEUE.get().is_some() {
        return Ok(());
    }
    let queue = LogQueue::start(io::stderr())?;
    // A subscriber that is there already is a test's.
    let begun = match otlp {
        // With one filter for everything, a step that nobody follows costs nothing.
        None => start_plain(log, queue.clone()),
        Some(otlp) => start_with_otlp(log, otlp, queue.clone()),
    };
    if begun.is_ok() && QUEUE.set(queue.clone()).is_ok() {
        log_panics(queue);
    }
    Ok(())
}

/// The way to standard error, if a command logs.
pub(super) fn queue() -> Option<LogQueue> {
    QUEUE.get().cloned()
}

/// Writes what is left of the log when it is dropped, also by a panic; a standard error that is not read is not waited for.
pub(super) struct FlushOnDrop;

impl Drop for FlushOnDrop {
    fn drop(&mut self) {
        if let Some(queue) = QUEUE.get() {
            queue.flush(FLUSH_TIMEOUT);
        }
    }
}

/// Has a panic logged as a line by its place alone: Rust's own report is no such line, and its words may be somebody's. The hook only
/// enqueues: were it to panic itself, the process would be aborted.
fn log_panics(queue: LogQueue) {
    std::panic::set_hook(Box::new(move |panic| {
        queue.panicked(panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string));
    }));
}

fn start_plain(log: Log, queue: LogQueue) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    // The library reports its own failures by `eprintln!`, which panics where standard error has failed.
    let subscriber = tracing_subscriber::fmt().with_writer(queue).log_internal_errors(false);
    match log.format {
        LogFormat::Pretty => {
            let subscriber = subscriber.with_ansi(has_colours()).with_target(false);
            let subscriber = subscriber.with_env_filter(filter(log.level)).with_filter_reloading();
            let handle = subscriber.reload_handle();
            subscriber.try_init().map(|()| keep_handle(move |level| install(&handle, level)))
        }
        LogFormat::Json => {
            let subscriber = subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false);
            let subscriber = subscriber.with_env_filter(filter(log.level)).with_filter_reloading();
            let handle = subscriber.reload_handle();
            subscriber.try_init().map(|()| keep_handle(move |level| install(&handle, level)))
        }
    }
}

fn start_with_otlp(log: Log, otlp: &Otlp, queue: LogQueue) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let lines = tracing_subscriber::fmt::layer().with_writer(queue).log_internal_errors(false);
    let lines = match log.format {
        LogFormat::Pretty => lines.with_ansi(has_colours()).with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
    };
    let (here, handle) = reload::Layer::new(filter(log.level));
    let (there, other) = reload::Layer::new(filter(log.level));
    tracing_subscriber::registry().with(lines.with_filter(here)).with(otlp.layer(there)).try_init()?;
    keep_handle(move |level| {
        install(&handle, level);
        install(&other, level);
    });
    Ok(())
}

/// Logs from another level on.
pub(super) fn change(level: Level) {
    if let Some(change) = CHANGE.get() {
        change(level);
    }
}

fn keep_handle(change: impl Fn(Level) + Send + Sync + 'static) {
    let _ = CHANGE.set(Box::new(change));
}

fn install<S>(handle: &Handle<EnvFilter, S>, level: Level) {
    // It only fails when the subscriber has gone, which never does.
    let _ = handle.reload(filter(level));
}

fn filter(level: Level) -> EnvFilter {
    let others = if level == Level::Error { "error" } else { "warn" };
    let level = level.as_str();
    EnvFilter::new(format!("{others},gateway={level},entity={level},migration={level}"))
}

fn has_colours() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
mod tests {
    use std::{env, process::Command, time::Duration};

    use super::{FlushOnDrop, start};
    use crate::config::{Level, Log, LogFormat};

    /// Set in the process that panics.
    const CHILD: &str = "TEST_PANICS";
    const WORDS: &str = "somebody's own words";

    /// In a process of its own: there, the report of panics is everybody's.
    #[test]
    fn a_panic_is_a_line_of_the_log_and_keeps_its_words_to_itself() {
        if env::var_os(CHILD).is_some() {
            let log = Log { format: LogFormat::Json, level: Level::Info, slow: Duration::MAX, probing_denials: 0 };
            start(log, None).unwrap();
            let _finish = FlushOnDrop;
            panic!("{WORDS}");
        }
        let name = "cli::logging::tests::a_panic_is_a_line_of_the_log_and_keeps_its_words_to_itself";
        let program = env::current_exe().unwrap();
        let ended = Command::new(program).args(["--exact", name, "--nocapture"]).env(CHILD, "1").output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        let line = told.lines().find(|line| line.contains("panicked")).unwrap_or_else(|| panic!("it is told: {told}"));
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["level"], "ERROR", "{line}");
        assert!(line["place"].as_str().is_some_and(|place| place.contains("logging.rs")), "{line}");
        assert!(!told.contains(WORDS), "its words may be somebody's: {told}");
    }
}
