//! Relinking a person to another sign-in of an identity provider, by the operator.
//!
//! Owns: relinking. May use: transactions, the audit log. Invariant: only the command line uses it; no request reaches
//! this code. A person has one sign-in per provider, and each of the person's organizations gets an audit event of the
//! change.

use sea_orm::Statement;
use serde_json::json;

use crate::{
    audit::{
        RequestMetadata,
        hash_chain::{self, AuditEntry},
    },
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    email::EmailAddress,
    error::Error,
    id::{MemberId, OrganizationId, TypedId, UserId},
    models::{AuditAction, TargetKind},
    session::{TenantSettings, Tx},
};

/// Result of relinking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelinkedIdentity {
    /// The person was linked to the new sign-in; this many organizations got an event.
    Done {
        /// Number of organizations.
        organizations: usize,
    },
    /// The person was already linked to this sign-in.
    Already,
    /// No person has this address.
    NoPerson,
    /// The person has no sign-in of this provider: their first one is linked automatically.
    NoSignIn,
    /// The new sign-in belongs to another person.
    Taken,
}

struct UserIdRow {
    id: UserId,
}
crate::row::from_row!(UserIdRow { id });

struct MatchedIdentity {
    organization_id: OrganizationId,
    id: MemberId,
}
crate::row::from_row!(MatchedIdentity { organization_id, id });

impl Db {
    /// Links the person with this e-mail address to another sign-in of a provider for which they already have one,
    /// because the provider now identifies them by a new subject.
    pub async fn relink(&self, email: &EmailAddress, issuer: &str, subject: &str) -> Result<RelinkedIdentity, Error> {
        let tx = self.begin(TxMode::Write, Purpose::Data).await?;
        tx.set(&[("app.email", email.normalized()), ("app.worker", "relink")]).await;
        let Some(person) =
            user(&tx, "SELECT id FROM users WHERE email_normal = $1", [email.normalized().into()]).await?
        else {
            return Ok(RelinkedIdentity::NoPerson);
        };
        let owner = "SELECT user_id AS id FROM identities WHERE issuer = $1 AND subject = $2";
        match user(&tx, owner, [issuer.into(), subject.into()]).await? {
            Some(user) if user == person => return Ok(RelinkedIdentity::Already),
            Some(_) => return Ok(RelinkedIdentity::Taken),
            None => {}
        }
        let update = "UPDATE identities SET subject = $3 WHERE issuer = $1 AND user_id = $2";
        let values = [issuer.into(), person.into(), subject.into()];
        if tx.execute(Statement::from_sql_and_values(tx.backend(), update, values)).await? == 0 {
            return Ok(RelinkedIdentity::NoSignIn);
        }
        let organizations = note(&tx, person, issuer).await?;
        tx.commit().await?;
        Ok(RelinkedIdentity::Done { organizations })
    }
}

async fn user<const N: usize>(tx: &Tx, sql: &str, values: [sea_orm::Value; N]) -> Result<Option<UserId>, Error> {
    let found: Option<UserIdRow> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    Ok(found.map(|found| found.id))
}

/// Adds an event to each organization of the person, including those where the membership has ended, because it may be
/// resumed.
async fn note(tx: &Tx, person: UserId, issuer: &str) -> Result<usize, Error> {
    tx.set(&[("app.user_id", &person.uuid().to_string())]).await;
    // In a fixed order, so that two concurrent relinks do not deadlock.
    let sql = "SELECT organization_id, id FROM memberships WHERE user_id = $1 ORDER BY organization_id";
    let places: Vec<MatchedIdentity> =
        tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, [person.into()])).await?;
    let origin = RequestMetadata::new("relink");
    for MatchedIdentity { organization_id, id } in &places {
        tx.set_tenant(&TenantSettings::whole_organization(*organization_id, Some(person))).await;
        let after = json!({ "issuer": issuer });
        let happening = AuditEntry {
            target: (TargetKind::Member, id.uuid()),
            ..AuditEntry::system(*organization_id, AuditAction::IdentityRelink, &origin, after)
        };
        hash_chain::append(tx, happening).await?;
    }
    Ok(places.len())
}
