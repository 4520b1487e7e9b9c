//! PostgreSQL's way in: one statement.
//!
//! Owns: asking `app_enter`, and reading what it tells. May use: transactions. Invariant: what it tells of the DSOs is of
//! the organization for which its transaction works from here on.

use sea_orm::{ActiveEnum, DbErr, Statement};
use uuid::Uuid;

use super::{
    Db,
    cache::Key,
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
#[derive(Clone)]
pub(super) struct Told {
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

/// The person's memberships; from here on the transaction works for the organization that was chosen. Out of memory, if that has
/// them: then the transaction that comes later enters by itself.
pub(super) async fn enter(db: &Db, principal: &Principal, selector: &Selector) -> Result<Known, Error> {
    remembered(db, principal, selector, async || {
        let tx = db.begin(Intent::Read, Purpose::Context).await?;
        let told = tx.all(statement(principal, selector, Place::NotAsked)).await?;
        Ok((told, Some(tx)))
    })
    .await
}

/// The person's memberships, and no transaction: the settings have gone with the statement.
pub(super) async fn look(db: &Db, principal: &Principal, selector: &Selector, place: Place) -> Result<Known, Error> {
    let ask = async || Ok((db.ask(statement(principal, selector, place), Purpose::Context).await?, None));
    match place {
        Place::NotAsked => remembered(db, principal, selector, ask).await,
        // How far the writer is now, nobody remembers.
        Place::Asked => {
            let (told, tx) = ask().await?;
            known(told, tx)
        }
    }
}

/// What was told before, if it still holds; else what is told now.
async fn remembered(
    db: &Db,
    principal: &Principal,
    selector: &Selector,
    ask: impl AsyncFnOnce() -> Result<(Vec<Told>, Option<Tx>), Error>,
) -> Result<Known, Error> {
    let Some(memory) = &db.memory else {
        let (told, tx) = ask().await?;
        return known(told, tx);
    };
    let key = Key::new(principal, selector);
    let era = match memory.cache.get(&key) {
        Ok(told) => return known(told.to_vec(), None),
        Err(era) => era,
    };
    let (told, tx) = ask().await?;
    if let Some(era) = era {
        memory.cache.put(era, key, told.clone().into());
    }
    known(told, tx)
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
