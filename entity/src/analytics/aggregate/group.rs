//! A group and its figures.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    models::{ActivityKind, CaseStatus, Risk},
    text::name_key,
};

/// The value that the rows of a group share. Ordered naturally, with the missing value first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyValue {
    /// The rows have no value.
    Nothing,
    /// An id.
    Id(Uuid),
    /// A number.
    Int(i64),
    /// A text.
    Text(KeyText),
    /// A risk.
    Risk(Risk),
    /// A contact channel.
    Kind(ActivityKind),
    /// The status of a case.
    Status(CaseStatus),
}

/// A text that the rows of a group share. Sorted for readers: case and accents matter only if the texts are otherwise
/// equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyText {
    /// Sort key, compared first. It ends with the text itself.
    key: String,
    text: String,
}

impl KeyText {
    pub(super) fn new(text: String) -> Self {
        Self { key: name_key(&text), text }
    }

    /// The text as the rows contain it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Statistics of a number over the rows of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberStats {
    /// Number of rows that have a value.
    pub rows: i64,
    /// Sum of the values.
    pub sum: i64,
    /// Sum of the squares of the values.
    pub squares: i64,
    /// Minimum.
    pub least: Option<i64>,
    /// Maximum.
    pub largest: Option<i64>,
}

impl NumberStats {
    /// The mean.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums of rows are far below 2^52")]
    pub fn mean(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.sum as f64 / self.rows as f64)
    }

    /// The population standard deviation of the rows (not the sample standard deviation).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the difference of two whole numbers, exact up to 2^53")]
    pub fn deviation(&self) -> Option<f64> {
        let rows = i128::from(self.rows);
        let spread = rows * i128::from(self.squares) - i128::from(self.sum) * i128::from(self.sum);
        (self.rows > 0).then(|| (spread as f64).sqrt() / self.rows as f64)
    }
}

/// The first and the last value of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first.
    pub first: DateTime<Utc>,
    /// The last.
    pub last: DateTime<Utc>,
}

/// A group of rows. The figures are in the order in which they were requested.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The key values that its rows share.
    pub keys: Vec<KeyValue>,
    /// Index of the time bucket.
    pub bucket: Option<usize>,
    /// Number of rows.
    pub count: i64,
    /// Number of distinct values per requested dimension.
    pub distinct: Vec<i64>,
    /// Statistics per requested number.
    pub numbers: Vec<NumberStats>,
    /// Median per requested number.
    pub medians: Vec<Option<f64>>,
    /// First and last value per requested time; none where no row has that time.
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
