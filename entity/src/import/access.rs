//! Who sees what, asked of the database.
//!
//! Owns: one question. May use: the transaction. Invariant: it is the rule by which the scope finds a member's DSOs, not
//! a memory of what was written.

use sea_orm::Statement;

use super::ImportTransaction;
use crate::{
    error::Error,
    id::{DsoId, UserId},
};

struct AccessRow {
    user_id: UserId,
    dso_id: DsoId,
}
crate::row::from_row!(AccessRow { user_id, dso_id });

const ACCESS_QUERY: &str = "\
    SELECT m.user_id, d.id AS dso_id FROM memberships m \
    JOIN dsos d ON d.organization_id = m.organization_id AND d.deleted_at IS NULL \
    LEFT JOIN dso_grants g ON g.organization_id = m.organization_id AND g.member_id = m.id AND g.dso_id = d.id \
    WHERE m.organization_id = $1 AND m.status = 'ACTIVE' AND (m.role IN ('OWNER', 'ADMIN') OR g.role IS NOT NULL) \
    ORDER BY m.user_id, d.id";

impl ImportTransaction {
    /// Each member and each DSO that they see now, within the import's transaction.
    pub async fn access(&self) -> Result<Vec<(UserId, DsoId)>, Error> {
        let values = [self.organization.into()];
        let pairs: Vec<AccessRow> =
            self.tx.query_as(Statement::from_sql_and_values(self.tx.backend(), ACCESS_QUERY, values)).await?;
        Ok(pairs.into_iter().map(|pair| (pair.user_id, pair.dso_id)).collect())
    }
}
