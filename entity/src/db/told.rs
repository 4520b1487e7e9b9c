//! PostgreSQL's way in: one statement.
//!
//! Owns: asking `app_enter`, and reading what it tells. May use: transactions. Invariant: what it tells of the DSOs is of
//! the organization for which its transaction works from here on.

use sea_orm::{ActiveEnum, DbErr, Statement};
use uuid::Uuid;

use super::{
    Db,
    choose::{Row, Selector, id_of},
    enter::{Entered, Known, VisibleDso},
};
use crate::{
    DsoId, DsoRole, Error, Principal, TypedId,
    pool::{Intent, replicas::Lsn},
    recorder::Purpose,
    row::{self, FromRow},
    session::{
        Tx,
        pass::{self, Place},
    },
};

/// A membership as `app_enter` tells it.
struct Told {
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

impl FromRow for Told {
    fn from_row(row: &row::Row) -> Result<Self, DbErr> {
        Ok(Self {
            row: Row::from_row(row)?,
            entered: row.named("entered")?,
            dso_ids: row.named("dso_ids")?,
            dso_roles: row.named("dso_roles")?,
            lsn: if row.names().last().is_some_and(|name| name == "lsn") { row.named("lsn")? } else { None },
        })
    }
}

/// The person's memberships; from here on the transaction works for the organization that was chosen.
pub(super) async fn enter(db: &Db, principal: &Principal, selector: &Selector) -> Result<Known, Error> {
    let tx = db.begin(Intent::Read, Purpose::Context).await?;
    let told = tx.all(statement(principal, selector, Place::NotAsked)).await?;
    known(told, Some(tx))
}

/// The person's memberships, and no transaction: the settings have gone with the statement.
pub(super) async fn look(db: &Db, principal: &Principal, selector: &Selector, place: Place) -> Result<Known, Error> {
    known(db.ask(statement(principal, selector, place), Purpose::Context).await?, None)
}

fn statement(principal: &Principal, selector: &Selector, place: Place) -> Statement {
    let wanted = match selector {
        Selector::Named(name) => Some((name.as_str(), id_of(name))),
        Selector::Default => None,
    };
    pass::statement(principal, wanted, place)
}

fn known(told: Vec<Told>, mut tx: Option<Tx>) -> Result<Known, Error> {
    let mut entered = Entered::Nowhere;
    let mut rows = Vec::with_capacity(told.len());
    for Told { row, entered: is_entered, dso_ids, dso_roles, lsn } in told {
        if let (true, Some(organization)) = (is_entered, row.organization_id) {
            let dsos = dso_ids.unwrap_or_default().into_iter().zip(dso_roles.unwrap_or_default()).map(visible);
            let dsos = dsos.collect::<Result<_, _>>()?;
            entered = Entered::Here { organization, dsos, tx: tx.take(), since: lsn.map(Lsn) };
        }
        rows.push(row);
    }
    Ok(Known { rows, entered })
}

fn visible((id, role): (Uuid, String)) -> Result<VisibleDso, Error> {
    let role = if role.is_empty() { None } else { Some(DsoRole::try_from_value(&role)?) };
    Ok(VisibleDso { id: DsoId::from_uuid(id), role })
}
