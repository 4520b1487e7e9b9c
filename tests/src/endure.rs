//! Gateways as processes, under load, with everything happening to them that happens to servers.
//!
//! Owns: starting them over a PostgreSQL and a Redis with many tenants in it, asking them over HTTP, and judging each answer. Invariant: an
//! answer that holds a word of another tenant ends the run, whatever else is going on.

mod caller;
mod hostile;
mod house;
mod key_issuer;
mod line;
mod log_reader;
mod mail_server;
mod mix;
mod stand;
mod tally;

pub use caller::{Answer, Caller, Lost};
pub use hostile::Hostile;
pub use house::{Extra, Gateway, House, SECRETS, fetched, is_ready};
pub use key_issuer::KeyIssuer;
pub use line::Line;
pub use log_reader::LogReader;
pub use mail_server::MailServer;
pub use mix::{Operation, agent_reads};
pub use stand::{Manner, Stand};
pub use tally::{Spell, Tally, percentile};
