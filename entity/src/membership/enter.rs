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
    app_enter,
    selection::{NoOrganization, Person, Row, Selector, membership_candidates, not_a_member, select_organization},
};
use crate::db::Db;
use crate::{
    audit::RequestMetadata,
    auth::{DsoRole, MemberPermissions, OrgContext, OrgRole, Principal, VerifiedEmail, org_context::AccessMode},
    commands::Account,
    db::{
        pool::{TxMode, replicas::Lsn},
        statement_recorder::Purpose,
    },
    error::Error,
    id::{DsoId, MemberId, OrganizationId, UserId},
    scope::Scope,
    session::{
        EnterState, OwnMembership, RlsMode, Session, TenantSettings, Tx,
        enter_statements::{Reentry, WalPosition},
    },
    time::now,
};

/// What entering found.
#[derive(Debug)]
pub struct EnterResult {
    /// The person, if we know them.
    pub person: Option<Person>,
    /// What the person may do apart from any organization.
    pub visitor: Option<Account>,
    /// The scope of the chosen organization, or why there is none.
    pub scope: Result<Arc<Scope>, NoOrganization>,
}

/// An active membership, as the database has just told.
pub(super) struct ActiveMembership {
    pub(super) organization: OrganizationId,
    pub(super) member: MemberId,
    pub(super) user: UserId,
    pub(super) role: OrgRole,
}

/// What is known of a person.
pub(super) struct MembershipRows {
    pub(super) rows: Vec<Row>,
    pub(super) entered: PreEntered,
}

/// What the database has entered by itself.
pub(super) enum PreEntered {
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
pub enum AccessHint {
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
struct OrganizationMismatch;

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
        ahead: AccessHint,
        origin: &RequestMetadata,
    ) -> Result<EnterResult, Error> {
        let mut known = self.load_memberships(principal, selector, ahead).await?;
        if let (true, Some(email)) = (known.rows.is_empty(), principal.email()) {
            // Given back first: a request never holds two connections. Read again in any case: another request of the
            // same person may have been first.
            drop(known);
            self.link_identity(principal, email).await?;
            known = self.load_memberships(principal, selector, ahead).await?;
            if known.rows.is_empty() {
                drop(known);
                self.sign_up(principal, email, origin).await?;
                known = self.load_memberships(principal, selector, ahead).await?;
            }
        }
        let Some((person, default, mine)) = membership_candidates(std::mem::take(&mut known.rows)) else {
            return Ok(EnterResult { person: None, visitor: None, scope: Err(not_a_member(selector)) });
        };
        let visitor = Account::new(self.clone(), principal.clone(), person.id, person.name.clone(), origin.clone());
        let closed = |person, visitor, closed| {
            Ok(EnterResult { person: Some(person), visitor: Some(visitor), scope: Err(closed) })
        };
        let chosen = match select_organization(&mine, selector, default) {
            Ok(chosen) => chosen,
            Err(why) => return closed(person, visitor, why),
        };
        self.record_last_seen(person.id, chosen);
        let seat = ActiveMembership {
            organization: chosen.organization.id,
            member: chosen.member,
            user: person.id,
            role: chosen.role,
        };
        let scope = match known.entered {
            PreEntered::Here { organization, dsos, tx, since } if organization == seat.organization => {
                let context = context(&seat, &dsos, AccessMode::All);
                let word = RlsMode::Pass(Reentry::new(principal.clone(), &context));
                self.scope(EnterState { tx, word, since }, context, origin)
            }
            // One look, and two choices that differ: one of the two is wrong, so it is nowhere.
            PreEntered::Here { .. } | PreEntered::Nowhere => {
                return Err(Error::Internal(Arc::new(OrganizationMismatch)));
            }
            PreEntered::NotYet(tx) => self.open_scope(tx, seat, origin, AccessMode::All).await?,
        };
        scope.cache_organization(chosen.organization.clone());
        if ahead == AccessHint::Figures {
            scope.prefetch_change_token();
        }
        let scope = Arc::new(scope);
        Ok(EnterResult { person: Some(person), visitor: Some(visitor.beside_scope(&scope)), scope: Ok(scope) })
    }

