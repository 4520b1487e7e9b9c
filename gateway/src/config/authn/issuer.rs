//! One entry of `authn.issuers`.
//!
//! Owns: [`Issuer`] and what a preset fills in. May use: `section`, `place`, `provider`.
//! Invariant: what the entry says wins over the preset; what neither says is a problem, not a guess.

use std::path::PathBuf;

use crate::config::provider::Preset;
use crate::config::reader::Section;
use crate::config::url::ConfigUrl;
use crate::config::{Provider, Secret};

/// Somebody whose tokens are believed.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The token's `iss`, to the letter.
    pub issuer: String,
    /// Audiences of which the token must name one; never empty.
    pub audience: Vec<String>,
    /// Where the keys come from.
    pub keys: KeySource,
    /// Where the facts are in the token.
    pub claims: ClaimNames,
    /// Claims that, where present, must have this value.
    pub expected: Vec<(String, String)>,
}

/// Where an issuer's keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// An HS256 secret that both sides know: for development.
    Secret(Secret),
    /// The address of a key set.
    Url(String),
    /// The file of a key set.
    File(PathBuf),
}

/// Where the facts are in the token: a key as it is, or a dotted path.
#[derive(Clone, Debug)]
pub struct ClaimNames {
    /// The e-mail address.
    pub email: String,
    /// What proves that the address is the person's own.
    pub email_proof: EmailProof,
    /// The display name: the first of these that is there.
    pub name: Vec<String>,
    /// The chosen organization's id or slug: likewise.
    pub organization: Vec<String>,
}

/// What proves that an e-mail address is the person's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailProof {
    /// This claim is `true`.
    Claim(String),
    /// The issuer gives out no address that it has not verified.
    Issuer,
}

/// The words of `emails_verified_by`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum VerifiedBy {
    Claim,
    Issuer,
}

impl Issuer {
    /// The issuer of tokens that the gateway mints itself.
    pub const DEVELOPMENT: &str = "https://cs12.example/development";
    /// The audience of tokens that the gateway mints itself.
    pub const DEVELOPMENT_AUDIENCE: &str = "cs12";

    /// An HS256 issuer with plain claim names, for `demo`, `token` and tests.
    #[must_use]
    pub fn development(secret: Secret) -> Self {
        let preset = Provider::Custom.preset();
        Self {
            issuer: Self::DEVELOPMENT.to_owned(),
            audience: vec![Self::DEVELOPMENT_AUDIENCE.to_owned()],
            keys: KeySource::Secret(secret),
            claims: ClaimNames::of(preset),
            expected: Vec::new(),
        }
    }

    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let provider = section.choice("provider", &Provider::WORDS).unwrap_or(Provider::Custom);
        let preset = provider.preset();
        let issuer = section.text("issuer");
        match issuer.as_deref() {
            None => section.problem("issuer", "is missing", "write the `iss` of the issuer's tokens"),
            Some(issuer) if provider == Provider::Auth0 && !issuer.ends_with('/') => {
                section.problem(
                    "issuer",
                    format!("is `{issuer}`"),
                    format!("write `{issuer}/`: Auth0's ends with a slash"),
                );
            }
            Some(_) => {}
        }
        let audience = section.texts("audience").or_else(|| preset.audience.map(|one| vec![one.to_owned()]));
        let audience = audience.filter(|audience| !audience.is_empty());
        if audience.is_none() {
            section.problem("audience", "is missing", "write the `aud` of tokens that are meant for this gateway");
        }
        let keys = read_keys(&mut section, preset, issuer.as_deref());
        let claims = ClaimNames::read(&mut section, preset);
        section.finish();
        let expected = preset.expected.iter().map(|&(claim, value)| (claim.to_owned(), value.to_owned())).collect();
        Some(Self { issuer: issuer?, audience: audience?, keys: keys?, claims, expected })
    }
}

fn read_keys(section: &mut Section<'_>, preset: &Preset, issuer: Option<&str>) -> Option<KeySource> {
    let asks_secret = section.has("secret") || section.has("secret_file");
    let secret = section.secret("secret", Secret::MIN_BYTES);
    let url = section.text("jwks_url");
    let file = section.text("jwks_file");
    match (asks_secret, url, file) {
        (true, None, None) => secret.map(KeySource::Secret),
        (false, None, Some(file)) => Some(KeySource::File(file.into())),
        (false, Some(url), None) => checked_url(section, url),
        (false, None, None) => {
            let Some(path) = preset.jwks_path else {
                section.problem("jwks_url", "is missing", "give `jwks_url`, `jwks_file` or `secret`");
                return None;
            };
            checked_url(section, format!("{}{path}", issuer?.trim_end_matches('/')))
        }
        _ => {
            section.problem(
                "jwks_url",
                "is not the only source of keys",
                "keep one of `jwks_url`, `jwks_file` and `secret`",
            );
            None
        }
    }
}

fn checked_url(section: &mut Section<'_>, url: String) -> Option<KeySource> {
    // Keys that travel in the clear are anybody's keys.
    if ConfigUrl::of(&url).is_some_and(|place| place.is_safe_for_the_web()) {
        return Some(KeySource::Url(url));
    }
    // An address with a password in it is not repeated.
    let wrong = if url.contains('@') { "holds a user name".to_owned() } else { format!("is `{url}`") };
    section.problem("jwks_url", wrong, "write an `https://` address (`http://` only to this machine)");
    None
}

impl ClaimNames {
    fn of(preset: &Preset) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            email: preset.email.to_owned(),
            email_proof: preset.email_verified.map_or(EmailProof::Issuer, |claim| EmailProof::Claim(claim.to_owned())),
            name: owned(preset.name),
            organization: owned(preset.organization),
        }
    }

    fn read(section: &mut Section<'_>, preset: &Preset) -> Self {
        let mut names = Self::of(preset);
        let by = section.choice("emails_verified_by", &[("claim", VerifiedBy::Claim), ("issuer", VerifiedBy::Issuer)]);
        let mut claims = section.section("claims");
        let verified = claims.text("email_verified");
        names.email = claims.text("email").unwrap_or(names.email);
        names.name = claims.texts("name").unwrap_or(names.name);
        names.organization = claims.texts("organization").unwrap_or(names.organization);
        let contradiction = by == Some(VerifiedBy::Issuer) && verified.is_some();
        if contradiction {
            claims.problem("email_verified", "is given, but `emails_verified_by` is `issuer`", "keep one of the two");
        }
        claims.finish();
        names.email_proof = match (by, verified) {
            (Some(VerifiedBy::Issuer), _) => EmailProof::Issuer,
            (_, Some(claim)) => EmailProof::Claim(claim),
            (Some(VerifiedBy::Claim), None) => {
                EmailProof::Claim(preset.email_verified.unwrap_or("email_verified").to_owned())
            }
            (None, None) => names.email_proof,
        };
        names
    }
}
