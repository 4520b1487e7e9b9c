//! A group and its figures.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    models::{ActivityKind, CaseStatus, Risk},
    text::name_key,
};

/// The value that a group's rows share; in its natural order, nothing first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyValue {
    /// They have none.
    Nothing,
    /// An id.
    Id(Uuid),
    /// A number.
    Int(i64),
    /// A text.
    Text(KeyText),
    /// A risk.
    Risk(Risk),
    /// The means of a contact.
    Kind(ActivityKind),
    /// The state of a case.
    Status(CaseStatus),
}

/// A text that a group's rows share, in the order of a reader: case and accents do not matter, unless nothing else differs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyText {
    /// Compared first, and it ends with the text.
    key: String,
    text: String,
}

impl KeyText {
    pub(super) fn new(text: String) -> Self {
        Self { key: name_key(&text), text }
    }

    /// As the rows have it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// What can be said of a number in a group's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberStats {
    /// Rows that have it.
    pub rows: i64,
    /// Their sum.
    pub sum: i64,
    /// The sum of their squares.
    pub squares: i64,
    /// The least.
    pub least: Option<i64>,
    /// The largest.
    pub largest: Option<i64>,
}

impl NumberStats {
    /// The mean.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums of rows are far below 2^52")]
    pub fn mean(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.sum as f64 / self.rows as f64)
    }

    /// The standard deviation of the rows themselves, not of a population of which they would be a sample.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the difference of two whole numbers, exact up to 2^53")]
    pub fn deviation(&self) -> Option<f64> {
        let rows = i128::from(self.rows);
        let spread = rows * i128::from(self.squares) - i128::from(self.sum) * i128::from(self.sum);
        (self.rows > 0).then(|| (spread as f64).sqrt() / self.rows as f64)
    }
}

/// The first and the last of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first.
    pub first: DateTime<Utc>,
    /// The last.
    pub last: DateTime<Utc>,
}

/// A group of rows. The figures stand in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// What its rows share.
    pub keys: Vec<KeyValue>,
    /// In which bucket they are.
    pub bucket: Option<usize>,
    /// How many rows.
    pub count: i64,
    /// How many different values.
    pub distinct: Vec<i64>,
    /// Of numbers.
    pub numbers: Vec<NumberStats>,
    /// Medians.
    pub medians: Vec<Option<f64>>,
    /// Of times; none, where no row has it.
    pub times: Vec<Option<Extent>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deviation_is_that_of_the_rows_themselves() {
        // 2, 4, 4, 4, 5, 5, 7, 9
        let stats = NumberStats { rows: 8, sum: 40, squares: 232, least: Some(2), largest: Some(9) };
        assert_eq!((stats.mean(), stats.deviation()), (Some(5.0), Some(2.0)));
        assert_eq!((NumberStats::default().mean(), NumberStats::default().deviation()), (None, None));
    }
}
