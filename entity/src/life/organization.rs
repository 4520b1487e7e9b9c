//! Making organizations, naming them, deleting them and bringing them back.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement, sea_query::OnConflict};

use super::{
    Owner, Visitor,
    locked::{Locked, Noted},
    slug,
    visitor::Told,
};
use crate::{
    AuditAction, Error, Member, MemberId, MemberStatus, Membership, OrgRole, Organization, OrganizationId,
    OrganizationStatus, Problem, ProblemCode, TargetKind, TextKind, TypedId,
    chain::{self, Actor},
    pool::Intent,
    rules::GRACE,
    session::Tx,
    table::{self, organization::Column},
    text::{name_key, quoted},
    time::{micros, now},
    write::{Checks, check_version},
};

/// An organization to be made.
#[derive(Clone, Debug, Default)]
pub struct OrganizationDraft {
    /// What it is called.
    pub name: String,
    /// Its name in addresses; made of the name, if none is given.
    pub slug: Option<String>,
}

/// Another name or slug.
#[derive(Clone, Debug, Default)]
pub struct OrganizationPatch {
    /// What it is called.
    pub name: Option<String>,
    /// Its name in addresses.
    pub slug: Option<String>,
    /// The version on whose sight the change was made.
    pub expected_version: Option<i32>,
}

/// A deleted organization that its owner may still bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Which organization.
    pub id: OrganizationId,
    /// What it was called.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
}
crate::row::from_row!(Deleted { id, name, slug, deleted_at });

impl Deleted {
    /// Until when it can be brought back.
    #[must_use]
    pub fn restorable_until(&self) -> DateTime<Utc> {
        self.deleted_at + GRACE
    }
}

