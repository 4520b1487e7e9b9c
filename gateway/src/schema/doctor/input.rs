//! What can be asked of lists of doctors.

use async_graphql::{Context, Enum, InputObject};
use entity::{
    id::DsoId,
    queries::{Direction, Doctors},
};

use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext},
    schema::{
        OrderDirection,
        connection::Listable,
        enums::{ArchiveState, Risk},
        input::{Address, Checked, Sought, Time},
    },
};

/// Which doctors. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct DoctorFilter {
    /// Of these DSOs.
    dso_ids: Option<Vec<IdArg<DsoId>>>,
    /// At one of these risks.
    risk: Option<Vec<Risk>>,
    /// In this onboarding period or a later one.
    period_from: Option<i32>,
    /// In this onboarding period or an earlier one.
    period_to: Option<i32>,
    /// With all of these words in the name or the practice, at most 200 characters. Words stand in any order, a part of a word is enough, and
    /// case and accents do not matter: `schule oztu` finds `Öztürk Schule`. Blanks alone search for nothing. Not for widgets of shared
    /// dashboards.
    text: Option<Sought>,
    /// With this e-mail address, in any case. Needs the right to read `Doctor.email` in every DSO concerned. Not for widgets of
    /// shared dashboards.
    email: Option<Address>,
    /// With the last contact at this time or later.
    contacted_from: Option<Time>,
    /// With no contact since this time, or none at all.
    not_contacted_since: Option<Time>,
    /// Living doctors, unless archived ones are asked for.
    shelf: Option<ArchiveState>,
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
    pub(crate) fn concerned(context: &Context<'_>, named: &[DsoId]) -> Result<Vec<DsoId>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        Ok(named.iter().filter_map(|dso| scope.visible_dso(*dso)).collect())
    }
}

impl Checked for DoctorFilter {
    type Checked = entity::queries::DoctorFilter;

    fn checked(self) -> Result<Self::Checked, ResolverError> {
        Ok(entity::queries::DoctorFilter {
            dsos: self.dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            risks: self.risk.map(|risks| risks.into_iter().map(Into::into).collect()),
            period_from: self.period_from,
            period_to: self.period_to,
            text: self.text.map(|text| text.checked("text")).transpose()?.flatten(),
            email: self.email.map(|email| email.checked("email")).transpose()?,
            contacted_from: self.contacted_from.map(Into::into),
            not_contacted_since: self.not_contacted_since.map(Into::into),
            shelf: self.shelf.map(Into::into).unwrap_or_default(),
        })
    }
}

/// By what doctors can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::queries::DoctorOrder")]
pub enum DoctorOrderField {
    /// By name: case and accents do not matter, and names that are then alike are in the order of their letters.
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
    pub(crate) fn or_name(asked: Option<Self>) -> (entity::queries::DoctorOrder, Direction) {
        asked.map_or((entity::queries::DoctorOrder::Name, Direction::Asc), |order| {
            (order.field.into(), order.direction.into())
        })
    }
}

impl Listable for Doctors {
    fn read_fields(filter: &entity::queries::DoctorFilter, order: entity::queries::DoctorOrder) -> Vec<&'static str> {
        // Taken apart, so that a new condition does not compile until somebody says what it looks at.
        let entity::queries::DoctorFilter {
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
            entity::queries::DoctorOrder::Name => "Doctor.name",
            entity::queries::DoctorOrder::Risk => "Doctor.risk",
            entity::queries::DoctorOrder::Period => "Doctor.onboardingPeriod",
            entity::queries::DoctorOrder::LastContact => "Doctor.lastContactAt",
            entity::queries::DoctorOrder::JoinedAt => "Doctor.joinedAt",
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
