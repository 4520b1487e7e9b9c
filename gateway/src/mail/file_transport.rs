//! A folder in place of a mail server.
//!
//! Owns: the files. May use: the file system. Invariant: a file appears whole, and only its owner can read it: it holds a
//! token.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use entity::id::{MailId, TypedId};

/// Where mails are written, one file each.
#[derive(Clone, Debug)]
pub(super) struct FileTransport(PathBuf);

impl FileTransport {
    /// Nothing is made before the first mail: a gateway that never sends one may stand on a disk that nobody can write.
    pub(super) fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Writes a mail; a second time in place of the first.
    pub(super) async fn send(&self, id: MailId, bytes: Vec<u8>) -> io::Result<PathBuf> {
        let folder = self.0.clone();
        let name = id.to_text();
        tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await.map_err(io::Error::other)?
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    // Under another name first: who watches the folder never reads half a mail.
    let unfinished = folder.join(format!("{name}.part"));
    // What an attempt before this one has left, or a link or a pipe: it is removed and never written into.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let path = folder.join(format!("{name}.eml"));
    fs::rename(&unfinished, &path)?;
    Ok(path)
}
