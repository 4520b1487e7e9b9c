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
use entity::{Ahead, AuditExport, Closed};
use serde::Deserialize;
use serde_json::json;

use super::answer::failure;
use super::failure::Failure;
use super::graphql::caller;
use super::origin::origin;
use super::{App, RequestId};
use crate::audit_export::Format;
use crate::graphql::{Caller, Code, NotTaken};
use crate::sight::{Kind, Line, Watch};
use stream::Download;

/// Under which name it is counted and logged.
const NAME: &str = "auditLogExport";

/// What it costs to begin: it writes an event, as a change does.
const PRICE: u64 = 10;

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
    Extension(line): Extension<Line>,
    wish: Result<Query<Wish>, QueryRejection>,
    request: Request,
) -> Result<Response, Failure> {
    let mut watch = app.engine.sight().watch(line);
    watch.operation(Kind::Query, Some(NAME), Some(Arc::from(NAME)));
    let (parts, _) = request.into_parts();
    let begun = begin(&app, &id, wish, &parts, &mut watch).await;
    watch.answered(begun.as_ref().err().map(Failure::code));
    begun
}

async fn begin(
    app: &App,
    id: &RequestId,
    wish: Result<Query<Wish>, QueryRejection>,
    parts: &Parts,
    watch: &mut Watch,
) -> Result<Response, Failure> {
    let principal = app.authenticator.take().authenticate(&parts.headers).await?;
    let Caller::Person { principal, selector, run_as } = caller(parts, principal, &app.settings)? else {
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
    let origin = origin(parts, id, app.settings.client_address);
    let request = app.engine.endpoint_request(principal, selector, origin).map_err(refused)?;
    let begun = request.step(Ahead::Changing, PRICE, Some(watch), async |scope, _| {
        let admin = scope.admin()?;
        let organization = scope.context().organization();
        // Also the first batch, while it can still be refused in an orderly way. The download's own event is one more.
        let events = admin.audit_length().await?.saturating_add(1);
        let spent = request.charge(organization, events.min(AuditExport::BATCH)).await?;
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

fn refused(not_taken: NotTaken) -> Failure {
    match not_taken {
        NotTaken::Forbidden(reason) => {
            Failure::new(StatusCode::FORBIDDEN, Code::Forbidden, format!("the audit log needs org: ADMIN: {reason}"))
        }
        NotTaken::Closed(Closed::NotFound) => Failure::new(StatusCode::NOT_FOUND, Code::NotFound, "not found"),
        NotTaken::Closed(Closed::Suspended) => {
            Failure::new(StatusCode::FORBIDDEN, Code::OrgSuspended, "the organization is suspended")
        }
        NotTaken::Closed(Closed::NotChosen) => Failure::new(
            StatusCode::BAD_REQUEST,
            Code::OrgContextRequired,
            "no organization was chosen: send its id or slug in the header `X-Organization-Id`",
        ),
        NotTaken::Refused(outcome) => failure(*outcome),
    }
}
