//! Inviting people, and being invited.
//!
//! Invariant: an invitation ends once; when it is accepted, everything that it promises is checked again.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};

use super::{
    locked::{Locked, Noted, allow},
    outbox,
};
use crate::{
    Admin, AuditAction, DsoId, DsoRole, EmailAddress, Error, Invitation, InvitationId, InvitationStatus, OrgRole,
    OrganizationId, Problem, ProblemCode, TargetKind, TypedId,
    policy::decide_on,
    rules::LONGEST_INVITATION,
    session::Tx,
    table::{
        self,
        invitation::{Column, Entity},
    },
    time::{micros, now},
    write::Checks,
};

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct InvitationDraft {
    /// To whom.
    pub email: String,
    /// With which role in the organization.
    pub role: OrgRole,
    /// With which roles on which DSOs.
    pub grants: Vec<(DsoId, DsoRole)>,
    /// Until when it is good; as the operator says if not given.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Admin<'_> {
    /// Invites somebody: a mail with a token goes out, in the transaction of the invitation.
    pub async fn invitation_create(&self, draft: InvitationDraft) -> Result<Invitation, Error> {
        let id = InvitationId::generate();
        let outcome = self.invite(id, draft).await;
        self.scope.told(AuditAction::InvitationCreate, (TargetKind::Invitation, id.uuid()), outcome).await
    }

    async fn invite(&self, id: InvitationId, draft: InvitationDraft) -> Result<Invitation, Error> {
        let at = now();
        let mut checks = Checks::default();
        let email = checks.email("email", &draft.email);
        let expires_at = checks.take(until(at, draft.expires_at, self.scope.rules().invitation_lifetime));
        checks.grants(self.scope, &draft.grants);
        checks.role_to_give(draft.role);
        checks.done()?;
        let (Some(email), Some(expires_at)) = (email, expires_at) else { return Err(Error::NotFound) };

        let locked = Locked::begin(self.scope, OrgRole::Admin).await?;
        may_give(locked.actor.role, draft.role)?;
        locked.refuse_known(&email).await?;
        locked.refuse_many(Some(&email)).await?;
        let invitation = Invitation {
            organization_id: locked.organization.id,
            id,
            email: email.as_written().to_owned(),
            email_normal: email.normal().to_owned(),
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
        let insert = Entity::insert(table::active(invitation.clone()));
        locked.tx.execute(insert.build(locked.tx.backend())).await?;
        for (dso, role) in draft.grants {
            let row = table::invitation_grant::Model {
                organization_id: invitation.organization_id,
                invitation_id: id,
                dso_id: dso,
                role,
            };
            let insert = table::invitation_grant::Entity::insert(table::active(row));
            locked.tx.execute(insert.build(locked.tx.backend())).await?;
        }
        outbox::put(&locked, &invitation).await?;
        locked.note(noted(AuditAction::InvitationCreate, id), None, &invitation).await?;
        locked.commit().await?;
        Ok(invitation)
    }

    /// Sends an open invitation again, with a new token: the old one opens nothing any more.
    pub async fn invitation_resend(
        &self,
        id: InvitationId,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Invitation, Error> {
        let outcome = self.send_again(id, expires_at).await;
        self.scope.told(AuditAction::InvitationResend, (TargetKind::Invitation, id.uuid()), outcome).await
    }

    async fn send_again(&self, id: InvitationId, expires_at: Option<DateTime<Utc>>) -> Result<Invitation, Error> {
        let expires_at = until(now(), expires_at, self.scope.rules().invitation_lifetime)?;
        let locked = Locked::begin(self.scope, OrgRole::Admin).await?;
        let before = locked.open_invitation(id).await?;
        may_give(locked.actor.role, before.role)?;
        locked.refuse_many(EmailAddress::read(&before.email).ok().as_ref()).await?;
        let after = Invitation {
            generation: before.generation + 1,
            token_hash: None,
            // Who sends it answers for it: the first inviter may be gone.
            invited_by: Some(locked.actor.id),
            expires_at,
            sent_at: None,
            ..before.clone()
        };
        save(&locked.tx, &after).await?;
        outbox::take_back(&locked.tx, &after).await?;
        outbox::put(&locked, &after).await?;
        locked.note(noted(AuditAction::InvitationResend, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }

    /// Takes an open invitation back.
    pub async fn invitation_revoke(&self, id: InvitationId) -> Result<Invitation, Error> {
        let outcome = self.take_back(id).await;
        self.scope.told(AuditAction::InvitationRevoke, (TargetKind::Invitation, id.uuid()), outcome).await
    }

    async fn take_back(&self, id: InvitationId) -> Result<Invitation, Error> {
        let locked = Locked::begin(self.scope, OrgRole::Admin).await?;
        let before = locked.open_invitation(id).await?;
        let after = ended(&before, InvitationStatus::Revoked);
        save(&locked.tx, &after).await?;
        outbox::take_back(&locked.tx, &after).await?;
        locked.note(noted(AuditAction::InvitationRevoke, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }
}

impl Locked<'_> {
    async fn open_invitation(&self, id: InvitationId) -> Result<Invitation, Error> {
        let invitation = find(&self.tx, self.organization.id, id).await?.ok_or(Error::NotFound)?;
        if invitation.status_at(now()) == InvitationStatus::Pending {
            Ok(invitation)
        } else {
            Err(over("invitationId"))
        }
    }

    /// Refuses to invite who is here already, or has been asked.
    async fn refuse_known(&self, email: &EmailAddress) -> Result<(), Error> {
        struct Known {
            is_member: bool,
            is_invited: bool,
        }
        crate::row::from_row!(Known { is_member, is_invited });
        let sql = "SELECT \
            EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id \
                    WHERE m.organization_id = $1 AND m.status <> 'REMOVED' AND u.email_normal = $2) AS is_member, \
            EXISTS (SELECT 1 FROM invitations WHERE organization_id = $1 AND email_normal = $2 \
                    AND status = 'PENDING' AND expires_at > $3) AS is_invited";
        let values = [self.organization.id.into(), email.normal().into(), now().into()];
        let known: Option<Known> = self.tx.one(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        let address = email.as_written();
        match known {
            Some(Known { is_member: true, .. }) => {
                let message = format!("`{address}` is a member already");
                Err(Problem::of(ProblemCode::AlreadyMember, "email", message))
            }
            Some(Known { is_invited: true, .. }) => {
                let message = format!("`{address}` is invited already: send that invitation again, or take it back");
                Err(Problem::of(ProblemCode::AlreadyInvited, "email", message))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses one mail too many: what was sent stands in the audit log.
    async fn refuse_many(&self, email: Option<&EmailAddress>) -> Result<(), Error> {
        struct Sent {
            by_all: i64,
            to_one: i64,
        }
        crate::row::from_row!(Sent { by_all, to_one });
        let sql = "SELECT count(*) AS by_all, count(CASE WHEN i.email_normal = $2 THEN 1 END) AS to_one \
                   FROM audit_events a \
                   LEFT JOIN invitations i ON i.organization_id = a.organization_id AND i.id = a.target_id \
                   WHERE a.organization_id = $1 AND a.outcome = 'DONE' AND a.at > $3 \
                     AND a.action IN ('INVITATION_CREATE', 'INVITATION_RESEND')";
        let normal = email.map_or("", EmailAddress::normal);
        let day_ago = micros(now() - chrono::Duration::days(1));
        let values = [self.organization.id.into(), normal.into(), day_ago.into()];
        let sent: Option<Sent> = self.tx.one(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        let rules = self.scope.rules();
        let is_young = self.organization.created_at > now() - rules.young;
        let (by_all, to_one) = sent.map_or((0, 0), |sent| (sent.by_all, sent.to_one));
        let message = if to_one >= i64::from(rules.mails_per_recipient) {
            format!("one address gets {} invitations a day", rules.mails_per_recipient)
        } else if by_all >= i64::from(rules.mails_per_organization) {
            format!("an organization sends {} invitations a day", rules.mails_per_organization)
        } else if is_young && by_all >= i64::from(rules.mails_per_young_organization) {
            let (days, most) = (rules.young.num_days(), rules.mails_per_young_organization);
            format!("an organization sends {most} invitations a day in its first {days} days")
        } else {
            return Ok(());
        };
        Err(Problem::of(ProblemCode::RateLimited, "email", format!("{message}: try again tomorrow")))
    }
}

/// The one answer to a token or an id that opens nothing, whatever the reason.
pub(super) fn over(field: &'static str) -> Error {
    let message = "there is no such open invitation: it was answered, taken back or sent anew, or its time has run out";
    Problem::of(ProblemCode::InvitationOver, field, message)
}

/// Refuses to promise a role above one's own.
pub(super) fn may_give(giver: OrgRole, role: OrgRole) -> Result<(), Error> {
    // An admin may make admins, though not act on them afterwards; owners are made by owners, among members.
    if giver == role && giver == OrgRole::Admin { Ok(()) } else { allow(decide_on(giver, role)) }
}

fn until(at: DateTime<Utc>, wanted: Option<DateTime<Utc>>, lifetime: chrono::Duration) -> Result<DateTime<Utc>, Error> {
    match wanted {
        None => Ok(micros(at + lifetime)),
        Some(wanted) if wanted > at && wanted <= at + LONGEST_INVITATION => Ok(micros(wanted)),
        Some(wanted) => {
            let message = format!(
                "`expiresAt` is {}; it lies in the future, and at most {} days away",
                wanted.to_rfc3339(),
                LONGEST_INVITATION.num_days()
            );
            Err(Error::Invalid(vec![Problem::bad("expiresAt", message)]))
        }
    }
}

pub(super) async fn find(tx: &Tx, organization: OrganizationId, id: InvitationId) -> Result<Option<Invitation>, Error> {
    let find = Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Id.eq(id));
    tx.one(find.build(tx.backend())).await
}

pub(super) fn ended(before: &Invitation, status: InvitationStatus) -> Invitation {
    Invitation { status, token_hash: None, ended_at: Some(now()), ..before.clone() }
}

pub(super) async fn save(tx: &Tx, after: &Invitation) -> Result<(), Error> {
    let mut active = table::active(after.clone());
    active.not_set(Column::OrganizationId);
    active.not_set(Column::Id);
    let update = Entity::update_many()
        .set(active)
        .filter(Column::OrganizationId.eq(after.organization_id))
        .filter(Column::Id.eq(after.id));
    tx.execute(update.build(tx.backend())).await.map(|_| ())
}

fn noted(action: AuditAction, id: InvitationId) -> Noted {
    Noted { action, target: (TargetKind::Invitation, id.uuid()), dso: None }
}
