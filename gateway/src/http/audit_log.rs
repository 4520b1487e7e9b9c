//! `/audit-log`: an organization's audit log as a file, for its admins.
//!
//! Owns: the way from a credential to a stream of events. May use: authn, tenancy, the store's capability for it, the
//! written forms. Invariant: the events come from the capability that only admins are handed; the file is written as it is
//! read, some hundred events at a time, whatever its length.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use entity::{Ahead, AuditTrail, Closed, Error};
use futures_util::stream::try_unfold;
use serde::Deserialize;

use super::failure::Failure;
use super::graphql::caller;
use super::origin::origin;
use super::{App, RequestId};
use crate::audit_export::{Format, Head, write};
use crate::graphql::{Caller, Code};

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    #[serde(default)]
    format: Form,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    #[default]
    Jsonl,
    Csv,
}

/// Streams the log of the organization that the request names, oldest event first.
pub(super) async fn handle(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    wish: Result<Query<Wish>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let principal = app.authenticator.take().authenticate(&parts.headers).await?;
    let Caller::Person { principal, selector, run_as } = caller(&parts, principal, &app.settings)? else {
        return Err(Failure::unauthenticated());
    };
    if run_as.is_some() {
        // Whoever believes to see with a member's eyes must not be handed what only they themselves may read.
        let message = "the audit log is not read as somebody else: leave `X-Run-As-Member` out";
        return Err(Failure::new(StatusCode::FORBIDDEN, Code::Forbidden, message));
    }
    let Ok(Query(Wish { format })) = wish else {
        return Err(Failure::bad_request("`format` is `jsonl` or `csv`, and there is nothing else to be asked"));
    };
    let origin = origin(&parts, &id, app.settings.client_address);
    let entry = app.db.enter(&principal, &selector, Ahead::Reading, &origin).await.map_err(|error| refused(&error))?;
    let scope = entry.scope.map_err(closed)?;
    let trail = scope.admin().map_err(|error| refused(&error))?.audit_trail();
    let (format, media, name) = match format {
        Form::Jsonl => (Format::Jsonl, "application/jsonl; charset=utf-8", "audit-log.jsonl"),
        Form::Csv => (Format::Csv, "text/csv; charset=utf-8", "audit-log.csv"),
    };
    let headers = [(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename={name}"))];
    Ok((headers, Body::from_stream(events(trail, format))).into_response())
}

/// The file, piece by piece. What fails midway ends the connection: half a file must not look like a whole one.
fn events(trail: AuditTrail, format: Format) -> impl futures_util::Stream<Item = Result<String, std::io::Error>> {
    try_unfold((trail, Head::With), move |(mut trail, head)| async move {
        let events = trail.next().await.map_err(|error| {
            tracing::error!(error = ?error, "the audit log cannot be read on");
            std::io::Error::other("the audit log cannot be read on")
        })?;
        if events.is_empty() {
            return Ok(None);
        }
        let text = write(&events, format, head).map_err(std::io::Error::other)?;
        Ok(Some((text, (trail, Head::Without))))
    })
}

fn refused(error: &Error) -> Failure {
    match error {
        Error::Forbidden(reason) => {
            Failure::new(StatusCode::FORBIDDEN, Code::Forbidden, format!("the audit log needs org: ADMIN: {reason}"))
        }
        Error::NotFound | Error::Invalid(_) => closed(Closed::NotFound),
        Error::Retry(retry) => {
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, format!("{retry}, try again"))
        }
        Error::Unavailable(cause) => {
            tracing::warn!(%cause, "the database is unavailable");
            let message = "the database is unavailable, try again";
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
        }
        Error::Duplicate | Error::Internal(_) => {
            tracing::error!(error = ?error, "the audit log cannot be read");
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "internal error")
        }
    }
}

fn closed(closed: Closed) -> Failure {
    match closed {
        Closed::NotFound => Failure::new(StatusCode::NOT_FOUND, Code::NotFound, "not found"),
        Closed::Suspended => Failure::new(StatusCode::FORBIDDEN, Code::OrgSuspended, "the organization is suspended"),
        Closed::NotChosen => Failure::new(
            StatusCode::BAD_REQUEST,
            Code::OrgContextRequired,
            "no organization was chosen: send its id or slug in the header `X-Organization-Id`",
        ),
    }
}
