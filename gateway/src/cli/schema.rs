//! `gateway schema`: what stands in `schema.graphql`.

use super::{CliError, output};
use crate::schema;

/// Prints the schema; it depends on no database and on nothing that can be configured.
pub(super) fn run() -> Result<(), CliError> {
    let text = schema::text();
    schema::registry().check(&text)?;
    output::print(&text)
}
