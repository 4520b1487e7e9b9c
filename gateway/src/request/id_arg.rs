//! Ids in the schema.
//!
//! Owns: ids as arguments and as fields. May use: the typed ids. Invariant: a mangled id, one of another kind and one of
//! a row that does not exist are one and the same.

use std::borrow::Cow;

use async_graphql::{ID, InputType, InputValueResult, Value, registry::Registry};
use entity::id::TypedId;

/// An id that a client named. Whether there is such a row, only the scope can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdArg<I>(pub I);

/// An id as a field.
pub(crate) fn id(id: impl TypedId) -> ID {
    ID(id.to_text())
}

impl<I: TypedId> InputType for IdArg<I> {
    type RawValueType = I;

    fn type_name() -> Cow<'static, str> {
        ID::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        ID::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let id = ID::parse(value).map_err(async_graphql::InputValueError::propagate)?;
        Ok(Self(I::from_text(&id)))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_text())
    }

    fn as_raw_value(&self) -> Option<&I> {
        Some(&self.0)
    }
}
