//! PostgreSQL's way in: one statement.
//!
//! Owns: asking `app_enter`, and reading what it tells. May use: transactions. Invariant: what it tells of the DSOs is of
//! the organization for which its transaction works from here on.

use sea_orm::{ActiveEnum, FromQueryResult, Statement};
use uuid::Uuid;

use super::enter::{Entered, Known, Row, Selector, VisibleDso, id_of};
use crate::{DsoId, DsoRole, Error, Principal, TypedId, session::Tx};

const ENTER: &str = "SELECT * FROM app_enter($1, $2, $3, $4, $5)";

/// A membership as `app_enter` tells it.
#[derive(FromQueryResult)]
struct Told {
    #[sea_orm(nested)]
    row: Row,
    /// Whether its organization was entered.
    entered: bool,
    /// The DSOs that the member sees; none where no organization was entered.
    dso_ids: Option<Vec<Uuid>>,
    /// Their role on each, empty without a grant.
    dso_roles: Option<Vec<String>>,
}

/// The person's memberships; from here on the transaction works for the organization that was chosen.
pub(super) async fn enter(tx: Tx, principal: &Principal, selector: &Selector) -> Result<Known, Error> {
    let wanted = match selector {
        Selector::Named(name) => Some(name.as_str()),
        Selector::Default => None,
    };
    let values = [
        principal.issuer().into(),
        principal.subject().into(),
        principal.email().map_or("", |email| email.normal()).into(),
        wanted.into(),
        wanted.and_then(id_of).map(TypedId::uuid).into(),
    ];
    let told: Vec<Told> = tx.all(Statement::from_sql_and_values(tx.backend(), ENTER, values)).await?;
    let mut entered = Entered::Nowhere;
    let mut rows = Vec::with_capacity(told.len());
    for Told { row, entered: is_entered, dso_ids, dso_roles } in told {
        if let (true, Some(organization)) = (is_entered, row.organization_id) {
            let dsos = dso_ids.unwrap_or_default().into_iter().zip(dso_roles.unwrap_or_default()).map(visible);
            entered = Entered::Here { organization, dsos: dsos.collect::<Result<_, _>>()? };
        }
        rows.push(row);
    }
    Ok(Known { tx, rows, entered })
}

fn visible((id, role): (Uuid, String)) -> Result<VisibleDso, Error> {
    let role = if role.is_empty() { None } else { Some(DsoRole::try_from_value(&role)?) };
    Ok(VisibleDso { id: DsoId::from_uuid(id), role })
}
