//! One operation under watch.
//!
//! Owns: what is told of an operation when it ends: its figures, its part of the request's log line, its slowness. May use: the
//! families, the names, the span in which it was begun. Invariant: every operation that begins is counted once, also one whose
//! caller has gone or that panicked; neither its text nor a variable is told.

use std::sync::Arc;
use std::time::Instant;

use data_encoding::HEXLOWER;
use entity::{
    db::StatementCount,
    id::{OrganizationId, TypedId, UserId},
    membership::EnterResult,
};
use tracing::Span;

use super::access_log::{AccessLogSlot, OperationFields};
use super::labels::{DeniedLabels, Kind, KindLabels, OperationLabels, OutcomeLabels};
use super::outcome::OutcomeLabel;
use super::probe_detector::CallerIds;
use super::{DatabaseWait, Shared, Telemetry};
use crate::errors::ErrorCode;
use crate::request::Field;

/// Bytes of a document's hash that are told: enough to find it among those that one has.
const HASH_PREFIX: usize = 8;

/// What is known of an operation while it runs.
pub struct OperationObserver {
    sight: Telemetry,
    span: Span,
    line: AccessLogSlot,
    begun: Instant,
    kind: Kind,
    name: Option<String>,
    listed: Option<Arc<str>>,
    document: Option<[u8; 32]>,
    asker: CallerIds,
    /// Who it was the last time: for an operation that is refused before anybody is let in.
    presumed: CallerIds,
    cost: Option<u64>,
    waited: DatabaseWait,
    statements: StatementCount,
    end: State,
}

#[derive(PartialEq, Eq)]
enum State {
    NotYet,
    Told,
}

impl OperationObserver {
    pub(super) fn begin(sight: Telemetry, line: AccessLogSlot) -> Self {
        sight.0.metrics.in_flight.inc();
        Self {
            sight,
            span: Span::current(),
            line,
            begun: Instant::now(),
            kind: Kind::default(),
            name: None,
            listed: None,
            document: None,
            asker: CallerIds::default(),
            presumed: CallerIds::default(),
            cost: None,
            waited: DatabaseWait::default(),
            statements: StatementCount::default(),
            end: State::NotYet,
        }
    }

    /// The SHA-256 of its document.
    pub fn document(&mut self, hash: [u8; 32]) {
        self.document = Some(hash);
    }

    /// What it is, and what its author calls it; `listed` if the operator has listed that name, and so it need not be learned.
    pub fn operation(&mut self, kind: Kind, name: Option<&str>, listed: Option<Arc<str>>) {
        self.kind = kind;
        self.name = name.map(str::to_owned);
        self.listed = listed;
    }

    /// What it was reckoned to cost.
    pub fn cost(&mut self, cost: u64) {
        self.cost = Some(cost);
    }

    /// Where its statements are counted.
    pub fn statements(&mut self, count: StatementCount) {
        self.statements = count;
    }

    /// Who asked so the last time, and where they were let in then.
    pub fn on_request(&mut self, user: Option<UserId>, organization: Option<OrganizationId>) {
        self.presumed = CallerIds { organization, user, member: None };
    }

    /// Where its waits are added up.
    #[must_use]
    pub fn waited(&self) -> DatabaseWait {
        self.waited.clone()
    }

    /// Who asks. Somebody who runs as another member is themselves here.
    pub fn entered(&mut self, entry: &EnterResult) {
        self.presumed = CallerIds::default();
        self.asker.user = entry.person.as_ref().map(|person| person.id);
        if let Ok(scope) = &entry.scope {
            self.asker.organization = Some(scope.context().organization());
            self.asker.member = Some(scope.context().member());
        }
    }

