//! The names of organizations in addresses.
//!
//! Owns: their normal form, and taking and giving them up. May use: the transaction. Invariant: a slug cannot be taken for
//! an id, is held by one organization at a time, and for 90 days after it was given up by nobody else.

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

/// Under which name tries of slugs are counted, whichever mutation names them.
const MAX_TRIES: &str = "SLUG";

/// Characters of a slug.
const MIN_LENGTH: usize = 3;
const MAX_LENGTH: usize = 48;

/// Names that mean something else in an address, or that would lend their bearer an authority.
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

/// The normal form of what somebody wrote: lower case, ASCII letters, digits and single hyphens.
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
    // The header that chooses an organization takes ids and slugs.
    if Uuid::parse_str(&slug).is_ok() {
        return Err(bad(format!("`{slug}` could be taken for an id")));
    }
    if RESERVED.contains(&slug.as_str()) {
        return Err(taken(&slug));
    }
    Ok(slug)
}

/// A slug made of a name that somebody has; never too short, too long or reserved, but perhaps taken.
pub(super) fn derive(name: &str) -> String {
    let slug: String = slug::slugify(name).chars().take(MAX_LENGTH - 9).collect();
    let slug = slug.trim_end_matches('-');
    match normalize(slug) {
        Ok(slug) => slug,
        Err(_) => with_suffix("team"),
    }
}

/// The same slug with an ending that nobody else has.
pub(super) fn with_suffix(slug: &str) -> String {
    let ending = Uuid::new_v4().simple().to_string();
    format!("{slug}-{}", &ending[..8])
}

fn bad(message: String) -> Error {
    Error::Invalid(vec![ValidationError::invalid("slug", message)])
}

/// The one answer to a slug that is in use, kept for its last holder, or reserved.
pub(super) fn taken(slug: &str) -> Error {
    ValidationError::of(ValidationCode::SlugTaken, "slug", format!("`{slug}` is taken"))
}

/// Whether an error says that a slug is taken.
pub(super) fn is_taken(error: &Error) -> bool {
    let Error::Invalid(problems) = error else { return false };
    problems.iter().any(|problem| problem.code == ValidationCode::SlugTaken)
}

/// Limits how many slugs a person finds to be taken in a day: slugs are unique, so a try shows whether one is taken.
pub(super) async fn refuse_excess(tx: &Tx, user: UserId, most: u32) -> Result<(), Error> {
    let tried = refused_attempts::refused(tx, user, (Uuid::nil(), MAX_TRIES), Duration::days(1)).await?;
    if tried < i64::from(most) {
        return Ok(());
    }
    let message =
        format!("{most} slugs that are taken were tried within a day: leave `slug` out, or try again tomorrow");
    Err(ValidationError::of(ValidationCode::RateLimited, "slug", message))
}

/// Counts a slug that a person has found to be taken.
pub(super) async fn count_taken(tx: &Tx, user: UserId) -> Result<(), Error> {
    let attempt =
        RefusedAttempt { user, place: Uuid::nil(), action: MAX_TRIES, reason: ValidationCode::SlugTaken.name() };
    attempt.count(tx, Duration::days(1)).await.map(|_| ())
}

/// Whether a slug is kept for another organization that had it lately.
///
/// To be asked *after* the slug was written into the organization's own row: whoever gives one up holds the unique index
/// until they have committed, and only then is it known here that it was given up.
pub(super) async fn is_reserved(tx: &Tx, slug: &str, organization: OrganizationId) -> Result<bool, Error> {
    struct Holder {
        #[expect(dead_code, reason = "whether there is one is all that is asked")]
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

/// Writes down that an organization gives a slug up.
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
    fn what_people_write_has_one_normal_form() {
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
    fn what_is_no_slug_is_refused() {
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
