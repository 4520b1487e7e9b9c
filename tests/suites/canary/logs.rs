//! The gateway's log output, at the most detailed level.

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

/// Captures the log of this thread.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

/// Guard: the log is captured while it exists.
pub(super) struct Logging {
    _here: DefaultGuard,
    _second: Dispatch,
}

impl Log {
    /// Captures the log from now on, for as long as the returned guard exists.
    pub(super) fn begin(&self) -> Logging {
        // While there is only one subscriber, `tracing` checks on the first thread that reaches a callsite whether a
        // subscriber is interested, and caches the result for all threads; another test's thread has no subscriber.
        // With a second subscriber it checks both.
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

    /// The output since the last call.
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
