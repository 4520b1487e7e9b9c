//! `[pages.sign_in]`: the provider at which people sign in to the dashboard.
//!
//! Owns: [`SignIn`] and its checks. May use: `section`, `place`. Invariant: nothing in it is secret, because the page is told
//! all of it, and its origin is one that a content security policy can name without being widened by it.

use serde::Serialize;

use super::reader::Section;
use super::url::ConfigUrl;
use super::{Authn, ConfigErrors};

/// The provider at which people sign in, as the page needs to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The provider's address, to the letter as its tokens have it in `iss`.
    pub issuer: String,
    /// Under which name the provider knows the dashboard; a public client, so it has no secret.
    pub client_id: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// What the button says.
    pub label: String,
    /// For whom the token shall be (RFC 8707), for providers that ask it as `resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The same for providers that ask it as `audience` (Auth0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

impl SignIn {
    /// None without an issuer: people then paste a token.
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let issuer = section.text("issuer");
        let client_id = section.text("client_id");
        let scopes = section.texts("scopes").unwrap_or_default();
        let label = section.text("label");
        let resource = section.text("resource");
        let audience = section.text("audience");
        let is_on = issuer.is_some();
        if let Some(issuer) = issuer.as_deref().filter(|issuer| origin(issuer).is_none()) {
            // An address with a password in it is not repeated.
            let wrong = if issuer.contains('@') { "holds a user name".to_owned() } else { format!("is `{issuer}`") };
            section.problem("issuer", wrong, "write an `https://` address (`http://` only to this machine)");
        }
        if is_on && client_id.is_none() {
            section.problem("client_id", "is missing", "write the name under which the provider knows the dashboard");
        }
        if is_on && !scopes.iter().any(|scope| scope.split_whitespace().any(|word| word == "openid")) {
            section.problem("scopes", "lack `openid`", "write a list such as `[\"openid\", \"email\", \"profile\"]`");
        }
        if let Some(scope) = scopes.iter().find(|scope| scope.contains(char::is_whitespace)) {
            let right = "write a list such as `[\"openid\", \"email\", \"profile\"]`";
            section.problem("scopes", format!("has `{scope}`"), right);
        }
        if is_on && label.is_none() {
            section.problem("label", "is missing", "write what the button says, such as `Sign in`");
        }
        section.finish();
        Some(Self { issuer: issuer?, client_id: client_id?, scopes, label: label?, resource, audience })
    }

    /// The provider's origin, as a content security policy writes it.
    #[must_use]
    pub fn origin(&self) -> String {
        // Read from the same text when the configuration was checked.
        origin(&self.issuer).unwrap_or_default()
    }

    /// A provider whose tokens nobody believes would send people round in circles.
    pub(super) fn check_serving(&self, authn: &Authn, problems: &mut ConfigErrors) {
        if authn.issuers.iter().any(|known| known.issuer == self.issuer) {
            return;
        }
        let wrong = format!("is `{}`, which is none of `authn.issuers`", self.issuer);
        problems.add("pages.sign_in.issuer", wrong, "write it as it is there, to the letter, or add it there");
    }
}

/// Scheme, host and port of an address that a browser may send codes and tokens to. A host of other letters than these could
/// end the directive of a policy that names it.
fn origin(issuer: &str) -> Option<String> {
    let origin = ConfigUrl::of(issuer).filter(ConfigUrl::is_safe_for_the_web)?.origin();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-.:[]/".contains(letter);
    origin.chars().all(is_plain).then_some(origin)
}
