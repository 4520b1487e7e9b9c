//! A process that reads a gateway's log through a pipe, as a supervisor or a collector does.
//!
//! Owns: the reading process. Invariant: it reads all the time unless it is stopped or killed, and appends its input
//! to a file.

use std::{
    fs::File,
    process::{Child, Command, Stdio},
};

/// The reader.
pub struct LogReader(Child);

impl LogReader {
    /// Starts a reader that writes into this file; returns it and the gateway's end of the pipe.
    ///
    /// # Panics
    /// If there is no `cat`.
    #[must_use]
    pub fn into(file: File) -> (Self, Stdio) {
        let (out, log) = std::io::pipe().expect("make a pipe");
        let reader = Command::new("cat").stdin(out).stdout(file).spawn().expect("start `cat`");
        (Self(reader), log.into())
    }

    /// Sends it a signal, by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the reader has gone by itself");
    }

    /// Kills it; the pipe is then broken for its writer.
    pub fn kill(&mut self) {
        self.0.kill().expect("kill the reader");
        self.0.wait().expect("wait for the reader");
    }
}

impl Drop for LogReader {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
