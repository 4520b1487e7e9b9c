//! Who somebody is: never what they may do.
//!
//! Owns: [`Principal`], the outcome of authentication. May use: nothing of the project.
//! Invariant: only verified facts; the e-mail of an unverified claim is not in here.

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
    /// Takes an address; none if it has no `@` with something on both sides, or blanks or control characters inside.
    #[must_use]
    pub fn new(address: &str) -> Option<Self> {
        let written = address.trim();
        let (local, domain) = written.rsplit_once('@')?;
        let sound = !local.is_empty()
            && !domain.is_empty()
            && written.len() <= 320
            && !written.chars().any(|letter| letter.is_whitespace() || letter.is_control());
        sound.then(|| Self { written: written.to_owned(), normal: normal_email(written) })
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

/// The form in which e-mail addresses are compared: trimmed and lower case.
pub(crate) fn normal_email(address: &str) -> String {
    address.trim().to_lowercase()
}
