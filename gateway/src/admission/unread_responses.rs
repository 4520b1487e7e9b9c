//! Answers that were written and not read yet.
//!
//! Owns: how many bytes of them are held, for each person and for all. May use: the limits in force. Invariant: bytes are counted from when
//! the answer is written until its memory is free, wherever the answer is in between.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::rate_limit::ClientId;
use crate::limits::{Limit, LimitRegistry};

/// As many of the largest answers one person may leave unread.
const MAX_PER_CLIENT: u64 = 2;

/// As many of the largest answers all may leave unread.
const MAX_TOTAL: u64 = 4;

/// What is counted. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct UnreadResponses {
    bounds: Arc<LimitRegistry>,
    held: Arc<Mutex<HeldBytes>>,
}

#[derive(Debug, Default)]
struct HeldBytes {
    all: u64,
    of: HashMap<Option<ClientId>, u64>,
}

/// Somebody who is sent answers.
#[derive(Clone, Debug)]
pub struct ReaderKey {
    unread: UnreadResponses,
    /// None without a credential.
    person: Option<ClientId>,
}

/// Too much is left unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuchUnread {
    /// By this person.
    Own,
    /// By all of them.
    All,
}

/// An answer's bytes, counted until they are dropped.
#[derive(Debug)]
struct Answer {
    bytes: Vec<u8>,
    reader: ReaderKey,
}

impl UnreadResponses {
    pub(super) fn new(bounds: Arc<LimitRegistry>) -> Self {
        Self { bounds, held: Arc::default() }
    }

    pub(super) fn reader(&self, person: Option<ClientId>) -> ReaderKey {
        ReaderKey { unread: self.clone(), person }
    }
}

impl ReaderKey {
    /// Whether there is room for another answer.
    pub(super) fn check(&self) -> Result<(), TooMuchUnread> {
        let most = self.unread.bounds.now().of(Limit::AnswerBytes).allowed();
        let held = self.unread.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.of.get(&self.person).copied().unwrap_or_default();
        if own >= most.saturating_mul(MAX_PER_CLIENT) {
            return Err(TooMuchUnread::Own);
        }
        // Those who leave nothing unread are answered also while others fill the memory.
        if held.all >= most.saturating_mul(MAX_TOTAL) && own > 0 {
            return Err(TooMuchUnread::All);
        }
        Ok(())
    }

    /// Counts an answer until the last part of it is dropped.
    #[must_use]
    pub fn hold(&self, answer: Vec<u8>) -> axum::body::Bytes {
        self.count(|count| count.saturating_add(answer.len() as u64));
        axum::body::Bytes::from_owner(Answer { bytes: answer, reader: self.clone() })
    }

    fn count(&self, change: impl Fn(u64) -> u64) {
        let mut held = self.unread.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.all = change(held.all);
        let own = held.of.entry(self.person).or_default();
        *own = change(*own);
        if *own == 0 {
            held.of.remove(&self.person);
        }
    }
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let length = self.bytes.len() as u64;
        self.reader.count(|count| count.saturating_sub(length));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{Enforcement, Limits};

    fn readers(most: u64) -> impl Fn(u8) -> ReaderKey {
        let limits = Limits::defaults().with(Limit::AnswerBytes, most, Enforcement::Refuse);
        let unread = UnreadResponses::new(Arc::new(LimitRegistry::new(limits)));
        move |person| unread.reader(Some(ClientId::numbered(person)))
    }

    #[test]
    fn what_is_held_is_free_again_when_the_last_part_is_dropped() {
        let reader = readers(100);
        let (one, other) = (reader(1), reader(2));
        let answer = one.hold(vec![0; 100]);
        assert_eq!(one.check(), Ok(()));
        let mut second = one.hold(vec![0; 100]);
        assert_eq!(one.check(), Err(TooMuchUnread::Own));
        assert_eq!(other.check(), Ok(()), "another person has read everything");
        let part = second.split_to(10);
        drop(second);
        assert_eq!(one.check(), Err(TooMuchUnread::Own), "a part of it is still held");
        drop(part);
        assert_eq!(one.check(), Ok(()));
        drop(answer);
        assert!(one.unread.held.lock().unwrap_or_else(PoisonError::into_inner).of.is_empty());
    }

    #[test]
    fn those_who_read_are_answered_while_others_fill_the_memory() {
        let reader = readers(100);
        let held: Vec<_> = (0..4).map(|person| reader(person).hold(vec![0; 100])).collect();
        assert_eq!(reader(0).check(), Err(TooMuchUnread::All));
        assert_eq!(reader(9).check(), Ok(()));
        drop(held);
        assert_eq!(reader(0).check(), Ok(()));
    }
}
