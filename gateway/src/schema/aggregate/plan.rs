//! What is done with groups once they are read.

use super::{
    AggregatableType, AggregateRequest, GapFilling, Having, Measure, SortKey,
    request::{MeasureOf, SortBy, Window},
};

/// Conditions, order, gaps and page: what is left of a question when its rows are read.
pub(super) struct Plan<N: AggregatableType> {
    pub(super) having: Vec<Having<MeasureOf<N>>>,
    pub(super) order: Vec<SortBy<N>>,
    pub(super) fill: Fill,
    pub(super) window: Window,
}

/// Which intervals without a row are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// None.
    Nothing,
    /// Those from the first row to the last.
    BetweenRows,
    /// All of the range.
    WholeRange,
}

impl<N: AggregatableType> Plan<N> {
    pub(super) fn of(ask: AggregateRequest<N>, window: Window) -> Self {
        let fill = match &ask.bucket {
            Some(bucket) if bucket.gaps == GapFilling::Filled && bucket.range.is_some() => Fill::WholeRange,
            Some(bucket) if bucket.gaps == GapFilling::Filled => Fill::BetweenRows,
            Some(_) | None => Fill::Nothing,
        };
        Self { having: ask.having, order: ask.order, fill, window }
    }

    /// The figures that conditions and order look at.
    pub(super) fn measures(&self) -> impl Iterator<Item = Measure<N::Dimension, N::Number>> {
        let ranked = self.order.iter().filter_map(|(rank, _)| match rank {
            SortKey::Figure(measure) => Some(*measure),
            SortKey::Key(_) | SortKey::Bucket => None,
        });
        self.having.iter().map(|having| having.measure).chain(ranked)
    }
}
