//! Lists of invitations.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, DbBackend, ExprTrait, sea_query::Expr};
use uuid::Uuid;

use super::{NoParent, ResourceTypes, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        Invitation, InvitationStatus,
        invitation::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum Invitations {}

/// Filter on invitations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InvitationFilter {
    /// Invitations with one of these statuses, as of a time: an unanswered invitation expires without a write.
    pub statuses: Option<(Vec<InvitationStatus>, DateTime<Utc>)>,
}

/// Sort orders of invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitationOrder {
    /// By the time they were created.
    CreatedAt,
}

impl ResourceTypes for Invitations {
    type Row = Invitation;
    type Filter = InvitationFilter;
    type Order = InvitationOrder;
    type Parent = NoParent;
}

impl Table for Invitations {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        // The guard on the field requires ADMIN; here the organization is the scope.
        let _ = backend;
        Condition::all().add(Column::OrganizationId.eq(context.organization()))
    }

    fn filter(context: &OrgContext, filter: &InvitationFilter, backend: DbBackend) -> Condition {
        let statuses = filter.statuses.as_ref().map(|(statuses, at)| {
            statuses.iter().fold(Condition::any(), |any, status| {
                let written = Condition::all().add(Column::Status.eq(*status));
                any.add(match status {
                    InvitationStatus::Pending => written.add(Column::ExpiresAt.gt(*at)),
                    InvitationStatus::Expired => Condition::any()
                        .add(written)
                        .add(Column::Status.eq(InvitationStatus::Pending).and(Column::ExpiresAt.lte(*at))),
                    InvitationStatus::Accepted | InvitationStatus::Declined | InvitationStatus::Revoked => written,
                })
            })
        });
        Self::tenant_filter(context, backend).add_option(statuses)
    }

    fn parent_column(under: NoParent) -> Column {
        match under {}
    }

    fn parent(_: &Invitation, under: NoParent) -> Uuid {
        match under {}
    }

    fn sort_expr(order: InvitationOrder) -> Expr {
        match order {
            InvitationOrder::CreatedAt => Expr::col((Entity, Column::CreatedAt)),
        }
    }

    fn sort_columns(order: InvitationOrder) -> &'static [Column] {
        match order {
            InvitationOrder::CreatedAt => &[Column::CreatedAt],
        }
    }

    fn sort_value(row: &Invitation, order: InvitationOrder) -> SortValue {
        match order {
            InvitationOrder::CreatedAt => SortValue::Time(row.created_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Invitation) -> Uuid {
        row.id.uuid()
    }
}
