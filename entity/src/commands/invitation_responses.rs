//! Responding to invitations.
//!
//! Owns: accepting, declining, and the preview for the holder of a token. May use: the invitation's own tenant, under
//! its lock. Invariant: everything that an invitation promises is checked again when it is accepted. A token or an id
//! that matches no open invitation always gets the same error, whatever the reason.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};

use super::{
    Account, InvitationRef,
    account::AccountEntry,
    add_member::{self, InitialAccess, NewMember},
    invitations::{expired, find, has_ended, may_grant, save},
    org_lock::{find_active, member},
    outbox,
};
use crate::{
    audit::{
        hash_chain::{self, Actor},
        refused_attempts::{self, WINDOW},
    },
    auth::{Membership, OrgRole, VerifiedEmail},
    db::{pool::TxMode, statement_recorder::Purpose},
    error::{Error, ValidationCode, ValidationError},
    id::{InvitationId, TypedId},
    models::{
        self, AuditAction, Invitation, InvitationStatus, MemberStatus, TargetKind,
        invitation::{Column, Entity},
    },
    session::{TenantSettings, Tx},
    time::now,
};

/// Number of refused responses of one person to one organization's invitations in a quarter of an hour, after which
/// further responses are rejected without being checked.
const MAX_REFUSED_PER_WINDOW: i64 = 10;

/// Preview of an invitation for the holder of its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationPreview {
    /// Name of the organization.
    pub organization: String,
    /// Display name of the inviter, if known.
    pub inviter: Option<String>,
    /// Address of the invitee, with only its first letter and its domain.
    pub masked_email: String,
    /// Status of the invitation.
    pub status: InvitationStatus,
}

/// An open invitation to the account's own address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingInvitation {
    /// Id of the invitation.
    pub id: InvitationId,
    /// Name of the organization.
    pub organization_name: String,
    /// The promised role in the organization.
    pub role: OrgRole,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}
crate::row::from_row!(PendingInvitation { id, organization_name, role, created_at, expires_at });

impl Account {
    /// Accepts an invitation to the account's own verified address.
    pub async fn invitation_accept(&self, which: &InvitationRef) -> Result<Membership, Error> {
        let tx = self.begin(TxMode::Write).await?;
        let outcome = self.accept(&tx, which).await;
        self.finish(tx, AuditAction::InvitationAccept, outcome).await
    }

    /// Declines an invitation to the account's own verified address; returns the organization's name.
    pub async fn invitation_decline(&self, which: &InvitationRef) -> Result<String, Error> {
        let tx = self.begin(TxMode::Write).await?;
        let outcome = self.decline(&tx, which).await;
        self.finish(tx, AuditAction::InvitationDecline, outcome).await
    }

    /// The open invitations to the account's verified address.
    pub async fn pending_invitations(&self) -> Result<Vec<PendingInvitation>, Error> {
        let Some(email) = self.email() else { return Ok(Vec::new()) };
        let tx = self.begin(TxMode::Read).await?;
        self.invitations(&tx, email).await
    }

    /// The open invitations to a verified address, oldest first.
    pub(super) async fn invitations(&self, tx: &Tx, email: &VerifiedEmail) -> Result<Vec<PendingInvitation>, Error> {
        let sql = "SELECT i.id, o.name AS organization_name, i.role, i.created_at, i.expires_at FROM invitations i \
                   JOIN organizations o ON o.id = i.organization_id AND o.deleted_at IS NULL AND o.status = 'ACTIVE' \
                   WHERE i.email_normal = $1 AND i.status = 'PENDING' AND i.expires_at > $2 ORDER BY i.created_at, i.id";
        let values = [email.normalized().into(), now().into()];
        tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await
    }

    pub(super) fn verified(&self) -> Result<&VerifiedEmail, Error> {
        self.email().ok_or_else(|| {
            Error::Invalid(vec![ValidationError {
                code: ValidationCode::EmailUnverified,
                message: "this takes an e-mail address that the identity provider has verified".to_owned(),
                field: vec!["input"],
            }])
        })
    }

