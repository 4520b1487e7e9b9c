//! PostgreSQL's way in: one statement.
//!
//! Owns: asking `app_enter`, and reading what it tells. May use: transactions. Invariant: what it tells of the DSOs is of
//! the organization for which its transaction works from here on.

use std::sync::Arc;

use sea_orm::{ActiveEnum, FromQueryResult, Statement};
use uuid::Uuid;

use super::{
    Db,
    cache::Key,
    enter::{Entered, Known, Row, Selector, VisibleDso, id_of},
};
use crate::{
    DsoId, DsoRole, Error, Principal, TypedId,
    pool::replicas::Lsn,
    recorder::Purpose,
    session::{
        Tx,
        pass::{self, Place},
    },
};

/// A membership as `app_enter` tells it.
#[derive(Clone, FromQueryResult)]
pub(super) struct Told {
    #[sea_orm(nested)]
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

/// The person's memberships; from here on the transaction works for the organization that was chosen.
pub(super) async fn enter(tx: Tx, principal: &Principal, selector: &Selector) -> Result<Known, Error> {
    let told = tx.all(statement(principal, selector, Place::NotAsked)).await?;
    known(told, Some(tx))
}

/// The person's memberships, and no transaction: the settings have gone with the statement.
pub(super) async fn look(db: &Db, principal: &Principal, selector: &Selector, place: Place) -> Result<Known, Error> {
    let ask = || db.ask::<Told>(statement(principal, selector, place), Purpose::Context);
    let (Some(memory), Place::NotAsked) = (&db.memory, place) else { return known(ask().await?, None) };
    let key = Key::new(principal, selector);
    let told = match memory.cache.get(&key) {
        Ok(told) => told,
        Err(None) => return known(ask().await?, None),
        Err(Some(era)) => {
            let told: Arc<[Told]> = ask().await?.into();
            memory.cache.put(era, key, Arc::clone(&told));
            told
        }
    };
    known(told.to_vec(), None)
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
