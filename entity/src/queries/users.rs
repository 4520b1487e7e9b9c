//! Lookup of the organization's people by id.

use sea_orm::{ColumnTrait, Condition, DbBackend, ExprTrait, sea_query::Expr};
use uuid::Uuid;

use super::{DefaultOrder, NoFilter, NoParent, ResourceTypes, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        User,
        user::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Users {}

impl ResourceTypes for Users {
    type Row = User;
    type Filter = NoFilter;
    type Order = DefaultOrder;
    type Parent = NoParent;
}

impl Table for Users {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        // Only people who are or were members of this organization.
        let _ = backend;
        use crate::models::membership;
        use sea_orm::sea_query::Query;
        Condition::all().add(Expr::exists(
            Query::select()
                .expr(Expr::cust("1"))
                .from(membership::Entity)
                .and_where(membership::Column::OrganizationId.eq(context.organization()))
                .and_where(
                    Expr::col((membership::Entity, membership::Column::UserId)).eq(Expr::col((Entity, Column::Id))),
                )
                .take(),
        ))
    }

    fn filter(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::tenant_filter(context, backend)
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &User, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(_: DefaultOrder) -> Expr {
        Expr::col((Entity, Column::Name))
    }

    fn sort_columns(_: DefaultOrder) -> &'static [Column] {
        &[Column::Name]
    }

    fn sort_value(row: &User, _: DefaultOrder) -> SortValue {
        SortValue::Text(row.name.clone())
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &User) -> Uuid {
        row.id.uuid()
    }
}
