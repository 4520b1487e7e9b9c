//! Looking at what another member sees.
//!
//! Owns: who may look as whom, the scope that shows it, and its mark in the audit log. May use: the policy, transactions,
//! the scope of whoever looks. Invariant: nobody is handed another's scope but an admin whose own membership was read in
//! this request, and not before the log says so; through that scope nothing can be changed.

use std::sync::Arc;

use sea_orm::Statement;

use super::enter::ActiveMembership;
use super::{EnterResult, NoOrganization, Person};
use crate::{
    audit::{
        hash_chain::{self, Actor, AuditEntry},
        refused_attempts::{self, WINDOW},
    },
    auth::{
        Membership, OrgRole,
        org_context::AccessMode,
        policy::{Decision, Guard, PolicyTarget, decide_rank},
    },
    db::{pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::{MemberId, TypedId, UserId},
    models::{AuditAction, AuditOutcome, TargetKind},
    scope::Scope,
    session::Tx,
    time::now,
};

const FORBIDDEN: &str = "FORBIDDEN";
const NOT_FOUND: &str = "NOT_FOUND";

const TARGET_MEMBER_QUERY: &str = "\
    SELECT m.user_id, m.role, u.name, u.email, o.name AS organization_name, o.slug \
    FROM memberships m \
    JOIN users u ON u.id = m.user_id \
    JOIN organizations o ON o.id = m.organization_id \
    WHERE m.organization_id = $1 AND m.id = $2 AND m.status = 'ACTIVE'";

const AUDITED_QUERY: &str = "\
    SELECT count(*) AS events FROM audit_events \
    WHERE organization_id = $1 AND target_id = $2 AND at > $3 \
    AND action = $4 AND actor_member_id = $5 AND outcome = $6";

struct TargetMember {
    user_id: UserId,
    role: OrgRole,
    name: String,
    email: String,
    organization_name: String,
    slug: String,
}
crate::row::from_row!(TargetMember { user_id, role, name, email, organization_name, slug });

/// How an attempt to look ends.
#[derive(Clone, Copy)]
enum Outcome {
    Seen,
    Refused(&'static str),
}

impl Scope {
    /// What another member of the organization sees, for reading only. The person in the answer is the other one, with
    /// no membership but this one, and there is no visitor: what is theirs beside the organization stays theirs.
    ///
    /// Whoever is no admin is refused. Whoever is not there, not active, of another organization, or not somebody on
    /// whom the caller may act, is not found: one outcome, and the same statements.
    pub async fn run_as(&self, member: MemberId) -> Result<EnterResult, Error> {
        if let Err(refused) = self.require(Guard::Org(OrgRole::Admin), PolicyTarget::Nothing) {
            self.audit_run_as(member, Outcome::Refused(FORBIDDEN)).await?;
            return Err(refused);
        }
        let Some(other) = self.target_member(member).await? else {
            self.audit_run_as(member, Outcome::Refused(NOT_FOUND)).await?;
            return Ok(EnterResult { person: None, visitor: None, scope: Err(NoOrganization::NotFound) });
        };
        self.audit_run_as(member, Outcome::Seen).await?;
        let TargetMember { user_id: user, role, name, email, organization_name, slug } = other;
        let organization = self.context().organization();
        // One connection at a time: this scope's is given back before the other's is taken. A transaction of its own also
        // because this one's tells PostgreSQL who signed in, and the other must not be seen with those eyes.
        let _alone = self.exclusive().await;
        let db = self.db();
        let tx = db.begin(TxMode::Read, Purpose::Context).await?;
        let seat = ActiveMembership { organization, member, user, role };
        let scope = db.open_scope(tx, seat, self.origin(), AccessMode::Reading).await?;
        let membership = Membership { organization, name: organization_name, slug, role };
        let person = Person { id: user, name, email, memberships: vec![membership] };
        Ok(EnterResult { person: Some(person), visitor: None, scope: Ok(Arc::new(scope)) })
    }

    /// Writes down that somebody who ran as a member tried to change something.
    pub async fn audit_refused_mutation(&self, member: MemberId) -> Result<(), Error> {
        self.audit_run_as(member, Outcome::Refused(FORBIDDEN)).await
    }

    /// An active member on whom the caller may act.
    async fn target_member(&self, member: MemberId) -> Result<Option<TargetMember>, Error> {
        let tx = self.read().await?;
        let values = [self.context().organization().into(), member.into()];
        let other: Option<TargetMember> =
            tx.query_opt(Statement::from_sql_and_values(tx.backend(), TARGET_MEMBER_QUERY, values)).await?;
        let own = self.context().permissions().org_role();
        Ok(other.filter(|other| decide_rank(own, other.role) == Decision::Allow))
    }

    /// Writes it down, unless the log has just said the same.
    async fn audit_run_as(&self, member: MemberId, end: Outcome) -> Result<(), Error> {
        match end {
            Outcome::Seen => self.audit_reading(member).await,
            // By actor: whom they name is their own word, and there is no end of words.
            Outcome::Refused(reason) => {
                let tx = self.begin_org_write().await?;
                refused_attempts::note(&tx, self.run_as_event(member, AuditOutcome::Refused, Some(reason))).await?;
                tx.commit().await
            }
        }
    }

    /// Writes down that the caller sees what a member sees. The member was found, so there are as many events as members.
    async fn audit_reading(&self, member: MemberId) -> Result<(), Error> {
        if self.was_audited(&*self.read().await?, member).await? {
            return Ok(());
        }
        let tx = self.begin_org_write().await?;
        // Behind the organization's lock again: a page asks many times at once.
        hash_chain::lock(&tx, self.context().organization()).await?;
        if self.was_audited(&tx, member).await? {
            return Ok(());
        }
        hash_chain::append(&tx, self.run_as_event(member, AuditOutcome::Done, None)).await?;
        tx.commit().await
    }

    fn run_as_event<'a>(&'a self, member: MemberId, outcome: AuditOutcome, reason: Option<&'a str>) -> AuditEntry<'a> {
        let context = self.context();
        AuditEntry {
            organization: context.organization(),
            action: AuditAction::RunAs,
            outcome,
            reason,
            actor: Actor::Member(context.member(), context.permissions().user()),
            target: (TargetKind::Member, member.uuid()),
            dso: None,
            origin: self.origin(),
            before: None,
            after: None,
        }
    }

    async fn was_audited(&self, tx: &Tx, member: MemberId) -> Result<bool, Error> {
        struct AuditedRow {
            events: i64,
        }
        crate::row::from_row!(AuditedRow { events });
        let context = self.context();
        let values = [
            context.organization().into(),
            member.into(),
            (now() - WINDOW).into(),
            AuditAction::RunAs.name().into(),
            context.member().into(),
            AuditOutcome::Done.into(),
        ];
        let noted: Option<AuditedRow> =
            tx.query_opt(Statement::from_sql_and_values(tx.backend(), AUDITED_QUERY, values)).await?;
        Ok(noted.is_some_and(|noted| noted.events > 0))
    }
}
