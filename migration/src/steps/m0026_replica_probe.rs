//! What shows that a replica replays the writer's log.
//!
//! Owns the sequence `app_replica_probe`. Invariant: its value means nothing but that some gateway wrote it.
//!
//! A gateway writes a random number into it on the writer, and believes a replica that shows the number (`entity`,
//! `pool/replicas/history.rs`). A sequence and not a table: it is a number that every organization may see, it is not a row of any of
//! them, and writing it takes no lock that another gateway waits for.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0026_replica_probe",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: "drop sequence app_replica_probe;",
    down: "",
};

const POSTGRES_UP: &str = "
create sequence app_replica_probe;
grant select, update on sequence app_replica_probe to cs12_app;
";
