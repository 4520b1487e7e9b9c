//! The way out: mails about invitations become letters, letters go to a mail server or into a folder.
//!
//! Owns: what a mail looks like, how it is sent, and the postman who does it. May use: the outbox of `entity`, `config`,
//! lettre, minijinja. Invariant: a mail is sent at least once and can be told from its repetition by its `Message-ID`;
//! neither an address nor a token of it is ever logged.

mod failure;
mod file_transport;
mod link;
mod message;
mod sanitize;
mod smtp;
mod templates;
#[cfg(test)]
mod tests;
mod transport;
mod worker;

pub use failure::MailError;
pub use worker::MailWorker;
