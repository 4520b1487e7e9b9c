//! PostgreSQL's way in: one statement.
//!
//! Owns: asking `app_enter`, and reading what it tells. May use: transactions. Invariant: what it tells of the DSOs is of
//! the organization for which its transaction works from here on.

use sea_orm::{ActiveEnum, DbErr, Statement};
use uuid::Uuid;

use super::{
    enter::{MembershipRows, PreEntered, VisibleDso},
    selection::{Row, Selector, id_of},
};
use crate::db::Db;
use crate::{
    auth::{DsoRole, Principal},
    db::{
        pool::{TxMode, replicas::Lsn},
        statement_recorder::Purpose,
    },
    error::Error,
    id::{DsoId, TypedId},
    row::{self, FromRow},
    session::{
        Tx,
        enter_statements::{self, WalPosition},
    },
};

/// A membership as `app_enter` tells it.
struct AppEnterRow {
    row: Row,
    /// Whether its organization was entered.
    entered: bool,
    /// The DSOs that the member sees; none where no organization was entered.
    dso_ids: Option<Vec<Uuid>>,
    /// Their role on each, empty without a grant.
    dso_roles: Option<Vec<String>>,
    /// How far the writer is, if that was asked.
    lsn: Option<String>,
}

impl FromRow for AppEnterRow {
    fn from_row(row: &row::Row) -> Result<Self, DbErr> {
        Ok(Self {
            row: Row::from_row(row)?,
            entered: row.get_by_name("entered")?,
            dso_ids: row.get_by_name("dso_ids")?,
            dso_roles: row.get_by_name("dso_roles")?,
            lsn: if row.column_names().last().is_some_and(|name| name == "lsn") {
                row.get_by_name("lsn")?
            } else {
                None
            },
        })
    }
}

/// The person's memberships; from here on the transaction works for the organization that was chosen.
pub(super) async fn enter(db: &Db, principal: &Principal, selector: &Selector) -> Result<MembershipRows, Error> {
    let tx = db.begin(TxMode::Read, Purpose::Context).await?;
    let told = tx.query_as(statement(principal, selector, WalPosition::Skip)).await?;
    membership_rows(told, Some(tx))
}

/// The person's memberships, and no transaction: the settings have gone with the statement.
pub(super) async fn peek(
    db: &Db,
    principal: &Principal,
    selector: &Selector,
    place: WalPosition,
) -> Result<MembershipRows, Error> {
    membership_rows(db.query(statement(principal, selector, place), Purpose::Context).await?, None)
}

fn statement(principal: &Principal, selector: &Selector, place: WalPosition) -> Statement {
    let wanted = match selector {
        Selector::Named(name) => Some((name.as_str(), id_of(name))),
        Selector::Default => None,
    };
    enter_statements::statement(principal, wanted, place)
}

fn membership_rows(told: Vec<AppEnterRow>, mut tx: Option<Tx>) -> Result<MembershipRows, Error> {
    let mut entered = PreEntered::Nowhere;
    let mut rows = Vec::with_capacity(told.len());
    for AppEnterRow { row, entered: is_entered, dso_ids, dso_roles, lsn } in told {
        if let (true, Some(organization)) = (is_entered, row.organization_id) {
            let dsos = dso_ids.unwrap_or_default().into_iter().zip(dso_roles.unwrap_or_default()).map(visible_dsos);
            let dsos = dsos.collect::<Result<_, _>>()?;
            entered = PreEntered::Here { organization, dsos, tx: tx.take(), since: lsn.map(Lsn) };
        }
        rows.push(row);
    }
    Ok(MembershipRows { rows, entered })
}

fn visible_dsos((id, role): (Uuid, String)) -> Result<VisibleDso, Error> {
    let role = if role.is_empty() { None } else { Some(DsoRole::try_from_value(&role)?) };
    Ok(VisibleDso { id: DsoId::from_uuid(id), role })
}