    /// What is known of a person, and the transaction that goes on if more is to come.
    async fn load_memberships(
        &self,
        principal: &Principal,
        selector: &Selector,
        ahead: AccessHint,
    ) -> Result<MembershipRows, Error> {
        match (self.pool.backend(), ahead) {
            // A change has a transaction of its own, which enters by itself.
            (DbBackend::Postgres, AccessHint::Nothing | AccessHint::Changing) => {
                app_enter::peek(self, principal, selector, WalPosition::Skip).await
            }
            (DbBackend::Postgres, AccessHint::Reading | AccessHint::Figures) if self.pool.has_replicas() => {
                app_enter::peek(self, principal, selector, WalPosition::Read).await
            }
            (DbBackend::Postgres, AccessHint::Reading | AccessHint::Figures) => {
                app_enter::enter(self, principal, selector).await
            }
            (_, AccessHint::Nothing | AccessHint::Reading | AccessHint::Figures | AccessHint::Changing) => {
                let tx = self.begin(TxMode::Read, Purpose::Context).await?;
                let values = [principal.issuer().into(), principal.subject().into()];
                let rows = tx.query_as(Statement::from_sql_and_values(tx.backend(), MEMBERSHIPS, values)).await?;
                Ok(MembershipRows { rows, entered: PreEntered::NotYet(tx) })
            }
        }
    }

    /// Opens the scope of an active membership that was read in this request.
    pub(super) async fn open_scope(
        &self,
        tx: Tx,
        seat: ActiveMembership,
        origin: &RequestMetadata,
        reach: AccessMode,
    ) -> Result<Scope, Error> {
        let ActiveMembership { organization, member, user, role } = seat;
        let known = match reach {
            AccessMode::All => Some(user),
            AccessMode::Reading => None,
        };
        tx.set_tenant(&TenantSettings::whole_organization(organization, known)).await;
        let values = [organization.into(), member.into(), role.sees_all_dsos().into()];
        let dsos: Vec<VisibleDso> =
            tx.query_as(Statement::from_sql_and_values(tx.backend(), VISIBLE_DSOS, values)).await?;
        let context = context(&seat, &dsos, reach);
        let tenant = TenantSettings::of(&context);
        // From here on PostgreSQL, too, sees no more than the grants.
        tx.set_tenant(&tenant).await;
        let word = match tx.backend() {
            DbBackend::Postgres => RlsMode::Tenant(tenant),
            _ => RlsMode::Member(OwnMembership::new(&context)),
        };
        Ok(self.scope(EnterState { tx: Some(tx), word, since: None }, context, origin))
    }

    /// The scope, over a transaction that works for its tenant already if there is one.
    fn scope(&self, entrance: EnterState, context: OrgContext, origin: &RequestMetadata) -> Scope {
        let tx = entrance.tx.map(|tx| tx.with_purpose(Purpose::Data));
        let session = Session::new(self.pool.clone(), EnterState { tx, ..entrance }, self.listeners.clone());
        Scope::new(context, session, origin.clone(), Arc::clone(&self.organization_settings), self.figure_cache.clone())
    }

    /// First sight: gives the person of this verified e-mail, who came by an import or an invitation, this identity.
    ///
    /// Only if that person has no identity of the same issuer yet: an address that the issuer has given to somebody else
    /// must not open the account of its former holder. The unique index on person and issuer says so.
    async fn link_identity(&self, principal: &Principal, email: &VerifiedEmail) -> Result<(), Error> {
        let tx = self.begin(TxMode::Write, Purpose::Context).await?;
        tx.set_principal(principal).await;
        let sql = "\
            INSERT INTO identities (issuer, subject, user_id, created_at) \
            SELECT $1, $2, u.id, $4 FROM users u WHERE u.email_normal = $3 \
            ON CONFLICT DO NOTHING";
        let values = [principal.issuer().into(), principal.subject().into(), email.normalized().into(), now().into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        tx.commit().await
    }
}

fn context(seat: &ActiveMembership, dsos: &[VisibleDso], reach: AccessMode) -> OrgContext {
    let visible = dsos.iter().map(|dso| dso.id).collect();
    let granted: BTreeMap<_, _> = dsos.iter().filter_map(|dso| Some((dso.id, dso.role?))).collect();
    OrgContext::new(
        seat.organization,
        seat.member,
        MemberPermissions::new(seat.user, seat.role, granted),
        visible,
        reach,
    )
}
