//! `[limits]`: how large a GraphQL request may be.
//!
//! Owns: [`Limits`]. May use: `section`. Invariant: each limit is in a range in which it still limits.

use super::section::Section;

/// How large a GraphQL request may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest document of somebody signed in, in bytes.
    pub document_bytes: usize,
    /// Largest document of somebody who is not, in bytes.
    pub anonymous_document_bytes: usize,
    /// Most lexical tokens.
    pub max_tokens: usize,
    /// Most levels.
    pub max_depth: usize,
    /// Most aliases.
    pub max_aliases: usize,
    /// Most root fields.
    pub max_root_fields: usize,
    /// Rows of a page when the query does not say.
    pub default_page_size: u32,
    /// Most rows of a page.
    pub max_page_size: u32,
}

impl Limits {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let limits = Self {
            document_bytes: section.number("document_bytes", 256..=1024 * 1024) as usize,
            anonymous_document_bytes: section.number("anonymous_document_bytes", 0..=16 * 1024) as usize,
            max_tokens: section.number("max_tokens", 50..=100_000) as usize,
            max_depth: section.number("max_depth", 3..=64) as usize,
            max_aliases: section.number("max_aliases", 0..=1000) as usize,
            max_root_fields: section.number("max_root_fields", 1..=1000) as usize,
            default_page_size: section.number("default_page_size", 1..=1000),
            max_page_size: section.number("max_page_size", 1..=1000),
        };
        if limits.default_page_size > limits.max_page_size {
            let wrong = format!("is {}, more than `max_page_size`", limits.default_page_size);
            section.problem("default_page_size", wrong, format!("write at most {}", limits.max_page_size));
        }
        section.finish();
        limits
    }
}
