//! Telling how far an import is.
//!
//! Owns: the interface only; the command line draws. May use: nothing.

use super::LegacyFile;

/// Somebody who wants to know how far an import is.
pub trait Progress: Send {
    /// The import begins; the export has so many bytes.
    fn begin(&mut self, bytes: u64);
    /// So many bytes have been read, the latest in this file.
    fn at(&mut self, file: LegacyFile, bytes: u64);
}

/// Nobody wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: u64) {}
    fn at(&mut self, _: LegacyFile, _: u64) {}
}
