//! What a client may write into a row.
//!
//! Owns: the limits of texts, and collecting every problem of an input. May use: nothing. Invariant: a draft with a
//! problem is refused whole, and all its problems are told at once.

use crate::{DsoId, DsoRole, Error, OrgRole, Problem, ProblemCode, Scope, TypedId};

/// What a patch does to a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Nothing.
    #[default]
    Keep,
    /// Empties it.
    Clear,
    /// Writes this.
    Set(T),
}

impl<T> Change<T> {
    /// The column after the change.
    pub(crate) fn apply(self, column: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *column = None,
            Self::Set(value) => *column = Some(value),
        }
    }
}

/// Collects the problems of one input.
#[derive(Default)]
pub(crate) struct Checks(Vec<Problem>);

impl Checks {
    /// A text that must be there: trimmed, 1 to `most` characters.
    pub(crate) fn required(&mut self, field: &'static str, text: &str, most: usize) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.0.push(Problem::bad(field, format!("`{field}` is empty")));
        }
        self.length(field, text, most);
        text.to_owned()
    }

    /// A text that may be missing; one of blanks only counts as missing.
    pub(crate) fn optional(&mut self, field: &'static str, text: Option<String>, most: usize) -> Option<String> {
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
        self.length(field, &text, most);
        Some(text)
    }

    /// The same in a patch.
    pub(crate) fn patch(&mut self, field: &'static str, text: Change<String>, most: usize) -> Change<String> {
        match text {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(text) => self.optional(field, Some(text), most).map_or(Change::Clear, Change::Set),
        }
    }

    /// An e-mail address in rough form: the mail server knows better than any pattern.
    pub(crate) fn email(&mut self, field: &'static str, address: Option<&str>) {
        if let Some(address) = address
            && crate::VerifiedEmail::new(address).is_none()
        {
            self.0.push(Problem::bad(field, format!("`{address}` is not an e-mail address")));
        }
    }

    /// A number within bounds.
    pub(crate) fn range(&mut self, field: &'static str, number: Option<i32>, least: i32, most: i32) {
        if let Some(number) = number
            && !(least..=most).contains(&number)
        {
            self.0.push(Problem::bad(field, format!("`{field}` is {number}; it goes from {least} to {most}")));
        }
    }

    /// A problem of another kind.
    pub(crate) fn refuse(&mut self, field: &'static str, message: String) {
        self.0.push(Problem::bad(field, message));
    }

    fn length(&mut self, field: &'static str, text: &str, most: usize) {
        let count = text.chars().count();
        if count > most {
            self.0.push(Problem::bad(field, format!("`{field}` has {count} characters; at most {most} are allowed")));
        }
        // PostgreSQL cannot store it, and nobody types it.
        if text.contains('\0') {
            self.0.push(Problem::bad(field, format!("`{field}` contains a zero byte")));
        }
    }

    /// A value that was made with problems of its own.
    pub(crate) fn take<T>(&mut self, made: Result<T, Error>) -> Option<T> {
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
        if grants.len() > GRANTS {
            let message = format!("`grants` has {} entries; at most {GRANTS} are allowed", grants.len());
            self.0.push(Problem::bad("grants", message));
            return;
        }
        for (place, (dso, _)) in grants.iter().enumerate() {
            if scope.visible_dso(*dso).is_none() {
                let message = format!("`grants` names `{}`, which is no DSO here", dso.to_text());
                self.0.push(Problem { code: ProblemCode::NotFound, ..Problem::bad("grants", message) });
            }
            if grants[..place].iter().any(|(before, _)| before == dso) {
                self.0.push(Problem::bad("grants", format!("`grants` names `{}` twice", dso.to_text())));
            }
        }
    }

    /// A role for somebody who is to come: owners are made of members.
    pub(crate) fn role_to_give(&mut self, role: OrgRole) {
        if role == OrgRole::Owner {
            let message = "`role` is OWNER: invite them with another role, and transfer the ownership to them then";
            self.0.push(Problem::bad("role", message));
        }
    }

    pub(crate) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// Characters in a name or title.
pub(crate) const NAME: usize = 200;
/// Most grants that are promised at once.
const GRANTS: usize = 500;
/// Characters in an address, by RFC 5321.
pub(crate) const EMAIL: usize = 320;
/// Characters in a phone number with all its decoration.
pub(crate) const PHONE: usize = 60;
/// Characters in a note.
pub(crate) const NOTE: usize = 20_000;
