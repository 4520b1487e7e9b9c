//! Two organizations that mirror each other.
//!
//! Owns: the rows of the tests' world. Invariant: B has the same rows as A under the same ids (rows are keyed by
//! organization *and* id), slugs that start with the same name, and colliding natural keys, so that a missing filter
//! returns wrong rows instead of none; and every string of B contains the canary.

mod dashboards;
mod lifecycle;
mod rows;

use entity::id::TypedId;
use sea_orm::DatabaseConnection;
use uuid::Uuid;

/// Part of every string of organization B. If it is in an answer to a caller of A, tenant isolation has failed.
pub const CANARY: &str = "zyxcanary";
/// The slug of A.
pub const SLUG_A: &str = "aurora-a";
/// The slug of B.
pub const SLUG_B: &str = "aurora-zyxcanary";

/// The world's fixed names and ids.
pub struct World;

/// One of the two organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The organization under test.
    A,
    /// Its mirror.
    B,
}

/// The DSOs on each side.
pub const DSOS: [&str; 4] = ["Smile", "Bright", "Zenith", "Archived"];
/// The doctors in each DSO.
pub const DOCTORS: [&str; 3] = ["Ada", "Ben", "Cleo"];

impl World {
    /// The UUID of a named row, the same on both sides.
    #[must_use]
    pub fn uuid(name: &str) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
    }

    /// The public id of a named row: `World::id::<DoctorId>("doctor Smile Ada")`.
    #[must_use]
    pub fn id<I: TypedId>(name: &str) -> String {
        I::from_uuid(Self::uuid(name)).to_text()
    }

    /// The organization's UUID.
    #[must_use]
    pub fn organization(side: Side) -> Uuid {
        Self::uuid(match side {
            Side::A => "organization A",
            Side::B => "organization B",
        })
    }

    /// A string as it is stored on this side.
    #[must_use]
    pub fn text(side: Side, text: &str) -> String {
        match side {
            Side::A => text.to_owned(),
            Side::B => format!("{text} {CANARY}"),
        }
    }

    /// Inserts all rows.
    pub async fn seed(connection: &DatabaseConnection) {
        Self::rows(connection).await;
        Self::log(connection).await;
    }

    /// Appends one event to each organization's log.
    pub async fn log(connection: &DatabaseConnection) {
        for side in [Side::A, Side::B] {
            lifecycle::log(&rows::On { connection, side }).await;
        }
    }

    /// Inserts all rows except those of the log.
    pub async fn rows(connection: &DatabaseConnection) {
        rows::people(connection).await;
        for side in [Side::A, Side::B] {
            rows::organization(connection, side).await;
        }
        lifecycle::beside(connection).await;
    }
}
