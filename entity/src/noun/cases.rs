//! Cases, as lists.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{Rows, in_visible_dso, of_living_doctor, sealed::Table};
use crate::{
    Case, CaseStatus, DsoId, Key, OrgContext, TypedId,
    page::is_among,
    table::case::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum Cases {}

/// Which cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CaseFilter {
    /// Of doctors of these DSOs.
    pub dsos: Option<Vec<DsoId>>,
    /// In one of these states.
    pub statuses: Option<Vec<CaseStatus>>,
    /// Opened at this time or later.
    pub opened_from: Option<DateTime<Utc>>,
    /// Opened before this time.
    pub opened_until: Option<DateTime<Utc>>,
}

/// By what cases can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseOrder {
    /// By the time they were opened.
    OpenedAt,
}

/// What cases are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseUnder {
    /// The doctor's DSO.
    Dso,
    /// The doctor.
    Doctor,
}

impl Rows for Cases {
    type Row = Case;
    type Filter = CaseFilter;
    type Order = CaseOrder;
    type Under = CaseUnder;
}

impl Table for Cases {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(in_visible_dso(context, backend, Column::DsoId))
            .add(of_living_doctor(context, Column::DoctorId))
    }

    fn select(context: &OrgContext, filter: &CaseFilter, backend: DbBackend) -> Condition {
        let dsos = |ids: &Vec<DsoId>| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        Self::narrow(context, backend)
            .add_option(
                filter.dsos.as_ref().map(|ids| is_among(backend, Expr::col((Entity, Column::DsoId)), &dsos(ids))),
            )
            .add_option(filter.opened_from.map(|time| Column::OpenedAt.gte(time)))
            .add_option(filter.opened_until.map(|time| Column::OpenedAt.lt(time)))
            .add_option(filter.statuses.as_ref().map(|statuses| Column::Status.is_in(statuses.iter().copied())))
    }

    fn parent_column(under: CaseUnder) -> Column {
        match under {
            CaseUnder::Dso => Column::DsoId,
            CaseUnder::Doctor => Column::DoctorId,
        }
    }

    fn parent(row: &Case, under: CaseUnder) -> Uuid {
        match under {
            CaseUnder::Dso => row.dso_id.uuid(),
            CaseUnder::Doctor => row.doctor_id.uuid(),
        }
    }

    fn key_expr(order: CaseOrder) -> Expr {
        match order {
            CaseOrder::OpenedAt => Expr::col((Entity, Column::OpenedAt)),
        }
    }

    fn keyed_by(order: CaseOrder) -> &'static [Column] {
        match order {
            CaseOrder::OpenedAt => &[Column::OpenedAt],
        }
    }

    fn key(row: &Case, order: CaseOrder) -> Key {
        match order {
            CaseOrder::OpenedAt => Key::Time(row.opened_at.timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Case) -> Uuid {
        row.id.uuid()
    }
}
