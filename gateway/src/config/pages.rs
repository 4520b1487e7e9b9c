//! `[pages]`: whether the gateway serves its pages.
//!
//! Owns: [`Pages`]. May use: `section`, `sign_in`. Invariant: a closed set of words.

use super::SignIn;
use super::section::Section;

/// Whether the gateway serves its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// GraphiQL, the dashboard, and `/`, which leads there.
    Served,
    /// None of them.
    Off,
}

impl Pages {
    /// With the provider at which people sign in; none without an issuer.
    pub(super) fn read(mut section: Section<'_>) -> (Self, Option<SignIn>) {
        let pages = if section.flag("enabled") { Self::Served } else { Self::Off };
        let sign_in = SignIn::read(section.section("sign_in"));
        section.finish();
        (pages, sign_in)
    }
}
