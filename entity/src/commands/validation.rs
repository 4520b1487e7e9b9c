//! What a client may write into a row.
//!
//! Owns: collecting every problem of an input. May use: the kinds of texts and addresses. Invariant: a draft with a
//! problem is refused whole, and all its problems are told at once.

use crate::{
    auth::{DsoRole, OrgRole},
    email::EmailAddress,
    error::{Error, ValidationCode, ValidationError},
    id::{DsoId, TypedId},
    scope::Scope,
    text::{TextKind, quoted},
};

/// What a patch does to a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// No effect.
    #[default]
    Keep,
    /// Empties it.
    Clear,
    /// Writes this.
    Set(T),
}

impl<T> Patch<T> {
    /// The column after the change.
    pub(crate) fn apply(self, column: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *column = None,
            Self::Set(value) => *column = Some(value),
        }
    }

    /// What is set, if it is something; else it empties.
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
    /// A text that must be there.
    pub(crate) fn required(&mut self, field: &'static str, text: &str, kind: TextKind) -> String {
        match kind.read(text) {
            Ok(Some(text)) => return text,
            Ok(None) => self.0.push(ValidationError::invalid(field, format!("`{field}` is empty"))),
            Err(flaw) => self.0.push(ValidationError::invalid(field, format!("`{field}` {flaw}"))),
        }
        String::new()
    }

    /// A text that may be missing; one with nothing to see counts as missing.
    pub(crate) fn optional(&mut self, field: &'static str, text: Option<String>, kind: TextKind) -> Option<String> {
        let read = kind.read(&text?);
        read.map_err(|flaw| self.0.push(ValidationError::invalid(field, format!("`{field}` {flaw}")))).ok().flatten()
    }

    /// The same in a patch.
    pub(crate) fn patch(&mut self, field: &'static str, text: Patch<String>, kind: TextKind) -> Patch<String> {
        text.and_then(|text| self.optional(field, Some(text), kind))
    }

    /// An e-mail address that must be there.
    pub(crate) fn email(&mut self, field: &'static str, address: &str) -> Option<EmailAddress> {
        let read = EmailAddress::parse(address);
        read.map_err(|flaw| self.0.push(ValidationError::invalid(field, format!("{} {flaw}", quoted(address))))).ok()
    }

    /// One that may be missing.
    pub(crate) fn optional_email(&mut self, field: &'static str, address: Option<String>) -> Option<EmailAddress> {
        let address = address.filter(|address| !address.trim().is_empty())?;
        self.email(field, &address)
    }

    /// The same in a patch.
    pub(crate) fn patch_email(&mut self, field: &'static str, address: Patch<String>) -> Patch<EmailAddress> {
        address.and_then(|address| self.optional_email(field, Some(address)))
    }

    /// A number within bounds.
    pub(crate) fn range(&mut self, field: &'static str, number: Option<i32>, least: i32, most: i32) {
        if let Some(number) = number
            && !(least..=most).contains(&number)
        {
            self.0.push(ValidationError::invalid(
                field,
                format!("`{field}` is {number}; it goes from {least} to {most}"),
            ));
        }
    }

    /// A problem of another kind.
    pub(crate) fn reject(&mut self, field: &'static str, message: String) {
        self.0.push(ValidationError::invalid(field, message));
    }

    /// A value that was made with problems of its own.
    pub(crate) fn accept<T>(&mut self, made: Result<T, Error>) -> Option<T> {
        match made {
            Ok(value) => Some(value),
            Err(Error::Invalid(problems)) => {
                self.0.extend(problems);
                None
            }
            // Whoever makes a value of an input alone has nothing else to fail with.
            Err(_) => None,
        }
    }

    /// Roles on DSOs that are to be given: each on a DSO that the caller sees, and one for each.
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

    /// A role for somebody who is to come: owners are made of members.
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

/// Most grants that are promised at once.
const MAX_GRANTS: usize = 500;
