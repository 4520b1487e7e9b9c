//! What admins and owners decide about members.

use async_graphql::{Context, InputObject};
use entity::{id::MemberId, models::Member as Row};
use gateway_macros::guarded;

use super::Member;
use crate::{
    errors::ResolverError,
    guard::OrgRole,
    request::{IdArg, RequestContext},
    schema::payload::{MutationResult, into_result, payload},
};

/// Another role for a member.
#[derive(InputObject)]
pub struct MemberRoleUpdateInput {
    /// The member.
    member_id: IdArg<MemberId>,
    /// The role in the organization.
    role: OrgRole,
    /// Refuse if the membership has changed since this version was read.
    expected_version: Option<i32>,
}

/// The member to be removed.
#[derive(InputObject)]
pub struct MemberRemoveInput {
    /// The member.
    member_id: IdArg<MemberId>,
}

/// The member to be stopped for now.
#[derive(InputObject)]
pub struct MemberSuspendInput {
    /// The member.
    member_id: IdArg<MemberId>,
}

/// The member who may go on.
#[derive(InputObject)]
pub struct MemberResumeInput {
    /// The member.
    member_id: IdArg<MemberId>,
}

payload! {
    /// The outcome of `memberRoleUpdate`.
    MemberRoleUpdatePayload {
        /// The member after the change.
        member: Member
    }
}

payload! {
    /// The outcome of `memberRemove`.
    MemberRemovePayload {
        /// The member, who is none any more.
        member: Member
    }
}

payload! {
    /// The outcome of `memberSuspend`.
    MemberSuspendPayload {
        /// The member after the change.
        member: Member
    }
}

payload! {
    /// The outcome of `memberResume`.
    MemberResumePayload {
        /// The member after the change.
        member: Member
    }
}

/// Changes of members.
#[derive(Default)]
pub struct MemberMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl MemberMutations {
    /// Gives a member another role in the organization. There is always an active owner.
    #[guard(org = Owner)]
    async fn member_role_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The member and the role.")] input: MemberRoleUpdateInput,
    ) -> Result<Option<MemberRoleUpdatePayload>, ResolverError> {
        let owner = RequestContext::of(context).scope()?.owner()?;
        let changed = owner.member_role_update(input.member_id.0, input.role.into(), input.expected_version).await;
        Ok(Some(MemberRoleUpdatePayload::new(kept(context, into_result(changed)?))))
    }

    /// Removes a member whose role is below the caller's: from their next request on they see nothing, whatever their
    /// token says. What they did stays theirs.
    #[guard(org = Admin)]
    async fn member_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The member.")] input: MemberRemoveInput,
    ) -> Result<Option<MemberRemovePayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.member_remove(input.member_id.0).await)?;
        Ok(Some(MemberRemovePayload::new(kept(context, settled))))
    }

    /// Stops a member whose role is below the caller's for now. Their grants stay.
    #[guard(org = Admin)]
    async fn member_suspend(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The member.")] input: MemberSuspendInput,
    ) -> Result<Option<MemberSuspendPayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.member_suspend(input.member_id.0).await)?;
        Ok(Some(MemberSuspendPayload::new(kept(context, settled))))
    }

    /// Lets a suspended member go on.
    #[guard(org = Admin)]
    async fn member_resume(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The member.")] input: MemberResumeInput,
    ) -> Result<Option<MemberResumePayload>, ResolverError> {
        let admin = RequestContext::of(context).scope()?.admin()?;
        let settled = into_result(admin.member_resume(input.member_id.0).await)?;
        Ok(Some(MemberResumePayload::new(kept(context, settled))))
    }
}

/// The member as the change left them, and nothing of what was loaded before it.
pub(crate) fn kept(context: &Context<'_>, settled: MutationResult<Row>) -> MutationResult<Option<Member>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(Member(row.into())))
}
