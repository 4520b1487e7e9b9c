//! Rows as types of the schema: a list of them, and a single one.
//!
//! Owns: choosing between text and the library's way. May use: the draft, the library's resolvers. Invariant: whatever
//! waits is asked for before anything is waited for, so all rows' relations are one level.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry, resolver_utils::resolve_list,
};
use futures_util::future::{BoxFuture, try_join_all};

use super::{JsonScalar, Row, json, plan::FieldPlan, template::Template};
use crate::request::{ListEncoding, RequestContext};

/// Rows of one type; in the schema a list of it.
pub struct RowList<T>(pub(crate) Vec<T>);

/// A row; in the schema its type.
pub struct SingleRow<T>(pub(crate) T);

/// Takes the name and the description in the schema from the type that stands for it.
macro_rules! spelled_as {
    ($ty:ty) => {
        fn type_name() -> Cow<'static, str> {
            <$ty as OutputType>::type_name()
        }

        fn qualified_type_name() -> String {
            <$ty as OutputType>::qualified_type_name()
        }

        fn create_type_info(registry: &mut Registry) -> String {
            <$ty as OutputType>::create_type_info(registry)
        }
    };
}

impl<T: Row + ContainerType> OutputType for RowList<T> {
    spelled_as!(Vec<T>);

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match RequestContext::of(context).list_encoding() {
            ListEncoding::Text => list(context, field, &self.0).await,
            ListEncoding::Tree => {
                let value = resolve_list(context, field, &self.0, Some(self.0.len())).await?;
                if let Value::List(rows) = &value {
                    let length = rows.iter().map(json::length_without_objects).sum();
                    RequestContext::of(context).add_response_bytes(length, field.pos)?;
                }
                Ok(value)
            }
        }
    }
}

impl<T: Row + ContainerType> OutputType for SingleRow<T> {
    spelled_as!(T);

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match RequestContext::of(context).list_encoding() {
            ListEncoding::Text => one(context, field, &self.0).await,
            ListEncoding::Tree => {
                let value = self.0.resolve(context, field).await?;
                RequestContext::of(context).add_response_bytes(json::length_without_objects(&value), field.pos)?;
                Ok(value)
            }
        }
    }
}

async fn list<T: Row + ContainerType>(
    context: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    rows: &[T],
) -> ServerResult<Value> {
    let request = RequestContext::of(context);
    let mut plan = FieldPlan::<T>::new(context)?;
    let mut draft = Template::of(rows.len() * plan.entries.len());
    let mut waited_for = Vec::new();
    draft.text.push(b'[');
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            draft.text.push(b',');
        }
        plan.apply_guards(request, row);
        let before = draft.text.len();
        let of_row = draft.row(&plan, row, |field| resolve_at(context, index, row, field));
        request.add_response_bytes(draft.text.len() - before, field.pos)?;
        waited_for.push(of_row);
    }
    draft.text.push(b']');
    if draft.is_complete() {
        return Ok(draft.fill(&[]));
    }
    // Row by row within the list, as the library does: where a row fails, as much of the others has been asked for.
    let values = try_join_all(waited_for.into_iter().map(try_join_all)).await?;
    Ok(draft.fill(&values))
}

pub(super) async fn one<T: Row + ContainerType>(
    context: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    row: &T,
) -> ServerResult<Value> {
    let request = RequestContext::of(context);
    let mut plan = FieldPlan::<T>::new(context)?;
    let mut draft = Template::of(plan.entries.len());
    plan.apply_guards(request, row);
    let waited_for = draft.row(&plan, row, |field| resolve(context, row, field));
    request.add_response_bytes(draft.text.len(), field.pos)?;
    if draft.is_complete() {
        return Ok(draft.fill(&[]));
    }
    let values = try_join_all(waited_for).await?;
    Ok(draft.fill(&[values]))
}

/// Resolves a field of a row in the library's way.
pub(super) fn resolve<'a, T: ContainerType>(
    context: &'a ContextSelectionSet<'a>,
    row: &'a T,
    field: &'a Positioned<Field>,
) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move {
        let value = row.resolve_field(&context.with_field(field)).await;
        value.map(Option::unwrap_or_default)
    })
}

/// The same for a row of a list.
fn resolve_at<'a, T: ContainerType>(
    context: &'a ContextSelectionSet<'a>,
    index: usize,
    row: &'a T,
    field: &'a Positioned<Field>,
) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move {
        let here = context.with_index(index);
        let value = row.resolve_field(&here.with_field(field)).await;
        // What ends the whole row is told at the row.
        value.map(Option::unwrap_or_default).map_err(|error| here.set_error_path(error))
    })
}

impl<T> JsonScalar for RowList<T> {
    const IS_PLAIN: bool = false;

    fn write(&self, _: &mut Vec<u8>) {}
}

impl<T> JsonScalar for SingleRow<T> {
    const IS_PLAIN: bool = false;

    fn write(&self, _: &mut Vec<u8>) {}
}
