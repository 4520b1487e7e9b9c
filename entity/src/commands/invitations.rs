//! Creating, resending and revoking invitations.
//!
//! Invariant: an invitation ends once. When it is accepted, everything that it promises is checked again.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};

use super::{
    org_lock::{LockedEntry, LockedOrganization, allow},
    outbox,
};
use crate::{
    auth::{DsoRole, OrgRole, policy::decide_rank},
    commands::{OrgAdmin, Validator},
    email::EmailAddress,
    error::{Error, ValidationCode, ValidationError},
    id::{DsoId, InvitationId, OrganizationId, TypedId},
    models::{
        self, AuditAction, Invitation, InvitationStatus, TargetKind,
        invitation::{Column, Entity},
    },
    organization_settings::MAX_INVITATION_LIFETIME,
    session::Tx,
    time::{micros, now},
};

/// An invitation to be created.
#[derive(Clone, Debug)]
pub struct InvitationDraft {
    /// The recipient's address.
    pub email: String,
    /// Role in the organization.
    pub role: OrgRole,
    /// Roles on DSOs.
    pub grants: Vec<(DsoId, DsoRole)>,
    /// When it expires; if not given, after the operator's default lifetime.
    pub expires_at: Option<DateTime<Utc>>,
}

impl OrgAdmin<'_> {
    /// Invites a person: a mail with a token is enqueued in the transaction of the invitation.
    pub async fn invitation_create(&self, draft: InvitationDraft) -> Result<Invitation, Error> {
        let id = InvitationId::generate();
        let outcome = self.invite(id, draft).await;
        self.scope.audit_entry_for(AuditAction::InvitationCreate, (TargetKind::Invitation, id.uuid()), outcome).await
    }

    async fn invite(&self, id: InvitationId, draft: InvitationDraft) -> Result<Invitation, Error> {
        let at = now();
        let mut checks = Validator::default();
        let email = checks.email("email", &draft.email);
        let expires_at =
            checks.accept(until(at, draft.expires_at, self.scope.organization_settings().invitation_lifetime));
        checks.grants(self.scope, &draft.grants);
        checks.grantable_role(draft.role);
        checks.finish()?;
        let (Some(email), Some(expires_at)) = (email, expires_at) else { return Err(Error::NotFound) };

        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        may_grant(locked.actor.role, draft.role)?;
        locked.refuse_existing(&email).await?;
        locked.refuse_many(Some(&email)).await?;
        let invitation = Invitation {
            organization_id: locked.organization.id,
            id,
            email: email.as_entered().to_owned(),
            email_normal: email.normalized().to_owned(),
            role: draft.role,
            status: InvitationStatus::Pending,
            token_hash: None,
            invited_by: Some(locked.actor.id),
            created_at: at,
            expires_at,
            accepted_at: None,
            generation: 1,
            ended_at: None,
            sent_at: None,
        };
        let insert = Entity::insert(models::active(invitation.clone()));
        locked.tx.execute(insert.build(locked.tx.backend())).await?;
        for (dso, role) in draft.grants {
            let row = models::invitation_grant::Model {
                organization_id: invitation.organization_id,
                invitation_id: id,
                dso_id: dso,
                role,
            };
            let insert = models::invitation_grant::Entity::insert(models::active(row));
            locked.tx.execute(insert.build(locked.tx.backend())).await?;
        }
        outbox::enqueue(&locked, &invitation).await?;
        locked.note(audit_entry(AuditAction::InvitationCreate, id), None, &invitation).await?;
        locked.commit().await?;
        Ok(invitation)
    }

    /// Resends an open invitation with a new token; the old token becomes invalid.
    pub async fn invitation_resend(
        &self,
        id: InvitationId,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Invitation, Error> {
        let outcome = self.resend(id, expires_at).await;
        self.scope.audit_entry_for(AuditAction::InvitationResend, (TargetKind::Invitation, id.uuid()), outcome).await
    }

    async fn resend(&self, id: InvitationId, expires_at: Option<DateTime<Utc>>) -> Result<Invitation, Error> {
        let expires_at = until(now(), expires_at, self.scope.organization_settings().invitation_lifetime)?;
        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        let before = locked.open_invitation(id).await?;
        may_grant(locked.actor.role, before.role)?;
        locked.refuse_many(EmailAddress::parse(&before.email).ok().as_ref()).await?;
        let after = Invitation {
            generation: before.generation + 1,
            token_hash: None,
            // The member who resends it becomes the inviter: the first inviter may have left.
            invited_by: Some(locked.actor.id),
            expires_at,
            sent_at: None,
            ..before.clone()
        };
        save(&locked.tx, &after).await?;
        outbox::cancel(&locked.tx, &after).await?;
        outbox::enqueue(&locked, &after).await?;
        locked.note(audit_entry(AuditAction::InvitationResend, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }

    /// Revokes an open invitation.
    pub async fn invitation_revoke(&self, id: InvitationId) -> Result<Invitation, Error> {
        let outcome = self.revoke(id).await;
        self.scope.audit_entry_for(AuditAction::InvitationRevoke, (TargetKind::Invitation, id.uuid()), outcome).await
    }

    async fn revoke(&self, id: InvitationId) -> Result<Invitation, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        let before = locked.open_invitation(id).await?;
        let after = has_ended(&before, InvitationStatus::Revoked);
        save(&locked.tx, &after).await?;
        outbox::cancel(&locked.tx, &after).await?;
        locked.note(audit_entry(AuditAction::InvitationRevoke, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }
}

impl LockedOrganization<'_> {
    async fn open_invitation(&self, id: InvitationId) -> Result<Invitation, Error> {
        let invitation = find(&self.tx, self.organization.id, id).await?.ok_or(Error::NotFound)?;
        if invitation.status_at(now()) == InvitationStatus::Pending {
            Ok(invitation)
        } else {
            Err(expired("invitationId"))
        }
    }

    /// Refuses to invite a person who is already a member or already invited.
    async fn refuse_existing(&self, email: &EmailAddress) -> Result<(), Error> {
        struct ExistingPerson {
            is_member: bool,
            is_invited: bool,
        }
        crate::row::from_row!(ExistingPerson { is_member, is_invited });
        let sql = "SELECT \
            EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id \
                    WHERE m.organization_id = $1 AND m.status <> 'REMOVED' AND u.email_normal = $2) AS is_member, \
            EXISTS (SELECT 1 FROM invitations WHERE organization_id = $1 AND email_normal = $2 \
                    AND status = 'PENDING' AND expires_at > $3) AS is_invited";
        let values = [self.organization.id.into(), email.normalized().into(), now().into()];
        let known: Option<ExistingPerson> =
            self.tx.query_opt(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        let address = email.as_entered();
        match known {
            Some(ExistingPerson { is_member: true, .. }) => {
                let message = format!("`{address}` is a member already");
                Err(ValidationError::of(ValidationCode::AlreadyMember, "email", message))
            }
            Some(ExistingPerson { is_invited: true, .. }) => {
                let message = format!("`{address}` is invited already: send that invitation again, or take it back");
                Err(ValidationError::of(ValidationCode::AlreadyInvited, "email", message))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Enforces the mail limits. The mails sent are counted from the audit log.
    async fn refuse_many(&self, email: Option<&EmailAddress>) -> Result<(), Error> {
        struct SentCount {
            by_all: i64,
            to_one: i64,
        }
        crate::row::from_row!(SentCount { by_all, to_one });
        let sql = "SELECT count(*) AS by_all, count(CASE WHEN i.email_normal = $2 THEN 1 END) AS to_one \
                   FROM audit_events a \
                   LEFT JOIN invitations i ON i.organization_id = a.organization_id AND i.id = a.target_id \
                   WHERE a.organization_id = $1 AND a.outcome = 'DONE' AND a.at > $3 \
                     AND a.action IN ('INVITATION_CREATE', 'INVITATION_RESEND')";
        let normal = email.map_or("", EmailAddress::normalized);
        let day_ago = micros(now() - chrono::Duration::days(1));
        let values = [self.organization.id.into(), normal.into(), day_ago.into()];
        let sent: Option<SentCount> =
            self.tx.query_opt(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        let settings = self.scope.organization_settings();
        let is_young = self.organization.created_at > now() - settings.young;
        let (by_all, to_one) = sent.map_or((0, 0), |sent| (sent.by_all, sent.to_one));
        let message = if to_one >= i64::from(settings.mails_per_recipient) {
            format!("one address gets {} invitations a day", settings.mails_per_recipient)
        } else if by_all >= i64::from(settings.mails_per_organization) {
            format!("an organization sends {} invitations a day", settings.mails_per_organization)
        } else if is_young && by_all >= i64::from(settings.mails_per_young_organization) {
            let (days, most) = (settings.young.num_days(), settings.mails_per_young_organization);
            format!("an organization sends {most} invitations a day in its first {days} days")
        } else {
            return Ok(());
        };
        Err(ValidationError::of(ValidationCode::RateLimited, "email", format!("{message}: try again tomorrow")))
    }
}

/// The error for a token or an id that matches no open invitation, whatever the reason.
pub(super) fn expired(field: &'static str) -> Error {
    let message = "there is no such open invitation: it was answered, revoked or resent, or it has expired";
    ValidationError::of(ValidationCode::InvitationOver, field, message)
}

/// Refuses to promise a role above the inviter's own.
pub(super) fn may_grant(giver: OrgRole, role: OrgRole) -> Result<(), Error> {
    // An admin may make admins, though not act on them afterwards. Owners are made by owners, and only from members.
    if giver == role && giver == OrgRole::Admin { Ok(()) } else { allow(decide_rank(giver, role)) }
}

fn until(at: DateTime<Utc>, wanted: Option<DateTime<Utc>>, lifetime: chrono::Duration) -> Result<DateTime<Utc>, Error> {
    match wanted {
        None => Ok(micros(at + lifetime)),
        Some(wanted) if wanted > at && wanted <= at + MAX_INVITATION_LIFETIME => Ok(micros(wanted)),
        Some(wanted) => {
            let message = format!(
                "`expiresAt` is {}; it lies in the future, and at most {} days away",
                wanted.to_rfc3339(),
                MAX_INVITATION_LIFETIME.num_days()
            );
            Err(Error::Invalid(vec![ValidationError::invalid("expiresAt", message)]))
        }
    }
}

pub(super) async fn find(tx: &Tx, organization: OrganizationId, id: InvitationId) -> Result<Option<Invitation>, Error> {
    let find = Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Id.eq(id));
    tx.query_opt(find.build(tx.backend())).await
}

pub(super) fn has_ended(before: &Invitation, status: InvitationStatus) -> Invitation {
    Invitation { status, token_hash: None, ended_at: Some(now()), ..before.clone() }
}

pub(super) async fn save(tx: &Tx, after: &Invitation) -> Result<(), Error> {
    let mut active = models::active(after.clone());
    active.not_set(Column::OrganizationId);
    active.not_set(Column::Id);
    let update = Entity::update_many()
        .set(active)
        .filter(Column::OrganizationId.eq(after.organization_id))
        .filter(Column::Id.eq(after.id));
    tx.execute(update.build(tx.backend())).await.map(|_| ())
}

fn audit_entry(action: AuditAction, id: InvitationId) -> LockedEntry {
    LockedEntry { action, target: (TargetKind::Invitation, id.uuid()), dso: None }
}
