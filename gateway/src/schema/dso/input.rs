//! What can be asked of lists of DSOs.

use async_graphql::{Context, Enum, InputObject};
use entity::queries::{Direction, Dsos};

use super::DsoConnection;
use crate::{
    errors::ResolverError,
    schema::{
        OrderDirection, PageArgs,
        connection::{ListRequest, Listable},
        enums::ArchiveState,
        input::Sought,
    },
};

/// Which DSOs. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct DsoFilter {
    /// With all of these words in the name, at most 200 characters. Words stand in any order, a part of a word is enough, and case and
    /// accents do not matter. Blanks alone search for nothing.
    text: Option<Sought>,
    /// Living DSOs, unless archived ones are asked for; only owners and admins find archived ones.
    shelf: Option<ArchiveState>,
}

impl DsoFilter {
    fn checked(self) -> Result<entity::queries::DsoFilter, ResolverError> {
        let text = self.text.map(|text| text.checked("text")).transpose()?.flatten();
        Ok(entity::queries::DsoFilter { text, shelf: self.shelf.map(Into::into).unwrap_or_default() })
    }
}

/// By what DSOs can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::queries::DsoOrder")]
pub enum DsoOrderField {
    /// By name: case and accents do not matter, and names that are then alike are in the order of their letters.
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
    ) -> Result<Option<DsoConnection>, ResolverError> {
        let (order, direction) = order_by.map_or((entity::queries::DsoOrder::Name, Direction::Asc), |order| {
            (order.field.into(), order.direction.into())
        });
        let filter = filter.unwrap_or_default().checked()?;
        DsoConnection::read(context, page, ListRequest { parent: None, dsos: None, filter, order, direction }).await
    }
}

impl Listable for Dsos {
    fn read_fields(filter: &entity::queries::DsoFilter, order: entity::queries::DsoOrder) -> Vec<&'static str> {
        let entity::queries::DsoFilter { text, shelf: _ } = filter;
        let mut reads = vec![match order {
            entity::queries::DsoOrder::Name => "Dso.name",
            entity::queries::DsoOrder::CreatedAt => "Dso.createdAt",
        }];
        if text.is_some() {
            reads.push("Dso.name");
        }
        reads
    }
}
