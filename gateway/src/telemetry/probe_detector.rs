//! Who tries many doors.
//!
//! Owns: how many refused fields each person met within a minute. May use: the guard's fields. Invariant: bounded memory, whoever
//! asks for whatever; a person is told of at most once a minute.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use entity::id::{MemberId, OrganizationId, UserId};
use lru::LruCache;

/// People that are looked at at once; whoever was refused longest ago is forgotten first.
const MAX_CALLERS: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// Within what refusals are added up.
const WINDOW: Duration = Duration::from_mins(1);

/// Coordinates that are told.
const MAX_COORDINATES: usize = 20;

/// Who asks, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct CallerIds {
    pub(super) organization: Option<OrganizationId>,
    pub(super) user: Option<UserId>,
    pub(super) member: Option<MemberId>,
}

/// What somebody who probes was refused within the minute, up to here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Detection {
    pub(super) denied: u32,
    /// Each once, and not more of them than are told.
    pub(super) coordinates: Vec<&'static str>,
}

/// The refusals of the last minute.
#[derive(Debug)]
pub(super) struct ProbeDetector {
    /// From how many refused fields on it is probing; 0 never.
    threshold: u32,
    windows: Mutex<LruCache<CallerIds, CallerWindow>>,
}

#[derive(Debug)]
struct CallerWindow {
    began: Instant,
    denied: u32,
    coordinates: Vec<&'static str>,
    told: ReportState,
}

#[derive(Debug, PartialEq, Eq)]
enum ReportState {
    NotYet,
    Already,
}

impl ProbeDetector {
    pub(super) fn new(threshold: u32) -> Self {
        Self { threshold, windows: Mutex::new(LruCache::new(MAX_CALLERS)) }
    }

    /// Notes the fields that a request was refused, each once: a list of a thousand rows with one forbidden column is no probing.
    /// What comes back is to be told.
    pub(super) fn note(&self, asker: CallerIds, fields: &[&'static str], now: Instant) -> Option<Detection> {
        if self.threshold == 0 || fields.is_empty() {
            return None;
        }
        let fresh = || CallerWindow { began: now, denied: 0, coordinates: Vec::new(), told: ReportState::NotYet };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get_or_insert_mut(asker, fresh);
        if now.saturating_duration_since(window.began) >= WINDOW {
            *window = fresh();
        }
        window.denied = window.denied.saturating_add(u32::try_from(fields.len()).unwrap_or(u32::MAX));
        for field in fields {
            if window.coordinates.len() < MAX_COORDINATES && !window.coordinates.contains(field) {
                window.coordinates.push(field);
            }
        }
        if window.denied < self.threshold || window.told == ReportState::Already {
            return None;
        }
        window.told = ReportState::Already;
        Some(Detection { denied: window.denied, coordinates: window.coordinates.clone() })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use entity::id::TypedId as _;

    use super::*;

    fn somebody(number: u128) -> CallerIds {
        CallerIds { user: Some(UserId::from_uuid(uuid::Uuid::from_u128(number))), ..CallerIds::default() }
    }

    #[test]
    fn who_tries_many_doors_is_told_of_once_a_minute() {
        let probing = ProbeDetector::new(5);
        let start = Instant::now();
        let refused = ["Doctor.email", "Doctor.notes"];
        assert_eq!(probing.note(somebody(1), &refused, start), None);
        assert_eq!(probing.note(somebody(1), &refused, start), None);
        assert_eq!(probing.note(somebody(2), &refused, start), None, "people are counted one by one");
        let found = probing.note(somebody(1), &refused, start + Duration::from_secs(59)).unwrap();
        assert_eq!(found, Detection { denied: 6, coordinates: refused.to_vec() });
        assert_eq!(probing.note(somebody(1), &refused, start + Duration::from_secs(59)), None, "told already");
        let later = start + Duration::from_secs(61);
        assert_eq!(probing.note(somebody(1), &refused, later), None, "a new minute begins at nothing");
        assert!(probing.note(somebody(1), &["Doctor.phone"; 3], later).is_some(), "and is told of again");
    }

    #[test]
    fn whoever_asks_memory_is_bounded() {
        let probing = ProbeDetector::new(1_000_000);
        let now = Instant::now();
        let many: Vec<&'static str> = (0..100).map(|n| &*Box::leak(format!("Doctor.f{n}").into_boxed_str())).collect();
        for number in 0..2 * MAX_CALLERS.get() as u128 {
            probing.note(somebody(number), &many[..1], now);
        }
        probing.note(somebody(0), &many, now);
        let windows = probing.windows.lock().unwrap();
        assert_eq!(windows.len(), MAX_CALLERS.get());
        assert!(windows.iter().all(|(_, window)| window.coordinates.len() <= MAX_COORDINATES));
    }

    #[test]
    fn a_threshold_of_nothing_is_off() {
        assert_eq!(ProbeDetector::new(0).note(somebody(1), &["Doctor.email"; 9], Instant::now()), None);
    }
}
