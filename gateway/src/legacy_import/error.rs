//! Why an export is not imported at all.
//!
//! Owns: [`LegacyError`]. May use: entity's errors. Invariant: whoever reads one knows which file or option to mend, and
//! that nothing was imported.

use std::{io, path::PathBuf};

/// What stops an import; nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// Files or columns that are missing, or columns that occur twice.
    #[error("the export is not complete: {}", .0.join("; "))]
    Incomplete(Vec<String>),
    /// Files in another form than UTF-8 with commas.
    #[error("{files} {form}: {mend}")]
    Form {
        /// Which files, with the verb.
        files: String,
        /// In which form.
        form: &'static str,
        /// What would be right.
        mend: &'static str,
    },
    /// A file that cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A name that makes no organization.
    #[error(
        "`{0}` is no name for an organization: it needs 3 letters or digits of a to z and 0 to 9, and at most 200 characters"
    )]
    Name(String),
    /// The address given with `--owner` is not among the users.
    #[error("the owner `{0}` is not among the users of the export")]
    UnknownOwner(String),
    /// Nobody administers every DSO.
    #[error("nobody administers every DSO of the export: name the owner with `--owner`")]
    NoOwner,
    /// An address given with `--exclude` is not among the users.
    #[error("`{0}` cannot be excluded: it is not among the users of the export")]
    UnknownExclude(String),
    /// The owner is excluded.
    #[error("the owner `{0}` cannot be excluded")]
    ExcludesOwner(String),
    /// Somebody would see other DSOs than before.
    #[error("access would not be as before: {}", .0.join("; "))]
    Access(Vec<String>),
    /// Our own arithmetic is wrong.
    #[error("the counts of `{0}` do not add up: this is a fault of the import itself")]
    Unbalanced(&'static str),
    /// The file of refused rows cannot be written.
    #[error("the refused rows cannot be written to `{}`: {source}", path.display())]
    RefusedFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The path for the refused rows leads to something that must not be replaced.
    #[error("`--refused`: `{}` is {what}: name a plain file", path.display())]
    RefusedPlace {
        /// Which path.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// The organization cannot be imported into.
    #[error(transparent)]
    Organization(#[from] entity::import::ImportError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] entity::error::Error),
}
