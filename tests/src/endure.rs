//! Gateways as processes, under load, with everything happening to them that happens to servers.
//!
//! Owns: starting them over a PostgreSQL and a Redis with many tenants in it, asking them over HTTP, and judging each answer. Invariant: an
//! answer that holds a word of another tenant ends the run, whatever else is going on.

mod caller;
mod hostile;
mod house;
mod line;
mod mix;
mod tally;

pub use caller::{Answer, Caller, Lost};
pub use hostile::Hostile;
pub use house::{Gateway, House, SECRETS, is_ready};
pub use line::Line;
pub use mix::{Operation, agent_reads};
pub use tally::{Spell, Tally, percentile};
