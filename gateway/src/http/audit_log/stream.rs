//! The body of a download, a batch at a time.
//!
//! Owns: when the next batch is read, and what ends the download. May use: the engine's way for endpoints, the written forms. Invariant:
//! each batch is read, in its turn and paid for, when the reader has taken the one before; a download that does not come to its end ends
//! its connection, so that half a file does not look like a whole one.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::{commands::AuditExport, membership::AccessHint, models::AuditEvent};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use tokio::time::{sleep, timeout};
use tracing::{Instrument as _, Span};

use crate::audit_export::{Format, ListLayout, write};
use crate::{
    graphql::{EndpointRejected, EndpointRequest},
    limits::{Limit, LimitRegistry},
};

/// A download under way.
pub(super) struct Download {
    request: EndpointRequest,
    export: AuditExport,
    format: Format,
    head: ListLayout,
    bounds: Arc<LimitRegistry>,
    began: Instant,
    /// The request's, so that the end of the download is logged under its id.
    span: Span,
}

/// What ends a download early.
#[derive(Debug, thiserror::Error)]
enum StreamCut {
    #[error("it takes longer than `limits.download_ms`")]
    Late,
    #[error("the reader is an active admin of the organization no more")]
    Rights,
    #[error("the events cannot be read")]
    Unread,
    #[error("the events cannot be written")]
    Unwritten,
}

impl Download {
    /// The first batch is paid for.
    pub(super) fn new(
        request: EndpointRequest,
        export: AuditExport,
        format: Format,
        bounds: Arc<LimitRegistry>,
    ) -> Self {
        Self { request, export, format, head: ListLayout::With, bounds, began: Instant::now(), span: Span::current() }
    }

    /// The file. Nothing is read before it is asked for.
    pub(super) fn stream(self) -> impl Stream<Item = Result<String, io::Error>> {
        try_unfold(self, |mut download| {
            let span = download.span.clone();
            async move {
                let next = download.next().await;
                let events = download.export.read_events();
                match next {
                    Ok(Some(text)) => Ok(Some((text, download))),
                    Ok(None) => {
                        tracing::info!(events, "the audit log was downloaded");
                        Ok(None)
                    }
                    Err(cause) => {
                        tracing::warn!(events, %cause, "the download of the audit log was cut off");
                        Err(io::Error::other(cause))
                    }
                }
            }
            .instrument(span)
        })
    }

    async fn next(&mut self) -> Result<Option<String>, StreamCut> {
        let events = self.batch().await?;
        if events.is_empty() {
            return Ok(None);
        }
        let text = write(&events, self.format, self.head).map_err(|error| {
            tracing::error!(%error, "an audit event cannot be written");
            StreamCut::Unwritten
        })?;
        self.head = ListLayout::Without;
        Ok(Some(text))
    }

    /// The next events. Where the budget is spent or there is too much to do, the download waits: it was let in.
    async fn batch(&mut self) -> Result<Vec<AuditEvent>, StreamCut> {
        let price = match self.head {
            ListLayout::With => 0,
            ListLayout::Without => self.export.next_events(),
        };
        while self.export.next_events() > 0 {
            let left = self.time_left()?;
            let mut export = self.export;
            let read = self.request.step(AccessHint::Reading, price, None, async |scope, _| {
                Ok(scope.admin()?.audit_events(&mut export).await?)
            });
            match timeout(left, read).await.map_err(|_| StreamCut::Late)? {
                Ok(events) => {
                    self.export = export;
                    return Ok(events);
                }
                Err(not_taken) => match (not_taken.seconds(), not_taken) {
                    (Some(seconds), _) => sleep(left.min(Duration::from_secs(seconds))).await,
                    (None, EndpointRejected::Closed(_) | EndpointRejected::Forbidden(_)) => {
                        return Err(StreamCut::Rights);
                    }
                    // The cause is in the log already.
                    (None, EndpointRejected::Refused(_)) => return Err(StreamCut::Unread),
                },
            }
        }
        Ok(Vec::new())
    }

    fn time_left(&self) -> Result<Duration, StreamCut> {
        let taken = self.began.elapsed();
        let millis = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
        self.bounds.check(Limit::Download, millis).map_err(|_| StreamCut::Late)?;
        Ok(Duration::from_millis(self.bounds.now().of(Limit::Download).allowed()).saturating_sub(taken))
    }
}
