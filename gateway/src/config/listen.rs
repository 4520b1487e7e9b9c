//! Addresses to listen on, as people write them.
//!
//! Owns: reading them. May use: nothing. Invariant: no name is looked up, so what is listened on is what is written.

use std::net::{Ipv4Addr, SocketAddr};

/// An address with its port; `localhost:8080` is `127.0.0.1:8080`, and `:8080` every address of the machine.
pub(super) fn read(text: &str) -> Option<SocketAddr> {
    let port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    if let Some(text) = text.strip_prefix("localhost:") {
        return Some((Ipv4Addr::LOCALHOST, port(text)?).into());
    }
    if let Some(text) = text.strip_prefix(':') {
        return Some((Ipv4Addr::UNSPECIFIED, port(text)?).into());
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (text, address) in [
            ("127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("[::]:8080", Some("[::]:8080")),
            ("localhost:0", Some("127.0.0.1:0")),
            ("localhost:9090", Some("127.0.0.1:9090")),
            (":8080", Some("0.0.0.0:8080")),
            ("", None),
            (":", None),
            (":+80", None),
            (":65536", None),
            ("8080", None),
            ("localhost", None),
            ("localhost:", None),
            ("gateway.example:8080", None),
            ("::8080", None),
        ] {
            assert_eq!(read(text).map(|address| address.to_string()).as_deref(), address, "{text}");
        }
    }
}
