//! Gateways as processes, under load, with all the faults that happen to servers.
//!
//! Owns: starting them over a PostgreSQL with many tenants and a Redis, sending requests over HTTP, and judging each
//! answer. Invariant: an answer that contains another tenant's text ends the run in every state.

mod client;
mod cluster;
mod hostile;
mod key_issuer;
mod line;
mod log_reader;
mod mail_server;
mod results;
mod stand;
mod workload;

pub use client::{Answer, Caller, Lost};
pub use cluster::{Extra, Gateway, House, SECRETS, fetched, is_ready};
pub use hostile::Hostile;
pub use key_issuer::KeyIssuer;
pub use line::Line;
pub use log_reader::LogReader;
pub use mail_server::MailServer;
pub use results::{Spell, Tally, percentile};
pub use stand::{Manner, Stand};
pub use workload::{Operation, agent_reads};
