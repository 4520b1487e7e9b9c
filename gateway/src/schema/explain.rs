//! Why somebody may or may not.

use async_graphql::{Context, ID};
use entity::{
    auth::{
        OrgRole,
        policy::{Decision, Guard, PolicyTarget, Reason, Subject, decide},
    },
    id::{DsoId, MemberId},
    text::quoted,
};
use gateway_macros::guarded;

use super::connection::shared;
use crate::request::IdArg;
use crate::request::id;
use crate::{
    errors::ResolverError,
    guard::Registry,
    request::{Field, GuardTarget, RequestContext},
};

/// Whether the caller may read a field or call a mutation on one row.
pub struct ViewerPermission {
    field: &'static Field,
    decision: Decision,
}

impl ViewerPermission {
    /// On a row of a DSO: the type's own fields that look at the DSO, and the mutations whose names begin with the verb's
    /// noun (all that look at a DSO, if there is none).
    pub(crate) fn on_dso(
        context: &Context<'_>,
        type_name: &str,
        noun: &str,
        dso: DsoId,
    ) -> Result<Vec<Self>, ResolverError> {
        let caller = RequestContext::of(context).caller();
        let concerns = |field: &&Field| match field.target {
            GuardTarget::Row => field.coordinate.strip_prefix(type_name).is_some_and(|rest| rest.starts_with('.')),
            GuardTarget::Argument => {
                field.coordinate.strip_prefix("Mutation.").is_some_and(|mutation| mutation.starts_with(noun))
            }
        };
        let fields = shared::<Registry>(context)?.fields().filter(|field| matches!(field.guard, Guard::Dso(_)));
        Ok(fields
            .filter(concerns)
            .map(|field| Self { field, decision: decide(caller, field.guard, PolicyTarget::Dso(dso)) })
            .collect())
    }

    /// In the organization: everything that looks at the caller's role in it.
    pub(crate) fn in_organization(context: &Context<'_>) -> Result<Vec<Self>, ResolverError> {
        let caller = RequestContext::of(context).caller();
        let fields = shared::<Registry>(context)?.fields().filter(|field| match field.guard {
            // What every member may is not worth a line.
            Guard::Org(role) => role > OrgRole::Member,
            Guard::Public(_) | Guard::SignedIn | Guard::Dso(_) | Guard::SelfOr(_) => false,
        });
        Ok(fields.map(|field| Self { field, decision: decide(caller, field.guard, PolicyTarget::Nothing) }).collect())
    }
}

/// Whether the caller may read a field or call a mutation on one row.
#[guarded(org = Member)]
impl ViewerPermission {
    /// The field, as `Type.field`.
    #[guard(org = Member)]
    fn coordinate(&self) -> &str {
        self.field.coordinate
    }

    /// Whether they may.
    #[guard(org = Member)]
    fn allowed(&self) -> bool {
        self.decision == Decision::Allow
    }

    /// What it demands.
    #[guard(org = Member)]
    fn guard(&self) -> String {
        self.field.guard.to_string()
    }
}

/// Why somebody may or may not read a field or call a mutation.
pub struct AccessExplanation {
    field: &'static Field,
    member: MemberId,
    dso: Option<DsoId>,
    decision: Decision,
}

/// Why somebody may or may not read a field or call a mutation.
#[guarded(org = Member)]
impl AccessExplanation {
    /// The field, as `Type.field`.
    #[guard(org = Member)]
    fn coordinate(&self) -> &str {
        self.field.coordinate
    }

    /// Who.
    #[guard(org = Member)]
    fn member_id(&self) -> ID {
        id(self.member)
    }

    /// On which DSO.
    #[guard(org = Member)]
    fn dso_id(&self) -> Option<ID> {
        self.dso.map(id)
    }

    /// Whether they may.
    #[guard(org = Member)]
    fn allowed(&self) -> bool {
        self.decision == Decision::Allow
    }

    /// What the field demands.
    #[guard(org = Member)]
    fn rule(&self) -> String {
        self.field.guard.to_string()
    }

    /// Why they may not; none if they may.
    #[guard(org = Member)]
    fn reason(&self) -> Option<String> {
        match self.decision {
            Decision::Allow => None,
            Decision::Deny(reason) => Some(reason.to_string()),
        }
    }

    /// What would have to change for them to be allowed; none if they are.
    #[guard(org = Member)]
    fn remedy(&self) -> Option<String> {
        let Decision::Deny(reason) = self.decision else { return None };
        Some(match (reason, self.field.guard) {
            (Reason::NotSignedIn | Reason::NoOrganization, _) => "sign in and choose an organization".to_owned(),
            (_, Guard::Dso(_)) if self.dso.is_none() => "name a dso: this is decided for each dso by itself".to_owned(),
            (_, Guard::Dso(role)) => format!("an admin grants them {} on this dso", role.name()),
            (_, Guard::Org(role) | Guard::SelfOr(Some(role))) => {
                format!("an owner makes them {} of the organization", role.name())
            }
            (_, Guard::SelfOr(None) | Guard::SignedIn | Guard::Public(_)) => {
                "nothing: it is for the person alone".to_owned()
            }
        })
    }
}

/// Queries about access.
#[derive(Default)]
pub struct ExplainQueries;

#[guarded(signed_in, part_of = "Query")]
impl ExplainQueries {
    /// Whether a member may read a field or call a mutation, by which rule, and what would have to change. About
    /// oneself for everybody, about others for admins.
    #[guard(org = Member)]
    async fn explain_access(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The field, as `Type.field`.")] coordinate: String,
        #[graphql(desc = "Who; the caller, if not given.")] member_id: Option<IdArg<MemberId>>,
        #[graphql(desc = "On a row of which DSO.")] dso_id: Option<IdArg<DsoId>>,
    ) -> Result<Option<AccessExplanation>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        let Some(field) = shared::<Registry>(context)?.get(&coordinate) else {
            return Err(ResolverError::BadUserInput(format!("there is no field {}", quoted(&coordinate))));
        };
        let dso = match dso_id {
            Some(named) => Some(scope.visible_dso(named.0).ok_or(ResolverError::NotFound)?),
            None => None,
        };
        let about = dso.map_or(PolicyTarget::Nothing, PolicyTarget::Dso);
        let own = scope.context().member();
        let member = member_id.map_or(own, |named| named.0);
        let standing = if member == own {
            scope.context().permissions().clone()
        } else {
            let caller = RequestContext::of(context).caller();
            if let Decision::Deny(reason) = decide(caller, Guard::Org(OrgRole::Admin), PolicyTarget::Nothing) {
                // For whoever is no admin, nobody else is there to be asked about.
                return Err(ResolverError::Forbidden(reason));
            }
            scope.permissions_of(member).await?.ok_or(ResolverError::NotFound)?
        };
        // About oneself or another, what is about a person is asked as about that person.
        let about = match field.guard {
            Guard::SelfOr(_) => PolicyTarget::Person(standing.user()),
            Guard::Public(_) | Guard::SignedIn | Guard::Org(_) | Guard::Dso(_) => about,
        };
        let decision = decide(Subject::Member(&standing), field.guard, about);
        Ok(Some(AccessExplanation { field, member, dso, decision }))
    }
}
