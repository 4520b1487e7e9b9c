//! People of the organization, looked up by id.

use sea_orm::{ColumnTrait, Condition, DbBackend, ExprTrait, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, OneOrder, Rows, Unparented, sealed::Table};
use crate::{
    Key, OrgContext, TypedId, User,
    table::user::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Users {}

impl Rows for Users {
    type Row = User;
    type Filter = NoFilter;
    type Order = OneOrder;
    type Under = Unparented;
}

impl Table for Users {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        // Of everybody, only who is or was a member of this organization.
        let _ = backend;
        use crate::table::membership;
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

    fn select(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::narrow(context, backend)
    }

    fn parent_column(under: Unparented) -> Column {
        match under {}
    }

    fn parent(_: &User, under: Unparented) -> Uuid {
        match under {}
    }

    fn key_expr(_: OneOrder) -> Expr {
        Expr::col((Entity, Column::Name))
    }

    fn keyed_by(_: OneOrder) -> &'static [Column] {
        &[Column::Name]
    }

    fn key(row: &User, _: OneOrder) -> Key {
        Key::Text(row.name.clone())
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &User) -> Uuid {
        row.id.uuid()
    }
}
