//! Two organizations to try things on.
//!
//! Owns: the demo's data and people. May use: `legacy`, which imports. Invariant: the second organization mirrors the first,
//! with other ids and other people, so that a missing filter shows wrong data and not none.

mod export;
mod people;
#[cfg(test)]
mod tests;

pub use people::{DemoPerson, PEOPLE};

use chrono::{DateTime, Utc};
use entity::db::Db;

use crate::legacy_import::{self, LegacyError, Options, Report, Silent};

/// What the demo's two imports told.
#[derive(Clone, Debug)]
pub struct Demo {
    /// AllSolutions, owned by `alan`.
    pub all_solutions: Report,
    /// OtherSolutions, its mirror, owned by `outsider`.
    pub other_solutions: Report,
}

impl Demo {
    /// Fills a database that has all migrations, with data as of now. A second time changes nothing.
    pub async fn build(db: &Db) -> Result<Self, LegacyError> {
        let at = Utc::now();
        let export = export::as_of(&export::with_agents(&export::embedded()), at);
        let all = options("AllSolutions", "alan@allsolutions.example", "valentina@elsewhere.example", at);
        let all_solutions = legacy_import::import(db, &export, &all, &mut Silent).await?;
        let mirror = export::second_tenant(&export);
        let other = options("OtherSolutions", "outsider@othersolutions.example", "valentina@nowhere.example", at);
        let other_solutions = legacy_import::import(db, &mirror, &other, &mut Silent).await?;
        Ok(Self { all_solutions, other_solutions })
    }
}

fn options(organization: &str, owner: &str, exclude: &str, at: DateTime<Utc>) -> Options {
    Options {
        organization: organization.to_owned(),
        owner: Some(owner.to_owned()),
        exclude: vec![exclude.to_owned()],
        refused: None,
        at,
    }
}