    /// Commits, or audits the refusal in the organization that issued the invitation.
    async fn finish<T>(&self, tx: Tx, action: AuditAction, outcome: Result<T, InvitationUnusable>) -> Result<T, Error> {
        match outcome {
            Ok(done) => {
                tx.commit().await?;
                Ok(done)
            }
            Err(InvitationUnusable { error, of }) => {
                drop(tx);
                if let Some(of) = of {
                    self.audit_refusal(audit_entry_for(action, &of), &error).await?;
                }
                Err(error)
            }
        }
    }

    /// Finds the invitation, locks its organization and checks the invitation again.
    ///
    /// The organization is locked only for the addressee of an open invitation, and not after many refusals: other
    /// people cannot block its members.
    async fn open(
        &self,
        tx: &Tx,
        which: &InvitationRef,
        action: AuditAction,
    ) -> Result<Invitation, InvitationUnusable> {
        let email = match self.verified() {
            Ok(email) => email,
            Err(error) => return Err(InvitationUnusable { error, of: mark_seen(tx, which, "").await? }),
        };
        let seen = mark_seen(tx, which, email.normalized()).await?.ok_or_else(|| expired("token"))?;
        if seen.status_at(now()) != InvitationStatus::Pending {
            return Err(expired("token").into());
        }
        if seen.email_normal != email.normalized() {
            // The holder of the token knows about the invitation anyway. (A lookup by id covers one's own invitations
            // only.)
            let message = "the invitation is for another address than the one that is verified here";
            let error = ValidationError::of(ValidationCode::EmailMismatch, "token", message);
            return Err(InvitationUnusable { error, of: Some(seen) });
        }
        let place = (seen.organization_id.uuid(), action.name());
        if refused_attempts::refused(tx, self.user, place, WINDOW).await? >= MAX_REFUSED_PER_WINDOW {
            let message = format!("refused too often: try again in {} minutes", WINDOW.num_minutes());
            return Err(ValidationError::of(ValidationCode::RateLimited, "token", message).into());
        }
        self.act_in(tx, seen.organization_id).await;
        hash_chain::lock(tx, seen.organization_id).await?;
        let now_seen = find(tx, seen.organization_id, seen.id).await?.ok_or_else(|| expired("token"))?;
        let is_open = now_seen.status_at(now()) == InvitationStatus::Pending;
        // A mail that is sent meanwhile gives the invitation a new token. This does not matter if the invitation is
        // identified by its id.
        if !is_open || (matches!(which, InvitationRef::Token(_)) && now_seen.token_hash != seen.token_hash) {
            return Err(expired("token").into());
        }
        Ok(now_seen)
    }

    async fn accept(&self, tx: &Tx, which: &InvitationRef) -> Result<Membership, InvitationUnusable> {
        let invitation = self.open(tx, which, AuditAction::InvitationAccept).await?;
        let refused = |error: Error| InvitationUnusable { error, of: Some(invitation.clone()) };
        let organization =
            find_active(tx, invitation.organization_id).await?.ok_or_else(|| refused(expired("token")))?;
        let inviter = match invitation.invited_by {
            Some(inviter) => member(tx, organization.id, inviter).await?,
            None => None,
        };
        let ranked = inviter
            .filter(|inviter| inviter.status == MemberStatus::Active)
            .filter(|inviter| may_grant(inviter.role, invitation.role).is_ok());
        let Some(inviter) = ranked else { return Err(refused(expired("token"))) };
        let grants = models::invitation_grant::Entity::find()
            .filter(models::invitation_grant::Column::OrganizationId.eq(organization.id))
            .filter(models::invitation_grant::Column::InvitationId.eq(invitation.id));
        let grants: Vec<models::invitation_grant::Model> = tx.query_as(grants.build(tx.backend())).await?;
        let welcome = InitialAccess {
            role: invitation.role,
            grants: grants.iter().map(|grant| (grant.dso_id, grant.role)).collect(),
        };
        let seats = self.organization_settings().seats;
        let joining =
            NewMember { user: self.user, email: &invitation.email_normal, by: inviter.id, field: "token", seats };
        let member = add_member::add_member(tx, &organization, &joining, &welcome).await.map_err(refused)?;
        let after = Invitation { accepted_at: Some(now()), ..has_ended(&invitation, InvitationStatus::Accepted) };
        save(tx, &after).await?;
        let actor = Actor::Member(member.id, self.user);
        self.audit(tx, audit_entry_for(AuditAction::InvitationAccept, &after), actor, Some(&invitation), &after)
            .await?;
        Ok(Membership {
            organization: organization.id,
            name: organization.name,
            slug: organization.slug,
            role: member.role,
        })
    }

