//! Where a request wants to go: which organization it asks for, and as whom it wants to look at it.
//!
//! Owns: the order of the places that can name one (header, sub-domain, token) and what to do when they disagree. May
//! use: of `entity` the principal, the selector and ids. Never: the database, so it grants nothing; `Db::enter` reads the
//! membership. Invariant: two places that name different organizations never end in either of them.

#[cfg(test)]
mod tests;

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Uri};
use entity::{
    auth::Principal,
    id::{MemberId, TypedId as _},
    membership::Selector,
};
use thiserror::Error;

/// Names the organization by id or slug.
pub const ORGANIZATION: HeaderName = HeaderName::from_static("x-organization-id");

/// Another name of [`ORGANIZATION`].
pub const WORKSPACE: HeaderName = HeaderName::from_static("x-workspace-id");

/// Names the member as whom an admin looks at the organization.
pub const RUN_AS: HeaderName = HeaderName::from_static("x-run-as-member");

/// Longest name in a header, in bytes: ids have 30 or 36, slugs at most 48.
const MAX_BYTES: usize = 64;

/// Why a request's wish cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidSelector {
    /// A header is empty, too long, not visible ASCII, or there twice.
    #[error("`{0}` is not the id or slug of one organization")]
    Header(&'static str),
    /// The header is empty, too long, not visible ASCII, or there twice.
    #[error("`X-Run-As-Member` is not the id of one member")]
    RunAs,
    /// The two headers differ.
    #[error("`X-Organization-Id` and `X-Workspace-Id` name different organizations: send one of them")]
    Headers,
    /// `Host` is there twice or cannot be read.
    #[error("`Host` is not one host name")]
    Host,
    /// The host has more than one label before the base.
    #[error("`Host` is not the sub-domain of an organization")]
    SubDomain,
    /// The header differs from the sub-domain.
    #[error(
        "`X-Organization-Id` and the sub-domain in `Host` disagree: send the organization's slug, or leave the header out"
    )]
    HeaderAndHost,
}

/// Which organization the request asks for: by header, else by sub-domain of `base`, else by the token's claim, else
/// none in particular.
///
/// Names are compared as texts in lower case, since without the database an id cannot be told from another
/// organization's slug: beside a sub-domain, which is a slug, the header must be the slug too. The two headers are
/// compared in the same way.
pub fn selector(
    headers: &HeaderMap,
    uri: &Uri,
    principal: &Principal,
    base: Option<&str>,
) -> Result<Selector, InvalidSelector> {
    let organization = name(headers, &ORGANIZATION, "X-Organization-Id")?;
    let workspace = name(headers, &WORKSPACE, "X-Workspace-Id")?;
    let header = one(organization, workspace).map_err(|()| InvalidSelector::Headers)?;
    let sub_domain = base.map(|base| sub_domain(headers, uri, base)).transpose()?.flatten();
    let chosen = one(header, sub_domain).map_err(|()| InvalidSelector::HeaderAndHost)?;
    // The token is the weakest: it is older than the request, and the person may have moved on since.
    let chosen = chosen.or_else(|| principal.organization_claim().map(normal));
    Ok(chosen.map_or(Selector::Default, Selector::Named))
}

/// As which member the request wants to look, if as another than its own person. A text that is no id names nobody, as does
/// an id that nobody has: whether there is such a member, and whether the caller may, the store says.
pub fn run_as(headers: &HeaderMap) -> Result<Option<MemberId>, InvalidSelector> {
    let named = name(headers, &RUN_AS, "X-Run-As-Member").map_err(|_| InvalidSelector::RunAs)?;
    Ok(named.map(|id| MemberId::from_text(&id)))
}

/// The one that is there; nothing is right if both are and differ.
fn one(first: Option<String>, second: Option<String>) -> Result<Option<String>, ()> {
    match (first, second) {
        (Some(first), Some(second)) if first != second => Err(()),
        (first, second) => Ok(first.or(second)),
    }
}

fn name(headers: &HeaderMap, header: &HeaderName, written: &'static str) -> Result<Option<String>, InvalidSelector> {
    let mut values = headers.get_all(header).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let is_sound = (1..=MAX_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_sound && values.next().is_none() { Ok(Some(normal(text))) } else { Err(InvalidSelector::Header(written)) }
}

/// Ids and slugs are lower case; a text in another case means the same.
fn normal(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

/// The label before `base`; none if the host is the base itself or lies elsewhere (an address, a health probe).
fn sub_domain(headers: &HeaderMap, uri: &Uri, base: &str) -> Result<Option<String>, InvalidSelector> {
    let Some(host) = host(headers, uri)? else { return Ok(None) };
    let Some(labels) = host.strip_suffix(base).and_then(|labels| labels.strip_suffix('.')) else { return Ok(None) };
    let is_label = !labels.is_empty() && labels.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_label { Ok(Some(labels.to_owned())) } else { Err(InvalidSelector::SubDomain) }
}

/// The host that was asked, lower case, without port and final dot. An absolute address wins over the header (RFC 9112
/// §3.2.2). What a proxy says about the host counts only if it says it in `Host`: `X-Forwarded-Host` anybody can send.
fn host(headers: &HeaderMap, uri: &Uri) -> Result<Option<String>, InvalidSelector> {
    let mut values = headers.get_all(HOST).iter();
    let given = values.next().map(|value| value.to_str().map_err(|_| InvalidSelector::Host)).transpose()?;
    if values.next().is_some() {
        return Err(InvalidSelector::Host);
    }
    let Some(authority) = uri.authority().map(Authority::as_str).or(given) else { return Ok(None) };
    if authority.contains('@') {
        return Err(InvalidSelector::Host);
    }
    let host = authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(authority, |(host, _)| host);
    Ok(Some(host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()))
}
