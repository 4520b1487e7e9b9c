//! What a mutation gives back.
//!
//! Owns: user errors, and the shape of payloads. May use: the store's problems. Invariant: what a user can mend is in
//! `userErrors`, all at once; access and faults are in the answer's `errors`.

use entity::{Error, Problem};
use gateway_macros::guarded;

use super::enums::UserErrorCode;
use crate::graphql::Fault;

/// Something in the input that its author can mend.
#[derive(Clone, Debug)]
pub struct UserError(Problem);

/// Something in the input that its author can mend.
#[guarded(signed_in)]
impl UserError {
    /// What kind of problem.
    #[guard(signed_in)]
    fn code(&self) -> UserErrorCode {
        self.0.code.into()
    }

    /// In words.
    #[guard(signed_in)]
    fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the input.
    #[guard(signed_in)]
    fn field(&self) -> Vec<&str> {
        self.0.field.clone()
    }
}

/// What a verb gave back, or what its caller can mend.
pub(crate) type Settled<T> = Result<T, Vec<UserError>>;

/// Parts what a user can mend from what they cannot.
pub(crate) fn settle<T>(result: Result<T, Error>) -> Result<Settled<T>, Fault> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Invalid(problems)) => Ok(Err(problems.into_iter().map(UserError).collect())),
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
            user_errors: ::std::vec::Vec<$crate::schema::payload::UserError>,
        }

        impl $payload {
            pub(crate) fn new(settled: $crate::schema::payload::Settled<::core::option::Option<$entity>>) -> Self {
                match settled {
                    Ok(entity) => Self { entity, user_errors: Vec::new() },
                    Err(user_errors) => Self { entity: None, user_errors },
                }
            }
        }

        $(#[doc = $doc])+
        #[::gateway_macros::guarded($($guard)+)]
        impl $payload {
            $(#[doc = $field_doc])+
            #[guard($($guard)+)]
            fn $field(&self) -> Option<&$entity> {
                self.entity.as_ref()
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
pub(crate) fn change<T, U: From<T>>(field: async_graphql::MaybeUndefined<T>) -> entity::Change<U> {
    match field {
        async_graphql::MaybeUndefined::Undefined => entity::Change::Keep,
        async_graphql::MaybeUndefined::Null => entity::Change::Clear,
        async_graphql::MaybeUndefined::Value(value) => entity::Change::Set(value.into()),
    }
}