impl Owner<'_> {
    /// Gives the organization another name or slug. The old slug leads nowhere from now on, and nobody else gets it for
    /// 90 days.
    pub async fn organization_rename(&self, patch: OrganizationPatch) -> Result<Organization, Error> {
        let outcome = self.rename(patch).await;
        if outcome.as_ref().is_err_and(slug::is_taken) {
            let tx = self.scope.write_whole().await?;
            slug::count_taken(&tx, self.scope.context().standing().user()).await?;
            tx.commit().await?;
        }
        let target = (TargetKind::Organization, self.scope.context().organization().uuid());
        self.scope.told(AuditAction::OrganizationRename, target, outcome).await
    }

    async fn rename(&self, patch: OrganizationPatch) -> Result<Organization, Error> {
        let mut checks = Checks::default();
        let name = patch.name.map(|name| checks.required("name", &name, TextKind::NAME));
        let slug = patch.slug.and_then(|slug| checks.take(slug::normal(&slug)));
        checks.done()?;
        let locked = Locked::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.organization.clone();
        check_version(patch.expected_version, before.version)?;
        let named = Organization {
            name: name.unwrap_or_else(|| before.name.clone()),
            slug: slug.unwrap_or_else(|| before.slug.clone()),
            ..before.clone()
        };
        if named.slug != before.slug {
            slug::refuse_many(&locked.tx, locked.actor.user_id, self.scope.rules().taken_slugs_per_day).await?;
        }
        if named == before {
            locked.commit().await?;
            return Ok(before);
        }
        let after = Organization { version: before.version + 1, updated_at: now(), ..named };
        save(&locked.tx, &after).await?;
        if after.slug != before.slug {
            if slug::is_kept(&locked.tx, &after.slug, after.id).await? {
                return Err(slug::taken(&after.slug));
            }
            slug::give_up(&locked.tx, &before.slug, after.id).await?;
        }
        let noted = noted(AuditAction::OrganizationRename, after.id);
        locked.note(noted, Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }

    /// Deletes the organization, if `confirmation` is its slug: nobody gets in any more, its invitations are dead, and
    /// an owner can bring it back for 30 days.
    pub async fn organization_delete(&self, confirmation: &str) -> Result<Deleted, Error> {
        let outcome = self.delete(confirmation).await;
        let target = (TargetKind::Organization, self.scope.context().organization().uuid());
        self.scope.told(AuditAction::OrganizationDelete, target, outcome).await
    }

    async fn delete(&self, confirmation: &str) -> Result<Deleted, Error> {
        let locked = Locked::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.organization.clone();
        if confirmation != before.slug {
            let message = format!("{} is not the slug of the organization that is to be deleted", quoted(confirmation));
            return Err(Problem::of(ProblemCode::NotConfirmed, "confirmation", message));
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
        let noted = noted(AuditAction::OrganizationDelete, after.id);
        locked.note(noted, Some(&before), &after).await?;
        locked.commit().await?;
        Ok(Deleted { id: after.id, name: after.name, slug: after.slug, deleted_at: at })
    }
}

impl Visitor {
    /// Makes an organization, with the visitor as its owner.
    pub async fn organization_create(&self, draft: OrganizationDraft) -> Result<Membership, Error> {
        let mut checks = Checks::default();
        let name = checks.required("name", &draft.name, TextKind::NAME);
        let slug = draft.slug.and_then(|slug| checks.take(slug::normal(&slug)));
        checks.done()?;
        let tx = self.begin(Intent::Write).await?;
        self.count_organizations(&tx).await?;
        let Some(slug) = slug else {
            let made = self.found_somehow(&tx, AuditAction::OrganizationCreate, &name).await?;
            return tx.commit().await.map(|()| made);
        };
        slug::refuse_many(&tx, self.user, self.rules().taken_slugs_per_day).await?;
        let made = self.found(&tx, AuditAction::OrganizationCreate, &name, &slug).await;
        if made.as_ref().is_err_and(slug::is_taken) {
            // Nothing was written of the organization.
            slug::count_taken(&tx, self.user).await?;
        } else if made.is_err() {
            return made;
        }
        tx.commit().await?;
        made
    }

    /// Refuses one organization too many. Locks the person, so that two requests at once count alike.
    async fn count_organizations(&self, tx: &Tx) -> Result<(), Error> {
        struct Owned {
            owned: i64,
        }
        crate::row::from_row!(Owned { owned });
        if tx.backend() == sea_orm::DbBackend::Postgres {
            let sql = "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE";
            tx.execute(Statement::from_sql_and_values(tx.backend(), sql, [self.user.into()])).await?;
        }
        let sql = "SELECT count(*) AS owned FROM memberships m \
                   JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL \
                   WHERE m.user_id = $1 AND m.role = 'OWNER' AND m.status = 'ACTIVE'";
        let owned: Option<Owned> =
            tx.one(Statement::from_sql_and_values(tx.backend(), sql, [self.user.into()])).await?;
        let most = self.rules().organizations_per_person;
        if owned.is_some_and(|owned| owned.owned < i64::from(most)) {
            return Ok(());
        }
        let message = format!("one person may own {most} organizations");
        Err(Error::Invalid(vec![Problem { code: ProblemCode::OrganizationLimit, message, field: vec!["input"] }]))
    }

    /// Makes an organization under a slug made of its name.
    pub(super) async fn found_somehow(&self, tx: &Tx, action: AuditAction, name: &str) -> Result<Membership, Error> {
        let slug = slug::derived(name);
        // A slug other than the derived one shows that the derived one is taken.
        let made = match slug::refuse_many(tx, self.user, self.rules().taken_slugs_per_day).await {
            Ok(()) => self.found(tx, action, name, &slug).await,
            Err(error) => Err(error),
        };
        match made {
            Err(Error::Invalid(_)) => {
                slug::count_taken(tx, self.user).await?;
                self.found(tx, action, name, &slug::varied(&slug)).await
            }
            made => made,
        }
    }

    async fn found(&self, tx: &Tx, action: AuditAction, name: &str, slug: &str) -> Result<Membership, Error> {
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
        self.turn_to(tx, organization).await;
        // Looked for before it is written, too: the row of a refused slug would have to be taken out again.
        if slug::is_kept(tx, slug, organization).await? {
            return Err(slug::taken(slug));
        }
        let insert = table::organization::Entity::insert(table::active(row.clone()))
            .on_conflict(OnConflict::column(Column::Slug).do_nothing().to_owned());
        if tx.execute(insert.build(tx.backend())).await? == 0 {
            return Err(slug::taken(slug));
        }
        if slug::is_kept(tx, slug, organization).await? {
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
        let insert = table::membership::Entity::insert(table::active(owner));
        tx.execute(insert.build(tx.backend())).await?;
        self.note(tx, told(organization, action), Actor::Member(member, self.user), None, &row).await?;
        Ok(Membership { organization, name: row.name, slug: row.slug, role: OrgRole::Owner })
    }

    /// The deleted organizations that the visitor owns and may still bring back.
    pub async fn deleted_organizations(&self) -> Result<Vec<Deleted>, Error> {
        let tx = self.begin(Intent::Read).await?;
        let sql = "SELECT o.id, o.name, o.slug, o.deleted_at FROM memberships m \
                   JOIN organizations o ON o.id = m.organization_id AND o.deleted_at > $2 \
                   WHERE m.user_id = $1 AND m.role = 'OWNER' AND m.status = 'ACTIVE'";
        let values = [self.user.into(), micros(now() - GRACE).into()];
        let mut deleted: Vec<Deleted> = tx.all(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        deleted.sort_by_cached_key(|deleted| (name_key(&deleted.name), deleted.id));
        Ok(deleted)
    }

    /// Brings a deleted organization back, if the visitor owns it and its time has not run out.
    pub async fn organization_restore(&self, id: OrganizationId) -> Result<Membership, Error> {
        let tx = self.begin(Intent::Write).await?;
        // Looked for as oneself before anything is locked: nobody keeps a foreign organization waiting by naming it, or
        // writes into its log.
        let Some(member) = self.membership_of(&tx, id).await? else { return Err(Error::NotFound) };
        match self.restore(&tx, id, &member).await {
            Ok(restored) => tx.commit().await.map(|()| restored),
            Err(error) => {
                drop(tx);
                self.note_refusal(told(id, AuditAction::OrganizationRestore), &error).await?;
                Err(error)
            }
        }
    }

    async fn restore(&self, tx: &Tx, id: OrganizationId, member: &Member) -> Result<Membership, Error> {
        if member.role != OrgRole::Owner {
            return Err(Error::NotFound);
        }
        self.count_organizations(tx).await?;
        self.turn_to(tx, id).await;
        chain::lock(tx, id).await?;
        let find = table::organization::Entity::find()
            .filter(Column::Id.eq(id))
            .filter(Column::DeletedAt.gt(micros(now() - GRACE)));
        let before: Option<Organization> = tx.one(find.build(tx.backend())).await?;
        let owner = self.membership_of(tx, id).await?.filter(|member| member.role == OrgRole::Owner);
        let (Some(before), Some(owner)) = (before, owner) else { return Err(Error::NotFound) };
        let after = Organization { deleted_at: None, updated_at: now(), version: before.version + 1, ..before.clone() };
        save(tx, &after).await?;
        let actor = Actor::Member(owner.id, self.user);
        self.note(tx, told(id, AuditAction::OrganizationRestore), actor, Some(&before), &after).await?;
        Ok(Membership { organization: id, name: after.name, slug: after.slug, role: OrgRole::Owner })
    }

    /// The visitor as an active member of an organization, deleted or not.
    async fn membership_of(&self, tx: &Tx, id: OrganizationId) -> Result<Option<Member>, Error> {
        let find = table::membership::Entity::find()
            .filter(table::membership::Column::OrganizationId.eq(id))
            .filter(table::membership::Column::UserId.eq(self.user))
            .filter(table::membership::Column::Status.eq(MemberStatus::Active));
        tx.one(find.build(tx.backend())).await
    }
}

/// Writes an organization's new state; a slug that another one has is taken.
async fn save(tx: &Tx, after: &Organization) -> Result<(), Error> {
    let mut active = table::active(after.clone());
    active.not_set(Column::Id);
    let update = table::organization::Entity::update_many().set(active).filter(Column::Id.eq(after.id));
    match tx.execute(update.build(tx.backend())).await {
        Err(Error::Duplicate) => Err(slug::taken(&after.slug)),
        outcome => outcome.map(|_| ()),
    }
}

fn told(organization: OrganizationId, action: AuditAction) -> Told {
    Told { organization, action, target: (TargetKind::Organization, organization.uuid()) }
}

fn noted(action: AuditAction, organization: OrganizationId) -> Noted {
    Noted { action, target: (TargetKind::Organization, organization.uuid()), dso: None }
}
