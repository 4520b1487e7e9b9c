//! What a command says.
//!
//! Owns: standard output and the last line on standard error. May use: nothing. Invariant: a reader who has seen enough
//! (`gateway schema | head`) is no failure; a process that serves, or ends, does not wait for a reader who takes nothing.

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use super::error::CliError;

/// Prints a text, ending its last line, and hands it over at once: whoever reads may be waiting for it.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let mut out = io::stdout().lock();
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}

/// Longest wait for a reader.
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// The same for a command that goes on: nothing if a reader takes nothing for a second, and whatever that reader takes then.
pub(super) fn announce(text: String) -> Result<(), CliError> {
    within(WRITE_TIMEOUT, move || print(&text)).unwrap_or(Ok(()))
}

/// Tells why a command failed, on standard error.
pub(super) fn print_error(error: &CliError) {
    let mut lines = String::new();
    for line in write_line(error).lines() {
        lines += &format!("error: {line}\n");
    }
    // Without a standard error there is nobody to tell.
    let _ = within(WRITE_TIMEOUT, move || io::stderr().write_all(lines.as_bytes()));
}

/// What comes of it, if it ends in time; else it is left to itself. The caller waits without the help of a runtime: there may be none.
fn within<T: Send + 'static>(longest: Duration, act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, done) = sync_channel(1);
    thread::Builder::new().spawn(move || sender.try_send(act())).ok()?;
    done.recv_timeout(longest).ok()
}

/// An error and what caused it, as far as it does not say so itself.
fn write_line(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string().replace('\n', "; ");
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}
