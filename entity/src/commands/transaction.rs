//! A write transaction that commits with an audit event or not at all.
//!
//! Owns: insert, save and commit. May use: the scope's session. Invariant: rows are found through the tenant filter of
//! their resource and locked before they are changed. `commit` takes the audit event, and derives the change to the
//! roll-ups.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter, QuerySelect, QueryTrait,
    Statement, sea_query::Condition,
};
use serde::Serialize;
use uuid::Uuid;

use crate::audit::diff::difference;
use crate::{
    analytics::rollup::RollupSource,
    audit::hash_chain::{self, Actor, AuditEntry},
    error::{Error, ValidationError},
    id::{DsoId, TypedId},
    models::{self, AuditAction, AuditOutcome, ComputedColumns, TargetKind},
    queries::sealed::Table,
    scope::Scope,
    session::Tx,
};

/// An open write transaction.
pub(super) struct WriteTransaction<'a> {
    scope: &'a Scope,
    tx: Tx,
}

/// The audit log entry of a change.
pub(super) struct WriteEntry {
    pub(super) action: AuditAction,
    pub(super) target: (TargetKind, Uuid),
    pub(super) dso: Option<DsoId>,
}

impl<'a> WriteTransaction<'a> {
    pub(super) async fn begin(scope: &'a Scope) -> Result<Self, Error> {
        Ok(Self { scope, tx: scope.write().await? })
    }

    /// A row that meets `condition`, which must begin with a tenant filter. The row is locked until the end of the
    /// transaction.
    pub(super) async fn first_row<N: Table>(&self, condition: Condition) -> Result<Option<N::Row>, Error> {
        let select = N::Entity::find().filter(condition).lock_exclusive();
        self.tx.query_opt(select.build(self.tx.backend())).await
    }

    /// All rows that meet `condition`, which must begin with a tenant filter. The rows are locked until the end of the
    /// transaction.
    pub(super) async fn find_all<N: Table>(&self, condition: Condition) -> Result<Vec<N::Row>, Error> {
        let select = N::Entity::find().filter(condition).lock_exclusive();
        self.tx.query_as(select.build(self.tx.backend())).await
    }

    async fn find<N: Table>(&self, id: Uuid, condition: Condition) -> Result<N::Row, Error> {
        self.first_row::<N>(condition.add(N::id_column().eq(id))).await?.ok_or(Error::NotFound)
    }

    /// The row of the scope with this id, if it is not archived. It is locked until the end of the transaction.
    pub(super) async fn find_active<N: Table>(&self, id: impl TypedId) -> Result<N::Row, Error> {
        self.find::<N>(id.uuid(), N::tenant_filter(self.scope.context(), self.tx.backend())).await
    }

    /// The row of the scope with this id, if it matches the filter. It is locked until the end of the transaction.
    pub(super) async fn find_filtered<N: Table>(&self, id: impl TypedId, filter: &N::Filter) -> Result<N::Row, Error> {
        self.find::<N>(id.uuid(), N::filter(self.scope.context(), filter, self.tx.backend())).await
    }

    pub(super) async fn insert<M: ComputedColumns>(&self, row: M) -> Result<(), Error> {
        let active = models::active(row);
        let statement = <M::Entity as EntityTrait>::insert(active).build(self.tx.backend());
        self.tx.execute_deferred(statement).await
    }

    /// Writes all columns except the key of a row that was locked by `find`.
    pub(super) async fn save<M: ComputedColumns>(&self, row: M) -> Result<(), Error> {
        let mut condition = Condition::all();
        for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
            let column = key.into_column();
            condition = condition.add(column.eq(row.get(column)));
        }
        let mut active = models::active(row);
        for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
            active.not_set(key.into_column());
        }
        let update = <M::Entity as EntityTrait>::update_many().set(active).filter(condition);
        self.tx.execute_deferred(update.build(self.tx.backend())).await
    }

    /// Deletes the rows that meet `condition`, which must begin with a tenant filter and select rows that were locked.
    pub(super) async fn remove<N: Table>(&self, condition: Condition) -> Result<(), Error> {
        let delete = N::Entity::delete_many().filter(condition);
        self.tx.execute_deferred(delete.build(self.tx.backend())).await
    }

    pub(super) fn backend(&self) -> sea_orm::DbBackend {
        self.tx.backend()
    }

    pub(super) async fn execute(&self, statement: Statement) -> Result<(), Error> {
        self.tx.execute_deferred(statement).await
    }

    pub(super) fn scope(&self) -> &Scope {
        self.scope
    }

    /// Ends the change: writes the event, updates the roll-ups and commits.
    pub(super) async fn commit<R: Serialize + RollupSource>(
        self,
        audit: WriteEntry,
        before: Option<&R>,
        after: &R,
    ) -> Result<(), Error> {
        let moved = R::delta(before, after);
        let (before, after) = difference(before, after)?;
        let context = self.scope.context();
        let happening = AuditEntry {
            organization: context.organization(),
            action: audit.action,
            outcome: AuditOutcome::Done,
            reason: None,
            actor: Actor::Member(context.member(), context.permissions().user()),
            target: audit.target,
            dso: audit.dso,
            origin: self.scope.origin(),
            before,
            after: Some(after),
        };
        hash_chain::append(&self.tx, happening).await?;
        // Adding the event has taken the organization's lock.
        moved.write(&self.tx, context.organization()).await?;
        self.tx.commit().await
    }
}

/// Refuses a change that is based on an older version.
pub(crate) fn check_version(expected: Option<i32>, found: i32) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != found => Err(Error::Invalid(vec![ValidationError::stale(expected, found)])),
        Some(_) | None => Ok(()),
    }
}
