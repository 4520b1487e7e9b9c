//! A row on its way into its table.
//!
//! Owns: [`active`], by which alone a model becomes what is written, and the columns that are computed then. May use: the models.
//! Invariant: no row is written with a computed column that is not as the columns that it is made of.

use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel, ModelTrait};

/// A row that can be written. `decode_positional!` implements it for each model.
pub(crate) trait ComputedColumns:
    ModelTrait + IntoActiveModel<<<Self as ModelTrait>::Entity as EntityTrait>::ActiveModel>
{
    /// Computes the columns that are made of others.
    fn compute(&mut self);
}

/// The row with all its columns set.
pub(crate) fn active<M: ComputedColumns>(mut row: M) -> <M::Entity as EntityTrait>::ActiveModel {
    row.compute();
    row.into_active_model().reset_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::{fs, path::Path};

    /// The files that turn a model into what is written by another way.
    fn others(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                others(&path, found);
            } else if !path.ends_with("models/computed.rs") {
                let source = fs::read_to_string(&path).unwrap();
                let is_other =
                    ["into_active_model(", "reset_all(", "IntoActiveModel"].iter().any(|word| source.contains(word));
                found.extend(is_other.then(|| path.display().to_string()));
            }
        }
    }

    #[test]
    fn a_row_is_written_with_its_computed_columns_everywhere() {
        let mut found = Vec::new();
        others(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert_eq!(found, Vec::<String>::new(), "make the row of its model by `models::active`");
    }
}
