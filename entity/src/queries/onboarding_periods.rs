//! Lists of onboarding periods: at most twelve per doctor.

use sea_orm::{ColumnTrait, Condition, DbBackend, sea_query::Expr};
use uuid::Uuid;

use super::{DefaultOrder, NoFilter, ResourceTypes, doctor_not_archived, dso_is_visible, sealed::Table};
use crate::{
    auth::OrgContext,
    id::TypedId,
    models::{
        OnboardingPeriod,
        onboarding_period::{Column, Entity},
    },
    queries::SortValue,
};

/// The resource.
#[derive(Debug)]
pub enum OnboardingPeriods {}

/// Parents of onboarding periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnboardingParent {
    /// The doctor.
    Doctor,
}

impl ResourceTypes for OnboardingPeriods {
    type Row = OnboardingPeriod;
    type Filter = NoFilter;
    type Order = DefaultOrder;
    type Parent = OnboardingParent;
}

impl Table for OnboardingPeriods {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(dso_is_visible(context, backend, Column::DsoId))
            .add(doctor_not_archived(context, Column::DoctorId))
    }

    fn filter(context: &OrgContext, _: &NoFilter, backend: DbBackend) -> Condition {
        Self::tenant_filter(context, backend)
    }

    fn parent_column(under: OnboardingParent) -> Column {
        match under {
            OnboardingParent::Doctor => Column::DoctorId,
        }
    }

    fn parent(row: &OnboardingPeriod, under: OnboardingParent) -> Uuid {
        match under {
            OnboardingParent::Doctor => row.doctor_id.uuid(),
        }
    }

    fn sort_expr(_: DefaultOrder) -> Expr {
        Expr::col((Entity, Column::Period))
    }

    fn sort_columns(_: DefaultOrder) -> &'static [Column] {
        &[Column::Period]
    }

    fn sort_value(row: &OnboardingPeriod, _: DefaultOrder) -> SortValue {
        SortValue::Int(row.period.into())
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &OnboardingPeriod) -> Uuid {
        row.id.uuid()
    }
}
