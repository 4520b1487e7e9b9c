//! What the suites share: databases, the world, its actors and a client.
//!
//! Owns: starting a real PostgreSQL, the mirrored world, and asking the gateway in process. May use: the gateway's router,
//! and sea-orm, past every scope: to seed and to look, never to be tested. Invariant: each test has a database of its own.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a support library for tests speaks by failing"
)]

pub mod actor;
pub mod client;
pub mod computed;
pub mod database;
pub mod dump;
pub mod isolation;
pub mod load;
pub mod openmetrics;
pub mod postgres;
pub mod queries;
pub mod redis;
pub mod sample;
pub mod socket;
pub mod tenants;
pub mod topology;
pub mod world;

pub use actor::Actor;
pub use client::{Answer, Gateway};
pub use database::{Database, Kind};
pub use isolation::IsolationLayers;
pub use sample::sample;
pub use topology::Topology;
pub use world::{CANARY, World};
