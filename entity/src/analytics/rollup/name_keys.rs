//! The computed columns of rows that have a name.
//!
//! Owns: comparing them with the names, and recomputing them. May use: the transaction, folding. Invariant: each row
//! is read once, in batches, and correct values are not rewritten.
//!
//! A gateway computes these columns with each row that it writes. They are outdated if a version wrote the row that
//! did not have them, or if a newer version folds differently.

use sea_orm::{Statement, Value};
use uuid::Uuid;

use crate::{
    error::Error,
    id::OrganizationId,
    session::Tx,
    text::{name_key, search_text},
};

/// Whether outdated rows are counted or also corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameKeyJob {
    Count,
    Mend,
}

/// Maximum number of rows in one statement.
const BATCH: usize = 2_000;

struct NamedRow {
    id: Uuid,
    name: String,
    practice: Option<String>,
    name_key: String,
    search_text: String,
}
crate::row::from_row!(NamedRow { id, name, practice, name_key, search_text });

/// A table whose rows have a name, with the other searched column.
struct Table {
    name: &'static str,
    practice: &'static str,
    search_text: Option<&'static str>,
}

const TABLES: [Table; 3] = [
    Table { name: "doctors", practice: "practice", search_text: Some("search_text") },
    Table { name: "dsos", practice: "CAST(NULL AS text)", search_text: None },
    Table { name: "attendees", practice: "CAST(NULL AS text)", search_text: None },
];

/// Number of outdated rows of an organization. The caller holds its lock if the rows are corrected.
pub(super) async fn count_or_fill(tx: &Tx, organization: OrganizationId, deed: NameKeyJob) -> Result<u64, Error> {
    let mut behind = 0;
    for table in &TABLES {
        let mut last = Uuid::nil();
        loop {
            let rows = table.after(tx, organization, last).await?;
            let Some(next) = rows.last().map(|row| row.id) else { break };
            last = next;
            for row in rows {
                let key = name_key(&row.name);
                let text = search_text([row.name.as_str()].into_iter().chain(row.practice.as_deref()));
                if row.name_key == key && (table.search_text.is_none() || row.search_text == text) {
                    continue;
                }
                behind += 1;
                if deed == NameKeyJob::Mend {
                    tx.execute_deferred(table.fill(tx, (organization, row.id), key, text)).await?;
                }
            }
        }
    }
    Ok(behind)
}

impl Table {
    /// The next rows after an id.
    async fn after(&self, tx: &Tx, organization: OrganizationId, last: Uuid) -> Result<Vec<NamedRow>, Error> {
        let Self { name, practice, search_text } = self;
        let sql = format!(
            "SELECT id, name, {practice} AS practice, name_key, {} AS search_text FROM {name} \
             WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT {BATCH}",
            search_text.unwrap_or("''")
        );
        tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, [organization.into(), last.into()])).await
    }

    fn fill(&self, tx: &Tx, (organization, id): (OrganizationId, Uuid), key: String, text: String) -> Statement {
        let mut values: Vec<Value> = vec![organization.into(), id.into(), key.into()];
        let searched = self.search_text.map_or_else(String::new, |column| {
            values.push(text.into());
            format!(", {column} = $4")
        });
        let sql = format!("UPDATE {} SET name_key = $3{searched} WHERE organization_id = $1 AND id = $2", self.name);
        Statement::from_sql_and_values(tx.backend(), sql, values)
    }
}
