//! Lists of cases.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{ResourceTypes, doctor_not_archived, dso_is_visible, sealed::Table};
use crate::{
    auth::OrgContext,
    id::{DsoId, TypedId},
    models::{
        Case, CaseStatus,
        case::{Column, Entity},
    },
    queries::{SortValue, pagination::eq_any},
};

/// The resource.
#[derive(Debug)]
pub enum Cases {}

/// Filter on cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CaseFilter {
    /// Cases of doctors of these DSOs.
    pub dsos: Option<Vec<DsoId>>,
    /// Cases with one of these statuses.
    pub statuses: Option<Vec<CaseStatus>>,
    /// Opened at this time or later.
    pub opened_from: Option<DateTime<Utc>>,
    /// Opened before this time.
    pub opened_until: Option<DateTime<Utc>>,
}

/// Sort orders of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseOrder {
    /// By the time they were opened.
    OpenedAt,
}

/// Parents of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseParent {
    /// The doctor's DSO.
    Dso,
    /// The doctor.
    Doctor,
}

impl ResourceTypes for Cases {
    type Row = Case;
    type Filter = CaseFilter;
    type Order = CaseOrder;
    type Parent = CaseParent;
}

impl Table for Cases {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(dso_is_visible(context, backend, Column::DsoId))
            .add(doctor_not_archived(context, Column::DoctorId))
    }

    fn filter(context: &OrgContext, filter: &CaseFilter, backend: DbBackend) -> Condition {
        let dsos = |ids: &Vec<DsoId>| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        Self::tenant_filter(context, backend)
            .add_option(filter.dsos.as_ref().map(|ids| eq_any(backend, Expr::col((Entity, Column::DsoId)), &dsos(ids))))
            .add_option(filter.opened_from.map(|time| Column::OpenedAt.gte(time)))
            .add_option(filter.opened_until.map(|time| Column::OpenedAt.lt(time)))
            .add_option(filter.statuses.as_ref().map(|statuses| Column::Status.is_in(statuses.iter().copied())))
    }

    fn parent_column(under: CaseParent) -> Column {
        match under {
            CaseParent::Dso => Column::DsoId,
            CaseParent::Doctor => Column::DoctorId,
        }
    }

    fn parent(row: &Case, under: CaseParent) -> Uuid {
        match under {
            CaseParent::Dso => row.dso_id.uuid(),
            CaseParent::Doctor => row.doctor_id.uuid(),
        }
    }

    fn sort_expr(order: CaseOrder) -> Expr {
        match order {
            CaseOrder::OpenedAt => Expr::col((Entity, Column::OpenedAt)),
        }
    }

    fn sort_columns(order: CaseOrder) -> &'static [Column] {
        match order {
            CaseOrder::OpenedAt => &[Column::OpenedAt],
        }
    }

    fn sort_value(row: &Case, order: CaseOrder) -> SortValue {
        match order {
            CaseOrder::OpenedAt => SortValue::Time(row.opened_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Case) -> Uuid {
        row.id.uuid()
    }
}
