//! A writing transaction that ends with an audit event or not at all.
//!
//! Owns: insert, save and commit. May use: the scope's session. Invariant: rows are found through the noun's narrowing
//! and locked before they are changed; `commit` takes the audit event, and knows what the change does to the roll-ups.

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

/// An open change.
pub(super) struct WriteTransaction<'a> {
    scope: &'a Scope,
    tx: Tx,
}

/// What the audit log is told of a change.
pub(super) struct WriteEntry {
    pub(super) action: AuditAction,
    pub(super) target: (TargetKind, Uuid),
    pub(super) dso: Option<DsoId>,
}

impl<'a> WriteTransaction<'a> {
    pub(super) async fn begin(scope: &'a Scope) -> Result<Self, Error> {
        Ok(Self { scope, tx: scope.write().await? })
    }

    /// A row that meets `condition`, which begins with a narrowing; locked until the end.
    pub(super) async fn first_row<N: Table>(&self, condition: Condition) -> Result<Option<N::Row>, Error> {
        let select = N::Entity::find().filter(condition).lock_exclusive();
        self.tx.query_opt(select.build(self.tx.backend())).await
    }

    /// All rows that meet `condition`, which begins with a narrowing; locked until the end.
    pub(super) async fn find_all<N: Table>(&self, condition: Condition) -> Result<Vec<N::Row>, Error> {
        let select = N::Entity::find().filter(condition).lock_exclusive();
        self.tx.query_as(select.build(self.tx.backend())).await
    }

    async fn find<N: Table>(&self, id: Uuid, condition: Condition) -> Result<N::Row, Error> {
        self.first_row::<N>(condition.add(N::id_column().eq(id))).await?.ok_or(Error::NotFound)
    }

    /// The living row of the scope, locked until the end.
    pub(super) async fn find_active<N: Table>(&self, id: impl TypedId) -> Result<N::Row, Error> {
        self.find::<N>(id.uuid(), N::tenant_filter(self.scope.context(), self.tx.backend())).await
    }

    /// The row of the scope that the filter lets through, locked until the end.
    pub(super) async fn find_filtered<N: Table>(&self, id: impl TypedId, filter: &N::Filter) -> Result<N::Row, Error> {
        self.find::<N>(id.uuid(), N::filter(self.scope.context(), filter, self.tx.backend())).await
    }

    pub(super) async fn insert<M: ComputedColumns>(&self, row: M) -> Result<(), Error> {
        let active = models::active(row);
        let statement = <M::Entity as EntityTrait>::insert(active).build(self.tx.backend());
        self.tx.execute_deferred(statement).await
    }

    /// Writes all columns of a row that was locked by `find`, but its key.
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

    /// Removes the rows that meet `condition`, which begins with a narrowing and names rows that were locked.
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

    /// Ends the change: writes the event, moves the roll-ups and commits all of it.
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
        // The event has taken the organization's lock.
        moved.write(&self.tx, context.organization()).await?;
        self.tx.commit().await
    }
}

/// Refuses a change that was made on sight of an older version.
pub(crate) fn check_version(expected: Option<i32>, found: i32) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != found => Err(Error::Invalid(vec![ValidationError::stale(expected, found)])),
        Some(_) | None => Ok(()),
    }
}
