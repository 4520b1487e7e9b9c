//! Validation of client input for rows.
//!
//! Owns: collecting all problems of an input. May use: the kinds of texts and addresses. Invariant: a draft with any
//! problem is rejected as a whole, and all its problems are reported at once.

use crate::{
    auth::{DsoRole, OrgRole},
    email::EmailAddress,
    error::{Error, ValidationCode, ValidationError},
    id::{DsoId, TypedId},
    scope::Scope,
    text::{TextKind, quoted},
};

/// A change to one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// No effect.
    #[default]
    Keep,
    /// Sets the column to null.
    Clear,
    /// Sets the column to this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies the patch to the column.
    pub(crate) fn apply(self, column: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *column = None,
            Self::Set(value) => *column = Some(value),
        }
    }

    /// Converts the value that is set; a conversion to none clears the column.
    fn and_then<U>(self, made: impl FnOnce(T) -> Option<U>) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => made(value).map_or(Patch::Clear, Patch::Set),
        }
    }
}

/// Collects the problems of one input.
#[derive(Default)]
pub(crate) struct Validator(Vec<ValidationError>);

impl Validator {
    /// Validates a required text.
    pub(crate) fn required(&mut self, field: &'static str, text: &str, kind: TextKind) -> String {
        match kind.read(text) {
            Ok(Some(text)) => return text,
            Ok(None) => self.0.push(ValidationError::invalid(field, format!("`{field}` is empty"))),
            Err(flaw) => self.0.push(ValidationError::invalid(field, format!("`{field}` {flaw}"))),
        }
        String::new()
    }

    /// Validates an optional text; one without visible characters counts as missing.
    pub(crate) fn optional(&mut self, field: &'static str, text: Option<String>, kind: TextKind) -> Option<String> {
        let read = kind.read(&text?);
        read.map_err(|flaw| self.0.push(ValidationError::invalid(field, format!("`{field}` {flaw}")))).ok().flatten()
    }

    /// Validates a text in a patch.
    pub(crate) fn patch(&mut self, field: &'static str, text: Patch<String>, kind: TextKind) -> Patch<String> {
        text.and_then(|text| self.optional(field, Some(text), kind))
    }

    /// Validates a required e-mail address.
    pub(crate) fn email(&mut self, field: &'static str, address: &str) -> Option<EmailAddress> {
        let read = EmailAddress::parse(address);
        read.map_err(|flaw| self.0.push(ValidationError::invalid(field, format!("{} {flaw}", quoted(address))))).ok()
    }

    /// Validates an optional e-mail address.
    pub(crate) fn optional_email(&mut self, field: &'static str, address: Option<String>) -> Option<EmailAddress> {
        let address = address.filter(|address| !address.trim().is_empty())?;
        self.email(field, &address)
    }

    /// Validates an e-mail address in a patch.
    pub(crate) fn patch_email(&mut self, field: &'static str, address: Patch<String>) -> Patch<EmailAddress> {
        address.and_then(|address| self.optional_email(field, Some(address)))
    }

    /// Checks that a number is within bounds.
    pub(crate) fn range(&mut self, field: &'static str, number: Option<i32>, least: i32, most: i32) {
        if let Some(number) = number
            && !(least..=most).contains(&number)
        {
            self.0.push(ValidationError::invalid(
                field,
                format!("`{field}` is {number}; it must be between {least} and {most}"),
            ));
        }
    }

    /// Adds a problem of another kind.
    pub(crate) fn reject(&mut self, field: &'static str, message: String) {
        self.0.push(ValidationError::invalid(field, message));
    }

    /// Takes the value of a constructor that reports problems of its own; adds those problems.
    pub(crate) fn accept<T>(&mut self, made: Result<T, Error>) -> Option<T> {
        match made {
            Ok(value) => Some(value),
            Err(Error::Invalid(problems)) => {
                self.0.extend(problems);
                None
            }
            // A constructor that uses only the input has no other way to fail.
            Err(_) => None,
        }
    }

    /// Checks the DSO roles to be granted: each is on a DSO that the caller sees, with at most one role per DSO.
    pub(crate) fn grants(&mut self, scope: &Scope, grants: &[(DsoId, DsoRole)]) {
        if grants.len() > MAX_GRANTS {
            let message = format!("`grants` has {} entries; at most {MAX_GRANTS} are allowed", grants.len());
            self.0.push(ValidationError::invalid("grants", message));
            return;
        }
        for (place, (dso, _)) in grants.iter().enumerate() {
            if scope.visible_dso(*dso).is_none() {
                let message = format!("`grants` names `{}`, which is no DSO here", dso.to_text());
                self.0.push(ValidationError {
                    code: ValidationCode::NotFound,
                    ..ValidationError::invalid("grants", message)
                });
            }
            if grants[..place].iter().any(|(before, _)| before == dso) {
                self.0.push(ValidationError::invalid("grants", format!("`grants` names `{}` twice", dso.to_text())));
            }
        }
    }

    /// Checks the role of a person who is to join: owners can only be made from members.
    pub(crate) fn grantable_role(&mut self, role: OrgRole) {
        if role == OrgRole::Owner {
            let message = "`role` is OWNER: invite them with another role, and transfer the ownership to them then";
            self.0.push(ValidationError::invalid("role", message));
        }
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// Maximum number of grants that one request can promise.
const MAX_GRANTS: usize = 500;
