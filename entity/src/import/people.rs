//! People, who belong to no tenant and may be here already.
//!
//! Owns: finding or making the user of an e-mail address. May use: the transaction. Invariant: one person for each normal
//! form of an address, and a user who is here already keeps their id, name and address.

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, QueryTrait, Statement};

use super::Import;
use crate::{
    email::EmailAddress,
    error::Error,
    id::{TypedId, UserId},
    models::{self, User},
    time::micros,
};

/// A person of the export.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonRow {
    /// The id in the export.
    pub id: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// What to call them.
    pub name: String,
    /// When they came; the import's time, if it is not known.
    pub created_at: Option<DateTime<Utc>>,
}

/// Who a person of the export is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Somebody new, with the id of the export.
    Taken,
    /// This user, who has the same address.
    Merged(UserId),
    /// Nobody: the id belongs to a user with another address.
    IdTaken,
}

struct KnownPeople {
    id: UserId,
    email_normal: String,
}
crate::row::from_row!(KnownPeople { id, email_normal });

impl Import {
    /// Finds or makes the user of an address.
    pub async fn person(&mut self, person: &PersonRow) -> Result<Resolved, Error> {
        let normal = person.email.normalized();
        // Row-level security shows and takes a user by the address or the id that is asked for, and no other.
        self.tx.set(&[("app.email", normal), ("app.user_id", &person.id.uuid().to_string())]).await;
        let sql = "SELECT id, email_normal FROM users WHERE email_normal = $1 OR id = $2";
        let values = [normal.into(), person.id.into()];
        let known: Vec<KnownPeople> =
            self.tx.query_as(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        if let Some(same) = known.iter().find(|one| one.email_normal == normal) {
            return Ok(Resolved::Merged(same.id));
        }
        if !known.is_empty() {
            return Ok(Resolved::IdTaken);
        }
        let user = User {
            id: person.id,
            email: person.email.as_entered().to_owned(),
            email_normal: normal.to_owned(),
            name: person.name.clone(),
            default_organization_id: None,
            created_at: person.created_at.map_or(self.at, micros),
            updated_at: self.at,
        };
        let insert = models::user::Entity::insert(models::active(user));
        self.tx.execute(insert.build(self.tx.backend())).await?;
        self.people += 1;
        Ok(Resolved::Taken)
    }
}
