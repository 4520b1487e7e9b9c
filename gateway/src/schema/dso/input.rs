//! What can be asked of lists of DSOs.

use async_graphql::{Context, Enum, InputObject};
use entity::{Direction, Dsos};

use super::DsoConnection;
use crate::{
    graphql::Fault,
    schema::{
        OrderDirection, PageArgs,
        connection::{Ask, Listable},
        enums::Shelf,
    },
};

/// Which DSOs. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct DsoFilter {
    /// With these letters in the name, in any case.
    text: Option<String>,
    /// Living DSOs, unless archived ones are asked for; only owners and admins find archived ones.
    shelf: Option<Shelf>,
}

impl From<DsoFilter> for entity::DsoFilter {
    fn from(filter: DsoFilter) -> Self {
        Self { text: filter.text, shelf: filter.shelf.map(Into::into).unwrap_or_default() }
    }
}

/// By what DSOs can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::DsoOrder")]
pub enum DsoOrderField {
    /// By name, bytewise.
    Name,
    /// By the time they were made.
    CreatedAt,
}

/// The order of a list of DSOs.
#[derive(InputObject)]
pub struct DsoOrder {
    /// By what.
    field: DsoOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

impl DsoOrder {
    /// The organization's DSOs.
    pub(crate) async fn list(
        context: &Context<'_>,
        filter: Option<DsoFilter>,
        order_by: Option<Self>,
        page: PageArgs,
    ) -> Result<Option<DsoConnection>, Fault> {
        let (order, direction) = order_by
            .map_or((entity::DsoOrder::Name, Direction::Asc), |order| (order.field.into(), order.direction.into()));
        let filter = filter.unwrap_or_default().into();
        DsoConnection::read(context, page, Ask { parent: None, dsos: None, filter, order, direction }).await
    }
}

impl Listable for Dsos {
    fn reads(filter: &entity::DsoFilter, order: entity::DsoOrder) -> Vec<&'static str> {
        let entity::DsoFilter { text, shelf: _ } = filter;
        let mut reads = vec![match order {
            entity::DsoOrder::Name => "Dso.name",
            entity::DsoOrder::CreatedAt => "Dso.createdAt",
        }];
        if text.is_some() {
            reads.push("Dso.name");
        }
        reads
    }
}
