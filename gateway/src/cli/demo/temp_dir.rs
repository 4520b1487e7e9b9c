//! A folder for a database and mails that nobody keeps.
//!
//! Owns: making and removing it. May use: the file system. Invariant: nobody else on the machine can read what is in it.

use std::env;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::PathBuf;

use uuid::Uuid;

use crate::cli::CliError;

/// A private folder, removed when dropped.
#[derive(Debug)]
pub(super) struct TempDir(PathBuf);

impl TempDir {
    pub(super) fn create() -> Result<Self, CliError> {
        let path = env::temp_dir().join(format!("cs12-demo-{}", Uuid::new_v4().simple()));
        match restrict_permissions(&path) {
            Ok(()) => Ok(Self(path)),
            Err(cause) => Err(CliError::Folder { path: path.display().to_string(), cause }),
        }
    }

    /// The address of a database in it.
    pub(super) fn database_url(&self) -> String {
        // In such an address, `?` begins the options and `%` a byte.
        let path = self.0.join("demo.sqlite").display().to_string().replace('%', "%25").replace('?', "%3F");
        format!("sqlite://{path}")
    }

    /// Where mails are written in it.
    pub(super) fn mails(&self) -> PathBuf {
        self.0.join("mails")
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), error = %error.kind(), "the demo's folder could not be removed");
        }
    }
}

fn restrict_permissions(path: &std::path::Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
