//! Inputs that are kept as they were written.
//!
//! Invariant: what is kept has been read as the input that it is; read again, it says the same.

use std::borrow::Cow;

use async_graphql::{InputType, InputValueError, InputValueResult, Value, registry::Registry};

use crate::errors::ResolverError;

/// An input, and how it was written.
pub struct RawInput<T> {
    pub(crate) input: T,
    written: Value,
}

impl<T> RawInput<T> {
    /// As JSON, as a variable would have it.
    pub(crate) fn json(&self) -> Result<serde_json::Value, ResolverError> {
        self.written.clone().into_json().map_err(|_| ResolverError::Internal)
    }
}

impl<T: InputType> InputType for RawInput<T> {
    type RawValueType = T::RawValueType;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let written = value.clone().unwrap_or_default();
        let input = T::parse(value).map_err(InputValueError::propagate)?;
        Ok(Self { input, written })
    }

    fn to_value(&self) -> Value {
        self.written.clone()
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.input.as_raw_value()
    }
}
