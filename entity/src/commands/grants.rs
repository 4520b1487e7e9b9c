//! Access of members to DSOs.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};

use super::org_lock::{LockedEntry, LockedOrganization, allow};
use crate::{
    auth::{
        DsoRole, MemberPermissions, OrgRole,
        policy::{Guard, PolicyTarget, Subject, decide},
    },
    error::Error,
    id::{DsoGrantId, DsoId, MemberId, TypedId},
    models::{
        self, AuditAction, DsoGrant, MemberStatus, TargetKind,
        dso_grant::{Column, Entity},
    },
    scope::Scope,
    time::now,
};

/// A role on a DSO to be granted to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantDraft {
    /// The member.
    pub member: MemberId,
    /// The DSO.
    pub dso: DsoId,
    /// The role.
    pub role: DsoRole,
}

/// The right to manage the grants of some DSOs.
#[derive(Debug)]
pub struct GrantAdmin<'a> {
    scope: &'a Scope,
}

impl Scope {
    /// Returns a [`GrantAdmin`] if the caller administers each of these DSOs. A refusal is audited as an attempt at
    /// `action`.
    pub async fn granting(&self, action: AuditAction, dsos: &[DsoId]) -> Result<GrantAdmin<'_>, Error> {
        let administered =
            dsos.iter().try_for_each(|dso| self.require(Guard::Dso(DsoRole::Admin), PolicyTarget::Dso(*dso)));
        let target = (TargetKind::Dso, dsos.first().map_or(uuid::Uuid::nil(), |dso| dso.uuid()));
        self.audit_entry_for(action, target, administered).await?;
        Ok(GrantAdmin { scope: self })
    }
}

impl GrantAdmin<'_> {
    /// Grants members roles on DSOs, all or none. Granting the current role is no change.
    pub async fn dso_grant(&self, drafts: &[GrantDraft]) -> Result<Vec<DsoGrant>, Error> {
        let outcome = self.grant_role(drafts).await;
        let target = drafts.first().map_or(uuid::Uuid::nil(), |draft| draft.member.uuid());
        self.scope.audit_entry_for(AuditAction::DsoGrant, (TargetKind::Member, target), outcome).await
    }

    async fn grant_role(&self, drafts: &[GrantDraft]) -> Result<Vec<DsoGrant>, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Member).await?;
        let mut given = Vec::with_capacity(drafts.len());
        for draft in drafts {
            locked.administers(draft.dso).await?;
            let member = locked.member(draft.member).await?;
            super::members::is_any_of(&member, &[MemberStatus::Active, MemberStatus::Suspended])?;
            given.push(locked.grant(*draft).await?);
        }
        locked.commit().await?;
        Ok(given)
    }

    /// Revokes members' roles on DSOs, all or none; returns the revoked grants.
    pub async fn dso_grant_revoke(&self, pairs: &[(MemberId, DsoId)]) -> Result<Vec<DsoGrant>, Error> {
        let outcome = self.revoke_role(pairs).await;
        let target = pairs.first().map_or(uuid::Uuid::nil(), |pair| pair.0.uuid());
        self.scope.audit_entry_for(AuditAction::DsoGrantRevoke, (TargetKind::Member, target), outcome).await
    }

    async fn revoke_role(&self, pairs: &[(MemberId, DsoId)]) -> Result<Vec<DsoGrant>, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Member).await?;
        let mut taken = Vec::with_capacity(pairs.len());
        for (member, dso) in pairs {
            locked.administers(*dso).await?;
            let before = locked.granted(*member, *dso).await?.ok_or(Error::NotFound)?;
            let delete = Entity::delete_many()
                .filter(Column::OrganizationId.eq(before.organization_id))
                .filter(Column::Id.eq(before.id));
            locked.tx.execute(delete.build(locked.tx.backend())).await?;
            locked.note_rights_change(*member);
            let noted = audit_entry(AuditAction::DsoGrantRevoke, &before);
            // The event contains the whole revoked grant: it has no state afterwards.
            locked.note(noted, None, &before).await?;
            taken.push(before);
        }
        locked.commit().await?;
        Ok(taken)
    }
}

impl LockedOrganization<'_> {
    /// Refuses a caller who no longer administers this DSO, and a DSO that is archived.
    async fn administers(&self, dso: DsoId) -> Result<(), Error> {
        let sql = "SELECT id FROM dsos WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL";
        let values = [self.organization.id.into(), dso.into()];
        let living = Statement::from_sql_and_values(self.tx.backend(), sql, values);
        if self.tx.query_opt::<ActiveRow>(living).await?.is_none() {
            return Err(Error::NotFound);
        }
        let own = self.granted(self.actor.id, dso).await?.map(|grant| (dso, grant.role));
        let standing = MemberPermissions::hypothetical(self.actor.user_id, self.actor.role, own);
        allow(decide(Subject::Member(&standing), Guard::Dso(DsoRole::Admin), PolicyTarget::Dso(dso)))
    }

    /// The member's grant on a DSO.
    async fn granted(&self, member: MemberId, dso: DsoId) -> Result<Option<DsoGrant>, Error> {
        let find = Entity::find()
            .filter(Column::OrganizationId.eq(self.organization.id))
            .filter(Column::MemberId.eq(member))
            .filter(Column::DsoId.eq(dso));
        self.tx.query_opt(find.build(self.tx.backend())).await
    }

    /// Grants a role, or replaces the existing one, and audits it.
    pub(super) async fn grant(&self, draft: GrantDraft) -> Result<DsoGrant, Error> {
        let before = self.granted(draft.member, draft.dso).await?;
        let after = match &before {
            Some(before) if before.role == draft.role => return Ok(before.clone()),
            Some(before) => DsoGrant { role: draft.role, granted_by: Some(self.actor.id), ..before.clone() },
            None => DsoGrant {
                organization_id: self.organization.id,
                id: DsoGrantId::generate(),
                dso_id: draft.dso,
                member_id: draft.member,
                role: draft.role,
                granted_by: Some(self.actor.id),
                created_at: now(),
            },
        };
        let mut active = models::active(after.clone());
        let statement = if before.is_none() {
            Entity::insert(active).build(self.tx.backend())
        } else {
            active.not_set(Column::OrganizationId);
            active.not_set(Column::Id);
            let update = Entity::update_many().set(active);
            let update =
                update.filter(Column::OrganizationId.eq(after.organization_id)).filter(Column::Id.eq(after.id));
            update.build(self.tx.backend())
        };
        self.tx.execute(statement).await?;
        self.note_rights_change(draft.member);
        self.note(audit_entry(AuditAction::DsoGrant, &after), before.as_ref(), &after).await?;
        Ok(after)
    }
}

struct ActiveRow {
    #[expect(dead_code, reason = "only the existence of a row is checked")]
    id: DsoId,
}
crate::row::from_row!(ActiveRow { id });

fn audit_entry(action: AuditAction, grant: &DsoGrant) -> LockedEntry {
    LockedEntry { action, target: (TargetKind::DsoGrant, grant.id.uuid()), dso: Some(grant.dso_id) }
}
