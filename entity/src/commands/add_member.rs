//! Adding a member: the only way in which a person becomes a member, including by a join request.
//!
//! Invariant: a new member, however they join, has no old grants, and no invitation or request stays open between them
//! and the organization.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};

use super::org_lock::take_seat;
use crate::{
    auth::{DsoRole, OrgRole},
    error::{Error, ValidationCode, ValidationError},
    id::{DsoGrantId, DsoId, MemberId, TypedId, UserId},
    models::{self, DsoGrant, Member, MemberStatus, Organization},
    session::Tx,
    time::now,
};

/// Access rights of a new member.
#[derive(Clone, Debug)]
pub struct InitialAccess {
    /// The role in the organization.
    pub role: OrgRole,
    /// Roles on DSOs; grants on DSOs that no longer exist are left out.
    pub grants: Vec<(DsoId, DsoRole)>,
}

/// The person who joins.
pub(super) struct NewMember<'a> {
    pub(super) user: UserId,
    /// Their address in normal form: open invitations to it are closed.
    pub(super) email: &'a str,
    /// The member who admits them.
    pub(super) by: MemberId,
    /// The input field that identified them.
    pub(super) field: &'static str,
    /// Seats of an organization that has no limit of its own.
    pub(super) seats: Option<u32>,
}

/// Makes a person a member, under the organization's lock.
pub(super) async fn add_member(
    tx: &Tx,
    organization: &Organization,
    who: &NewMember<'_>,
    welcome: &InitialAccess,
) -> Result<Member, Error> {
    use models::membership::{Column, Entity};
    let find = Entity::find().filter(Column::OrganizationId.eq(organization.id)).filter(Column::UserId.eq(who.user));
    let before: Option<Member> = tx.query_opt(find.build(tx.backend())).await?;
    match before.as_ref().map(|before| before.status) {
        Some(MemberStatus::Active) => {
            return Err(ValidationError::of(ValidationCode::AlreadyMember, who.field, "they are a member already"));
        }
        Some(MemberStatus::Suspended) => {
            return Err(ValidationError::of(
                ValidationCode::WrongState,
                who.field,
                "they are suspended: an admin can let them go on",
            ));
        }
        Some(MemberStatus::Removed) | None => {}
    }
    take_seat(tx, organization, who.seats).await?;
    let at = now();
    let member = Member {
        organization_id: organization.id,
        id: before.as_ref().map_or_else(MemberId::generate, |before| before.id),
        user_id: who.user,
        role: welcome.role,
        status: MemberStatus::Active,
        created_at: before.as_ref().map_or(at, |before| before.created_at),
        updated_at: at,
        version: before.as_ref().map_or(1, |before| before.version + 1),
        last_seen_at: None,
    };
    let mut active = models::active(member.clone());
    let statement = if before.is_none() {
        Entity::insert(active).build(tx.backend())
    } else {
        active.not_set(Column::OrganizationId);
        active.not_set(Column::Id);
        let update = Entity::update_many().set(active);
        let update = update.filter(Column::OrganizationId.eq(organization.id)).filter(Column::Id.eq(member.id));
        update.build(tx.backend())
    };
    tx.execute(statement).await?;
    add_grants(tx, &member, who.by, welcome).await?;
    let unsent = "DELETE FROM outbox WHERE organization_id = $1 AND invitation_id IN \
                  (SELECT id FROM invitations WHERE organization_id = $1 AND email_normal = $2)";
    let values = [organization.id.into(), who.email.into()];
    tx.execute(Statement::from_sql_and_values(tx.backend(), unsent, values)).await?;
    let open = "UPDATE invitations SET status = 'REVOKED', token_hash = NULL, ended_at = $3 \
                WHERE organization_id = $1 AND email_normal = $2 AND status = 'PENDING'";
    let values = [organization.id.into(), who.email.into(), at.into()];
    tx.execute(Statement::from_sql_and_values(tx.backend(), open, values)).await?;
    let close = "UPDATE join_requests SET status = 'CLOSED', decided_at = $3 \
                 WHERE target_id = $1 AND user_id = $2 AND status = 'PENDING'";
    let values = [organization.id.into(), who.user.into(), at.into()];
    tx.execute(Statement::from_sql_and_values(tx.backend(), close, values)).await?;
    Ok(member)
}

/// Adds the promised grants on DSOs that still exist, and replaces any old ones.
async fn add_grants(tx: &Tx, member: &Member, by: MemberId, welcome: &InitialAccess) -> Result<(), Error> {
    use models::dso_grant::{Column, Entity};
    struct ActiveRow {
        id: DsoId,
    }
    crate::row::from_row!(ActiveRow { id });
    let delete = Entity::delete_many()
        .filter(Column::OrganizationId.eq(member.organization_id))
        .filter(Column::MemberId.eq(member.id));
    tx.execute(delete.build(tx.backend())).await?;
    let sql = "SELECT id FROM dsos WHERE organization_id = $1 AND deleted_at IS NULL";
    let values = [member.organization_id.into()];
    let living: Vec<ActiveRow> = tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    for (dso, role) in welcome.grants.iter().filter(|(dso, _)| living.iter().any(|living| living.id == *dso)) {
        let grant = DsoGrant {
            organization_id: member.organization_id,
            id: DsoGrantId::generate(),
            dso_id: *dso,
            member_id: member.id,
            role: *role,
            granted_by: Some(by),
            created_at: now(),
        };
        tx.execute(Entity::insert(models::active(grant)).build(tx.backend())).await?;
    }
    Ok(())
}
