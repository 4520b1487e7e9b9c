//! What one message to a subscriber is about.
//!
//! Owns: gathering the batches of several readings of a feed. May use: the store's changed rows. Invariant: a scope is asked for each row; more rows
//! than a message may hold become the word that everything is to be read again.

use entity::{change_feed::ChangedRow, scope::Scope};

use super::poller::Batch;

/// Rows of one message.
const MAX_ROWS: usize = 100;

/// What happened. Nothing, at first.
#[derive(Debug, Default)]
pub(crate) struct Event {
    rows: Vec<ChangedRow>,
    extent: Extent,
}

/// Whether the rows are all that was changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Extent {
    #[default]
    Rows,
    All,
}

impl Event {
    pub(super) fn add(&mut self, batch: &Batch) {
        for row in &batch.rows {
            if !self.rows.contains(row) {
                if self.rows.len() == MAX_ROWS {
                    return self.lose_rows();
                }
                self.rows.push(*row);
            }
        }
        if batch.is_general {
            self.lose_rows();
        }
    }

    /// Something was missed, or has no rows of its own.
    pub(super) fn lose_rows(&mut self) {
        self.extent = Extent::All;
    }

    /// The rows in the DSOs that the scope sees.
    pub(crate) fn rows_for(&self, scope: &Scope) -> impl Iterator<Item = ChangedRow> {
        let mut seen = std::collections::HashSet::new();
        let rows = self.rows.iter().filter(|row| scope.visible_dso(row.dso).is_some());
        // A row that was moved between two DSOs of the caller's is one.
        rows.filter(move |row| seen.insert((row.kind, row.id))).copied().collect::<Vec<_>>().into_iter()
    }

    /// Whether everything is to be read again.
    pub(crate) fn is_all(&self) -> bool {
        self.extent == Extent::All
    }

    /// Whether there is something for the scope's caller.
    pub(crate) fn concerns(&self, scope: &Scope) -> bool {
        self.is_all() || self.rows.iter().any(|row| scope.visible_dso(row.dso).is_some())
    }
}

#[cfg(test)]
mod tests {
    use entity::{
        id::{DsoId, TypedId as _},
        models::TargetKind,
    };
    use uuid::Uuid;

    use super::*;

    fn batch(ids: std::ops::Range<u128>) -> Batch {
        let row =
            |id| ChangedRow { kind: TargetKind::Doctor, id: Uuid::from_u128(id), dso: DsoId::from_uuid(Uuid::nil()) };
        Batch { rows: ids.map(row).collect(), is_general: false }
    }

    #[test]
    fn a_message_holds_each_row_once_and_no_more_than_the_most() {
        let mut event = Event::default();
        event.add(&batch(0..60));
        event.add(&batch(40..100));
        assert_eq!((event.rows.len(), event.is_all()), (MAX_ROWS, false));
        event.add(&batch(50..101));
        assert_eq!(
            (event.rows.len(), event.is_all()),
            (MAX_ROWS, true),
            "what does not fit is to be read again with everything"
        );
    }

    #[test]
    fn what_has_no_rows_of_its_own_stands_for_everything() {
        let mut event = Event::default();
        event.add(&Batch { is_general: true, ..batch(0..1) });
        assert!(event.is_all());
    }
}
