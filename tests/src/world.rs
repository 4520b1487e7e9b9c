//! Two organizations that mirror each other.
//!
//! Owns: the rows of the tests' world. Invariant: B has what A has under the very same ids (rows are keyed by organization
//! *and* id), the same slugs but one letter and colliding natural keys, so that a missing filter shows wrong rows, not
//! none; and every string of B bears the canary.

mod dashboards;
mod lifecycle;
mod rows;

use entity::id::TypedId;
use sea_orm::DatabaseConnection;
use uuid::Uuid;

/// Stands in every string of organization B. If it is in an answer to somebody of A, a wall has fallen.
pub const CANARY: &str = "zyxcanary";
/// The slug of A.
pub const SLUG_A: &str = "aurora-a";
/// The slug of B.
pub const SLUG_B: &str = "aurora-zyxcanary";

/// The world's fixed points.
pub struct World;

/// One of the two organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that is asked about.
    A,
    /// Its mirror.
    B,
}

/// The DSOs of each side.
pub const DSOS: [&str; 4] = ["Smile", "Bright", "Zenith", "Archived"];
/// The doctors of each DSO.
pub const DOCTORS: [&str; 3] = ["Ada", "Ben", "Cleo"];

impl World {
    /// The UUID of a named row; the same on both sides.
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

    /// A string as this side has it.
    #[must_use]
    pub fn text(side: Side, text: &str) -> String {
        match side {
            Side::A => text.to_owned(),
            Side::B => format!("{text} {CANARY}"),
        }
    }

    /// Puts all rows in.
    pub async fn seed(connection: &DatabaseConnection) {
        Self::rows(connection).await;
        Self::log(connection).await;
    }

    /// One event more in each organization's log.
    pub async fn log(connection: &DatabaseConnection) {
        for side in [Side::A, Side::B] {
            lifecycle::log(&rows::On { connection, side }).await;
        }
    }

    /// All rows but the log's.
    pub async fn rows(connection: &DatabaseConnection) {
        rows::people(connection).await;
        for side in [Side::A, Side::B] {
            rows::organization(connection, side).await;
        }
        lifecycle::beside(connection).await;
    }
}
