//! Refusals, gathered.
//!
//! Owns: one entry for each coordinate and DSO, with a count. May use: the policy's reasons. Invariant: a list of a
//! thousand refused rows makes one error, not a thousand.

use async_graphql::{ErrorExtensionValues, PathSegment, Pos, ServerError};
use entity::{
    auth::policy::Reason,
    id::{DsoId, TypedId as _},
};

use crate::errors::ErrorCode;
use crate::request::Field;

/// The refusals of one request.
#[derive(Debug, Default)]
pub(crate) struct Denials(Vec<Denial>);

#[derive(Debug)]
struct Denial {
    field: &'static Field,
    dso: Option<DsoId>,
    code: ErrorCode,
    reason: Reason,
    path: Vec<PathSegment>,
    position: Pos,
    count: u32,
}

impl Denials {
    /// Notes a refusal. Of those of one kind the error stands at the first place in the answer, whichever was met first.
    pub(crate) fn record(
        &mut self,
        field: &'static Field,
        dso: Option<DsoId>,
        code: ErrorCode,
        reason: Reason,
        (path, position): (Vec<PathSegment>, Pos),
    ) {
        let same = |denial: &&mut Denial| denial.field == field && denial.dso == dso && denial.code == code;
        if let Some(denial) = self.0.iter_mut().find(same) {
            denial.count += 1;
            if order(&path) < order(&denial.path) {
                denial.path = path;
                denial.position = position;
            }
            return;
        }
        self.0.push(Denial { field, dso, code, reason, path, position, count: 1 });
    }

    /// The refused fields of a type, each with the code of its refusal.
    pub(crate) fn of_type(&self, name: &str) -> Vec<(&'static str, ErrorCode)> {
        let field = |denial: &Denial| {
            let (of, field) = denial.field.coordinate.split_once('.')?;
            (of == name).then_some((field, denial.code))
        };
        self.0.iter().filter_map(field).collect()
    }

    /// The refused fields, each once, with the number of rows.
    pub(crate) fn fields(&self) -> Vec<(&'static Field, u32)> {
        let mut fields: Vec<(&'static Field, u32)> = Vec::new();
        for denial in &self.0 {
            match fields.iter_mut().find(|(field, _)| *field == denial.field) {
                Some((_, count)) => *count += denial.count,
                None => fields.push((denial.field, denial.count)),
            }
        }
        fields
    }

    /// The errors of the answer.
    pub(crate) fn into_errors(self) -> impl Iterator<Item = ServerError> {
        self.0.into_iter().map(|denial| {
            let guard = denial.field.guard.to_string();
            let message = match denial.code {
                ErrorCode::NotFound => "not found".to_owned(),
                ErrorCode::OrgContextRequired => {
                    "no organization was chosen: send its id or slug in the header `X-Organization-Id`".to_owned()
                }
                ErrorCode::OrgSuspended => "the organization is suspended".to_owned(),
                _ => format!("`{}` needs {guard}: {}", denial.field.coordinate, denial.reason),
            };
            let mut extensions = ErrorExtensionValues::default();
            extensions.set("code", denial.code.as_str());
            extensions.set("coordinate", denial.field.coordinate);
            extensions.set("guard", guard);
            extensions.set("count", denial.count);
            // For `explainAccess`. Only where the caller has a role on the DSO: where they have none, it does not exist.
            if let (ErrorCode::Forbidden, Some(dso)) = (denial.code, denial.dso) {
                extensions.set("dsoId", dso.to_text());
            }
            let mut error = ServerError::new(message, Some(denial.position));
            error.path = denial.path;
            error.extensions = Some(extensions);
            error
        })
    }
}

/// What a path is compared by.
fn order(path: &[PathSegment]) -> Vec<(usize, &str)> {
    let segment = |segment| match segment {
        &PathSegment::Index(index) => (index, ""),
        PathSegment::Field(name) => (0, name.as_str()),
    };
    path.iter().map(segment).collect()
}
