//! Who somebody is: never what they may do.
//!
//! Owns: [`Principal`], the outcome of authentication. May use: nothing of the project.
//! Invariant: only verified facts; the e-mail of an unverified claim is not in here.

use unicode_normalization::is_nfkc;

/// A person whose token was verified.
#[derive(Clone, Debug)]
pub struct Principal {
    issuer: String,
    subject: String,
    email: Option<VerifiedEmail>,
    name: Option<String>,
    organization_claim: Option<String>,
}

impl Principal {
    /// A person by the issuer and subject of a verified token.
    #[must_use]
    pub fn verified(issuer: String, subject: String) -> Self {
        Self { issuer, subject, email: None, name: None, organization_claim: None }
    }

    /// Adds the e-mail address that the issuer has verified.
    #[must_use]
    pub fn with_email(mut self, email: VerifiedEmail) -> Self {
        self.email = Some(email);
        self
    }

    /// Adds the name that the issuer gave.
    #[must_use]
    pub fn with_name(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// Adds the organization that the token asks for: a wish, not a right.
    #[must_use]
    pub fn with_organization_claim(mut self, organization: String) -> Self {
        self.organization_claim = Some(organization);
        self
    }

    /// Who issued the token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who the person is to the issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The verified e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<&VerifiedEmail> {
        self.email.as_ref()
    }

    /// The name by the issuer.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The organization that the token asks for.
    #[must_use]
    pub fn organization_claim(&self) -> Option<&str> {
        self.organization_claim.as_deref()
    }
}

/// An e-mail address that its issuer has verified, as written and in normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedEmail {
    written: String,
    normal: String,
}

impl VerifiedEmail {
    /// Takes an address; none if it has no `@` with something on both sides, or blanks or control characters inside, or if
    /// Unicode has a plainer way to write it (NFKC): such an address only looks like another one.
    #[must_use]
    pub fn new(address: &str) -> Option<Self> {
        let written = address.trim();
        let (local, domain) = written.rsplit_once('@')?;
        let sound = !local.is_empty()
            && !domain.is_empty()
            && written.len() <= 320
            && !written.chars().any(|letter| letter.is_whitespace() || letter.is_control())
            && is_nfkc(written);
        let domain = normal_domain(domain).filter(|_| sound)?;
        Some(Self { written: written.to_owned(), normal: format!("{}@{domain}", local.to_ascii_lowercase()) })
    }

    /// As the person wrote it.
    #[must_use]
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The form that is compared.
    #[must_use]
    pub fn normal(&self) -> &str {
        &self.normal
    }
}

/// The form in which e-mail addresses are compared: trimmed, its ASCII letters in lower case, its domain as the DNS has it.
/// Other letters stay: Unicode's lower case makes one address of two, such as those with `k` and with the kelvin sign.
pub(crate) fn normal_email(address: &str) -> String {
    let address = address.trim();
    let domain = |domain: &str| normal_domain(domain).unwrap_or_else(|| domain.to_ascii_lowercase());
    match address.rsplit_once('@') {
        Some((local, name)) => format!("{}@{}", local.to_ascii_lowercase(), domain(name)),
        None => address.to_ascii_lowercase(),
    }
}

/// A domain in lower case and in punycode; none, if it has none.
fn normal_domain(domain: &str) -> Option<String> {
    if domain.is_ascii() { Some(domain.to_ascii_lowercase()) } else { idna::domain_to_ascii(domain).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(address: &str) -> Option<String> {
        VerifiedEmail::new(address).map(|email| email.normal().to_owned())
    }

    #[test]
    fn an_address_is_compared_by_its_ascii_letters_and_its_domain_as_the_dns_has_it() {
        for (address, expected) in [
            (" Viktor@Example.COM ", "viktor@example.com"),
            ("viktor@B\u{fc}cher.example", "viktor@xn--bcher-kva.example"),
            ("viktor@b\u{fc}cher.example", "viktor@xn--bcher-kva.example"),
            ("J\u{d6}RG@example.com", "j\u{d6}rg@example.com"),
            ("j\u{f6}rg@example.com", "j\u{f6}rg@example.com"),
            ("\u{130}an@example.com", "\u{130}an@example.com"),
        ] {
            assert_eq!(normal(address).as_deref(), Some(expected));
            assert_eq!(normal_email(address), expected, "what is written into a row is what is looked for");
        }
    }

    #[test]
    fn an_address_that_only_looks_like_another_is_none() {
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
            assert_ne!(normal_email(address), normal_email("viktor@example.com"), "{address}");
        }
    }
}
