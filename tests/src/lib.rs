//! Shared parts of the suites: databases, the world, its actors and a client.
//!
//! Owns: starting a real PostgreSQL, the mirrored world, and in-process requests to the gateway. May use: the
//! gateway's router, and sea-orm without scopes, for seeding and inspection only, never as the subject of a test.
//! Invariant: each test has a database of its own.

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
