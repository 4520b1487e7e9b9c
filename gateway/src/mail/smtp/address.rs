//! The address of a mail server, as lettre reads it: `smtps://USER:PASSWORD@HOST:PORT/NAME`, `smtp://…?tls=required`.
//!
//! Owns: [`Address`]. May use: axum's parser. Invariant: what is not understood is no address; nothing of it is left out silently.

use axum::http::Uri;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;

/// When the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Never.
    None,
    /// By STARTTLS, if the server offers it.
    Opportunistic,
    /// By STARTTLS, or nothing is sent.
    Required,
    /// From the first byte on.
    FromTheStart,
}

/// Where a mail server is, and how it is spoken to.
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
    /// What the gateway calls itself there.
    pub(super) hello: ClientId,
}

impl Address {
    pub(super) fn of(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let tls =
            uri.query().into_iter().flat_map(|query| query.split('&')).find_map(|option| option.strip_prefix("tls="));
        let (encryption, port) = match (uri.scheme_str()?, tls) {
            ("smtp", None) => (Encryption::None, SMTP_PORT),
            ("smtp", Some("required")) => (Encryption::Required, SUBMISSION_PORT),
            ("smtp", Some("opportunistic")) => (Encryption::Opportunistic, SUBMISSION_PORT),
            ("smtps", _) => (Encryption::FromTheStart, SUBMISSIONS_PORT),
            _ => return None,
        };
        let host = uri.host().filter(|host| !host.is_empty())?.to_owned();
        let user = uri.authority()?.as_str().rsplit_once('@').map(|(user, _)| user);
        let credentials = match user {
            None => None,
            Some(user) => {
                let (user, password) = user.split_once(':')?;
                Some(Credentials::new(decoded(user)?, decoded(password)?))
            }
        };
        let hello = match uri.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Some(Self { host, port: uri.port_u16().unwrap_or(port), encryption, credentials, hello })
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_host_port_and_when_it_is_encrypted() {
        use Encryption::{FromTheStart, None, Opportunistic, Required};
        for (url, host, port, encryption) in [
            ("smtp://mail.example", "mail.example", 25, None),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, None),
            ("smtp://mail.example?tls=required", "mail.example", 587, Required),
            ("smtp://mail.example:25/?tls=opportunistic", "mail.example", 25, Opportunistic),
            ("smtps://u:p@mail.example", "mail.example", 465, FromTheStart),
            ("smtps://[::1]:4650", "[::1]", 4650, FromTheStart),
        ] {
            let address = Address::of(url).unwrap();
            assert_eq!((address.host.as_str(), address.port, address.encryption), (host, port, encryption), "{url}");
        }
        for url in [
            "mail.example",
            "http://mail.example",
            "smtp://mail.example?tls=maybe",
            "smtp://u@mail.example",
            "smtp://u:%ff@h",
        ] {
            assert!(Address::of(url).is_none(), "{url}");
        }
    }

    #[test]
    fn a_password_is_decoded_and_a_path_is_the_name_that_is_given() {
        let address = Address::of("smtps://user%40x.example:p%3Aq@mail.example/gateway.example").unwrap();
        assert_eq!(address.credentials, Some(Credentials::new("user@x.example".to_owned(), "p:q".to_owned())));
        assert_eq!(address.hello, ClientId::Domain("gateway.example".to_owned()));
        assert_eq!(Address::of("smtp://h").unwrap().hello, ClientId::default());
    }
}