    async fn decline(&self, tx: &Tx, which: &InvitationRef) -> Result<String, InvitationUnusable> {
        let invitation = self.open(tx, which, AuditAction::InvitationDecline).await?;
        let organization = find_active(tx, invitation.organization_id).await?.ok_or_else(|| expired("token"))?;
        let after = has_ended(&invitation, InvitationStatus::Declined);
        save(tx, &after).await?;
        outbox::cancel(tx, &after).await?;
        let told = audit_entry_for(AuditAction::InvitationDecline, &after);
        self.audit(tx, told, Actor::Person(self.user), Some(&invitation), &after).await?;
        Ok(organization.name)
    }
}

impl crate::db::Db {
    /// Preview of a token's invitation; none for any token that matches no open invitation, whatever the reason.
    pub async fn invitation_preview(&self, token: &str) -> Result<Option<InvitationPreview>, Error> {
        struct InvitationRow {
            organization: String,
            inviter: Option<String>,
        }
        crate::row::from_row!(InvitationRow { organization, inviter });
        let tx = self.begin(TxMode::Read, Purpose::Data).await?;
        let Some(invitation) = mark_seen(&tx, &InvitationRef::Token(token.to_owned()), "").await? else {
            return Ok(None);
        };
        if invitation.status_at(now()) != InvitationStatus::Pending {
            return Ok(None);
        }
        tx.set_tenant(&TenantSettings::whole_organization(invitation.organization_id, None)).await;
        let sql = "SELECT o.name AS organization, u.name AS inviter FROM organizations o \
                   LEFT JOIN memberships m ON m.organization_id = o.id AND m.id = $2 \
                   LEFT JOIN users u ON u.id = m.user_id \
                   WHERE o.id = $1 AND o.deleted_at IS NULL AND o.status = 'ACTIVE'";
        let values = [invitation.organization_id.into(), invitation.invited_by.into()];
        let shown: Option<InvitationRow> =
            tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        Ok(shown.map(|shown| InvitationPreview {
            organization: shown.organization,
            inviter: shown.inviter,
            masked_email: mask_email(&invitation.email),
            status: InvitationStatus::Pending,
        }))
    }
}

/// A refusal, and the invitation that it concerns, if there was one.
struct InvitationUnusable {
    error: Error,
    of: Option<Invitation>,
}

impl From<Error> for InvitationUnusable {
    fn from(error: Error) -> Self {
        Self { error, of: None }
    }
}

/// The invitation as read outside its tenant: by the hash of its token, or by its addressee.
async fn mark_seen(tx: &Tx, which: &InvitationRef, email: &str) -> Result<Option<Invitation>, Error> {
    let find = match which {
        InvitationRef::Token(token) => {
            let hash = outbox::hash(token);
            tx.set(&[("app.invitation", &hash)]).await;
            Entity::find().filter(Column::TokenHash.eq(hash))
        }
        // The same id can occur once in each of several organizations.
        InvitationRef::Id(id) => Entity::find()
            .filter(Column::Id.eq(*id))
            .filter(Column::EmailNormal.eq(email))
            .filter(Column::Status.eq(InvitationStatus::Pending)),
    };
    tx.query_opt(find.build(tx.backend())).await
}

fn audit_entry_for(action: AuditAction, invitation: &Invitation) -> AccountEntry {
    AccountEntry {
        organization: invitation.organization_id,
        action,
        target: (TargetKind::Invitation, invitation.id.uuid()),
    }
}

/// `a…@example.com`.
fn mask_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}
