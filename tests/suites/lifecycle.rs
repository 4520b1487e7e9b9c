//! The life of an organization: who comes, who goes, and who decides.
//!
//! Owns: the table of every case with the code that it ends with, and the races. May use: a house of its own, so that the
//! cases stand apart from the mirrored world. Invariant: every case names its code, and is asked on both databases.

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
