//! `[pages]`: whether the gateway serves its pages, and how people sign in to them.
//!
//! Owns: [`Pages`], [`Serving`] and [`TokenLinks`]. May use: `section`, `sign_in`. Invariant: where people sign in at a provider, no page
//! takes a token from its address.

use super::SignIn;
use super::reader::Section;

/// Whether there are pages, and how people sign in to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// Whether the gateway serves its pages.
    pub serving: Serving,
    /// Where people sign in to the dashboard; none = they paste a token.
    pub sign_in: Option<SignIn>,
    /// What the pages do with a token in their address.
    pub token_links: TokenLinks,
}

/// Whether the gateway serves its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// GraphiQL, the dashboard, and `/`, which leads there.
    On,
    /// None of them.
    Off,
}

/// What a page does with `#token=…` in its address. It removes the token from the address in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLinks {
    /// It does not use the token.
    Refused,
    /// It asks whether to sign in with the token, if the tab is not signed in.
    Asked,
}

impl Pages {
    /// For the demo, which trusts no provider, and whose greeting has links with tokens.
    pub const DEMO: Self = Self { serving: Serving::On, sign_in: None, token_links: TokenLinks::Asked };

    pub(super) fn read(mut pages: Section<'_>) -> Self {
        let serving = if pages.flag("enabled") { Serving::On } else { Serving::Off };
        let sign_in = SignIn::read(pages.section("sign_in"));
        let token_links = if pages.flag("token_links") { TokenLinks::Asked } else { TokenLinks::Refused };
        if sign_in.is_some() && token_links == TokenLinks::Asked {
            pages.problem(
                "token_links",
                "is true beside `pages.sign_in`",
                "write `false`: people sign in at the provider",
            );
        }
        pages.finish();
        Self { serving, sign_in, token_links }
    }
}
