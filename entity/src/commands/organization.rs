//! Creating, renaming, deleting and restoring organizations.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement, sea_query::OnConflict};

use super::{
    Account, Owner,
    account::AccountEntry,
    org_lock::{LockedEntry, LockedOrganization},
    slug,
};
use crate::{
    audit::hash_chain::{self, Actor},
    auth::{Membership, OrgRole},
    commands::{Validator, check_version},
    db::pool::TxMode,
    error::{Error, ValidationCode, ValidationError},
    id::{MemberId, OrganizationId, TypedId},
    models::{
        self, AuditAction, Member, MemberStatus, Organization, OrganizationStatus, TargetKind, organization::Column,
    },
    organization_settings::RESTORE_PERIOD,
    session::Tx,
    text::{TextKind, name_key, quoted},
    time::{micros, now},
};

/// An organization to be created.
#[derive(Clone, Debug, Default)]
pub struct OrganizationDraft {
    /// The name.
    pub name: String,
    /// The name in URLs; derived from the name if none is given.
    pub slug: Option<String>,
}

/// A change of the name or slug.
#[derive(Clone, Debug, Default)]
pub struct OrganizationPatch {
    /// The name.
    pub name: Option<String>,
    /// The name in URLs.
    pub slug: Option<String>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

/// A deleted organization that its owner can still restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestorableOrganization {
    /// Id of the organization.
    pub id: OrganizationId,
    /// The name it had.
    pub name: String,
    /// The name in URLs.
    pub slug: String,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
}
crate::row::from_row!(RestorableOrganization { id, name, slug, deleted_at });

impl RestorableOrganization {
    /// The end of the period in which it can be restored.
    #[must_use]
    pub fn restorable_until(&self) -> DateTime<Utc> {
        self.deleted_at + RESTORE_PERIOD
    }
}

impl Owner<'_> {
    /// Changes the organization's name or slug. The old slug stops resolving at once, and no other organization can
    /// take it for 90 days.
    pub async fn organization_rename(&self, patch: OrganizationPatch) -> Result<Organization, Error> {
        let outcome = self.rename(patch).await;
        if outcome.as_ref().is_err_and(slug::is_taken) {
            let tx = self.scope.begin_org_write().await?;
            slug::count_taken(&tx, self.scope.context().permissions().user()).await?;
            tx.commit().await?;
        }
        let target = (TargetKind::Organization, self.scope.context().organization().uuid());
        self.scope.audit_entry_for(AuditAction::OrganizationRename, target, outcome).await
    }

    async fn rename(&self, patch: OrganizationPatch) -> Result<Organization, Error> {
        let mut checks = Validator::default();
        let name = patch.name.map(|name| checks.required("name", &name, TextKind::NAME));
        let slug = patch.slug.and_then(|slug| checks.accept(slug::normalize(&slug)));
        checks.finish()?;
        let locked = LockedOrganization::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.organization.clone();
        check_version(patch.expected_version, before.version)?;
        let named = Organization {
            name: name.unwrap_or_else(|| before.name.clone()),
            slug: slug.unwrap_or_else(|| before.slug.clone()),
            ..before.clone()
        };
        if named.slug != before.slug {
            slug::refuse_excess(
                &locked.tx,
                locked.actor.user_id,
                self.scope.organization_settings().taken_slugs_per_day,
            )
            .await?;
        }
        if named == before {
            locked.commit().await?;
            return Ok(before);
        }
        let after = Organization { version: before.version + 1, updated_at: now(), ..named };
        save(&locked.tx, &after).await?;
        if after.slug != before.slug {
            if slug::is_reserved(&locked.tx, &after.slug, after.id).await? {
                return Err(slug::taken(&after.slug));
            }
            slug::release(&locked.tx, &before.slug, after.id).await?;
        }
        let noted = audit_entry(AuditAction::OrganizationRename, after.id);
        locked.note(noted, Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }

    /// Deletes the organization, if `confirmation` is its slug. Access ends at once, its invitations become invalid,
    /// and an owner can restore it for 30 days.
    pub async fn organization_delete(&self, confirmation: &str) -> Result<RestorableOrganization, Error> {
        let outcome = self.delete(confirmation).await;
        let target = (TargetKind::Organization, self.scope.context().organization().uuid());
        self.scope.audit_entry_for(AuditAction::OrganizationDelete, target, outcome).await
    }

    async fn delete(&self, confirmation: &str) -> Result<RestorableOrganization, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.organization.clone();
        if confirmation != before.slug {
            let message = format!("{} is not the slug of the organization that is to be deleted", quoted(confirmation));
            return Err(ValidationError::of(ValidationCode::NotConfirmed, "confirmation", message));
        }
        let at = now();
        let after =
            Organization { deleted_at: Some(at), updated_at: at, version: before.version + 1, ..before.clone() };
        save(&locked.tx, &after).await?;
        for sql in [
            "UPDATE invitations SET status = 'REVOKED', token_hash = NULL, ended_at = $2 \
             WHERE organization_id = $1 AND status = 'PENDING'",
            "UPDATE join_requests SET status = 'CLOSED', decided_at = $2 WHERE target_id = $1 AND status = 'PENDING'",
        ] {
            let values = [after.id.into(), at.into()];
            locked.tx.execute(Statement::from_sql_and_values(locked.tx.backend(), sql, values)).await?;
        }
        let unsent = "DELETE FROM outbox WHERE organization_id = $1";
        locked.tx.execute(Statement::from_sql_and_values(locked.tx.backend(), unsent, [after.id.into()])).await?;
        let noted = audit_entry(AuditAction::OrganizationDelete, after.id);
        locked.note(noted, Some(&before), &after).await?;
        locked.commit().await?;
        Ok(RestorableOrganization { id: after.id, name: after.name, slug: after.slug, deleted_at: at })
    }
}

