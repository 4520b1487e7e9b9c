//! The mail outbox: from the transaction that causes a mail to its delivery.
//!
//! Owns: enqueueing mails, leasing them, and the tokens in them. May use: transactions. Invariant: a mail is leased
//! only while its invitation is open, at least once, and never to two senders at the same time. A token is generated
//! when its mail is leased, and only its hash is stored.

use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, Mac};
use sea_orm::Statement;
use sha2::{Digest, Sha256};

use super::org_lock::LockedOrganization;
use crate::{
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::{InvitationId, MailId, OrganizationId, TypedId},
    models::Invitation,
    session::{TenantSettings, Tx},
    time::{micros, now},
};

/// Key for deriving tokens: the same invitation, sent again by another process, gets the same token.
#[derive(Clone)]
pub struct TokenKey([u8; 32]);

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey")
    }
}

impl TokenKey {
    /// Derives the key from a secret of the operator.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest([b"cs12 invitations ", secret].concat()).into())
    }

    /// The token of an invitation's latest generation: 256 bits, as 52 letters and digits.
    fn token(&self, organization: OrganizationId, invitation: InvitationId, generation: i32) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(organization.uuid().as_bytes());
        mac.update(invitation.uuid().as_bytes());
        mac.update(&generation.to_be_bytes());
        data_encoding::BASE32_NOPAD.encode(&mac.finalize().into_bytes()).to_ascii_lowercase()
    }
}

/// The stored form of a token: SHA-256 in lower-case hexadecimal.
pub(super) fn hash(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// A mail to be sent now.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Id of the mail.
    pub id: MailId,
    organization: OrganizationId,
    invitation: InvitationId,
    generation: i32,
    /// The recipient's address.
    pub recipient: String,
    /// The content.
    pub content: MailContent,
    /// The token of the invitation.
    pub token: String,
    /// How often it was leased, including this time.
    pub attempts: i32,
}

/// Content of a mail about an invitation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MailContent {
    /// Name of the organization.
    pub organization: String,
    /// Display name of the inviter.
    pub inviter: String,
    /// When the invitation expires.
    pub expires_at: DateTime<Utc>,
}

struct DueMail {
    organization_id: OrganizationId,
    id: MailId,
    invitation_id: InvitationId,
    generation: i32,
    recipient: String,
    content: serde_json::Value,
    attempts: i32,
}
crate::row::from_row!(DueMail { organization_id, id, invitation_id, generation, recipient, content, attempts });

/// Number of attempts to send a mail before it is dropped: over about a day.
const MAX_ATTEMPTS: i32 = 12;

/// Delay before the next attempt: doubled each time, at most some hours.
fn retry_delay(attempts: i32) -> Duration {
    let minutes = 1_i64 << attempts.clamp(0, 9);
    Duration::minutes(minutes.min(8 * 60))
}

/// Enqueues a mail about an invitation.
pub(super) async fn enqueue(locked: &LockedOrganization<'_>, invitation: &Invitation) -> Result<(), Error> {
    struct Inviter {
        name: String,
    }
    crate::row::from_row!(Inviter { name });
    let tx = &locked.tx;
    let sql = "SELECT name FROM users WHERE id = $1";
    let inviter: Option<Inviter> =
        tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, [locked.actor.user_id.into()])).await?;
    let content = MailContent {
        organization: locked.organization.name.clone(),
        inviter: inviter.map(|inviter| inviter.name).unwrap_or_default(),
        expires_at: invitation.expires_at,
    };
    let content = serde_json::to_value(content).map_err(|cause| Error::Internal(std::sync::Arc::new(cause)))?;
    let sql = "INSERT INTO outbox \
               (organization_id, id, invitation_id, generation, recipient, content, created_at, attempts, due_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $7)";
    let values = [
        invitation.organization_id.into(),
        MailId::generate().into(),
        invitation.id.into(),
        invitation.generation.into(),
        invitation.email.clone().into(),
        content.into(),
        now().into(),
    ];
    tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await.map(|_| ())
}

