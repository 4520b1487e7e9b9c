//! What can be exchanged while it is in use.
//!
//! Owns: [`Reloadable`]. May use: arc-swap. Invariant: whoever has taken it keeps what they took to the end of their work; nobody waits,
//! neither who takes nor who puts.

use std::sync::Arc;

use arc_swap::ArcSwap;

/// A place whose content is exchanged as a whole. Clones share the place.
#[derive(Debug)]
pub struct Reloadable<T>(Arc<ArcSwap<T>>);

impl<T> Clone for Reloadable<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Reloadable<T> {
    /// A place with this in it.
    pub fn new(first: T) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(first)))
    }

    /// What is there now. Take it once for each piece of work, or one half of the work may go by the old and the other by the new.
    #[must_use]
    pub fn load(&self) -> Arc<T> {
        self.0.load_full()
    }

    /// Puts this there, for whoever takes it next.
    pub fn store(&self, next: T) {
        self.0.store(Arc::new(next));
    }
}
