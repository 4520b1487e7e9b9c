//! What a command says.
//!
//! Owns: standard output and the last line on standard error. May use: nothing. Invariant: a reader who has seen enough
//! (`gateway schema | head`) is no failure.

use std::error::Error;
use std::io::{self, ErrorKind, Write};

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

/// Tells why a command failed, on standard error.
pub(super) fn complain(error: &CliError) {
    let mut err = io::stderr().lock();
    for line in told(error).lines() {
        // Without a standard error there is nobody to tell.
        let _ = writeln!(err, "error: {line}");
    }
}

/// An error and what caused it, as far as it does not say so itself.
fn told(error: &dyn Error) -> String {
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
