//! `gateway schema`: what stands in `schema.graphql`.

use super::{CliError, output};
use crate::config::{Config, Overrides};
use crate::schema;

/// Prints the schema; it depends on no database and on nothing that can be configured.
pub(super) fn run() -> Result<(), CliError> {
    let config = Config::from_layers(None, [], Overrides::default())?;
    let registry = schema::registry();
    let schema = schema::build(registry.clone(), config.limits, None);
    let text = schema::sdl(&schema);
    registry.check(&text)?;
    output::print(&text)
}
