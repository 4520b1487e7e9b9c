//! Roll-ups: counts that are kept, so that a look at ten years costs what one at a week costs.
//!
//! Owns: `activity_rollups` (how many activities of a kind, and how many by whom, a DSO had in a day, a month, a year),
//! `standing_rollups` (how a DSO's doctors and cases stood at the end of a day) and `doctors.progress`; and it mends the
//! columns by which rows with a name are ordered and found. May use: transactions, the tables. Invariant: each follows from the rows, of living doctors only, and is changed in the
//! transaction that changes them, behind the organization's lock, so that nobody waits in a circle.

mod activities;
mod buckets;
mod delta;
mod name_keys;
mod read;
mod rebuild;
mod snapshot;

pub(crate) use activities::Facet;
pub(crate) use delta::{NotRolledUp, RollupSource};
pub(crate) use read::{
    FacetCount, GroupBy, GroupByDso, GroupByKey, activities_in, days_of_activities, latest_snapshots, parts_of_days,
    snapshots_at,
};
pub(crate) use rebuild::rebuild;
pub use rebuild::{Drift, RollUps};
pub use snapshot::{DsoSnapshot, SnapshotAt};
