//! A list of rows, as a type of the schema.
//!
//! Owns: writing the rows with gaps for what must be resolved, and filling the gaps. May use: the plan, the library's
//! resolvers. Invariant: whatever waits is asked for before anything is waited for, so all rows' relations are one level.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry, resolver_utils::resolve_list,
};
use futures_util::future::{BoxFuture, try_join_all};

use super::{
    Plain, Row,
    plan::{Plan, What},
    text,
};
use crate::graphql::{Request, Writing};

/// Rows of one type; in the schema a list of it.
pub struct Rows<T>(pub(crate) Vec<T>);

impl<T: Row + ContainerType> OutputType for Rows<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match Request::of(context).writing() {
            Writing::Text => written(context, &self.0).await,
            Writing::Tree => resolve_list(context, field, &self.0, Some(self.0.len())).await,
        }
    }
}

impl<T> Plain for Rows<T> {
    const IS_PLAIN: bool = false;

    fn write(&self, _: &mut Vec<u8>) {}
}

/// The list as text.
async fn written<T: Row + ContainerType>(context: &ContextSelectionSet<'_>, rows: &[T]) -> ServerResult<Value> {
    let request = Request::of(context);
    let mut plan = Plan::<T>::new(context)?;
    let mut draft = Draft { text: Vec::with_capacity(64 * rows.len() * plan.entries.len().max(1)), gaps: Vec::new() };
    let mut waited_for = Vec::new();
    draft.text.push(b'[');
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            draft.text.push(b',');
        }
        plan.turn_to(request, row);
        let resolve = |field| resolve(context, index, row, field);
        waited_for.push(draft.row(&plan, row, resolve));
    }
    draft.text.push(b']');
    let values = if draft.gaps.is_empty() {
        Vec::new()
    } else {
        // Row by row within the list, as the library does: where a row fails, as much of the others has been asked for.
        try_join_all(waited_for.into_iter().map(try_join_all)).await?
    };
    Ok(Value::Binary(draft.filled(values.iter().flatten()).into()))
}

/// Resolves a field of a row in the library's way.
fn resolve<'a, T: ContainerType>(
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

/// Text with gaps.
struct Draft {
    text: Vec<u8>,
    /// Where a value is missing; none for one that is not wanted, since its key stands before already.
    gaps: Vec<Option<usize>>,
}

impl Draft {
    /// Writes a row, and gives back what its gaps wait for.
    fn row<'a, T: Row + ContainerType, F>(
        &mut self,
        plan: &Plan<'a, T>,
        row: &T,
        resolve: impl Fn(&'a Positioned<Field>) -> F,
    ) -> Vec<F> {
        let mut waited_for = Vec::new();
        self.text.push(b'{');
        for (index, entry) in plan.entries.iter().enumerate() {
            if !entry.is_repeated {
                if index > 0 {
                    self.text.push(b',');
                }
                text::name(&mut self.text, &entry.field.node.response_key().node);
                self.text.push(b':');
            }
            match entry.what {
                What::TypeName | What::Column { is_allowed: true, .. } if entry.is_repeated => {}
                What::TypeName => text::name(&mut self.text, &T::type_name()),
                What::Column { column, is_allowed: true } => (column.write)(row, &mut self.text),
                What::Column { is_allowed: false, .. } | What::Other => {
                    self.gaps.push((!entry.is_repeated).then_some(self.text.len()));
                    waited_for.push(resolve(entry.field));
                }
            }
        }
        self.text.push(b'}');
        waited_for
    }

    /// The text with a value in each gap.
    fn filled<'a>(self, values: impl Iterator<Item = &'a Value>) -> Vec<u8> {
        if self.gaps.is_empty() {
            return self.text;
        }
        let mut filled = Vec::with_capacity(2 * self.text.len());
        let mut copied = 0;
        for (gap, value) in self.gaps.iter().zip(values) {
            let Some(gap) = *gap else { continue };
            filled.extend_from_slice(&self.text[copied..gap]);
            text::value(&mut filled, value);
            copied = gap;
        }
        filled.extend_from_slice(&self.text[copied..]);
        filled
    }
}
