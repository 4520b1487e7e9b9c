//! The way out: mails about invitations become letters, letters go to a mail server or into a folder.
//!
//! Owns: what a mail looks like, how it is sent, and the postman who does it. May use: the outbox of `entity`, `config`,
//! lettre, minijinja. Invariant: a mail is sent at least once and can be told from its repetition by its `Message-ID`;
//! neither an address nor a token of it is ever logged.

mod failure;
mod folder;
mod letter;
mod link;
mod name;
mod page;
mod postman;
mod server;
#[cfg(test)]
mod tests;
mod transport;

pub use failure::MailError;
pub use postman::Postman;
