//! From the claims of a verified token to the facts of a principal.
//!
//! Owns: which claims must be there and in which form, and where e-mail, name and organization are. May use: `entity`'s principal.
//! Invariant: an e-mail without proof does not count; a claim in a strange form is refused where it decides (times, issuer, audience,
//! subject) and left out where it only informs.

use std::time::Duration;

use entity::auth::{Principal, VerifiedEmail};
use serde_json::{Map, Value};

use super::rejection_reason::RejectionReason;
use crate::config::{ClaimNames, EmailProof};

/// Longest subject, name or organization, in bytes (OpenID Connect Core §2 allows 255 for the subject).
const MAX_TEXT_BYTES: usize = 255;

/// The end of the year 9999: later ones are milliseconds taken for seconds, a token that never runs out.
const MAX_TIMESTAMP: f64 = 253_402_300_799.0;

/// What a token of one issuer must say.
pub(super) struct ClaimRules {
    pub(super) issuer: String,
    pub(super) audience: Vec<String>,
    /// How far the clocks may differ, in seconds.
    pub(super) leeway: u64,
    pub(super) names: ClaimNames,
    pub(super) expected: Vec<(String, String)>,
}

impl ClaimRules {
    /// Judges verified claims at the time `now`, in seconds since 1970.
    pub(super) fn principal(&self, claims: &Map<String, Value>, now: u64) -> Result<Principal, RejectionReason> {
        self.check_times(claims, now)?;
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err(RejectionReason::Claims);
        }
        if !self.check_audience(claims.get("aud"))? {
            return Err(RejectionReason::Audience);
        }
        for (name, value) in &self.expected {
            if claims.get(name).is_some_and(|found| found != value.as_str()) {
                return Err(RejectionReason::Purpose);
            }
        }
        let subject = claims
            .get("sub")
            .and_then(Value::as_str)
            .filter(|subject| is_sound(subject))
            .ok_or(RejectionReason::Claims)?;
        let mut principal = Principal::verified(self.issuer.clone(), subject.to_owned());
        if let Some(email) = self.email(claims) {
            principal = principal.with_email(email);
        }
        if let Some(name) = first_text(claims, &self.names.name) {
            principal = principal.with_name(name.to_owned());
        }
        if let Some(organization) = first_text(claims, &self.names.organization) {
            principal = principal.with_organization_claim(organization.to_owned());
        }
        Ok(principal)
    }

    /// How long verified claims will be accepted that are accepted now.
    pub(super) fn remaining_lifetime(&self, claims: &Map<String, Value>, now: u64) -> Duration {
        let until = claims.get("exp").and_then(Value::as_f64).unwrap_or_default() + seconds(self.leeway);
        Duration::try_from_secs_f64((until - seconds(now)).max(0.0)).unwrap_or_default()
    }

    /// A `NumericDate` (RFC 7519 §2) is a JSON number of seconds, perhaps with a fraction; a time in another form is refused.
    fn check_times(&self, claims: &Map<String, Value>, now: u64) -> Result<(), RejectionReason> {
        let time = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_f64()
                .filter(|time| (0.0..=MAX_TIMESTAMP).contains(time))
                .map(Some)
                .ok_or(RejectionReason::Claims),
        };
        let (now, leeway) = (seconds(now), seconds(self.leeway));
        if time("exp")?.ok_or(RejectionReason::Claims)? + leeway <= now {
            return Err(RejectionReason::Expired);
        }
        // A token from the future was made by a clock that nobody should trust with `exp` either.
        let latest_start = now + leeway;
        if time("nbf")?.is_some_and(|start| start > latest_start)
            || time("iat")?.is_some_and(|issued| issued > latest_start)
        {
            return Err(RejectionReason::NotYetValid);
        }
        Ok(())
    }

    fn check_audience(&self, audience: Option<&Value>) -> Result<bool, RejectionReason> {
        let is_ours = |one: &str| self.audience.iter().any(|ours| ours == one);
        match audience {
            Some(Value::String(one)) => Ok(is_ours(one)),
            Some(Value::Array(several)) => {
                let several: Option<Vec<&str>> = several.iter().map(Value::as_str).collect();
                Ok(several.ok_or(RejectionReason::Claims)?.into_iter().any(is_ours))
            }
            _ => Err(RejectionReason::Claims),
        }
    }

    fn email(&self, claims: &Map<String, Value>) -> Option<VerifiedEmail> {
        let is_proven = match &self.names.email_proof {
            EmailProof::Issuer => true,
            EmailProof::Claim(name) => match lookup(claims, name)? {
                Value::Bool(verified) => *verified,
                // Template languages of some providers know only texts.
                Value::String(verified) => verified == "true",
                _ => false,
            },
        };
        if is_proven { VerifiedEmail::new(lookup(claims, &self.names.email)?.as_str()?) } else { None }
    }
}

/// Whole seconds as a number with a fraction; those up to the year 9999 are exact in it.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
fn seconds(whole: u64) -> f64 {
    whole as f64
}

/// Finds `name` as a key as it is, else as a path whose steps are separated by dots.
pub(super) fn lookup<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c Value> {
    if let Some(value) = claims.get(name) {
        return Some(value);
    }
    let (step, rest) = name.split_once('.')?;
    lookup(claims.get(step)?.as_object()?, rest)
}

/// The first of `names` that holds a sound text; a list counts if it holds exactly one.
fn first_text<'c>(claims: &'c Map<String, Value>, names: &[String]) -> Option<&'c str> {
    let text = |value: &'c Value| match value {
        Value::String(text) => Some(text.as_str()),
        Value::Array(items) => match items.as_slice() {
            [Value::String(only)] => Some(only.as_str()),
            _ => None,
        },
        _ => None,
    };
    names.iter().filter_map(|name| lookup(claims, name).and_then(text)).find(|text| is_sound(text))
}

fn is_sound(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_TEXT_BYTES && !text.chars().any(char::is_control)
}
