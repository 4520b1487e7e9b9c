//! Life cycle of an organization: joining, leaving, and the rights to decide about both.
//!
//! Owns: the table of every case with its resulting code, and the races. May use: a house of its own, so that the
//! cases are independent of the mirrored world. Invariant: every case names its code, and runs on both databases.

mod audit;
mod client;
mod export;
mod fixture;
mod fixture_rows;
mod grants;
mod invitation_responses;
mod invitations;
mod joining;
mod members;
mod operator;
mod organizations;
mod outsiders;
mod owners;
mod pool;
mod races;
mod revoked;
mod sign_up;
