//! A person's identity, never their permissions.
//!
//! Owns: [`Principal`], the result of authentication. May use: e-mail addresses. Invariant: it contains verified facts
//! only; it never contains an e-mail address from an unverified claim.

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
    /// A person with the issuer and subject of a verified token.
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

    /// Adds the organization that the token requests: a preference, not a right.
    #[must_use]
    pub fn with_organization_claim(mut self, organization: String) -> Self {
        self.organization_claim = Some(organization);
        self
    }

    /// The issuer of the token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The subject: the issuer's identifier of the person.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The verified e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<&VerifiedEmail> {
        self.email.as_ref()
    }

    /// The name given by the issuer.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The organization that the token requests.
    #[must_use]
    pub fn organization_claim(&self) -> Option<&str> {
        self.organization_claim.as_deref()
    }
}

/// An e-mail address that its issuer has verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedEmail(EmailAddress);

impl VerifiedEmail {
    /// Accepts an address that its issuer has verified; none if it is not a valid address.
    #[must_use]
    pub fn new(address: &str) -> Option<Self> {
        EmailAddress::parse(address).ok().map(Self)
    }

    /// The address as the person entered it.
    #[must_use]
    pub fn as_entered(&self) -> &str {
        self.0.as_entered()
    }

    /// The form used for comparison.
    #[must_use]
    pub fn normalized(&self) -> &str {
        self.0.normalized()
    }
}
