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

use crate::{
    AuditAction, AuditOutcome, DsoId, Error, Problem, Scope, TargetKind, TypedId,
    audit::difference,
    chain::{self, Actor, Happening},
    noun::sealed::Table,
    rollup::RolledUp,
    session::Tx,
    table::{self, Written},
};

/// An open change.
pub(super) struct Writer<'a> {
    scope: &'a Scope,
    tx: Tx,
}

/// What the audit log is told of a change.
pub(super) struct Audit {
    pub(super) action: AuditAction,
    pub(super) target: (TargetKind, Uuid),
    pub(super) dso: Option<DsoId>,
}

impl<'a> Writer<'a> {
    pub(super) async fn begin(scope: &'a Scope) -> Result<Self, Error> {
        Ok(Self { scope, tx: scope.write().await? })
    }

    /// A row that meets `condition`, which begins with a narrowing; locked until the end.
    pub(super) async fn first<N: Table>(&self, condition: Condition) -> Result<Option<N::Row>, Error> {
        let select = N::Entity::find().filter(condition).lock_exclusive();
        self.tx.one(select.build(self.tx.backend())).await
    }

    /// All rows that meet `condition`, which begins with a narrowing; locked until the end.
    pub(super) async fn every<N: Table>(&self, condition: Condition) -> Result<Vec<N::Row>, Error> {
        let select = N::Entity::find().filter(condition).lock_exclusive();
        self.tx.all(select.build(self.tx.backend())).await
    }

    async fn find<N: Table>(&self, id: Uuid, condition: Condition) -> Result<N::Row, Error> {
        self.first::<N>(condition.add(N::id_column().eq(id))).await?.ok_or(Error::NotFound)
    }

    /// The living row of the scope, locked until the end.
    pub(super) async fn living<N: Table>(&self, id: impl TypedId) -> Result<N::Row, Error> {
        self.find::<N>(id.uuid(), N::narrow(self.scope.context(), self.tx.backend())).await
    }

    /// The row of the scope that the filter lets through, locked until the end.
    pub(super) async fn filtered<N: Table>(&self, id: impl TypedId, filter: &N::Filter) -> Result<N::Row, Error> {
        self.find::<N>(id.uuid(), N::select(self.scope.context(), filter, self.tx.backend())).await
    }

    pub(super) async fn insert<M: Written>(&self, row: M) -> Result<(), Error> {
        let active = table::active(row);
        let statement = <M::Entity as EntityTrait>::insert(active).build(self.tx.backend());
        self.tx.along(statement).await
    }

    /// Writes all columns of a row that was locked by `find`, but its key.
    pub(super) async fn save<M: Written>(&self, row: M) -> Result<(), Error> {
        let mut condition = Condition::all();
        for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
            let column = key.into_column();
            condition = condition.add(column.eq(row.get(column)));
        }
        let mut active = table::active(row);
        for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
            active.not_set(key.into_column());
        }
        let update = <M::Entity as EntityTrait>::update_many().set(active).filter(condition);
        self.tx.along(update.build(self.tx.backend())).await
    }

    /// Removes the rows that meet `condition`, which begins with a narrowing and names rows that were locked.
    pub(super) async fn remove<N: Table>(&self, condition: Condition) -> Result<(), Error> {
        let delete = N::Entity::delete_many().filter(condition);
        self.tx.along(delete.build(self.tx.backend())).await
    }

    pub(super) fn backend(&self) -> sea_orm::DbBackend {
        self.tx.backend()
    }

    pub(super) async fn execute(&self, statement: Statement) -> Result<(), Error> {
        self.tx.along(statement).await
    }

    pub(super) fn scope(&self) -> &Scope {
        self.scope
    }

    /// Ends the change: writes the event, moves the roll-ups and commits all of it.
    pub(super) async fn commit<R: Serialize + RolledUp>(
        self,
        audit: Audit,
        before: Option<&R>,
        after: &R,
    ) -> Result<(), Error> {
        let moved = R::moved(before, after);
        let (before, after) = difference(before, after)?;
        let context = self.scope.context();
        let happening = Happening {
            organization: context.organization(),
            action: audit.action,
            outcome: AuditOutcome::Done,
            reason: None,
            actor: Actor::Member(context.member(), context.standing().user()),
            target: audit.target,
            dso: audit.dso,
            origin: self.scope.origin(),
            before,
            after: Some(after),
        };
        chain::append(&self.tx, happening).await?;
        // The event has taken the organization's lock.
        moved.write(&self.tx, context.organization()).await?;
        self.tx.commit().await
    }
}

/// Refuses a change that was made on sight of an older version.
pub(crate) fn check_version(expected: Option<i32>, found: i32) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != found => Err(Error::Invalid(vec![Problem::stale(expected, found)])),
        Some(_) | None => Ok(()),
    }
}
