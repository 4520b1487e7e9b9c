//! What a mutation gives back.
//!
//! Owns: user errors, and the shape of payloads. May use: the store's problems. Invariant: what a user can mend is in
//! `userErrors`, all at once; access and faults are in the answer's `errors`.

use std::borrow::Cow;

use async_graphql::{InputType, Name, Value};
use entity::error::{Error, ValidationError};
use gateway_macros::guarded;

use super::enums::UserErrorCode;
use crate::{errors::ResolverError, request::RecordedProblem};

/// Something in the input that its author can mend.
#[derive(Clone, Debug)]
pub struct UserError {
    code: UserErrorCode,
    message: String,
    field: Vec<Cow<'static, str>>,
}

/// Something in the input that its author can mend.
#[guarded(signed_in)]
impl UserError {
    /// What kind of problem.
    #[guard(signed_in)]
    fn code(&self) -> UserErrorCode {
        self.code
    }

    /// In words.
    #[guard(signed_in)]
    fn message(&self) -> &str {
        &self.message
    }

    /// Where in the input.
    #[guard(signed_in)]
    fn field(&self) -> Vec<&str> {
        self.field.iter().map(|step| &**step).collect()
    }
}

impl From<ValidationError> for UserError {
    fn from(problem: ValidationError) -> Self {
        let ValidationError { code, message, field } = problem;
        Self { code: code.into(), message, field: field.into_iter().map(Cow::Borrowed).collect() }
    }
}

impl UserError {
    /// As it is recorded.
    pub(crate) fn recorded(&self) -> RecordedProblem {
        let code = self.code.to_value();
        let code = if let Value::Enum(code) = code { code.to_string() } else { String::new() };
        RecordedProblem {
            code,
            message: self.message.clone(),
            field: self.field.iter().map(ToString::to_string).collect(),
        }
    }

    /// As it was recorded.
    pub(crate) fn of(problem: RecordedProblem) -> Result<Self, ResolverError> {
        let RecordedProblem { code, message, field } = problem;
        let code = UserErrorCode::parse(Some(Value::Enum(Name::new(code)))).map_err(|_| ResolverError::Internal)?;
        Ok(Self { code, message, field: field.into_iter().map(Cow::Owned).collect() })
    }
}

/// What a verb gave back, or what its caller can mend.
pub(crate) type MutationResult<T> = Result<T, Vec<UserError>>;

/// Parts what a user can mend from what they cannot.
pub(crate) fn into_result<T>(result: Result<T, Error>) -> Result<MutationResult<T>, ResolverError> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Invalid(problems)) => Ok(Err(problems.into_iter().map(UserError::from).collect())),
        Err(error) => Err(error.into()),
    }
}

/// A mutation's payload: the entity, and what could be mended. With a guard in front, of what its caller has passed; else
/// of members.
macro_rules! payload {
    ($(#[doc = $doc:literal])+ $payload:ident { $(#[doc = $field_doc:literal])+ $field:ident: $entity:ty }) => {
        $crate::schema::payload::payload! {
            (org = Member) $(#[doc = $doc])+ $payload { $(#[doc = $field_doc])+ $field: $entity }
        }
    };
    (($($guard:tt)+) $(#[doc = $doc:literal])+ $payload:ident { $(#[doc = $field_doc:literal])+ $field:ident: $entity:ty }) => {
        $(#[doc = $doc])+
        pub struct $payload {
            entity: ::core::option::Option<$entity>,
            /// Whether a replay did not find the entity again.
            is_missing: bool,
            user_errors: ::std::vec::Vec<$crate::schema::payload::UserError>,
        }

        impl $payload {
            pub(crate) fn new(settled: $crate::schema::payload::MutationResult<::core::option::Option<$entity>>) -> Self {
                match settled {
                    Ok(entity) => Self { entity, is_missing: false, user_errors: Vec::new() },
                    Err(user_errors) => Self { entity: None, is_missing: false, user_errors },
                }
            }
        }

        impl $crate::schema::replayed_result::Recorded for $payload {
            fn outcome(&self) -> $crate::request::MutationOutcome {
                use crate::{request::MutationOutcome, schema::{payload::UserError, replayed_result::ReplayedResult}};
                if self.user_errors.is_empty() {
                    MutationOutcome::Done(self.entity.as_ref().map(ReplayedResult::keys))
                } else {
                    MutationOutcome::Invalid(self.user_errors.iter().map(UserError::recorded).collect())
                }
            }

            async fn of(
                context: &::async_graphql::Context<'_>,
                outcome: $crate::request::MutationOutcome,
            ) -> Result<Option<Self>, $crate::errors::ResolverError> {
                use crate::{request::MutationOutcome, schema::{payload::UserError, replayed_result::ReplayedResult}};
                Ok(match outcome {
                    MutationOutcome::NoPayload => None,
                    MutationOutcome::Done(None) => Some(Self::new(Ok(None))),
                    MutationOutcome::Done(Some(keys)) => {
                        let entity = <$entity as ReplayedResult>::found(context, &keys).await?;
                        Some(Self { is_missing: entity.is_none(), entity, user_errors: Vec::new() })
                    }
                    MutationOutcome::Invalid(problems) => {
                        let errors = problems.into_iter().map(UserError::of).collect::<Result<_, _>>()?;
                        Some(Self::new(Err(errors)))
                    }
                })
            }
        }

        $(#[doc = $doc])+
        #[::gateway_macros::guarded($($guard)+)]
        impl $payload {
            $(#[doc = $field_doc])+
            #[guard($($guard)+)]
            fn $field(&self) -> Result<Option<&$entity>, $crate::errors::ResolverError> {
                match &self.entity {
                    None if self.is_missing => Err($crate::errors::ResolverError::NotFound),
                    entity => Ok(entity.as_ref()),
                }
            }

            /// What to mend; empty if it was done.
            #[guard($($guard)+)]
            fn user_errors(&self) -> &[$crate::schema::payload::UserError] {
                &self.user_errors
            }
        }
    };
}
pub(crate) use payload;

/// A field of a patch: left out, null, or a value.
pub(crate) fn patch<T, U: From<T>>(field: async_graphql::MaybeUndefined<T>) -> entity::commands::Patch<U> {
    match field {
        async_graphql::MaybeUndefined::Undefined => entity::commands::Patch::Keep,
        async_graphql::MaybeUndefined::Null => entity::commands::Patch::Clear,
        async_graphql::MaybeUndefined::Value(value) => entity::commands::Patch::Set(value.into()),
    }
}
