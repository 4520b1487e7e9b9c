//! `Accept` and `Content-Type`.

use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::IntoResponse as _;

use super::super::content_negotiation::{Media, check_content_type, wants_page};
use super::headers;

const NEWER: Option<Media> = Some(Media::GraphqlResponse);
const OLDER: Option<Media> = Some(Media::Json);

/// What is written for each `Accept`; none = 406.
const CHOICES: &[(&[&str], Option<Media>)] = &[
    (&[], OLDER),
    (&[""], OLDER),
    (&["*/*"], OLDER),
    (&["application/*"], OLDER),
    (&["application/json"], OLDER),
    (&["APPLICATION/JSON"], OLDER),
    (&["application/graphql-response+json"], NEWER),
    (&["application/graphql-response+json;charset=utf-8"], NEWER),
    (&["application/graphql-response+json ; charset=\"UTF-8\" ; q=0.2"], NEWER),
    // Both by name: the newer, whatever the order; unless a weight says otherwise.
    (&["application/json, application/graphql-response+json"], NEWER),
    (&["application/json", "application/graphql-response+json"], NEWER),
    (&["application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"], NEWER),
    (&["application/graphql-response+json, application/json;q=0.9"], NEWER),
    (&["application/graphql-response+json;q=0.8, application/json;q=0.9"], OLDER),
    (&["application/graphql-response+json;q=0.899, application/json;q=0.9"], OLDER),
    (&["application/graphql-response+json;q=0.9, application/json;q=0.90"], NEWER),
    // A name beats a wildcard of the same weight, and is judged by its own weight alone.
    (&["*/*, application/graphql-response+json"], NEWER),
    (&["*/*, application/json"], OLDER),
    (&["*/*;q=0.9, application/graphql-response+json;q=0.1"], OLDER),
    (&["application/json;q=0, */*"], NEWER),
    (&["application/*;q=0, */*"], None),
    (&["application/*;q=0, */*, application/json;q=0.001"], OLDER),
    (&["text/html, application/xhtml+xml, */*;q=0.8"], OLDER),
    // Nothing that we write.
    (&["text/html"], None),
    (&["text/*"], None),
    (&["image/png, text/plain"], None),
    (&["application/json;q=0"], None),
    (&["application/json;q=0.0"], None),
    (&["application/json;charset=iso-8859-1"], None),
    (&["application/json;version=2"], OLDER),
    (&["application/graphql-response+json;odata.metadata=minimal;q=.3"], NEWER),
    (&["application/json;charset=utf8"], OLDER),
    (&["application/json;charset=us-ascii"], OLDER),
    (&["application/json;charset=utf-16"], None),
    (&["application/graphql+json"], None),
    // Not media ranges.
    (&["json"], None),
    (&["*/json"], None),
    (&["application/json;q=-1"], None),
    (&["application/json;q=1e0"], None),
    (&["application/json;q=."], None),
    (&["application/json;q="], None),
    // Weights as clients write them, and `*` for `*/*`, as Java's own does.
    (&["text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"], OLDER),
    (&["*"], OLDER),
    (&["*;q=0"], None),
    (&["application/json;q=2"], OLDER),
    (&["application/json;q=0.1234"], OLDER),
    (&["application/json;q=0.0001"], OLDER),
    (&["application/json;q=.000"], None),
    (&["application/json;q=00.5, application/graphql-response+json;q=.6"], NEWER),
    (&["application/json;charset=\"utf-8"], None),
    (&["application /json"], None),
    (&["*/*;q=inf, application/json;q=nan, application/graphql-response+json;q=0.001"], NEWER),
    // Separators in quotes do not separate; empty members are nothing.
    (&["text/plain;note=\"a, application/json\""], None),
    (&["text/plain;note=\"a\\\", application/json\", application/json"], OLDER),
    (&[",, application/json ,"], OLDER),
    (&["application/json;"], OLDER),
    (&["application/json;q=1;level=1"], OLDER),
];

#[test]
fn the_answer_is_written_as_the_request_wants_it() {
    for (lines, expected) in CHOICES {
        let lines: Vec<_> = lines.iter().map(|line| (ACCEPT, *line)).collect();
        assert_eq!(Media::accepted(&headers(&lines)).ok(), *expected, "{lines:?}");
    }
}

#[test]
fn a_line_that_is_not_ascii_takes_nothing() {
    let lines = [(ACCEPT, HeaderValue::from_bytes(b"application/json\xff").unwrap())].into_iter().collect();
    assert_eq!(Media::accepted(&lines).unwrap_err().into_response().status(), 406);
}

#[test]
fn a_page_is_for_who_names_it_first() {
    for (line, expected) in [
        ("text/html", true),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
        ("text/html, */*", true),
        ("text/html;q=0.9, application/json;q=0.8", true),
        ("text/html;q=0.5, */*", false),
        ("text/html, application/json", false),
        ("text/html;q=0", false),
        ("text/*", false),
        ("*/*", false),
        ("", false),
    ] {
        assert_eq!(wants_page(&headers(&[(ACCEPT, line)])), expected, "{line}");
    }
    assert!(!wants_page(&headers(&[])));
}

#[test]
fn a_body_is_json_in_utf_8() {
    let is_taken = |lines: &[&str]| {
        let lines: Vec<_> = lines.iter().map(|line| (CONTENT_TYPE, *line)).collect();
        check_content_type(&headers(&lines)).is_ok()
    };
    for line in [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json ; Charset=\"UTF-8\"",
        "application/json;",
        "application/json; charset=utf8",
        "application/json; charset=UTF8",
        "application/json; charset=us-ascii",
        "application/json; profile=x",
        "application/json; odata.metadata=minimal; charset=utf-8",
    ] {
        assert!(is_taken(&[line]), "{line}");
    }
    for line in [
        "",
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/json; charset=",
        "application/json, text/plain",
        "application/*",
        "*/*",
        "application/jsonp",
    ] {
        assert!(!is_taken(&[line]), "{line}");
    }
    assert!(!is_taken(&[]));
    assert!(!is_taken(&["application/json", "application/json"]));
}

#[test]
fn a_body_is_not_compressed_and_the_refusal_says_what_is_taken() {
    let check = |lines: &[&str]| {
        let lines = lines.iter().map(|line| (CONTENT_ENCODING, *line));
        let lines: Vec<_> = std::iter::once((CONTENT_TYPE, "application/json")).chain(lines).collect();
        check_content_type(&headers(&lines))
    };
    for lines in [&["identity"][..], &["Identity"], &[""], &["identity, identity"], &["identity", "identity"]] {
        assert!(check(lines).is_ok(), "{lines:?}");
    }
    for lines in [&["gzip"][..], &["br"], &["identity, gzip"], &["identity", "deflate"], &["x"]] {
        let refused = check(lines).unwrap_err().into_response();
        assert_eq!(refused.status().as_u16(), 415, "{lines:?}");
        assert_eq!(refused.headers()[ACCEPT_ENCODING], "identity", "{lines:?}");
    }
}
