//! `/metrics`, on a listener of its own.
//!
//! Owns: the one route there, and the choice of the format. May use: the exposition, `readiness`. Invariant: no request of the public listener comes here; nobody signs
//! in; however many collect, the database is asked no more than by probes.

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Readiness;
use super::media_range::{MediaRange, Weight};
use crate::metrics::{Format, MetricsExporter, ReadinessGauge};

/// What the collector of metrics asks.
pub fn router(exposition: MetricsExporter, readiness: Readiness) -> Router {
    Router::new().route("/metrics", get(tell)).with_state((exposition, readiness))
}

async fn tell(State((exposition, readiness)): State<(MetricsExporter, Readiness)>, headers: HeaderMap) -> Response {
    let ready = if readiness.check().await.is_ok() { ReadinessGauge::Yes } else { ReadinessGauge::No };
    let format = wanted(&headers);
    match exposition.text(ready, format) {
        Ok(text) => ([(CONTENT_TYPE, format.media_type()), (VARY, "accept")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// OpenMetrics for who names it, and wants it no less than plain text; for everybody else the format that every tool reads.
fn wanted(headers: &HeaderMap) -> Format {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let ranges: Vec<_> = lines.flat_map(MediaRange::list).collect();
    let weight = |format: Format| {
        let named = ranges.iter().filter(|range| range.essence() == format.essence());
        named.map(MediaRange::weight).max().unwrap_or(Weight::NONE)
    };
    let open = weight(Format::OpenMetrics);
    if open > Weight::NONE && open >= weight(Format::Plain) { Format::OpenMetrics } else { Format::Plain }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_collector_gets_the_format_that_it_names() {
        const PROMETHEUS: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
            application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
            text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
        for (accept, format) in [
            (None, Format::Plain),
            (Some("*/*"), Format::Plain),
            (Some("text/plain"), Format::Plain),
            (Some("application/json"), Format::Plain),
            (Some("application/openmetrics-text;q=0"), Format::Plain),
            (Some("application/openmetrics-text;q=0.2, text/plain;q=0.5"), Format::Plain),
            (Some("application/openmetrics-text"), Format::OpenMetrics),
            (Some(PROMETHEUS), Format::OpenMetrics),
        ] {
            let headers = accept.map(|accept| (ACCEPT, HeaderValue::from_static(accept))).into_iter().collect();
            assert_eq!(wanted(&headers), format, "{accept:?}");
        }
    }
}
