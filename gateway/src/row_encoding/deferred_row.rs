//! A row that is there, before it has been read.
//!
//! Owns: asking for what hangs on a row while the row itself is being read. May use: the plan, the draft. Invariant: a field is asked early
//! only if its body looks at nothing but the row's id, as `#[guarded]` has found; if one looks at more, all wait for the row.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use futures_util::future::{join, try_join_all};

use super::{
    ColumnUse, JsonScalar, Row, json,
    list::{one, resolve},
    plan::{Entry, FieldKind, FieldPlan},
    template::Template,
};
use crate::{
    errors::ResolverError,
    request::{ListEncoding, RequestContext},
};

/// A row of which the id is known, and that it is there for the caller; in the schema its type. Null if it has gone since.
pub struct DeferredRow<T>(pub(crate) T);

/// What is found by its id.
pub(crate) trait FetchById: Row + ContainerType + OutputType {
    /// The row, now read.
    fn read(&self, request: &RequestContext) -> impl Future<Output = Result<Option<Self>, ResolverError>> + Send;
}

impl<T: FetchById> OutputType for DeferredRow<T> {
    fn type_name() -> Cow<'static, str> {
        <T as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <T as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <T as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let request = RequestContext::of(context);
        let read = async {
            let row = self.0.read(request).await;
            row.map_err(|fault| context.set_error_path(async_graphql::Error::from(fault).into_server_error(field.pos)))
        };
        match request.list_encoding() {
            ListEncoding::Tree => match read.await? {
                Some(row) => {
                    let value = OutputType::resolve(&row, context, field).await?;
                    request.add_response_bytes(json::length_without_objects(&value), field.pos)?;
                    Ok(value)
                }
                None => Ok(Value::Null),
            },
            ListEncoding::Text => {
                let mut plan = FieldPlan::<T>::new(context)?;
                if !plan.entries.iter().all(is_deferred) {
                    return match read.await? {
                        Some(row) => one(context, field, &row).await,
                        None => Ok(Value::Null),
                    };
                }
                plan.apply_guards(request, &self.0);
                let asked = Template::of(0).row(&plan, &self.0, |field| resolve(context, &self.0, field));
                let (row, values) = join(read, try_join_all(asked)).await;
                let Some(row) = row? else { return Ok(Value::Null) };
                let mut draft = Template::of(plan.entries.len());
                let _asked = draft.row(&plan, &row, drop);
                request.add_response_bytes(draft.text.len(), field.pos)?;
                Ok(draft.fill(&[values?]))
            }
        }
    }
}

/// Whether a field needs no more than the id, but for its own text.
fn is_deferred<T: Row>(entry: &Entry<'_, T>) -> bool {
    let name = entry.field.node.name.node.as_str();
    let looks = T::FIELD_COLUMNS.iter().find(|looks| looks.name == name);
    match entry.what {
        FieldKind::TypeName | FieldKind::Column { .. } => true,
        FieldKind::Other => looks.is_some_and(|looks| match looks.at {
            ColumnUse::Columns(columns) => columns.iter().all(|column| *column == "id"),
            ColumnUse::All => false,
        }),
    }
}

impl<T> JsonScalar for DeferredRow<T> {
    const IS_PLAIN: bool = false;

    fn write(&self, _: &mut Vec<u8>) {}
}
