//! `/graphiql/schema.graphql`: the schema with its guards, for the page's documentation.
//!
//! Owns: that one file. May use: authn, tenancy, the engine. Invariant: whoever may not introspect does not read it.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::client_address::request_metadata;
use super::content_negotiation::Media;
use super::error::HttpError;
use super::graphql::caller;
use super::response::respond;
use super::{App, RequestId};

/// The schema in its own language.
pub(super) async fn handle(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Result<Response, HttpError> {
    let (parts, _) = request.into_parts();
    let principal = app.authenticator.load().authenticate(&parts.headers).await?;
    let reader = app.engine.reader(principal.as_ref());
    let caller = caller(&parts, principal, &app.settings)?;
    let origin = request_metadata(&parts, &id, app.settings.client_address);
    match app.engine.sdl(&caller, &origin).await {
        Ok((sdl, spent)) => {
            let mut response = ([(CONTENT_TYPE, "text/plain; charset=utf-8")], reader.hold(sdl.into())).into_response();
            response.headers_mut().extend(spent.map(|spent| spent.headers()).unwrap_or_default());
            Ok(response)
        }
        Err(refused) => Ok(respond(refused, Media::Json, &id, &reader)),
    }
}
