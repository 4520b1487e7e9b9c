//! The database's shape: one step a file, for SQLite and for PostgreSQL, up and down.
//!
//! Owns every table, key, index and row-level policy of the gateway. May use `sea-orm-migration` and
//! nothing else of the project. Invariant: the step that creates a table also installs its row-level
//! policies, so that no table ever stands on PostgreSQL without its second wall.
//!
//! Nothing of sea-orm is re-exported here: whoever depends on this crate can change the schema and read
//! its state, and can run no query of their own.

mod connect;
mod error;
mod in_use;
mod rls;
mod run;
mod step;
mod steps;

pub use error::MigrateError;
pub use in_use::in_use;
pub use run::{StepState, StepStatus, down, is_new_file, names, status, up};
