//! What the gateway writes to its log, down to the last detail.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Dispatch,
    level_filters::LevelFilter,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::fmt::format::FmtSpan;

/// Keeps what is logged on this thread.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

/// As long as it lives, the log is kept.
pub(super) struct Logging {
    _here: DefaultGuard,
    _second: Dispatch,
}

impl Log {
    /// From here on, as long as what it gives lives.
    pub(super) fn begin(&self) -> Logging {
        // While there is only one subscriber, `tracing` asks the thread that first comes to a place in the code whether
        // anybody listens there, and remembers its answer for all: another test's thread has no listener. With a second
        // one it asks them both.
        let second = Dispatch::new(NoSubscriber::default());
        let sink = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || sink.clone())
            .finish();
        Logging { _here: tracing::subscriber::set_default(subscriber), _second: second }
    }

    /// All since the last time.
    pub(super) fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().expect("nobody panics while logging"));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().expect("nobody panics while logging").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
