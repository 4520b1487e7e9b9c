//! Who somebody is: never what they may do.
//!
//! Owns: [`Principal`], the outcome of authentication. May use: e-mail addresses.
//! Invariant: only verified facts; the e-mail of an unverified claim is not in here.

use crate::email::EmailAddress;

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

/// An e-mail address that its issuer has verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedEmail(EmailAddress);

impl VerifiedEmail {
    /// Takes an address that its issuer has verified; none if it is no address.
    #[must_use]
    pub fn new(address: &str) -> Option<Self> {
        EmailAddress::parse(address).ok().map(Self)
    }

    /// As the person wrote it.
    #[must_use]
    pub fn as_entered(&self) -> &str {
        self.0.as_entered()
    }

    /// The form that is compared.
    #[must_use]
    pub fn normalized(&self) -> &str {
        self.0.normalized()
    }
}
