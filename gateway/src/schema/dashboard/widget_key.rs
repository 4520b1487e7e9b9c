//! What a figure of a widget is of, in words.

use async_graphql::{Context, Enum, ID, InputType, Value};
use chrono::{DateTime, Utc};
use entity::{
    analytics::{ActivityDimension, CaseDimension, DoctorDimension, KeyValue},
    id::{DoctorId, DsoId, MemberId, TypedId},
    queries::{Doctors, Dsos, Members, Users},
};
use gateway_macros::guarded;

use crate::{
    errors::ResolverError,
    request::{RequestContext, id},
    row_encoding::plain_words,
    schema::enums::{ActivityKind, CaseStatus, Risk},
};

/// By what a widget's figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WidgetDimension {
    /// The interval of time.
    Bucket,
    /// The DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// Who did it.
    Actor,
    /// The risk.
    Risk,
    /// The onboarding period.
    OnboardingPeriod,
    /// Where a doctor works.
    Practice,
    /// A doctor's e-mail address.
    Email,
    /// The means of a contact.
    Kind,
    /// The state of a case.
    Status,
}

plain_words!(WidgetDimension);

impl From<DoctorDimension> for WidgetDimension {
    fn from(dimension: DoctorDimension) -> Self {
        match dimension {
            DoctorDimension::Dso => Self::Dso,
            DoctorDimension::Risk => Self::Risk,
            DoctorDimension::Period => Self::OnboardingPeriod,
            DoctorDimension::Practice => Self::Practice,
            DoctorDimension::Email => Self::Email,
        }
    }
}

impl From<ActivityDimension> for WidgetDimension {
    fn from(dimension: ActivityDimension) -> Self {
        match dimension {
            ActivityDimension::Dso => Self::Dso,
            ActivityDimension::Doctor => Self::Doctor,
            ActivityDimension::Actor => Self::Actor,
            ActivityDimension::Kind => Self::Kind,
        }
    }
}

impl From<CaseDimension> for WidgetDimension {
    fn from(dimension: CaseDimension) -> Self {
        match dimension {
            CaseDimension::Dso => Self::Dso,
            CaseDimension::Doctor => Self::Doctor,
            CaseDimension::Status => Self::Status,
        }
    }
}

/// What the rows of a group share, by one dimension.
pub struct WidgetKey {
    dimension: WidgetDimension,
    value: KeyValue,
    at: Option<DateTime<Utc>>,
}

impl WidgetKey {
    pub(super) fn of(dimension: WidgetDimension, value: KeyValue) -> Self {
        Self { dimension, value, at: None }
    }

    pub(super) fn bucket(at: Option<DateTime<Utc>>) -> Self {
        Self { dimension: WidgetDimension::Bucket, value: KeyValue::Nothing, at }
    }
}

/// A word of the schema.
fn word(word: &impl InputType) -> Option<String> {
    match word.to_value() {
        Value::Enum(name) => Some(name.to_string()),
        _ => None,
    }
}

/// What the rows of a group share, by one dimension.
#[guarded(org = Member)]
impl WidgetKey {
    /// By which.
    #[guard(org = Member)]
    fn dimension(&self) -> WidgetDimension {
        self.dimension
    }

    /// Which DSO, doctor or member.
    #[guard(org = Member)]
    fn id(&self) -> Option<ID> {
        let KeyValue::Id(uuid) = self.value else { return None };
        match self.dimension {
            WidgetDimension::Dso => Some(id(DsoId::from_uuid(uuid))),
            WidgetDimension::Doctor => Some(id(DoctorId::from_uuid(uuid))),
            WidgetDimension::Actor => Some(id(MemberId::from_uuid(uuid))),
            _ => None,
        }
    }

    /// The name of the DSO, the doctor or the member, the text or number, or the word of the schema, such as `CRITICAL`; none
    /// for an interval, and where the rows have nothing there.
    #[guard(org = Member)]
    async fn label(&self, context: &Context<'_>) -> Result<Option<String>, ResolverError> {
        let loaders = RequestContext::of(context).loaders()?;
        Ok(match (&self.value, self.dimension) {
            (KeyValue::Id(uuid), WidgetDimension::Dso) => loaders.row::<Dsos>(*uuid).await?.map(|dso| dso.name.clone()),
            (KeyValue::Id(uuid), WidgetDimension::Doctor) => {
                loaders.row::<Doctors>(*uuid).await?.map(|doctor| doctor.name.clone())
            }
            (KeyValue::Id(uuid), WidgetDimension::Actor) => {
                let Some(member) = loaders.row::<Members>(*uuid).await? else { return Ok(None) };
                loaders.row::<Users>(member.user_id.uuid()).await?.map(|user| user.name.clone())
            }
            (KeyValue::Id(_) | KeyValue::Nothing, _) => None,
            (KeyValue::Int(number), _) => Some(number.to_string()),
            (KeyValue::Text(text), _) => Some(text.as_str().to_owned()),
            (KeyValue::Risk(risk), _) => word(&Risk::from(*risk)),
            (KeyValue::Kind(kind), _) => word(&ActivityKind::from(*kind)),
            (KeyValue::Status(status), _) => word(&CaseStatus::from(*status)),
        })
    }

    /// Where the interval begins.
    #[guard(org = Member)]
    fn at(&self) -> Option<DateTime<Utc>> {
        self.at
    }
}