/// Removes the unsent mails of an invitation.
pub(super) async fn cancel(tx: &Tx, invitation: &Invitation) -> Result<(), Error> {
    let sql = "DELETE FROM outbox WHERE organization_id = $1 AND invitation_id = $2";
    let values = [invitation.organization_id.into(), invitation.id.into()];
    tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await.map(|_| ())
}

impl Db {
    /// Leases the next due mail, if there is one. Unless the mail is reported as sent, it is leased again after a
    /// while.
    pub async fn next_mail(&self, key: &TokenKey) -> Result<Option<Mail>, Error> {
        // Checked in a read transaction: on SQLite a sender that finds no mail must not block writers.
        while self.is_mail_due().await? {
            let tx = self.begin(TxMode::Write, Purpose::Data).await?;
            tx.set(&[("app.worker", "outbox")]).await;
            let lock = if tx.backend() == sea_orm::DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
            let sql = format!(
                "SELECT organization_id, id, invitation_id, generation, recipient, content, attempts FROM outbox \
                 WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1{lock}"
            );
            let values = [now().into()];
            let due: Option<DueMail> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
            let Some(due) = due else { return Ok(None) };
            tx.set_tenant(&TenantSettings::whole_organization(due.organization_id, None)).await;
            let token = key.token(due.organization_id, due.invitation_id, due.generation);
            let open = "UPDATE invitations SET token_hash = $4 \
                        WHERE organization_id = $1 AND id = $2 AND generation = $3 AND status = 'PENDING' AND expires_at > $5";
            let values = [
                due.organization_id.into(),
                due.invitation_id.into(),
                due.generation.into(),
                hash(&token).into(),
                now().into(),
            ];
            let is_open = tx.execute(Statement::from_sql_and_values(tx.backend(), open, values)).await? == 1;
            // A mail that is given up is removed as well: the invitation shows that no mail was sent, and can be sent
            // again.
            if !is_open || due.attempts >= MAX_ATTEMPTS {
                let values = [due.organization_id.into(), due.id.into()];
                let drop = "DELETE FROM outbox WHERE organization_id = $1 AND id = $2";
                tx.execute(Statement::from_sql_and_values(tx.backend(), drop, values)).await?;
                tx.commit().await?;
                continue;
            }
            let later = "UPDATE outbox SET attempts = attempts + 1, due_at = $3 WHERE organization_id = $1 AND id = $2";
            let due_at = micros(now() + retry_delay(due.attempts));
            let values = [due.organization_id.into(), due.id.into(), due_at.into()];
            tx.execute(Statement::from_sql_and_values(tx.backend(), later, values)).await?;
            tx.commit().await?;
            let content =
                serde_json::from_value(due.content).map_err(|cause| Error::Internal(std::sync::Arc::new(cause)))?;
            return Ok(Some(Mail {
                id: due.id,
                organization: due.organization_id,
                invitation: due.invitation_id,
                generation: due.generation,
                recipient: due.recipient,
                content,
                token,
                attempts: due.attempts + 1,
            }));
        }
        Ok(None)
    }

    async fn is_mail_due(&self) -> Result<bool, Error> {
        struct ExistsRow {
            due: bool,
        }
        crate::row::from_row!(ExistsRow { due });
        let tx = self.begin(TxMode::Read, Purpose::Data).await?;
        tx.set(&[("app.worker", "outbox")]).await;
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE due_at <= $1) AS due";
        let values = [now().into()];
        let is: Option<ExistsRow> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        Ok(is.is_some_and(|is| is.due))
    }

    /// Records that a mail server accepted the mail: it is not leased again.
    pub async fn mail_sent(&self, mail: &Mail) -> Result<(), Error> {
        let tx = self.begin(TxMode::Write, Purpose::Data).await?;
        tx.set_tenant(&TenantSettings::whole_organization(mail.organization, None)).await;
        let sent = "UPDATE invitations SET sent_at = $4 WHERE organization_id = $1 AND id = $2 AND generation = $3";
        let values = [mail.organization.into(), mail.invitation.into(), mail.generation.into(), now().into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sent, values)).await?;
        let delete = "DELETE FROM outbox WHERE organization_id = $1 AND id = $2";
        let values = [mail.organization.into(), mail.id.into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), delete, values)).await?;
        tx.commit().await
    }
}
