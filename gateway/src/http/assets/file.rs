//! The embedded files of the pages.
//!
//! Owns: [`File`] and the table that `build.rs` writes. May use: flate2. Invariant: a file is stored once, as gzip; its plain bytes are made
//! at most once in a process, for the first client that does not take gzip.

use std::io::Read as _;
use std::sync::OnceLock;

use axum::body::Bytes;
use flate2::read::GzDecoder;

/// One embedded file.
pub(super) struct File {
    /// Its path below `/graphiql/`; the dashboard's begin with `dashboard/`.
    pub(super) name: &'static str,
    /// A hash of its bytes.
    pub(super) tag: &'static str,
    /// Its bytes as gzip.
    pub(super) gzip: &'static [u8],
    plain: OnceLock<Bytes>,
}

impl File {
    #[allow(dead_code, reason = "a build without pages has no file")]
    const fn new(name: &'static str, tag: &'static str, gzip: &'static [u8]) -> Self {
        Self { name, tag, gzip, plain: OnceLock::new() }
    }

    /// The decompressed bytes; none when the stored ones are damaged.
    pub(super) fn plain(&self) -> Option<Bytes> {
        if let Some(plain) = self.plain.get() {
            return Some(plain.clone());
        }
        let mut plain = Vec::new();
        GzDecoder::new(self.gzip).read_to_end(&mut plain).ok()?;
        Some(self.plain.get_or_init(|| plain.into()).clone())
    }

    /// The file of this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        let index = FILES.binary_search_by(|file| file.name.cmp(name)).ok()?;
        FILES.get(index)
    }
}

/// Every file of the pages, in the order of their names; empty when the gateway was built without them.
pub(super) static FILES: &[File] = &TABLE;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
