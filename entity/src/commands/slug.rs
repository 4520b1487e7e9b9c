//! Slugs: the names of organizations in URLs.
//!
//! Owns: their normal form, and taking and releasing them. May use: the transaction. Invariant: a slug cannot be
//! mistaken for an id, belongs to one organization at a time, and cannot be taken by another organization for 90 days
//! after its release.

use chrono::Duration;
use sea_orm::Statement;
use uuid::Uuid;

use crate::{
    audit::refused_attempts::{self, RefusedAttempt},
    error::{Error, ValidationCode, ValidationError},
    id::{OrganizationId, UserId},
    organization_settings::SLUG_RESERVATION,
    session::Tx,
    text::{TextKind, quoted},
    time::{micros, now},
};

/// Name under which attempts to take a slug are counted, for all mutations.
const ATTEMPT_KEY: &str = "SLUG";

/// Minimum length of a slug in characters.
const MIN_LENGTH: usize = 3;
const MAX_LENGTH: usize = 48;

/// Names that have another meaning in a URL, or that would suggest an authority.
const RESERVED: [&str; 46] = [
    "about",
    "account",
    "admin",
    "administrator",
    "api",
    "app",
    "assets",
    "auth",
    "billing",
    "blog",
    "cdn",
    "contact",
    "cs12",
    "dashboard",
    "demo",
    "dev",
    "docs",
    "ftp",
    "graphiql",
    "graphql",
    "health",
    "help",
    "home",
    "id",
    "imap",
    "invite",
    "login",
    "logout",
    "mail",
    "me",
    "metrics",
    "ns1",
    "ns2",
    "oauth",
    "owner",
    "postmaster",
    "root",
    "security",
    "settings",
    "signup",
    "smtp",
    "sso",
    "staging",
    "status",
    "support",
    "www",
];

/// The normal form of user input: lower case, ASCII letters, digits and single hyphens.
pub(super) fn normalize(written: &str) -> Result<String, Error> {
    let read = TextKind::NAME.read(written).map_err(|flaw| bad(format!("{} {flaw}", quoted(written))))?;
    let slug = slug::slugify(read.unwrap_or_default());
    let count = slug.chars().count();
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&count) {
        return Err(bad(format!(
            "{} is {} as a slug, which has {count} characters; it needs {MIN_LENGTH} to {MAX_LENGTH}",
            quoted(written),
            quoted(&slug)
        )));
    }
    // The header that selects an organization accepts ids and slugs.
    if Uuid::parse_str(&slug).is_ok() {
        return Err(bad(format!("`{slug}` could be taken for an id")));
    }
    if RESERVED.contains(&slug.as_str()) {
        return Err(taken(&slug));
    }
    Ok(slug)
}

/// A slug derived from the name of a person or an organization; never too short, too long or reserved, but perhaps
/// taken.
pub(super) fn derive(name: &str) -> String {
    let slug: String = slug::slugify(name).chars().take(MAX_LENGTH - 9).collect();
    let slug = slug.trim_end_matches('-');
    match normalize(slug) {
        Ok(slug) => slug,
        Err(_) => with_suffix("team"),
    }
}

/// The same slug with a unique suffix.
pub(super) fn with_suffix(slug: &str) -> String {
    let ending = Uuid::new_v4().simple().to_string();
    format!("{slug}-{}", &ending[..8])
}

fn bad(message: String) -> Error {
    Error::Invalid(vec![ValidationError::invalid("slug", message)])
}

/// The error for a slug that is in use, reserved for its last holder, or a reserved name.
pub(super) fn taken(slug: &str) -> Error {
    ValidationError::of(ValidationCode::SlugTaken, "slug", format!("`{slug}` is taken"))
}

/// Whether an error means that a slug is taken.
pub(super) fn is_taken(error: &Error) -> bool {
    let Error::Invalid(problems) = error else { return false };
    problems.iter().any(|problem| problem.code == ValidationCode::SlugTaken)
}

/// Limits how many taken slugs a person can discover in a day: slugs are unique, so an attempt reveals whether one is
/// taken.
pub(super) async fn refuse_excess(tx: &Tx, user: UserId, most: u32) -> Result<(), Error> {
    let tried = refused_attempts::refused(tx, user, (Uuid::nil(), ATTEMPT_KEY), Duration::days(1)).await?;
    if tried < i64::from(most) {
        return Ok(());
    }
    let message =
        format!("{most} slugs that are taken were tried within a day: leave `slug` out, or try again tomorrow");
    Err(ValidationError::of(ValidationCode::RateLimited, "slug", message))
}

/// Counts a taken slug that a person has discovered.
pub(super) async fn count_taken(tx: &Tx, user: UserId) -> Result<(), Error> {
    let attempt =
        RefusedAttempt { user, place: Uuid::nil(), action: ATTEMPT_KEY, reason: ValidationCode::SlugTaken.name() };
    attempt.count(tx, Duration::days(1)).await.map(|_| ())
}

/// Whether a slug is reserved for another organization that had it recently.
///
/// Call this *after* the slug was written to the organization's own row: a transaction that releases a slug holds the
/// unique index until it has committed, and only then is the release visible here.
pub(super) async fn is_reserved(tx: &Tx, slug: &str, organization: OrganizationId) -> Result<bool, Error> {
    struct Holder {
        #[expect(dead_code, reason = "only the existence of a row is checked")]
        organization_id: OrganizationId,
    }
    crate::row::from_row!(Holder { organization_id });
    tx.set(&[("app.slug", slug)]).await;
    let sql = "SELECT organization_id FROM slug_history \
               WHERE slug = $1 AND organization_id <> $2 AND freed_at > $3 LIMIT 1";
    let values = [slug.into(), organization.into(), micros(now() - SLUG_RESERVATION).into()];
    let holder: Option<Holder> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    tx.set(&[("app.slug", "")]).await;
    Ok(holder.is_some())
}

/// Records that an organization releases a slug.
pub(super) async fn release(tx: &Tx, slug: &str, organization: OrganizationId) -> Result<(), Error> {
    let sql = "INSERT INTO slug_history (organization_id, slug, freed_at) VALUES ($1, $2, $3) \
               ON CONFLICT (organization_id, slug) DO UPDATE SET freed_at = excluded.freed_at";
    let values = [organization.into(), slug.into(), now().into()];
    tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await.map(|_| ())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn slug_input_has_one_normal_form() {
        for (written, slug) in [
            ("Smile Dental", "smile-dental"),
            ("  SMILE--dental_ ", "smile-dental"),
            ("Zahnärzte München", "zahnarzte-munchen"),
            ("a.b.c", "a-b-c"),
        ] {
            assert_eq!(normalize(written).unwrap(), slug, "{written}");
            assert_eq!(normalize(slug).unwrap(), slug, "{slug}");
        }
    }

    #[test]
    fn invalid_slugs_are_rejected() {
        let long = "x".repeat(49);
        for written in
            ["", "ab", "--", "!!!", "admin", "GraphQL", &long, "01890a5d-ac96-774b-bcce-b302099a8057", "a\0bc", "a\nbc"]
        {
            assert!(normalize(written).is_err(), "`{written}` is a slug");
        }
        assert!(normalize(&"x".repeat(48)).is_ok());
    }

    #[test]
    fn a_derived_slug_is_always_sound() {
        for name in ["", "Admin", "李", "x", &"long ".repeat(40), "Ann O'Neil"] {
            for slug in [derive(name), with_suffix(&derive(name))] {
                assert_eq!(normalize(&slug).unwrap(), slug, "{name}");
            }
        }
    }
}
