//! Which sign-in of an identity provider is whose, as the operator says.
//!
//! Owns: relinking. May use: transactions, the audit log. Invariant: it is for the command line alone: no request leads here. A person keeps one
//! sign-in of each provider, and each organization of theirs has an event of the change.

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

/// What relinking came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelinkedIdentity {
    /// The person is found by the new sign-in now; so many organizations have an event of it.
    Done {
        /// How many.
        organizations: usize,
    },
    /// It was theirs already.
    Already,
    /// No person has this address.
    NoPerson,
    /// The person has no sign-in of this provider: their first one is tied to them by itself.
    NoSignIn,
    /// The new sign-in is another person's.
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
    /// Ties the person of an e-mail address to another sign-in of a provider from which they have one: the provider knows them by a new
    /// subject since.
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

/// Adds an event to each organization of the person, also of a membership that has ended: it may begin again.
async fn note(tx: &Tx, person: UserId, issuer: &str) -> Result<usize, Error> {
    tx.set(&[("app.user_id", &person.uuid().to_string())]).await;
    // One after the other in this order, so that two relinkings do not wait for each other.
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
