//! The log of a test's own thread, at its most talkative.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex},
};

use tracing::{Level, subscriber::DefaultGuard};
use tracing_subscriber::fmt::{format::FmtSpan, writer::MakeWriter};

/// What must not be in any log: the canary, the start of a token, and what is in the world's contact data and notes.
const SECRETS: [&str; 7] =
    [tests::CANARY, "eyJ", "@people.example", "@doctors.example", "555 01", "notes on", "asked about"];

/// Listens until it is dropped. The tests run the gateway on their own thread, so that all it says is heard.
pub(super) struct Log {
    text: Text,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Text {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    pub(super) fn start() -> Self {
        let text = Text::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(text.clone())
            .finish();
        Self { text, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Looks through all that was logged; `expected` is the control, that something was.
    pub(super) fn holds_no_secret(&self, expected: &str) -> String {
        let text = String::from_utf8_lossy(&self.text.0.lock().unwrap()).into_owned();
        assert!(text.contains(expected), "`{expected}` is not in the log:\n{text}");
        for secret in SECRETS {
            let line = text.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "`{secret}` is in the log: {}", line.unwrap_or_default());
        }
        text
    }
}