    /// The fields that were refused, each once with the number of rows.
    pub(crate) fn on_denied(&self, fields: &[(&'static Field, u32)]) {
        if fields.is_empty() {
            return;
        }
        let metrics = &self.sight.0.metrics;
        for (field, rows) in fields {
            let labels = DeniedLabels { coordinate: field.coordinate, guard: field.guard.to_string() };
            metrics.denied.get_or_create(&labels).inc_by(u64::from(*rows));
        }
        let coordinates: Vec<_> = fields.iter().map(|(field, _)| field.coordinate).collect();
        if let Some(found) = self.sight.0.probing.note(self.asker, &coordinates, Instant::now()) {
            metrics.probing.inc();
            let CallerIds { organization, user, member } = self.asker;
            tracing::warn!(
                parent: &self.span,
                organization = organization.map(TypedId::to_text),
                user = user.map(TypedId::to_text),
                member = member.map(TypedId::to_text),
                denied = found.denied,
                coordinates = found.coordinates.join(" "),
                "somebody is refused many fields: are they probing?"
            );
        }
    }

    /// It is answered, with errors of these codes.
    pub(crate) fn on_response(mut self, codes: impl IntoIterator<Item = ErrorCode>) {
        self.finish(OutcomeLabel::of(codes));
    }

    /// Who asks, or asked so the last time where nobody was let in.
    fn caller_ids(&self) -> CallerIds {
        if self.asker.user.is_some() { self.asker } else { self.presumed }
    }

    fn finish(&mut self, code: OutcomeLabel) {
        self.end = State::Told;
        let Shared { metrics, names, slow, .. } = &*self.sight.0;
        let took = self.begun.elapsed();
        let waited = self.waited.so_far();
        // Who waits for a turn does not work, and the database has nothing to do with it.
        let worked = took.saturating_sub(waited);
        let asker = self.caller_ids();
        let statements = self.statements.so_far();
        // Only what was answered to somebody whom we know: else whoever comes by could use the names up.
        if let (OutcomeLabel::Ok, Some(_), Some(name), None) = (code, self.asker.user, &self.name, &self.listed) {
            names.admit(name);
        }
        let name = self.listed.take().unwrap_or_else(|| names.resolve(self.name.as_deref()));
        let kind = self.kind;
        self.line.set(OperationFields::new(Arc::clone(&name), kind, code, asker, self.cost, statements, waited));

        metrics.in_flight.dec();
        let labels = OutcomeLabels { kind, name, code };
        metrics.operations.get_or_create(&labels).inc();
        let labels = OperationLabels { kind, name: labels.name };
        metrics.latency.get_or_create(&labels).observe(took.as_secs_f64());
        metrics.wait.observe(waited.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        {
            metrics.statements.get_or_create(&labels).observe(statements as f64);
            if let Some(cost) = self.cost {
                metrics.cost.get_or_create(&labels).observe(cost as f64);
            }
        }
        if worked >= *slow {
            metrics.slow.get_or_create(&KindLabels { kind }).inc();
            let document =
                self.document.as_ref().and_then(|hash| hash.get(..HASH_PREFIX)).map(|hash| HEXLOWER.encode(hash));
            tracing::warn!(
                parent: &self.span,
                document,
                operation = &*labels.name,
                kind = kind.as_str(),
                organization = asker.organization.map(TypedId::to_text),
                user = asker.user.map(TypedId::to_text),
                cost = self.cost,
                statements,
                took_ms = u64::try_from(worked.as_millis()).unwrap_or(u64::MAX),
                waited_ms = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
                "an operation was slow"
            );
        }
    }
}

impl Drop for OperationObserver {
    fn drop(&mut self) {
        if self.end == State::Told {
            return;
        }
        if std::thread::panicking() {
            return self.finish(OutcomeLabel::Failed(ErrorCode::Internal));
        }
        self.finish(OutcomeLabel::Abandoned);
        let asker = self.caller_ids();
        tracing::info!(
            parent: &self.span,
            kind = self.kind.as_str(),
            organization = asker.organization.map(TypedId::to_text),
            user = asker.user.map(TypedId::to_text),
            waited_ms = u64::try_from(self.waited.so_far().as_millis()).unwrap_or(u64::MAX),
            "nobody waited for the answer"
        );
    }
}
