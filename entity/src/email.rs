//! E-mail addresses.
//!
//! Owns: the definition of a valid address, and the form in which two addresses are compared. May use: the crates for
//! addresses and domains. Invariant: a mail server can accept the address, and it denotes exactly one mailbox.

use email_address::Options;
use unicode_normalization::is_nfkc;

/// One e-mail address, as entered and in normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    written: String,
    normal: String,
}

/// Why a text is not an e-mail address. The message continues a sentence that begins with the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// There are no local part and domain that a mail server would accept.
    #[error("is not an e-mail address, like `ada@example.com`")]
    NoAddress,
    /// Several addresses, or one with a name beside it.
    #[error("is not one e-mail address: write a single one, without a name beside it, like `ada@example.com`")]
    NotOne,
}

impl EmailAddress {
    /// Parses one address of at most 254 bytes without a display name. Rejects blanks, control characters, quoted
    /// local parts, IP addresses in brackets, and characters that Unicode can write in a plainer way (NFKC): such an
    /// address only resembles another one.
    pub fn parse(address: &str) -> Result<Self, InvalidEmail> {
        let written = address.trim();
        if written.contains([',', ';', '<', '>']) || written.matches('@').count() > 1 {
            return Err(InvalidEmail::NotOne);
        }
        let (local, domain) = written.rsplit_once('@').ok_or(InvalidEmail::NoAddress)?;
        let domain = idna::domain_to_ascii(domain).map_err(|_| InvalidEmail::NoAddress)?;
        let is_plain =
            !local.contains('"') && !written.chars().any(|letter| letter.is_whitespace() || letter.is_control());
        let normal = format!("{}@{domain}", local.to_ascii_lowercase());
        let options = Options::default().without_display_text().without_domain_literal();
        let is_address = email_address::EmailAddress::parse_with_options(&normal, options).is_ok();
        if is_plain && is_address && normal.len() <= MAX_BYTES && written.len() <= MAX_BYTES && is_nfkc(written) {
            Ok(Self { written: written.to_owned(), normal })
        } else {
            Err(InvalidEmail::NoAddress)
        }
    }

    /// The address as the person entered it.
    #[must_use]
    pub fn as_entered(&self) -> &str {
        &self.written
    }

    /// The form used for comparison: ASCII letters in lower case, the domain as in the DNS. Other letters stay as they
    /// are: Unicode lower casing would merge two different addresses into one, such as those with `k` and with the
    /// kelvin sign.
    #[must_use]
    pub fn normalized(&self) -> &str {
        &self.normal
    }
}

/// Maximum length of an address in bytes, by RFC 5321 and its erratum 1690.
const MAX_BYTES: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(address: &str) -> Option<String> {
        EmailAddress::parse(address).ok().map(|email| email.normalized().to_owned())
    }

    #[test]
    fn an_address_is_compared_by_its_ascii_letters_and_its_domain_as_the_dns_has_it() {
        for (address, expected) in [
            (" Viktor@Example.COM ", "viktor@example.com"),
            ("viktor@B\u{fc}cher.example", "viktor@xn--bcher-kva.example"),
            ("viktor@b\u{fc}cher.example", "viktor@xn--bcher-kva.example"),
            ("viktor@XN--BCHER-KVA.example", "viktor@xn--bcher-kva.example"),
            ("J\u{d6}RG@example.com", "j\u{d6}rg@example.com"),
            ("j\u{f6}rg@example.com", "j\u{f6}rg@example.com"),
            ("\u{130}an@example.com", "\u{130}an@example.com"),
            ("o'brien+tag@mail.example", "o'brien+tag@mail.example"),
            ("root@localhost", "root@localhost"),
        ] {
            assert_eq!(normal(address).as_deref(), Some(expected));
        }
    }

    #[test]
    fn lookalike_addresses_are_rejected() {
        for address in [
            // Kelvin sign, long s, full width, ligature, decomposed, superscript.
            "vi\u{212a}tor@example.com",
            "alice@e\u{17f}ample.com",
            "\u{ff56}iktor@example.com",
            "\u{fb01}nn@example.com",
            "jo\u{308}rg@example.com",
            "viktor\u{b2}@example.com",
            "viktor@\u{212a}.example",
        ] {
            assert_eq!(normal(address), None, "{address}");
        }
    }

    #[test]
    fn undeliverable_addresses_are_rejected() {
        let long = format!("{}@example.com", "a".repeat(65));
        for address in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example..com",
            "ada@-example.com",
            ".ada@example.com",
            "a..b@example.com",
            "ada@[127.0.0.1]",
            "ada b@example.com",
            "ada@exa mple.com",
            "ada\0@example.com",
            "\"a b\"@example.com",
            &long,
            "ada@xn--a.example",
            "ada@example.com.",
            "a(b)@example.com",
        ] {
            assert_eq!(normal(address), None, "{address}");
        }
    }

    #[test]
    fn several_addresses_are_not_one() {
        for address in
            ["one@x.example,two@x.example", "one@x.example; two@x.example", "Ada <ada@x.example>", "a@b@x.example"]
        {
            assert_eq!(EmailAddress::parse(address), Err(InvalidEmail::NotOne), "{address}");
        }
    }
}
