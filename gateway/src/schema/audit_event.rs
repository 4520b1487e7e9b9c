//! The audit log.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Json};
use chrono::{DateTime, Utc};
use entity::{
    id::{MemberId, TypedId},
    models::TargetKind,
    queries::{AuditEventOrder, AuditEvents, Direction, Dsos, Members},
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    connection::{ListRequest, Listable, connection},
    dso::Dso,
    enums::{ActorKind, AuditAction, AuditOutcome, AuditTarget},
    input::Time,
    member::Member,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, request::RequestContext, row_encoding::SingleRow};

/// Something that somebody changed.
#[derive(Clone)]
pub struct AuditEvent(Arc<entity::models::AuditEvent>);

impl From<Arc<entity::models::AuditEvent>> for AuditEvent {
    fn from(row: Arc<entity::models::AuditEvent>) -> Self {
        Self(row)
    }
}

connection!(AuditEvents, AuditEvent, AuditEventConnection, AuditEventEdge);

/// Something that somebody changed.
#[guarded(org = Admin)]
impl AuditEvent {
    /// Which event.
    #[guard(org = Admin)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// When.
    #[guard(org = Admin)]
    fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// What was done; null if a later version of the gateway did it.
    #[guard(org = Admin)]
    fn action(&self) -> Option<AuditAction> {
        entity::models::AuditAction::from_name(&self.0.action).map(Into::into)
    }

    /// What kind of actor did it.
    #[guard(org = Admin)]
    fn actor_kind(&self) -> ActorKind {
        self.0.actor_kind.into()
    }

    /// Who did it, if a person.
    #[guard(org = Admin)]
    async fn actor(&self, context: &Context<'_>) -> Result<Option<SingleRow<Member>>, ResolverError> {
        let Some(member) = self.0.actor_member_id else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Members>(member.uuid()).await?.map(Member::from).map(SingleRow))
    }

    /// Which person did it, if one: also one who is no member.
    #[guard(org = Admin)]
    fn actor_user_id(&self) -> Option<ID> {
        self.0.actor_user_id.map(id)
    }

    /// How it ended.
    #[guard(org = Admin)]
    fn outcome(&self) -> AuditOutcome {
        self.0.outcome.into()
    }

    /// The code of what stood against it, if it was refused.
    #[guard(org = Admin)]
    fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// To what kind of row; null if a later version of the gateway did it.
    #[guard(org = Admin)]
    fn target_kind(&self) -> Option<AuditTarget> {
        entity::models::TargetKind::from_name(&self.0.target_kind).map(Into::into)
    }

    /// To which row.
    #[guard(org = Admin)]
    fn target_id(&self) -> Option<ID> {
        entity::models::TargetKind::from_name(&self.0.target_kind).map(|kind| ID(kind.id_of(self.0.target_id)))
    }

    /// The row's DSO, if it has one that lives.
    #[guard(org = Admin)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        let Some(dso) = self.0.dso_id else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Dsos>(dso.uuid()).await?.map(Dso::from).map(SingleRow))
    }

    /// The request that did it.
    #[guard(org = Admin)]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The network address that it came from, where it is known; behind a proxy, the proxy's.
    #[guard(org = Admin)]
    fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// What the client called itself.
    #[guard(org = Admin)]
    fn agent(&self) -> Option<&str> {
        self.0.agent.as_deref()
    }

    /// Its place in the organization's chain of events, from 1; none for events from before there was one.
    #[guard(org = Admin)]
    fn sequence(&self) -> Option<i32> {
        self.0.sequence
    }

    /// Its hash, which covers the event and the hash of the one before it.
    #[guard(org = Admin)]
    fn hash(&self) -> Option<&str> {
        self.0.hash.as_deref()
    }

    /// The changed fields before; none if the row is new.
    #[guard(org = Admin)]
    fn before(&self) -> Option<Json<&serde_json::Value>> {
        self.0.before.as_ref().map(Json)
    }

    /// The changed fields after.
    #[guard(org = Admin)]
    fn after(&self) -> Option<Json<&serde_json::Value>> {
        self.0.after.as_ref().map(Json)
    }
}

/// Which audit events. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct AuditEventFilter {
    /// Of these actions.
    action: Option<Vec<AuditAction>>,
    /// That ended so.
    outcome: Option<AuditOutcome>,
    /// About this row.
    target_id: Option<ID>,
    /// By these members.
    actor_ids: Option<Vec<IdArg<MemberId>>>,
    /// At this time or later.
    from: Option<Time>,
    /// Before this time.
    until: Option<Time>,
}

impl AuditEventFilter {
    /// The organization's log.
    pub(crate) async fn list(
        context: &Context<'_>,
        filter: Option<Self>,
        page: PageArgs,
    ) -> Result<Option<AuditEventConnection>, ResolverError> {
        let filter = filter.unwrap_or_default();
        let ask = ListRequest::<AuditEvents> {
            parent: None,
            dsos: None,
            filter: entity::queries::AuditEventFilter {
                actions: filter.action.map(|actions| actions.into_iter().map(Into::into).collect()),
                actors: filter.actor_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
                target: filter.target_id.map(|id| TargetKind::uuid_of(&id)),
                outcome: filter.outcome.map(Into::into),
                from: filter.from.map(Into::into),
                until: filter.until.map(Into::into),
            },
            order: AuditEventOrder::At,
            direction: Direction::Desc,
        };
        AuditEventConnection::read(context, page, ask).await
    }
}

impl Listable for AuditEvents {
    fn read_fields(filter: &entity::queries::AuditEventFilter, order: AuditEventOrder) -> Vec<&'static str> {
        let entity::queries::AuditEventFilter { actions, actors, target, outcome, from, until } = filter;
        let mut reads = vec![match order {
            AuditEventOrder::At => "AuditEvent.at",
        }];
        if actions.is_some() {
            reads.push("AuditEvent.action");
        }
        if actors.is_some() {
            reads.push("AuditEvent.actor");
        }
        if target.is_some() {
            reads.push("AuditEvent.targetId");
        }
        if outcome.is_some() {
            reads.push("AuditEvent.outcome");
        }
        if from.is_some() || until.is_some() {
            reads.push("AuditEvent.at");
        }
        reads
    }
}
