//! `[log]`: how to log.
//!
//! Owns: [`Log`]. May use: `section`. Invariant: closed sets of words.

use std::time::Duration;

use super::reader::Section;

/// How to log.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// For whom.
    pub format: LogFormat,
    /// From which level on.
    pub level: Level,
    /// From here on an operation is told to be slow.
    pub slow: Duration,
    /// So many refused fields of one person within a minute are told to be probing; 0 never.
    pub probing_denials: u32,
}

/// For whom the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For machines: one JSON object a line.
    Json,
}

/// The least level that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only faults.
    Error,
    /// What needs attention.
    Warn,
    /// What happened.
    Info,
    /// Why it happened.
    Debug,
    /// Each step.
    Trace,
}

impl Level {
    const WORDS: [(&str, Self); 5] = [
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];

    /// The word for it, as a log filter takes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Log {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let format = section.choice("format", &[("pretty", LogFormat::Pretty), ("json", LogFormat::Json)]);
        let level = section.choice("level", &Level::WORDS);
        let slow = Duration::from_millis(section.number("slow_ms", 1..=3_600_000).into());
        let probing_denials = section.number("probing_denials", 0..=1_000_000);
        section.finish();
        Some(Self { format: format?, level: level?, slow, probing_denials })
    }
}
