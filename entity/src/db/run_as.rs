//! Looking at what another member sees.
//!
//! Owns: who may look as whom, the scope that shows it, and its mark in the audit log. May use: the policy, transactions,
//! the scope of whoever looks. Invariant: nobody is handed another's scope but an admin whose own membership was read in
//! this request, and not before the log says so; through that scope nothing can be changed.

use std::sync::Arc;

use sea_orm::Statement;

use super::{Closed, Entry, Person, enter::Seat};
use crate::{
    AuditAction, AuditOutcome, Error, MemberId, Membership, OrgRole, Scope, TargetKind, TypedId, UserId,
    chain::{self, Actor, Happening},
    org_context::Reach,
    policy::{About, Decision, Guard, decide_on},
    pool::Intent,
    recorder::Purpose,
    refusal::{self, WINDOW},
    session::Tx,
    time::now,
};

const FORBIDDEN: &str = "FORBIDDEN";
const NOT_FOUND: &str = "NOT_FOUND";

const OTHER: &str = "\
    SELECT m.user_id, m.role, u.name, u.email, o.name AS organization_name, o.slug \
    FROM memberships m \
    JOIN users u ON u.id = m.user_id \
    JOIN organizations o ON o.id = m.organization_id \
    WHERE m.organization_id = $1 AND m.id = $2 AND m.status = 'ACTIVE'";

const NOTED: &str = "\
    SELECT count(*) AS events FROM audit_events \
    WHERE organization_id = $1 AND target_id = $2 AND at > $3 \
    AND action = $4 AND actor_member_id = $5 AND outcome = $6";

struct Other {
    user_id: UserId,
    role: OrgRole,
    name: String,
    email: String,
    organization_name: String,
    slug: String,
}
crate::row::from_row!(Other { user_id, role, name, email, organization_name, slug });

/// How an attempt to look ends.
#[derive(Clone, Copy)]
enum End {
    Seen,
    Refused(&'static str),
}

impl Scope {
    /// What another member of the organization sees, for reading only. The person in the answer is the other one, with
    /// no membership but this one, and there is no visitor: what is theirs beside the organization stays theirs.
    ///
    /// Whoever is no admin is refused. Whoever is not there, not active, of another organization, or not somebody on
    /// whom the caller may act, is not found: one outcome, and the same statements.
    pub async fn run_as(&self, member: MemberId) -> Result<Entry, Error> {
        if let Err(refused) = self.require(Guard::Org(OrgRole::Admin), About::Nothing) {
            self.note_run_as(member, End::Refused(FORBIDDEN)).await?;
            return Err(refused);
        }
        let Some(other) = self.other(member).await? else {
            self.note_run_as(member, End::Refused(NOT_FOUND)).await?;
            return Ok(Entry { person: None, visitor: None, scope: Err(Closed::NotFound) });
        };
        self.note_run_as(member, End::Seen).await?;
        let Other { user_id: user, role, name, email, organization_name, slug } = other;
        let organization = self.context().organization();
        // One connection at a time: this scope's is given back before the other's is taken. A transaction of its own also
        // because this one's tells PostgreSQL who signed in, and the other must not be seen with those eyes.
        let _alone = self.alone().await;
        let db = self.db();
        let tx = db.begin(Intent::Read, Purpose::Context).await?;
        let seat = Seat { organization, member, user, role };
        let scope = db.open(tx, seat, self.origin(), Reach::Reading).await?;
        let membership = Membership { organization, name: organization_name, slug, role };
        let person = Person { id: user, name, email, memberships: vec![membership] };
        Ok(Entry { person: Some(person), visitor: None, scope: Ok(Arc::new(scope)) })
    }

    /// Writes down that somebody who ran as a member tried to change something.
    pub async fn note_change_as(&self, member: MemberId) -> Result<(), Error> {
        self.note_run_as(member, End::Refused(FORBIDDEN)).await
    }

    /// An active member on whom the caller may act.
    async fn other(&self, member: MemberId) -> Result<Option<Other>, Error> {
        let tx = self.read().await?;
        let values = [self.context().organization().into(), member.into()];
        let other: Option<Other> = tx.one(Statement::from_sql_and_values(tx.backend(), OTHER, values)).await?;
        let own = self.context().standing().org_role();
        Ok(other.filter(|other| decide_on(own, other.role) == Decision::Allow))
    }

    /// Writes it down, unless the log has just said the same.
    async fn note_run_as(&self, member: MemberId, end: End) -> Result<(), Error> {
        match end {
            End::Seen => self.note_seen(member).await,
            // By actor: whom they name is their own word, and there is no end of words.
            End::Refused(reason) => {
                let tx = self.write_whole().await?;
                refusal::note(&tx, self.run_as_event(member, AuditOutcome::Refused, Some(reason))).await?;
                tx.commit().await
            }
        }
    }

    /// Writes down that the caller sees what a member sees. The member was found, so there are as many events as members.
    async fn note_seen(&self, member: MemberId) -> Result<(), Error> {
        if self.is_noted(&*self.read().await?, member).await? {
            return Ok(());
        }
        let tx = self.write_whole().await?;
        // Behind the organization's lock again: a page asks many times at once.
        chain::lock(&tx, self.context().organization()).await?;
        if self.is_noted(&tx, member).await? {
            return Ok(());
        }
        chain::append(&tx, self.run_as_event(member, AuditOutcome::Done, None)).await?;
        tx.commit().await
    }

    fn run_as_event<'a>(&'a self, member: MemberId, outcome: AuditOutcome, reason: Option<&'a str>) -> Happening<'a> {
        let context = self.context();
        Happening {
            organization: context.organization(),
            action: AuditAction::RunAs,
            outcome,
            reason,
            actor: Actor::Member(context.member(), context.standing().user()),
            target: (TargetKind::Member, member.uuid()),
            dso: None,
            origin: self.origin(),
            before: None,
            after: None,
        }
    }

    async fn is_noted(&self, tx: &Tx, member: MemberId) -> Result<bool, Error> {
        struct Noted {
            events: i64,
        }
        crate::row::from_row!(Noted { events });
        let context = self.context();
        let values = [
            context.organization().into(),
            member.into(),
            (now() - WINDOW).into(),
            AuditAction::RunAs.name().into(),
            context.member().into(),
            AuditOutcome::Done.into(),
        ];
        let noted: Option<Noted> = tx.one(Statement::from_sql_and_values(tx.backend(), NOTED, values)).await?;
        Ok(noted.is_some_and(|noted| noted.events > 0))
    }
}
