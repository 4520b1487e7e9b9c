//! Organizations in any number and of any size.
//!
//! Owns: rows in bulk. Invariant: all organizations have the same ids (rows are keyed by organization *and* id), so
//! that a row of the wrong organization is still a plausible answer; every text names its organization.

mod rows;

use entity::id::TypedId;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use uuid::Uuid;

use crate::World;

/// Number of rows in an organization.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Number of DSOs.
    pub dsos: usize,
    /// Members besides the owner and the agent.
    pub members: usize,
    /// Number of these members who get a grant on each DSO.
    pub grants: usize,
    /// Doctors in each DSO.
    pub doctors: usize,
    /// Activities of each doctor.
    pub activities: usize,
    /// Cases of each doctor, and onboarding periods of each doctor, at most twelve.
    pub cases: usize,
    /// Courses in each DSO, terms in each DSO, and attendees of each course.
    pub courses: usize,
}

/// An organization, identified by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenant(pub usize);

impl Tenant {
    /// Its slug.
    #[must_use]
    pub fn slug(self) -> String {
        format!("tenant-{}", self.0)
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> Uuid {
        World::uuid(&self.slug())
    }

    /// The owner, as a key for `actor::token`.
    #[must_use]
    pub fn owner(self) -> String {
        format!("owner-of-{}", self.0)
    }

    /// A member who is manager of the first DSO and viewer of the second.
    #[must_use]
    pub fn agent(self) -> String {
        format!("agent-of-{}", self.0)
    }

    /// The public id of one of its rows: `dso 3`, `doctor 3 0`, `activity 3 0 1`. The same in all tenants.
    #[must_use]
    pub fn row<I: TypedId>(name: &str) -> String {
        World::id::<I>(&format!("tenants {name}"))
    }

    /// The UUID of one of its rows.
    #[must_use]
    pub fn uuid(name: &str) -> Uuid {
        World::uuid(&format!("tenants {name}"))
    }

    /// Inserts the organization and all its rows.
    pub async fn seed(self, connection: &DatabaseConnection, size: Size) {
        connection.execute_unprepared("BEGIN").await.expect("begin");
        rows::seed(self, connection, size).await;
        connection.execute_unprepared("COMMIT").await.expect("commit");
    }
}

/// Inserts many rows in bulk.
pub async fn insert_many(connection: &DatabaseConnection, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) {
    let mut names: Vec<_> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let mut rows = rows;
    for (row, is_first) in rows.iter_mut().zip([true].into_iter().chain(std::iter::repeat(false))) {
        let given = |name: &str| columns.iter().position(|column| *column == name).map(|place| row[place].clone());
        for (column, value) in crate::computed::of(table, given) {
            row.push(value);
            names.extend(is_first.then(|| format!("\"{column}\"")));
        }
    }
    // Fewer than 32,766 parameters, SQLite's limit.
    for chunk in rows.chunks(1000) {
        let mut place = 0;
        let tuples: Vec<String> = chunk
            .iter()
            .map(|row| {
                let places: Vec<_> = row
                    .iter()
                    .map(|_| {
                        place += 1;
                        format!("${place}")
                    })
                    .collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES {}", names.join(", "), tuples.join(", "));
        let values: Vec<Value> = chunk.iter().flatten().cloned().collect();
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        if let Err(error) = connection.execute_raw(statement).await {
            panic!("the rows do not fit into `{table}`: {error}");
        }
    }
}
