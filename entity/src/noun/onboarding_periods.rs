//! Onboarding periods, as a list: at most twelve a doctor.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{NoFilter, OneOrder, Rows, in_visible_dso, of_living_doctor, sealed::Table};
use crate::{
    Key, OnboardingPeriod, OrgContext, TypedId,
    table::onboarding_period::{Column, Entity},
};

/// The noun.
#[derive(Debug)]
pub enum OnboardingPeriods {}

/// What onboarding periods are listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnboardingUnder {
    /// The doctor.
    Doctor,
}

impl Rows for OnboardingPeriods {
    type Row = OnboardingPeriod;
    type Filter = NoFilter;
    type Order = OneOrder;
    type Under = OnboardingUnder;
}

impl Table for OnboardingPeriods {
    type Entity = Entity;
    type Column = Column;

    fn narrow(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(in_visible_dso(context, backend, Column::DsoId))
            .add(of_living_doctor(context, Column::DoctorId))
    }

    fn select(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::narrow(context, backend)
    }

    fn parent_column(under: OnboardingUnder) -> Column {
        match under {
            OnboardingUnder::Doctor => Column::DoctorId,
        }
    }

    fn parent(row: &OnboardingPeriod, under: OnboardingUnder) -> Uuid {
        match under {
            OnboardingUnder::Doctor => row.doctor_id.uuid(),
        }
    }

    fn key_expr(_: OneOrder) -> Expr {
        Expr::col((Entity, Column::Period))
    }

    fn keyed_by(_: OneOrder) -> &'static [Column] {
        &[Column::Period]
    }

    fn key(row: &OnboardingPeriod, _: OneOrder) -> Key {
        Key::Int(row.period.into())
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &OnboardingPeriod) -> Uuid {
        row.id.uuid()
    }
}
