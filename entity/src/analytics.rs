//! Figures over many rows.
//!
//! Owns: aggregates, roll-ups, the overview and their cache. May use: the scope, queries. Invariant: a figure counts only rows that the scope
//! sees.

pub(crate) mod aggregate;
pub(crate) mod cached_figures;
pub(crate) mod overview;
pub(crate) mod rollup;

pub use aggregate::{
    ActivityDimension, ActivityTime, Aggregatable, Aggregation, CaseDimension, CaseTime, DoctorDimension, DoctorNumber,
    DoctorTime, Extent, Group, KeyValue, MAX_GROUPS, NoMeasure, NumberStats, TimeBuckets,
};
pub use cached_figures::CacheLookup;
pub use overview::{ActivityCount, ContactCount, CourseCount};
pub use rollup::{Drift, DsoSnapshot, RollUps, SnapshotAt};
