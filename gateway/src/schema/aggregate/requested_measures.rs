//! Which figures an answer shows.
//!
//! Owns: looking at the selection before anything is read, so that one statement reads all of it. May use: the operation.
//! Invariant: what a group is asked for has been seen here; a resolver that misses a figure says so.

use async_graphql::{Context, InputType, Lookahead, SelectionField};
use entity::analytics::Aggregatable;

use super::request::{Measure, MeasureOf};

/// The figures that are made for each group, but its count.
pub(crate) struct RequestedMeasures<N: Aggregatable> {
    pub(crate) distinct: Vec<N::Dimension>,
    pub(crate) numbers: Vec<N::Number>,
    pub(crate) medians: Vec<N::Number>,
    pub(crate) times: Vec<N::Time>,
}

impl<N: Aggregatable> Default for RequestedMeasures<N> {
    fn default() -> Self {
        Self { distinct: Vec::new(), numbers: Vec::new(), medians: Vec::new(), times: Vec::new() }
    }
}

impl<N: Aggregatable> Clone for RequestedMeasures<N> {
    fn clone(&self) -> Self {
        let Self { distinct, numbers, medians, times } = self;
        Self { distinct: distinct.clone(), numbers: numbers.clone(), medians: medians.clone(), times: times.clone() }
    }
}

fn once<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

impl<N: Aggregatable> RequestedMeasures<N> {
    pub(crate) fn add(&mut self, measure: MeasureOf<N>) {
        match measure {
            Measure::Count => {}
            Measure::Distinct(dimension) => once(&mut self.distinct, dimension),
            Measure::Median(number) => once(&mut self.medians, number),
            Measure::Sum(number)
            | Measure::Mean(number)
            | Measure::Least(number)
            | Measure::Largest(number)
            | Measure::Deviation(number) => once(&mut self.numbers, number),
        }
    }

    pub(crate) fn add_distinct(&mut self, dimensions: impl IntoIterator<Item = N::Dimension>) {
        dimensions.into_iter().for_each(|dimension| once(&mut self.distinct, dimension));
    }

    pub(crate) fn add_numbers(&mut self, numbers: impl IntoIterator<Item = N::Number>) {
        numbers.into_iter().for_each(|number| once(&mut self.numbers, number));
    }

    pub(crate) fn add_medians(&mut self, numbers: impl IntoIterator<Item = N::Number>) {
        numbers.into_iter().for_each(|number| once(&mut self.medians, number));
    }

    pub(crate) fn add_times(&mut self, times: impl IntoIterator<Item = N::Time>) {
        times.into_iter().for_each(|time| once(&mut self.times, time));
    }
}

/// What the operation selects of each group.
pub(crate) struct SelectedFields<'a>(Vec<SelectionField<'a>>);

impl<'a> SelectedFields<'a> {
    /// Of the connection that is being resolved.
    pub(crate) fn of(context: &'a Context<'_>) -> Self {
        let connection = context.look_ahead();
        let nodes = connection.field("nodes");
        let edges = connection.field("edges").field("node");
        Self([nodes, edges].iter().flat_map(Lookahead::selection_fields).collect())
    }

    /// What the selections of a field name as `of`, whatever their alias.
    pub(crate) fn named<T: InputType>(&self, field: &str) -> Vec<T> {
        let groups = self.0.iter().map(|group| Lookahead::from(*group));
        let fields: Vec<_> = groups.flat_map(|group| group.field(field).selection_fields()).collect();
        let arguments = fields.iter().filter_map(|field| field.arguments().ok()).flatten();
        arguments.filter(|(name, _)| name == "of").filter_map(|(_, value)| T::parse(Some(value)).ok()).collect()
    }
}
