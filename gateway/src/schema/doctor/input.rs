//! What can be asked of lists of doctors.

use async_graphql::{Context, Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::{Direction, Doctors, DsoId};

use crate::{
    graphql::{Fault, Request},
    schema::{
        OrderDirection, Ref,
        connection::Listable,
        enums::{Risk, Shelf},
    },
};

/// Which doctors. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct DoctorFilter {
    /// Of these DSOs.
    dso_ids: Option<Vec<Ref<DsoId>>>,
    /// At one of these risks.
    risk: Option<Vec<Risk>>,
    /// In this onboarding period or a later one.
    period_from: Option<i32>,
    /// In this onboarding period or an earlier one.
    period_to: Option<i32>,
    /// With these letters in the name or the practice, in any case. Not for widgets of shared dashboards.
    text: Option<String>,
    /// With this e-mail address, in any case. Needs the right to read `Doctor.email` in every DSO concerned. Not for widgets of
    /// shared dashboards.
    email: Option<String>,
    /// With the last contact at this time or later.
    contacted_from: Option<DateTime<Utc>>,
    /// With no contact since this time, or none at all.
    not_contacted_since: Option<DateTime<Utc>>,
    /// Living doctors, unless archived ones are asked for.
    shelf: Option<Shelf>,
}

impl DoctorFilter {
    /// By which condition doctors are looked for as persons, if they are.
    pub(crate) fn names_a_person(&self) -> Option<&'static str> {
        // Taken apart, so that a new condition does not compile until somebody says whether it names a person.
        let Self {
            dso_ids: _,
            risk: _,
            period_from: _,
            period_to: _,
            text,
            email,
            contacted_from: _,
            not_contacted_since: _,
            shelf: _,
        } = self;
        let email = email.as_ref().map(|_| "email");
        email.or(text.as_ref().map(|_| "text"))
    }

    /// Of the named DSOs, those that the caller sees.
    pub(crate) fn concerned(context: &Context<'_>, named: &[DsoId]) -> Result<Vec<DsoId>, Fault> {
        let scope = Request::of(context).scope()?;
        Ok(named.iter().filter_map(|dso| scope.visible_dso(*dso)).collect())
    }
}

impl From<DoctorFilter> for entity::DoctorFilter {
    fn from(filter: DoctorFilter) -> Self {
        Self {
            dsos: filter.dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            risks: filter.risk.map(|risks| risks.into_iter().map(Into::into).collect()),
            period_from: filter.period_from,
            period_to: filter.period_to,
            text: filter.text,
            email: filter.email,
            contacted_from: filter.contacted_from,
            not_contacted_since: filter.not_contacted_since,
            shelf: filter.shelf.map(Into::into).unwrap_or_default(),
        }
    }
}

/// By what doctors can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::DoctorOrder")]
pub enum DoctorOrderField {
    /// By name, bytewise.
    Name,
    /// By risk, none lowest.
    Risk,
    /// By onboarding period, none first.
    Period,
    /// By last contact, none first.
    LastContact,
    /// By the time they joined, none first.
    JoinedAt,
}

/// The order of a list of doctors.
#[derive(InputObject)]
pub struct DoctorOrder {
    /// By what.
    field: DoctorOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

impl DoctorOrder {
    /// What was asked, or by name.
    pub(crate) fn or_name(asked: Option<Self>) -> (entity::DoctorOrder, Direction) {
        asked.map_or((entity::DoctorOrder::Name, Direction::Asc), |order| (order.field.into(), order.direction.into()))
    }
}

impl Listable for Doctors {
    fn reads(filter: &entity::DoctorFilter, order: entity::DoctorOrder) -> Vec<&'static str> {
        // Taken apart, so that a new condition does not compile until somebody says what it looks at.
        let entity::DoctorFilter {
            dsos: _,
            risks,
            period_from,
            period_to,
            text,
            email,
            contacted_from,
            not_contacted_since,
            shelf: _,
        } = filter;
        let mut reads = vec![match order {
            entity::DoctorOrder::Name => "Doctor.name",
            entity::DoctorOrder::Risk => "Doctor.risk",
            entity::DoctorOrder::Period => "Doctor.onboardingPeriod",
            entity::DoctorOrder::LastContact => "Doctor.lastContactAt",
            entity::DoctorOrder::JoinedAt => "Doctor.joinedAt",
        }];
        let mut look = |given: bool, coordinates: &[&'static str]| {
            if given {
                reads.extend_from_slice(coordinates);
            }
        };
        look(risks.is_some(), &["Doctor.risk"]);
        look(period_from.is_some() || period_to.is_some(), &["Doctor.onboardingPeriod"]);
        look(text.is_some(), &["Doctor.name", "Doctor.practice"]);
        look(email.is_some(), &["Doctor.email"]);
        look(contacted_from.is_some() || not_contacted_since.is_some(), &["Doctor.lastContactAt"]);
        reads
    }
}
