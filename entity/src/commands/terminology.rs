//! Changing a DSO's terminology.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{
    DsoAdmin,
    transaction::{WriteEntry, WriteTransaction},
    validation::Validator,
};
use crate::{
    analytics::rollup::NotRolledUp,
    error::Error,
    id::{TermId, TypedId},
    models::{AuditAction, TargetKind, Term, term::Column},
    queries::{Dsos, Terms, sealed::Table},
    text::TextKind,
};

/// A DSO's label for one of the product's terms.
#[derive(Clone, Debug)]
pub struct TermPatch {
    /// The product's term, as stored.
    pub key: &'static str,
    /// The DSO's label; none to use the product's term.
    pub label: Option<String>,
}

/// The changed labels by key; none where there is no label.
#[derive(Serialize)]
struct TermRows(BTreeMap<&'static str, Option<String>>);

impl NotRolledUp for TermRows {}

impl DsoAdmin<'_> {
    /// Replaces or removes some of the DSO's labels; the others stay. A patch without effect writes no event.
    pub async fn terminology_update(&self, patches: Vec<TermPatch>) -> Result<(), Error> {
        let mut checks = Validator::default();
        let mut wanted = BTreeMap::new();
        for TermPatch { key, label } in patches {
            let label = label.map(|label| checks.required("terms", &label, TextKind::NAME));
            if wanted.insert(key, label).is_some() {
                checks.reject("terms", format!("`terms` names `{key}` twice"));
            }
        }
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        // The lock on the DSO prevents another transaction from adding the same label.
        writer.find_active::<Dsos>(self.dso).await?;
        let of_dso = |writer: &WriteTransaction<'_>| -> Condition {
            Terms::tenant_filter(self.scope.context(), writer.backend()).add(Column::DsoId.eq(self.dso))
        };
        let found = writer.find_all::<Terms>(of_dso(&writer)).await?;
        let word = |key: &str| found.iter().find(|term| term.key == key);
        let before: BTreeMap<_, _> =
            wanted.keys().map(|key| (*key, word(key).map(|term| term.label.clone()))).collect();
        if before == wanted {
            return Ok(());
        }
        for (key, label) in &wanted {
            match (word(key), label) {
                (Some(term), Some(label)) => writer.save(Term { label: label.clone(), ..term.clone() }).await?,
                (Some(term), None) => writer.remove::<Terms>(of_dso(&writer).add(Column::Id.eq(term.id))).await?,
                (None, Some(label)) => {
                    let organization_id = self.scope.context().organization();
                    let (key, label) = ((*key).to_owned(), label.clone());
                    let term = Term { organization_id, id: TermId::generate(), dso_id: self.dso, key, label };
                    writer.insert(term).await?;
                }
                (None, None) => {}
            }
        }
        let target = (TargetKind::Dso, self.dso.uuid());
        let audit = WriteEntry { action: AuditAction::TerminologyUpdate, target, dso: Some(self.dso) };
        writer.commit(audit, Some(&TermRows(before)), &TermRows(wanted)).await
    }
}
