//! `/audit-log`: an organization's audit log as a file, for its admins.
//!
//! Owns: the way from a credential to a stream of events. May use: authn, tenancy, the engine's way for endpoints, the written forms.
//! Invariant: the events come from the capability that only admins are handed, and each batch of them as an admin of that moment; the file
//! is written as it is read, a batch at a time, and no connection to the database is held while its reader is slow.

mod stream;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use entity::{
    commands::AuditExport,
    membership::{AccessHint, NoOrganization},
};
use serde::Deserialize;
use serde_json::json;

use super::client_address::request_metadata;
use super::error::HttpError;
use super::graphql::caller;
use super::response::failure;
use super::{App, RequestId};
use crate::audit_export::Format;
use crate::telemetry::{AccessLogSlot, Kind, OperationObserver};
use crate::{
    errors::ErrorCode,
    graphql::{Caller, EndpointRejected},
};
use stream::Download;

/// Under which name it is counted and logged.
const NAME: &str = "auditLogExport";

/// What it costs to begin: it writes an event, as a change does.
const COST: u64 = 10;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestedFormat {
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

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// Streams the log of the organization that the request names, oldest event first, up to the event that says so.
pub(super) async fn handle(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    Extension(line): Extension<AccessLogSlot>,
    wish: Result<Query<RequestedFormat>, QueryRejection>,
    request: Request,
) -> Result<Response, HttpError> {
    let mut watch = app.engine.telemetry().observe(line);
    watch.operation(Kind::Query, Some(NAME), Some(Arc::from(NAME)));
    let (parts, _) = request.into_parts();
    let begun = begin(&app, &id, wish, &parts, &mut watch).await;
    watch.on_response(begun.as_ref().err().map(HttpError::code));
    begun
}

async fn begin(
    app: &App,
    id: &RequestId,
    wish: Result<Query<RequestedFormat>, QueryRejection>,
    parts: &Parts,
    watch: &mut OperationObserver,
) -> Result<Response, HttpError> {
    let principal = app.authenticator.load().authenticate(&parts.headers).await?;
    let Caller::Person { principal, selector, run_as } = caller(parts, principal, &app.settings)? else {
        return Err(HttpError::unauthenticated());
    };
    if run_as.is_some() {
        // Whoever believes to see with a member's eyes must not be handed what only they themselves may read.
        let message = "the audit log is not read as somebody else: leave `X-Run-As-Member` out";
        return Err(HttpError::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message));
    }
    let Ok(Query(RequestedFormat { format })) = wish else {
        return Err(HttpError::bad_request("`format` is `jsonl` or `csv`, and there is nothing else to be asked"));
    };
    let origin = request_metadata(parts, id, app.settings.client_address);
    let request = app.engine.endpoint_request(principal, selector, origin).map_err(refused)?;
    let begun = request.step(AccessHint::Changing, COST, Some(watch), async |scope, _| {
        let admin = scope.admin()?;
        let organization = scope.context().organization();
        // Also the first batch, while it can still be refused in an orderly way. The download's own event is one more.
        let events = admin.audit_event_count().await?.saturating_add(1);
        let spent = request.charge(organization, events.min(AuditExport::BATCH_SIZE)).await?;
        Ok((admin.audit_export(json!({ "format": format.name() })).await?, spent))
    });
    let (export, spent) = begun.await.map_err(refused)?;
    let (form, media) = match format {
        Form::Jsonl => (Format::Jsonl, "application/jsonl; charset=utf-8"),
        Form::Csv => (Format::Csv, "text/csv; charset=utf-8"),
    };
    let disposition = format!("attachment; filename=audit-log.{}", format.name());
    let headers = [(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, disposition)];
    let download = Download::new(request, export, form, app.engine.bounds());
    let mut response = (headers, Body::from_stream(download.stream())).into_response();
    response.headers_mut().extend(spent.headers());
    Ok(response)
}

fn refused(not_taken: EndpointRejected) -> HttpError {
    match not_taken {
        EndpointRejected::Forbidden(reason) => HttpError::new(
            StatusCode::FORBIDDEN,
            ErrorCode::Forbidden,
            format!("the audit log needs org: ADMIN: {reason}"),
        ),
        EndpointRejected::Closed(NoOrganization::NotFound) => {
            HttpError::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "not found")
        }
        EndpointRejected::Closed(NoOrganization::Suspended) => {
            HttpError::new(StatusCode::FORBIDDEN, ErrorCode::OrgSuspended, "the organization is suspended")
        }
        EndpointRejected::Closed(NoOrganization::NotChosen) => HttpError::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::OrgContextRequired,
            "no organization was chosen: send its id or slug in the header `X-Organization-Id`",
        ),
        EndpointRejected::Refused(outcome) => failure(*outcome),
    }
}
