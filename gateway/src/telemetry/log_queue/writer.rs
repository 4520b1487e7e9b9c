//! Lines on their way into a file that may be full, closed or not read.
//!
//! Owns: the lines that are written together. May use: nothing. Invariant: a failure loses lines and is never the end; what follows a
//! line that was cut off begins on a line of its own.

use std::io::{ErrorKind, Write};
use std::thread;
use std::time::Duration;

/// So many bytes are enough for one write.
const MAX_BATCH: usize = 64 * 1024;

/// Pause before a file is asked again that says it would have to wait.
const RETRY_DELAY: Duration = Duration::from_millis(10);

pub(super) struct Writer<W> {
    out: W,
    lines: Vec<u8>,
    /// The last line was written in part.
    is_torn: bool,
}

impl<W: Write> Writer<W> {
    pub(super) fn to(out: W) -> Self {
        Self { out, lines: Vec::new(), is_torn: false }
    }

    pub(super) fn add(&mut self, line: &[u8]) {
        self.lines.extend_from_slice(line);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= MAX_BATCH
    }

    /// Writes all that was added; or says how many lines were lost of it.
    pub(super) fn write(&mut self) -> Result<(), u64> {
        let ending = usize::from(self.is_torn && !self.lines.is_empty());
        if ending > 0 {
            self.lines.insert(0, b'\n');
        }
        let mut written = 0;
        let outcome = loop {
            let Some(rest) = self.lines.get(written..).filter(|rest| !rest.is_empty()) else { break Ok(()) };
            match self.out.write(rest) {
                Ok(0) => break Err(()),
                Ok(bytes) => written += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY_DELAY),
                Err(_) => break Err(()),
            }
        };
        if let Some(last) = written.checked_sub(1) {
            self.is_torn = self.lines.get(last) != Some(&b'\n');
        }
        // The end of a torn line is no line that was lost here.
        let rest = self.lines.get(written.max(ending)..).unwrap_or_default();
        let lost = rest.split(|byte| *byte == b'\n').skip(1).count() as u64;
        self.lines.clear();
        self.lines.shrink_to(2 * MAX_BATCH);
        outcome.map_err(|()| lost)
    }
}
