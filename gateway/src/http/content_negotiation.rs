//! In which form an answer is written, and in which form a request may be.
//!
//! Owns: the choice by `Accept` and the check of `Content-Type`, by the GraphQL-over-HTTP specification
//! (<https://graphql.github.io/graphql-over-http/draft/>). May use: `media_range`.
//! Invariant: nothing is written in a form that the request does not take.

use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::error::HttpError;
use super::media_range::{MediaRange, Specificity, Weight};
use crate::errors::ErrorCode;

/// In which form an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: its status tells whether the operation ran.
    GraphqlResponse,
    /// `application/json`: 200 for whatever became of a well-formed request, as older clients expect.
    Json,
}

const PAGE: &str = "text/html";

impl Media {
    const fn essence(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }

    /// The value of `Content-Type`.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The form that the request wants most. One that it names beats one that only a wildcard covers; among equals the
    /// newer form wins if named, the older if not, as it does when nothing is asked for.
    pub(super) fn accepted(headers: &HeaderMap) -> Result<Self, HttpError> {
        let Some(ranges) = accept(headers) else { return Ok(Self::Json) };
        let [newer, older] = [Self::GraphqlResponse, Self::Json].map(|media| preference(&ranges, media.essence()));
        let newer_is_named = newer.is_some_and(|(_, closeness)| closeness >= Specificity::Named);
        match (newer, older) {
            (None, None) => Err(HttpError::new(
                StatusCode::NOT_ACCEPTABLE,
                ErrorCode::BadUserInput,
                "`Accept` must allow `application/graphql-response+json` or `application/json`",
            )),
            (newer, older) if newer > older || (newer == older && newer_is_named) => Ok(Self::GraphqlResponse),
            _ => Ok(Self::Json),
        }
    }
}

/// Whether a browser asks for a page: it names HTML, and wants it more than any JSON.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let Some(ranges) = accept(headers) else { return false };
    let page = preference(&ranges, PAGE).filter(|(_, closeness)| *closeness >= Specificity::Named);
    page.is_some()
        && [Media::GraphqlResponse, Media::Json].into_iter().all(|media| page > preference(&ranges, media.essence()))
}

/// Lets only a body pass that is JSON in UTF-8. Anything else a form of another site could send without being asked
/// first (CORS).
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), HttpError> {
    let wrong =
        |message: &'static str| HttpError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadUserInput, message);
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let range = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().and_then(MediaRange::parse),
        _ => None,
    };
    let is_json = range.is_some_and(|range| range.essence() == Media::Json.essence() && range.is_in_utf8());
    if !is_json {
        return Err(wrong("`Content-Type` must be `application/json`, in UTF-8"));
    }
    // `identity` says that there is no coding.
    let codings = headers.get_all(CONTENT_ENCODING).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let is_plain = |coding: &[u8]| coding.trim_ascii().is_empty() || coding.trim_ascii().eq_ignore_ascii_case(IDENTITY);
    if codings.into_iter().all(is_plain) {
        return Ok(());
    }
    // RFC 9110 §12.5.3: with 415, `Accept-Encoding` names the codings of requests.
    let accepted = [(ACCEPT_ENCODING, HeaderValue::from_static("identity"))].into_iter().collect();
    Err(wrong("the body is compressed (`Content-Encoding`): send it as it is").with_headers(accepted))
}

const IDENTITY: &[u8] = b"identity";

/// What the request takes; none if it does not say.
fn accept(headers: &HeaderMap) -> Option<Vec<MediaRange>> {
    let mut lines = headers.get_all(ACCEPT).iter().peekable();
    lines.peek()?;
    // A line that is not ASCII has no sound member.
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or("?")).collect();
    if lines.iter().all(|line| line.trim().is_empty()) {
        None
    } else {
        Some(lines.iter().flat_map(|line| MediaRange::list(line)).collect())
    }
}

/// How much a media type is wanted, by the range that names it most closely; none if not at all.
fn preference(ranges: &[MediaRange], essence: &str) -> Option<(Weight, Specificity)> {
    let named = ranges.iter().filter_map(|range| Some((range.specificity(essence)?, range.weight())));
    let (closeness, weight) = named.max()?;
    // Parameters name nothing closer here than the bare type does: we write only one form of each.
    (weight > Weight::NONE).then_some((weight, closeness.min(Specificity::Named)))
}
