//! A page of groups.
//!
//! Owns: the groups of one page and where they stand among all. May use: the grouping, the cursors. Invariant: the groups
//! of other pages are not kept.

use std::sync::Arc;

use async_graphql::Context;
use entity::{Group, Summed};

use super::{
    Grouped, Grouping,
    ask::{Window, mark},
};
use crate::{
    graphql::Fault,
    schema::{
        connection::{PageInfo, shared},
        cursor::Cursors,
    },
};

/// A piece of the groups.
pub(crate) struct GroupPage<N: Summed> {
    grouping: Arc<Grouping<N>>,
    groups: Vec<Group>,
    /// The place of the first group of the page.
    from: usize,
    total: usize,
    window: Window,
}

impl<N: Grouped> GroupPage<N> {
    /// The page of all groups, in their order, that a window shows.
    pub(super) fn of(grouping: Grouping<N>, mut groups: Vec<Group>, window: Window) -> Self {
        let total = groups.len();
        let from = window.from.min(total);
        let mut groups = groups.split_off(from);
        groups.truncate(window.most);
        groups.shrink_to_fit();
        Self { grouping: Arc::new(grouping), groups, from, total, window }
    }

    /// The groups, by their places.
    pub(crate) fn places(&self) -> std::ops::Range<usize> {
        self.from..self.from + self.groups.len()
    }

    pub(crate) fn groups(&self) -> impl Iterator<Item = (Arc<Grouping<N>>, Group)> {
        self.groups.iter().map(|group| (Arc::clone(&self.grouping), group.clone()))
    }

    pub(crate) fn cursor(&self, context: &Context<'_>, place: usize) -> Result<String, Fault> {
        shared::<Cursors>(context)?.seal(&self.window.binding, &mark(place))
    }

    pub(crate) fn page_info(&self, context: &Context<'_>) -> Result<PageInfo, Fault> {
        let places = self.places();
        let cursor = |place: Option<usize>| place.map(|place| self.cursor(context, place)).transpose();
        Ok(PageInfo::new(
            places.start > 0,
            places.end < self.total(),
            cursor(places.clone().next())?,
            cursor(places.clone().next_back())?,
        ))
    }

    pub(crate) fn total(&self) -> usize {
        self.total
    }
}
