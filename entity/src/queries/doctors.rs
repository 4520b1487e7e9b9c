//! Lists of doctors.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, DbBackend,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use super::{NULL_TIME_SENTINEL, ResourceTypes, dso_is_visible, has_words, nulls_first, sealed::Table};
use crate::{
    auth::OrgContext,
    email::EmailAddress,
    id::{DsoId, TypedId},
    models::{
        Doctor, Risk,
        doctor::{Column, Entity},
    },
    queries::{SortValue, pagination::eq_any},
    text::SearchText,
};

/// The resource.
#[derive(Debug)]
pub enum Doctors {}

/// Whether active or archived rows are requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ArchiveState {
    /// Rows that are not archived.
    #[default]
    Active,
    /// Archived rows.
    Archived,
}

/// Filter on doctors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DoctorFilter {
    /// Doctors of these DSOs.
    pub dsos: Option<Vec<DsoId>>,
    /// Doctors with one of these risks.
    pub risks: Option<Vec<Risk>>,
    /// Doctors in this onboarding period or a later one.
    pub period_from: Option<i32>,
    /// Doctors in this onboarding period or an earlier one.
    pub period_to: Option<i32>,
    /// Doctors with all of these words in the name or the practice.
    pub text: Option<SearchText>,
    /// Doctors with this e-mail address.
    pub email: Option<EmailAddress>,
    /// Doctors whose last contact was at this time or later.
    pub contacted_from: Option<DateTime<Utc>>,
    /// Doctors with no contact since this time, or none at all.
    pub not_contacted_since: Option<DateTime<Utc>>,
    /// Active or archived doctors.
    pub shelf: ArchiveState,
}

/// Sort orders of doctors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoctorOrder {
    /// By name, without case and accents; names that are then equal are ordered by their exact spelling.
    Name,
    /// By risk, null lowest.
    Risk,
    /// By onboarding period, null first.
    Period,
    /// By last contact, null first.
    LastContact,
    /// By the time they joined, null first.
    JoinedAt,
}

/// Parents of doctors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoctorParent {
    /// Their DSO.
    Dso,
}

impl ResourceTypes for Doctors {
    type Row = Doctor;
    type Filter = DoctorFilter;
    type Order = DoctorOrder;
    type Parent = DoctorParent;
}

impl Table for Doctors {
    type Entity = Entity;
    type Column = Column;

    fn tenant_filter(context: &OrgContext, backend: DbBackend) -> Condition {
        Self::filter(context, &DoctorFilter::default(), backend)
    }

    fn filter(context: &OrgContext, filter: &DoctorFilter, backend: DbBackend) -> Condition {
        let shelf = match filter.shelf {
            ArchiveState::Active => Column::DeletedAt.is_null(),
            ArchiveState::Archived => Column::DeletedAt.is_not_null(),
        };
        let ids = |dsos: &Vec<DsoId>| dsos.iter().map(|dso| dso.uuid()).collect::<Vec<_>>();
        Condition::all()
            .add(Column::OrganizationId.eq(context.organization()))
            .add(dso_is_visible(context, backend, Column::DsoId))
            .add(shelf)
            .add_option(filter.dsos.as_ref().map(|dsos| eq_any(backend, Column::DsoId.into_expr(), &ids(dsos))))
            .add_option(filter.risks.as_ref().map(|risks| Column::Risk.is_in(risks.iter().copied())))
            .add_option(filter.period_from.map(|period| Column::OnboardingPeriod.gte(period)))
            .add_option(filter.period_to.map(|period| Column::OnboardingPeriod.lte(period)))
            .add_option(filter.text.as_ref().map(|text| has_words(backend, Column::SearchText, text)))
            .add_option(filter.email.as_ref().map(|email| Column::EmailNormal.eq(email.normalized())))
            .add_option(filter.contacted_from.map(|time| Column::LastContactAt.gte(time)))
            .add_option(
                filter.not_contacted_since.map(|time| {
                    Condition::any().add(Column::LastContactAt.is_null()).add(Column::LastContactAt.lt(time))
                }),
            )
    }

    fn parent_column(under: DoctorParent) -> Column {
        match under {
            DoctorParent::Dso => Column::DsoId,
        }
    }

    fn parent(row: &Doctor, under: DoctorParent) -> Uuid {
        match under {
            DoctorParent::Dso => row.dso_id.uuid(),
        }
    }

    fn sort_expr(order: DoctorOrder) -> Expr {
        match order {
            DoctorOrder::Name => Expr::col((Entity, Column::NameKey)),
            DoctorOrder::Risk => {
                let rank = |risk: Risk| Column::Risk.eq(risk);
                CaseStatement::new()
                    .case(rank(Risk::Low), 1)
                    .case(rank(Risk::Medium), 2)
                    .case(rank(Risk::High), 3)
                    .case(rank(Risk::Critical), 4)
                    .finally(0)
                    .into()
            }
            DoctorOrder::Period => nulls_first((Entity, Column::OnboardingPeriod), 0),
            DoctorOrder::LastContact => nulls_first((Entity, Column::LastContactAt), NULL_TIME_SENTINEL),
            DoctorOrder::JoinedAt => nulls_first((Entity, Column::JoinedAt), NULL_TIME_SENTINEL),
        }
    }

    fn sort_columns(order: DoctorOrder) -> &'static [Column] {
        match order {
            DoctorOrder::Name => &[Column::NameKey],
            DoctorOrder::Risk => &[Column::Risk],
            DoctorOrder::Period => &[Column::OnboardingPeriod],
            DoctorOrder::LastContact => &[Column::LastContactAt],
            DoctorOrder::JoinedAt => &[Column::JoinedAt],
        }
    }

    fn sort_value(row: &Doctor, order: DoctorOrder) -> SortValue {
        match order {
            DoctorOrder::Name => SortValue::Text(row.name_key.clone()),
            DoctorOrder::Risk => SortValue::Int(row.risk.map_or(0, |risk| risk as i64 + 1)),
            DoctorOrder::Period => SortValue::Int(row.onboarding_period.unwrap_or(0).into()),
            DoctorOrder::LastContact => {
                SortValue::Time(row.last_contact_at.unwrap_or(NULL_TIME_SENTINEL).timestamp_micros())
            }
            DoctorOrder::JoinedAt => SortValue::Time(row.joined_at.unwrap_or(NULL_TIME_SENTINEL).timestamp_micros()),
        }
    }

    fn id_column() -> Column {
        Column::Id
    }

    fn id(row: &Doctor) -> Uuid {
        row.id.uuid()
    }
}
