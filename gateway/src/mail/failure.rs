//! Why a mail did not go out.
//!
//! Owns: [`MailError`] for the start, [`Failure`] for one mail. May use: lettre's errors, of which it keeps the kind.
//! Invariant: no text holds an address, a token or what a mail server said: servers repeat the recipient.

use std::error::Error as _;
use std::io;

use lettre::transport::smtp;

use super::smtp::ResponseTooLarge;

/// Why no mails can be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address of the mail server is none.
    #[error("`mail.smtp_url` is no address of a mail server")]
    Server,
    /// A template is broken.
    #[error("a template of the mails is broken")]
    Template(#[from] minijinja::Error),
}

/// Why one mail was not sent this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    #[error("the recipient is no address that mail can be sent to")]
    Recipient,
    #[error("the mail could not be written")]
    Unwritten,
    #[error("the mail server did not answer in time")]
    Late,
    #[error("the mail server could not be reached")]
    Unreachable,
    #[error("no encrypted connection to the mail server")]
    Tls,
    #[error("the mail server does not take it now, with code {0}")]
    NotNow(u16),
    #[error("the mail server refuses it, with code {0}")]
    Refused(u16),
    #[error("the mail server cannot do what the mail needs: authentication, encryption or its recipient's letters")]
    Unable,
    #[error("the mail server's answer is not SMTP")]
    NotSmtp,
    #[error("the folder cannot be written to ({0})")]
    Folder(io::ErrorKind),
    #[error("the sending broke off by a fault of ours")]
    Fault,
}

impl Failure {
    /// Whether another try can only fail: something to mend, not to wait for.
    pub(super) fn is_permanent(self) -> bool {
        matches!(self, Self::Recipient | Self::Unwritten | Self::Fault)
    }
}

impl From<smtp::Error> for Failure {
    fn from(error: smtp::Error) -> Self {
        let code = error.status().map_or(0, u16::from);
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>()).and_then(io::Error::get_ref);
        if cause.and_then(|cause| cause.downcast_ref::<ResponseTooLarge>()).is_some() {
            Self::NotSmtp
        } else if error.is_transient() {
            Self::NotNow(code)
        } else if error.is_permanent() {
            Self::Refused(code)
        } else if error.is_timeout() {
            Self::Late
        } else if error.is_tls() {
            Self::Tls
        } else if error.is_response() {
            Self::NotSmtp
        } else if error.is_client() {
            Self::Unable
        } else {
            Self::Unreachable
        }
    }
}
