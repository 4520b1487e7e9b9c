//! Inputs of one kind, a type for each.
//!
//! Owns: how times, searched texts, looked-up addresses and cursors come in, and what is said of those that are refused. May use: the
//! store's kinds of texts and times. Invariant: an argument takes one of these kinds in its own type; what it holds is bounded.
//!
//! All but times are spelled `String` in the schema: a document that declares `$text: String` goes on to be valid.

use std::borrow::Cow;

use async_graphql::{
    InputType, InputValueError, InputValueResult, Value,
    registry::{MetaType, Registry},
};
use chrono::{DateTime, Utc};
use entity::{
    email::EmailAddress,
    text::{SearchText, quoted},
};

use crate::errors::ResolverError;

/// What `schema.graphql` says of the scalar.
const DATE_TIME: &str = "A moment, in the years 1900 to 9999, to the microsecond: RFC 3339 with an offset, such as \
    `2026-01-31T09:30:00Z` or `2026-01-31T10:30:00+01:00`. An input may leave out the seconds, write the offset as `+01` or `+0100`, and a \
    blank for the `T`; digits behind the microseconds are cut off. An output has the offset `+00:00`.";

/// A moment that a client named; spelled `DateTime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(DateTime<Utc>);

impl From<Time> for DateTime<Utc> {
    fn from(time: Time) -> Self {
        time.0
    }
}

/// What is refused is said behind the name of the input: "`from` is `2026-01-01`, which has no offset: …".
fn time(text: &str) -> Result<Time, String> {
    entity::time::parse_time(text).map(Time).map_err(|flaw| format!("is {}, which {flaw}", quoted(text)))
}

impl InputType for Time {
    type RawValueType = DateTime<Utc>;

    fn type_name() -> Cow<'static, str> {
        <DateTime<Utc> as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let spelled = <DateTime<Utc> as InputType>::create_type_info(registry);
        if let Some(MetaType::Scalar { description, .. }) = registry.types.get_mut(Self::type_name().as_ref()) {
            *description = Some(DATE_TIME.to_owned());
        }
        spelled
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value.unwrap_or_default() {
            Value::String(text) => time(&text).map_err(|wrong| InputValueError::custom(format!("it {wrong}"))),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339())
    }

    fn as_raw_value(&self) -> Option<&DateTime<Utc>> {
        Some(&self.0)
    }
}

/// A filter whose conditions are checked before rows are looked for.
pub(crate) trait Checked {
    /// The store's filter.
    type Checked;
    /// The filter, if all of its conditions can be met.
    fn checked(self) -> Result<Self::Checked, ResolverError>;
}

/// Inputs that are strings in the schema, and are checked where it is known what they are called.
macro_rules! spelled_as_string {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl InputType for $name {
            type RawValueType = String;

            fn type_name() -> Cow<'static, str> {
                <String as InputType>::type_name()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                <String as InputType>::create_type_info(registry)
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                String::parse(value).map(Self).map_err(InputValueError::propagate)
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }

            fn as_raw_value(&self) -> Option<&String> {
                Some(&self.0)
            }
        }
    )+};
}

spelled_as_string! {
    /// A text by which a list is searched.
    Sought;
    /// An e-mail address by which a row is looked up.
    Address;
    /// A place in a list.
    Cursor;
}

impl Sought {
    /// The words; none, where there is nothing to search for.
    pub(crate) fn checked(self, name: &str) -> Result<Option<SearchText>, ResolverError> {
        SearchText::parse(&self.0).map_err(|flaw| ResolverError::BadUserInput(format!("`{name}` {flaw}")))
    }
}

impl Address {
    pub(crate) fn checked(self, name: &str) -> Result<EmailAddress, ResolverError> {
        let read = EmailAddress::parse(&self.0);
        read.map_err(|flaw| ResolverError::BadUserInput(format!("`{name}` is {}, which {flaw}", quoted(&self.0))))
    }
}

impl Cursor {
    /// What a connection gave out; none for the empty text, which some clients send for the first page.
    pub(crate) fn supplied(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_scalar_says_what_it_is_and_what_would_be_right() {
        for (text, wrong) in [
            (
                "2026-01-01",
                "is `2026-01-01`, which has no offset: write a time with its offset, like `2026-01-31T09:30:00Z`",
            ),
            (
                "-5000-01-01T00:00:00Z",
                "is `-5000-01-01T00:00:00Z`, which is not a time: write it like `2026-01-31T09:30:00Z`",
            ),
            ("0226-01-05T00:00:00Z", "is `0226-01-05T00:00:00Z`, which is not in the years 1900 to 9999"),
            ("a\nb", "is `a\\nb`, which is not a time: write it like `2026-01-31T09:30:00Z`"),
        ] {
            assert_eq!(time(text).err(), Some(wrong.to_owned()), "{text:?}");
        }
        assert!(time("2026-01-01T00:00+01").is_ok());
    }
}
