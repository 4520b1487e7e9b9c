//! Roll-ups: precomputed counts, so that a query over ten years costs as much as one over a week.
//!
//! Owns: `activity_rollups` (the number of activities by kind and by actor of a DSO per day, month and year),
//! `standing_rollups` (a DSO's doctors and cases at the end of a day) and `doctors.progress`. It also repairs the
//! columns by which named rows are ordered and found. May use: transactions, the tables. Invariant: each value is
//! derived from the rows, of doctors that are not archived only, and is changed in the transaction that changes the
//! rows, under the organization's lock, which prevents deadlocks.

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
