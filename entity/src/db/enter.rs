//! From a verified person to a scope.
//!
//! Owns: finding the person, reading their memberships and what they may see in the organization that is chosen. May use:
//! `choose`, transactions. Invariant: a scope exists only for an active membership that was read in this request.
//!
//! PostgreSQL does all of it in one statement, `app_enter`, and has then told its row-level security itself whom it found.
//! What it chose is chosen here once more: where the two differ, nobody is let in.

use std::{collections::BTreeMap, sync::Arc};

use sea_orm::{DbBackend, Statement};

use super::{
    Db,
    choose::{Closed, Person, Row, Selector, choose, nobodys, read},
    told,
};
use crate::{
    DsoId, DsoRole, Error, MemberId, OrgContext, OrgRole, OrganizationId, Origin, Principal, Scope, Standing, UserId,
    VerifiedEmail, Visitor,
    org_context::Reach,
    pool::Intent,
    pool::replicas::Lsn,
    recorder::Purpose,
    session::{
        Entrance, Seated, Session, Tenant, Tx, Word,
        pass::{Pass, Place},
    },
    time::now,
};

/// What entering found.
#[derive(Debug)]
pub struct Entry {
    /// The person, if we know them.
    pub person: Option<Person>,
    /// What the person may do apart from any organization.
    pub visitor: Option<Visitor>,
    /// The scope of the chosen organization, or why there is none.
    pub scope: Result<Arc<Scope>, Closed>,
}

/// An active membership, as the database has just told.
pub(super) struct Seat {
    pub(super) organization: OrganizationId,
    pub(super) member: MemberId,
    pub(super) user: UserId,
    pub(super) role: OrgRole,
}

/// What is known of a person.
pub(super) struct Known {
    pub(super) rows: Vec<Row>,
    pub(super) entered: Entered,
}

/// What the database has entered by itself.
pub(super) enum Entered {
    /// This organization, and what the member sees of it.
    Here {
        organization: OrganizationId,
        dsos: Vec<VisibleDso>,
        /// What goes on working for it, if anything does.
        tx: Option<Tx>,
        /// How far the writer was, if that was asked.
        since: Option<Lsn>,
    },
    Nowhere,
    /// It enters nothing by itself; this goes on.
    NotYet(Tx),
}

/// What is expected to come after entering. It may come otherwise: then it takes a statement more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Nothing: what is asked for is known by who asks.
    Nothing,
    /// Rows are read.
    Reading,
    /// Rows are read, and figures of which some may be kept.
    Figures,
    /// Rows are changed.
    Changing,
}

pub(super) struct VisibleDso {
    pub(super) id: DsoId,
    pub(super) role: Option<DsoRole>,
}
crate::row::from_row!(VisibleDso { id, role });

/// PostgreSQL has entered another organization than the one that was chosen here.
#[derive(Debug, thiserror::Error)]
#[error("`app_enter` and the gateway chose different organizations")]
struct Disagreement;

const MEMBERSHIPS: &str = "\
    SELECT u.id AS user_id, u.name AS user_name, u.email AS user_email, u.default_organization_id, \
           o.id AS organization_id, m.id AS member_id, m.last_seen_at, m.role, o.name, o.slug, o.status, \
           o.created_at, o.updated_at, o.version, o.seat_limit \
    FROM identities i \
    JOIN users u ON u.id = i.user_id \
    LEFT JOIN memberships m ON m.user_id = u.id AND m.status = 'ACTIVE' \
    LEFT JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL \
    WHERE i.issuer = $1 AND i.subject = $2 \
    ORDER BY o.name, o.id";

const VISIBLE_DSOS: &str = "\
    SELECT d.id, g.role FROM dsos d \
    LEFT JOIN dso_grants g ON g.organization_id = d.organization_id AND g.dso_id = d.id AND g.member_id = $2 \
    WHERE d.organization_id = $1 AND d.deleted_at IS NULL AND ($3 OR g.role IS NOT NULL) \
    ORDER BY d.id";

impl Db {
    /// Finds out who this is to us and lets them into the organization that they ask for.
    ///
    /// `origin` is what the audit log files beside what this operation will change.
    pub async fn enter(
        &self,
        principal: &Principal,
        selector: &Selector,
        ahead: Ahead,
        origin: &Origin,
    ) -> Result<Entry, Error> {
        let mut known = self.known(principal, selector, ahead).await?;
        if let (true, Some(email)) = (known.rows.is_empty(), principal.email()) {
            // Given back first: a request never holds two connections. Read again in any case: another request of the
            // same person may have been first.
            drop(known);
            self.link(principal, email).await?;
            known = self.known(principal, selector, ahead).await?;
            if known.rows.is_empty() {
                drop(known);
                self.sign_up(principal, email, origin).await?;
                known = self.known(principal, selector, ahead).await?;
            }
        }
        let Some((person, default, mine)) = read(std::mem::take(&mut known.rows)) else {
            return Ok(Entry { person: None, visitor: None, scope: Err(nobodys(selector)) });
        };
        let visitor = Visitor::new(self.clone(), principal.clone(), person.id, person.name.clone(), origin.clone());
        let closed =
            |person, visitor, closed| Ok(Entry { person: Some(person), visitor: Some(visitor), scope: Err(closed) });
        let chosen = match choose(&mine, selector, default) {
            Ok(chosen) => chosen,
            Err(why) => return closed(person, visitor, why),
        };
        self.note_seen(person.id, chosen);
        let seat =
            Seat { organization: chosen.organization.id, member: chosen.member, user: person.id, role: chosen.role };
        let scope = match known.entered {
            Entered::Here { organization, dsos, tx, since } if organization == seat.organization => {
                let context = context(&seat, &dsos, Reach::All);
                let word = Word::Pass(Pass::new(principal.clone(), &context));
                self.scope(Entrance { tx, word, since }, context, origin)
            }
            // One look, and two choices that differ: one of the two is wrong, so it is nowhere.
            Entered::Here { .. } | Entered::Nowhere => return Err(Error::Internal(Arc::new(Disagreement))),
            Entered::NotYet(tx) => self.open(tx, seat, origin, Reach::All).await?,
        };
        scope.knows(chosen.organization.clone());
        if ahead == Ahead::Figures {
            scope.foresees_changes();
        }
        let scope = Arc::new(scope);
        Ok(Entry { person: Some(person), visitor: Some(visitor.within(&scope)), scope: Ok(scope) })
    }

