//! Text with gaps.
//!
//! Owns: writing what is known of a row, and filling in what has been resolved. May use: the plan. Invariant: there is one
//! value for each gap, in the gaps' order.

use async_graphql::{ContainerType, Positioned, Value, parser::types::Field};

use super::{
    Row, json,
    plan::{FieldKind, FieldPlan},
};

/// Most fields for which room is made beforehand: a page of a hundred rows with twenty fields.
const FIELDS: usize = 2_000;

/// Rows that are being written.
pub(super) struct Template {
    pub(super) text: Vec<u8>,
    /// Where a value is missing; none for one that is not wanted, since its key stands before already.
    gaps: Vec<Option<usize>>,
}

impl Template {
    /// For about so many fields. Many more than are usual get their room as they are written, since nobody has counted them yet.
    pub(super) fn of(fields: usize) -> Self {
        Self { text: Vec::with_capacity(fields.min(FIELDS) * json::FIELD + 2), gaps: Vec::new() }
    }

    /// Whether nothing must be waited for.
    pub(super) fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Writes a row to which the plan has turned, and gives back what its gaps wait for.
    pub(super) fn row<'a, T: Row + ContainerType, F>(
        &mut self,
        plan: &FieldPlan<'a, T>,
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
                json::name(&mut self.text, &entry.field.node.response_key().node);
                self.text.push(b':');
            }
            match entry.what {
                FieldKind::TypeName | FieldKind::Column { is_allowed: true, .. } if entry.is_repeated => {}
                FieldKind::TypeName => json::name(&mut self.text, &T::type_name()),
                FieldKind::Column { column, is_allowed: true } => (column.write)(row, &mut self.text),
                FieldKind::Column { is_allowed: false, .. } | FieldKind::Other => {
                    self.gaps.push((!entry.is_repeated).then_some(self.text.len()));
                    waited_for.push(resolve(entry.field));
                }
            }
        }
        self.text.push(b'}');
        waited_for
    }

    /// The text, with a value in each gap.
    pub(super) fn fill(self, values: &[Vec<Value>]) -> Value {
        if self.gaps.is_empty() {
            return Value::Binary(self.text.into());
        }
        let length: usize = values.iter().flatten().map(json::length).sum();
        let mut filled = Vec::with_capacity(self.text.len() + length);
        let mut copied = 0;
        for (gap, value) in self.gaps.iter().zip(values.iter().flatten()) {
            let Some(gap) = *gap else { continue };
            filled.extend_from_slice(&self.text[copied..gap]);
            json::value(&mut filled, value);
            copied = gap;
        }
        filled.extend_from_slice(&self.text[copied..]);
        Value::Binary(filled.into())
    }
}
