//! A page of groups.
//!
//! Owns: the groups of one page and where they stand among all. May use: the grouping, the cursors. Invariant: the groups
//! of other pages are not kept.

use std::sync::Arc;

use async_graphql::Context;
use entity::analytics::{Aggregatable, Group};

use super::{
    AggregatableType, GroupBuilder,
    request::{Window, page_position},
};
use crate::{
    errors::ResolverError,
    schema::{
        connection::{PageInfo, shared},
        cursor::Cursors,
    },
};

/// A piece of the groups.
pub(crate) struct GroupPage<N: Aggregatable> {
    grouping: Arc<GroupBuilder<N>>,
    groups: Vec<Group>,
    /// The place of the first group of the page.
    from: usize,
    total: usize,
    window: Window,
}

impl<N: AggregatableType> GroupPage<N> {
    /// The page of all groups, in their order, that a window shows.
    pub(super) fn of(grouping: GroupBuilder<N>, mut groups: Vec<Group>, window: Window) -> Self {
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

    pub(crate) fn groups(&self) -> impl Iterator<Item = (Arc<GroupBuilder<N>>, Group)> {
        self.groups.iter().map(|group| (Arc::clone(&self.grouping), group.clone()))
    }

    pub(crate) fn cursor(&self, context: &Context<'_>, place: usize) -> Result<String, ResolverError> {
        shared::<Cursors>(context)?.encode(&self.window.binding, &page_position(place))
    }

    pub(crate) fn page_info(&self, context: &Context<'_>) -> Result<PageInfo, ResolverError> {
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
