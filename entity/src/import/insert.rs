//! Writing clean rows, and the end of an import.
//!
//! Owns: the bulk insert, the derived columns, the audit event and the commit. May use: the transaction, the tables.
//! Invariant: a row whose id or natural key is already there is left as it is, and an import that wrote nothing commits
//! nothing.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, EntityTrait, Iterable, QueryTrait, Statement, sea_query::OnConflict};

use super::{
    ImportRow, ImportTransaction, TargetState,
    row::{TenantColumns, sealed::WithTenant},
};
use crate::{
    analytics::rollup,
    audit::{
        RequestMetadata,
        hash_chain::{self, AuditEntry},
    },
    error::Error,
    id::{CourseId, DoctorId, DsoId, MemberId, OrganizationId, TypedId, UserId},
    models::AuditAction,
};

/// Values in one statement; SQLite takes at most 32,766 and PostgreSQL 65,535.
const MAX_BIND_VALUES: usize = 8_000;

/// What became of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCount {
    /// So many were written.
    pub taken: u64,
    /// So many were there already and were left as they are.
    pub merged: u64,
}

impl ImportTransaction {
    /// Which organization.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Whether it was there before.
    #[must_use]
    pub fn existing(&self) -> TargetState {
        self.found
    }

    /// Writes rows, in statements of bounded size. What they refer to must be there.
    pub async fn insert<R: ImportRow>(&mut self, rows: Vec<R>) -> Result<ImportCount, Error> {
        type Entity<R> = <<R as WithTenant>::Active as ActiveModelTrait>::Entity;
        let stamp = TenantColumns { organization: self.organization, at: self.at };
        let most = MAX_BIND_VALUES / <Entity<R> as EntityTrait>::Column::iter().count().max(1);
        let mut tally = ImportCount::default();
        let mut rows = rows.into_iter().map(|row| row.with_tenant(stamp)).peekable();
        while rows.peek().is_some() {
            let chunk: Vec<_> = rows.by_ref().take(most).collect();
            let tried = chunk.len() as u64;
            let insert =
                <Entity<R> as EntityTrait>::insert_many(chunk).on_conflict(OnConflict::new().do_nothing().to_owned());
            let taken = self.tx.execute(insert.build(self.tx.backend())).await?;
            tally.taken += taken;
            tally.merged += tried - taken;
        }
        self.written += tally.taken;
        Ok(tally)
    }

    /// Who is who in the organization: each person's membership, of the import or of before.
    pub async fn members(&self) -> Result<HashMap<UserId, MemberId>, Error> {
        self.pairs("SELECT user_id AS one, id AS other FROM memberships WHERE organization_id = $1").await
    }

    /// In which DSO each doctor is by now.
    pub async fn dsos_of_doctors(&self) -> Result<HashMap<DoctorId, DsoId>, Error> {
        self.pairs("SELECT id AS one, dso_id AS other FROM doctors WHERE organization_id = $1").await
    }

    /// In which DSO each course is.
    pub async fn dsos_of_courses(&self) -> Result<HashMap<CourseId, DsoId>, Error> {
        self.pairs("SELECT id AS one, dso_id AS other FROM courses WHERE organization_id = $1").await
    }

    async fn pairs<A: TypedId, B: TypedId>(&self, sql: &str) -> Result<HashMap<A, B>, Error> {
        struct ParentRow {
            one: uuid::Uuid,
            other: uuid::Uuid,
        }
        crate::row::from_row!(ParentRow { one, other });
        let values = [self.organization.into()];
        let pairs: Vec<ParentRow> =
            self.tx.query_as(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        Ok(pairs.into_iter().map(|pair| (A::from_uuid(pair.one), B::from_uuid(pair.other))).collect())
    }

    /// Commits, with `counts` in the audit log, if anything was written.
    pub async fn finish(self, counts: serde_json::Value) -> Result<(), Error> {
        if self.written == 0 {
            return Ok(());
        }
        self.refresh_last_contacts().await?;
        let _mended = rollup::rebuild(&self.tx, self.organization).await?;
        let origin = RequestMetadata::new("import-legacy");
        let happening = AuditEntry::system(self.organization, AuditAction::LegacyImport, &origin, counts);
        hash_chain::append(&self.tx, happening).await?;
        self.tx.commit().await
    }

    /// The time of each doctor's latest activity, as it is kept with each change of an activity.
    async fn refresh_last_contacts(&self) -> Result<(), Error> {
        let sql = "\
            UPDATE doctors SET last_contact_at = latest.at \
            FROM (SELECT doctor_id, max(occurred_at) AS at FROM activities \
                  WHERE organization_id = $1 AND deleted_at IS NULL GROUP BY doctor_id) AS latest \
            WHERE doctors.organization_id = $1 AND doctors.id = latest.doctor_id \
              AND (doctors.last_contact_at IS NULL OR doctors.last_contact_at <> latest.at)";
        let values = [self.organization.into()];
        self.tx.execute(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await.map(|_| ())
    }
}