    /// What is known of a person, and the transaction that goes on if more is to come.
    async fn known(&self, principal: &Principal, selector: &Selector, ahead: Ahead) -> Result<Known, Error> {
        match (self.pool.backend(), ahead) {
            // A change has a transaction of its own, which enters by itself.
            (DbBackend::Postgres, Ahead::Nothing | Ahead::Changing) => {
                told::look(self, principal, selector, Place::NotAsked).await
            }
            (DbBackend::Postgres, Ahead::Reading | Ahead::Figures) if self.pool.has_replicas() => {
                told::look(self, principal, selector, Place::Asked).await
            }
            (DbBackend::Postgres, Ahead::Reading | Ahead::Figures) => told::enter(self, principal, selector).await,
            (_, Ahead::Nothing | Ahead::Reading | Ahead::Figures | Ahead::Changing) => {
                let tx = self.begin(Intent::Read, Purpose::Context).await?;
                let values = [principal.issuer().into(), principal.subject().into()];
                let rows = tx.all(Statement::from_sql_and_values(tx.backend(), MEMBERSHIPS, values)).await?;
                Ok(Known { rows, entered: Entered::NotYet(tx) })
            }
        }
    }

    /// Opens the scope of an active membership that was read in this request.
    pub(super) async fn open(&self, tx: Tx, seat: Seat, origin: &Origin, reach: Reach) -> Result<Scope, Error> {
        let Seat { organization, member, user, role } = seat;
        let known = match reach {
            Reach::All => Some(user),
            Reach::Reading => None,
        };
        tx.set_tenant(&Tenant::whole(organization, known)).await;
        let sees_all = match role {
            OrgRole::Owner | OrgRole::Admin => true,
            OrgRole::Member => false,
        };
        let values = [organization.into(), member.into(), sees_all.into()];
        let dsos: Vec<VisibleDso> = tx.all(Statement::from_sql_and_values(tx.backend(), VISIBLE_DSOS, values)).await?;
        let context = context(&seat, &dsos, reach);
        let tenant = Tenant::of(&context);
        // From here on PostgreSQL, too, sees no more than the grants.
        tx.set_tenant(&tenant).await;
        let word = match tx.backend() {
            DbBackend::Postgres => Word::Tenant(tenant),
            _ => Word::Member(Seated::new(&context)),
        };
        Ok(self.scope(Entrance { tx: Some(tx), word, since: None }, context, origin))
    }

    /// The scope, over a transaction that works for its tenant already if there is one.
    fn scope(&self, entrance: Entrance, context: OrgContext, origin: &Origin) -> Scope {
        let tx = entrance.tx.map(|tx| tx.now_for(Purpose::Data));
        let session = Session::new(self.pool.clone(), Entrance { tx, ..entrance }, self.listeners.clone());
        Scope::new(context, session, origin.clone(), Arc::clone(&self.rules), self.keeping.clone())
    }

    /// First sight: gives the person of this verified e-mail, who came by an import or an invitation, this identity.
    ///
    /// Only if that person has no identity of the same issuer yet: an address that the issuer has given to somebody else
    /// must not open the account of its former holder. The unique index on person and issuer says so.
    async fn link(&self, principal: &Principal, email: &VerifiedEmail) -> Result<(), Error> {
        let tx = self.begin(Intent::Write, Purpose::Context).await?;
        tx.set_person(principal).await;
        let sql = "\
            INSERT INTO identities (issuer, subject, user_id, created_at) \
            SELECT $1, $2, u.id, $4 FROM users u WHERE u.email_normal = $3 \
            ON CONFLICT DO NOTHING";
        let values = [principal.issuer().into(), principal.subject().into(), email.normal().into(), now().into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        tx.commit().await
    }
}

fn context(seat: &Seat, dsos: &[VisibleDso], reach: Reach) -> OrgContext {
    let visible = dsos.iter().map(|dso| dso.id).collect();
    let granted: BTreeMap<_, _> = dsos.iter().filter_map(|dso| Some((dso.id, dso.role?))).collect();
    OrgContext::new(seat.organization, seat.member, Standing::new(seat.user, seat.role, granted), visible, reach)
}