impl Account {
    /// Creates an organization, with the caller as its owner.
    pub async fn organization_create(&self, draft: OrganizationDraft) -> Result<Membership, Error> {
        let mut checks = Validator::default();
        let name = checks.required("name", &draft.name, TextKind::NAME);
        let slug = draft.slug.and_then(|slug| checks.accept(slug::normalize(&slug)));
        checks.finish()?;
        let tx = self.begin(TxMode::Write).await?;
        self.count_organizations(&tx).await?;
        let Some(slug) = slug else {
            let made = self.create_with_free_slug(&tx, AuditAction::OrganizationCreate, &name).await?;
            return tx.commit().await.map(|()| made);
        };
        slug::refuse_excess(&tx, self.user, self.organization_settings().taken_slugs_per_day).await?;
        let made = self.create_with_slug(&tx, AuditAction::OrganizationCreate, &name, &slug).await;
        if made.as_ref().is_err_and(slug::is_taken) {
            // No row of the organization was written.
            slug::count_taken(&tx, self.user).await?;
        } else if made.is_err() {
            return made;
        }
        tx.commit().await?;
        made
    }

    /// Enforces the limit of organizations per person. Locks the person, so that two concurrent requests are both
    /// counted.
    async fn count_organizations(&self, tx: &Tx) -> Result<(), Error> {
        struct OwnedCount {
            owned: i64,
        }
        crate::row::from_row!(OwnedCount { owned });
        if tx.backend() == sea_orm::DbBackend::Postgres {
            let sql = "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE";
            tx.execute(Statement::from_sql_and_values(tx.backend(), sql, [self.user.into()])).await?;
        }
        let sql = "SELECT count(*) AS owned FROM memberships m \
                   JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL \
                   WHERE m.user_id = $1 AND m.role = 'OWNER' AND m.status = 'ACTIVE'";
        let owned: Option<OwnedCount> =
            tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, [self.user.into()])).await?;
        let most = self.organization_settings().organizations_per_person;
        if owned.is_some_and(|owned| owned.owned < i64::from(most)) {
            return Ok(());
        }
        let message = format!("one person may own {most} organizations");
        Err(Error::Invalid(vec![ValidationError {
            code: ValidationCode::OrganizationLimit,
            message,
            field: vec!["input"],
        }]))
    }

    /// Creates an organization under a slug derived from its name.
    pub(super) async fn create_with_free_slug(
        &self,
        tx: &Tx,
        action: AuditAction,
        name: &str,
    ) -> Result<Membership, Error> {
        let slug = slug::derive(name);
        // A slug other than the derived one reveals that the derived one is taken.
        let made = match slug::refuse_excess(tx, self.user, self.organization_settings().taken_slugs_per_day).await {
            Ok(()) => self.create_with_slug(tx, action, name, &slug).await,
            Err(error) => Err(error),
        };
        match made {
            Err(Error::Invalid(_)) => {
                slug::count_taken(tx, self.user).await?;
                self.create_with_slug(tx, action, name, &slug::with_suffix(&slug)).await
            }
            made => made,
        }
    }

    async fn create_with_slug(
        &self,
        tx: &Tx,
        action: AuditAction,
        name: &str,
        slug: &str,
    ) -> Result<Membership, Error> {
        let (organization, member) = (OrganizationId::generate(), MemberId::generate());
        let at = now();
        let row = Organization {
            id: organization,
            name: name.to_owned(),
            slug: slug.to_owned(),
            status: OrganizationStatus::Active,
            created_at: at,
            updated_at: at,
            deleted_at: None,
            version: 1,
            seat_limit: None,
        };
        self.act_in(tx, organization).await;
        // Also checked before the insert: otherwise the row with a refused slug would have to be removed again.
        if slug::is_reserved(tx, slug, organization).await? {
            return Err(slug::taken(slug));
        }
        let insert = models::organization::Entity::insert(models::active(row.clone()))
            .on_conflict(OnConflict::column(Column::Slug).do_nothing().to_owned());
        if tx.execute(insert.build(tx.backend())).await? == 0 {
            return Err(slug::taken(slug));
        }
        if slug::is_reserved(tx, slug, organization).await? {
            return Err(Error::Unavailable(std::sync::Arc::new(std::io::Error::other(
                "a slug was given up meanwhile",
            ))));
        }
        let owner = Member {
            organization_id: organization,
            id: member,
            user_id: self.user,
            role: OrgRole::Owner,
            status: MemberStatus::Active,
            created_at: at,
            updated_at: at,
            version: 1,
            last_seen_at: Some(at),
        };
        let insert = models::membership::Entity::insert(models::active(owner));
        tx.execute(insert.build(tx.backend())).await?;
        self.audit(tx, audit_entry_for(organization, action), Actor::Member(member, self.user), None, &row).await?;
        Ok(Membership { organization, name: row.name, slug: row.slug, role: OrgRole::Owner })
    }

    /// The deleted organizations that the caller owns and can still restore.
    pub async fn deleted_organizations(&self) -> Result<Vec<RestorableOrganization>, Error> {
        let tx = self.begin(TxMode::Read).await?;
        let sql = "SELECT o.id, o.name, o.slug, o.deleted_at FROM memberships m \
                   JOIN organizations o ON o.id = m.organization_id AND o.deleted_at > $2 \
                   WHERE m.user_id = $1 AND m.role = 'OWNER' AND m.status = 'ACTIVE'";
        let values = [self.user.into(), micros(now() - RESTORE_PERIOD).into()];
        let mut deleted: Vec<RestorableOrganization> =
            tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        deleted.sort_by_cached_key(|deleted| (name_key(&deleted.name), deleted.id));
        Ok(deleted)
    }

    /// Restores a deleted organization, if the caller owns it and the restore period has not ended.
    pub async fn organization_restore(&self, id: OrganizationId) -> Result<Membership, Error> {
        let tx = self.begin(TxMode::Write).await?;
        // The caller's own membership is looked up before anything is locked: naming another organization neither
        // blocks it nor writes to its log.
        let Some(member) = self.membership_of(&tx, id).await? else { return Err(Error::NotFound) };
        match self.restore(&tx, id, &member).await {
            Ok(restored) => tx.commit().await.map(|()| restored),
            Err(error) => {
                drop(tx);
                self.audit_refusal(audit_entry_for(id, AuditAction::OrganizationRestore), &error).await?;
                Err(error)
            }
        }
    }

    async fn restore(&self, tx: &Tx, id: OrganizationId, member: &Member) -> Result<Membership, Error> {
        if member.role != OrgRole::Owner {
            return Err(Error::NotFound);
        }
        self.count_organizations(tx).await?;
        self.act_in(tx, id).await;
        hash_chain::lock(tx, id).await?;
        let find = models::organization::Entity::find()
            .filter(Column::Id.eq(id))
            .filter(Column::DeletedAt.gt(micros(now() - RESTORE_PERIOD)));
        let before: Option<Organization> = tx.query_opt(find.build(tx.backend())).await?;
        let owner = self.membership_of(tx, id).await?.filter(|member| member.role == OrgRole::Owner);
        let (Some(before), Some(owner)) = (before, owner) else { return Err(Error::NotFound) };
        let after = Organization { deleted_at: None, updated_at: now(), version: before.version + 1, ..before.clone() };
        save(tx, &after).await?;
        let actor = Actor::Member(owner.id, self.user);
        self.audit(tx, audit_entry_for(id, AuditAction::OrganizationRestore), actor, Some(&before), &after).await?;
        Ok(Membership { organization: id, name: after.name, slug: after.slug, role: OrgRole::Owner })
    }

    /// The caller's active membership in an organization, deleted or not.
    async fn membership_of(&self, tx: &Tx, id: OrganizationId) -> Result<Option<Member>, Error> {
        let find = models::membership::Entity::find()
            .filter(models::membership::Column::OrganizationId.eq(id))
            .filter(models::membership::Column::UserId.eq(self.user))
            .filter(models::membership::Column::Status.eq(MemberStatus::Active));
        tx.query_opt(find.build(tx.backend())).await
    }
}

/// Writes an organization's new state; fails with "slug taken" if another organization has the slug.
async fn save(tx: &Tx, after: &Organization) -> Result<(), Error> {
    let mut active = models::active(after.clone());
    active.not_set(Column::Id);
    let update = models::organization::Entity::update_many().set(active).filter(Column::Id.eq(after.id));
    match tx.execute(update.build(tx.backend())).await {
        Err(Error::Duplicate) => Err(slug::taken(&after.slug)),
        outcome => outcome.map(|_| ()),
    }
}

fn audit_entry_for(organization: OrganizationId, action: AuditAction) -> AccountEntry {
    AccountEntry { organization, action, target: (TargetKind::Organization, organization.uuid()) }
}

fn audit_entry(action: AuditAction, organization: OrganizationId) -> LockedEntry {
    LockedEntry { action, target: (TargetKind::Organization, organization.uuid()), dso: None }
}
