//! Parameters of a body and of an address.

use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse as _;

use super::super::request::{from_address, from_body};
use crate::graphql::DocumentRef;

/// Bodies that are taken: operation name and variables as they come out.
const BODIES: &[(&str, Option<&str>, &str)] = &[
    (r#"{"query":"{a}"}"#, None, "{}"),
    (" \r\n\t{\"query\":\"{a}\"} ", None, "{}"),
    (r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#, None, "{}"),
    (r#"{"query":"{a}","operationName":"A","variables":{},"extensions":{"x":[1]}}"#, Some("A"), "{}"),
    (r#"{"query":"{a}","operationName":""}"#, None, "{}"),
    (r#"{"variables":{"a":[1,{"b":null}],"c":"d"},"query":"{a}"}"#, None, r#"{a: [1, {b: null}], c: "d"}"#),
    // Unknown members are ignored, as the specification demands.
    (r#"{"query":"{a}","id":"x","id":"y","operation_name":7}"#, None, "{}"),
];

#[test]
fn sound_bodies_are_taken() {
    for (body, name, variables) in BODIES {
        let operation = from_body(body.as_bytes()).unwrap();
        assert_eq!(operation.wanted, DocumentRef::Text("{a}".to_owned()), "{body}");
        assert_eq!(operation.operation_name.as_deref(), *name, "{body}");
        assert_eq!(operation.variables.to_string(), *variables, "{body}");
    }
}

/// A document by its text, by its id, by its hash, or by its text with the hash under which it shall be known.
#[test]
fn a_document_is_named_in_one_of_four_ways() {
    let (text, hash) = (|| "{a}".to_owned(), || "f00".to_owned());
    let persisted = r#""extensions":{"persistedQuery":{"version":1,"sha256Hash":"f00"}}"#;
    for (body, wanted) in [
        (r#"{"query":"{a}","documentId":null}"#.to_owned(), DocumentRef::Text(text())),
        (r#"{"query":"{a}","extensions":{"persistedQuery":null}}"#.to_owned(), DocumentRef::Text(text())),
        (format!(r#"{{"query":"{{a}}",{persisted}}}"#), DocumentRef::Registered { text: text(), hash: hash() }),
        (format!("{{{persisted}}}"), DocumentRef::Hash(hash())),
        (r#"{"documentId":"f00"}"#.to_owned(), DocumentRef::Id(hash())),
    ] {
        assert_eq!(from_body(body.as_bytes()).unwrap().wanted, wanted, "{body}");
    }
    let extensions = "extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22f00%22%7D%7D";
    for (query, wanted) in [
        ("documentId=f00".to_owned(), DocumentRef::Id(hash())),
        (extensions.to_owned(), DocumentRef::Hash(hash())),
        (format!("query=&{extensions}"), DocumentRef::Hash(hash())),
    ] {
        assert_eq!(from_address(&address(&query)).unwrap().wanted, wanted, "{query}");
    }
}

#[test]
fn other_bodies_are_refused() {
    let deep = format!(r#"{{"query":"{{a}}","variables":{{"a":{}1{}}}}}"#, "[".repeat(200), "]".repeat(200));
    let bodies: &[&[u8]] = &[
        b"",
        b"  ",
        b"{",
        b"nonsense",
        b"null",
        b"7",
        b"\"{a}\"",
        b"[]",
        br#"["{a}"]"#,
        br#" [{"query":"{a}"}]"#,
        b"{}",
        br#"{"query":null}"#,
        br#"{"query":7}"#,
        br#"{"query":["{a}"]}"#,
        br#"{"qeury":"{a}"}"#,
        br#"{"query":"{a}","operationName":7}"#,
        br#"{"query":"{a}","variables":[]}"#,
        br#"{"query":"{a}","variables":"{}"}"#,
        br#"{"query":"{a}","variables":false}"#,
        br#"{"query":"{a}","extensions":[]}"#,
        br#"{"query":"{a}","extensions":0}"#,
        br#"{"query":"{a}","query":"{b}"}"#,
        br#"{"query":"{a}","documentId":"x"}"#,
        br#"{"documentId":7}"#,
        br#"{"documentId":"x","documentId":"y"}"#,
        br#"{"documentId":"x","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#,
        br#"{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"x"}}}"#,
        br#"{"extensions":{"persistedQuery":{"sha256Hash":"x"}}}"#,
        br#"{"extensions":{"persistedQuery":{"version":1}}}"#,
        br#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":["x"]}}}"#,
        br#"{"extensions":{"persistedQuery":"x"},"query":"{a}"}"#,
        br#"{"query":"{a}","variables":{},"variables":{"a":1}}"#,
        br#"{"query":"{a}"}{"query":"{b}"}"#,
        br#"{"query":"{a}",}"#,
        br#"{"query":"{a}","variables":{"a":1e999}}"#,
        br#"{"query":"\ud800"}"#,
        b"{\"query\":\"\xff\"}",
        deep.as_bytes(),
    ];
    for body in bodies {
        let failure = from_body(body).unwrap_err();
        assert_eq!(failure.into_response().status(), StatusCode::BAD_REQUEST, "{}", String::from_utf8_lossy(body));
    }
}

/// Some clients cannot leave out the byte order mark.
#[test]
fn a_byte_order_mark_before_the_body_is_ignored() {
    let operation = from_body(b"\xef\xbb\xbf{\"query\":\"{a}\"}").unwrap();
    assert_eq!(operation.wanted, DocumentRef::Text("{a}".to_owned()));
}

/// The author of a client learns which rule of JSON the body breaks.
#[test]
fn a_refused_body_is_told_what_is_wrong_with_it() {
    let deep = format!(r#"{{"query":"{{a}}","variables":{{"a":{}1{}}}}}"#, "[".repeat(200), "]".repeat(200));
    let utf16 = |order: fn(u16) -> [u8; 2], mark: &str| {
        format!("{mark}{{\"query\":\"{{a}}\"}}").encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let (little, big) = (u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes as fn(u16) -> [u8; 2]);
    let wide = "not UTF-8 but most likely UTF-16";
    let table: [(&[u8], &str); 14] = [
        (&utf16(little, "\u{feff}"), wide),
        (&utf16(big, "\u{feff}"), wide),
        (&utf16(little, ""), wide),
        (&utf16(big, ""), wide),
        (b"{\"query\":\"\xff\"}", "the body is not UTF-8: send"),
        (br#"{"query":"\ud83d"}"#, "half of a character"),
        (br#"{"query":"\ude00"}"#, "half of a character"),
        (br#"{"query":"\ud83dx"}"#, "half of a character"),
        (br#"{"query":"{a}","variables":{"a":1e999}}"#, "a number that no computer"),
        (br#"{"query":"{a}","variables":{"a":-1e999}}"#, "a number that no computer"),
        (deep.as_bytes(), "nested deeper than 127"),
        (br#"{"query":"{a}""#, "ends too early to be JSON (line 1, column 14)"),
        (b"{\n'query':1}", "the body is not JSON (line 2, column 1)"),
        (b"nonsense", "not a JSON object"),
    ];
    for (body, said) in table {
        let failure = format!("{:?}", from_body(body).unwrap_err());
        assert!(failure.contains(said), "{}: {failure}", String::from_utf8_lossy(body));
    }
    for (variables, said) in
        [("%7B%22a%22%3A1e999%7D", "`variables` holds a number"), ("%7B%22a%22", "`variables` ends too early")]
    {
        let failure = from_address(&address(&format!("query=%7Ba%7D&variables={variables}"))).unwrap_err();
        assert!(format!("{failure:?}").contains(said), "{failure:?}");
    }
}

/// Else the query would run with U+FFFD in place of what was meant.
#[test]
fn an_address_whose_bytes_are_not_utf_8_is_refused() {
    for query in [
        "query=%7Ba%7D%FF",
        "query=%7Ba(x:%22%C3%22)%7D",
        "query=%7Ba%7D&variables=%7B%22a%22%3A%22%ED%A0%BD%22%7D",
        "query=%7Ba%7D&operationName=%E9",
        "query=%7Ba%7D&other=%80",
    ] {
        let failure = format!("{:?}", from_address(&address(query)).unwrap_err());
        assert!(failure.contains("not UTF-8"), "{query}: {failure}");
    }
    assert!(from_address(&address("query=%7Ba(x:%22%C3%B6%F0%9F%98%80%22)%7D+%2B")).is_ok());
}

/// No answer repeats what it was sent: it could be a secret in the wrong place.
#[test]
fn a_refusal_does_not_echo() {
    for body in
        [r#"{"query":"canary""#, r#"{"query":{"canary":1}}"#, r#"{"query":"{a}","variables":"canary"}"#, "canary"]
    {
        assert!(!format!("{:?}", from_body(body.as_bytes()).unwrap_err()).contains("canary"), "{body}");
    }
}

#[test]
fn addresses_are_read_likewise() {
    for (query, name, variables) in [
        ("query=%7Ba%7D", None, "{}"),
        ("query=%7Ba%7D&operationName=&variables=&extensions=&other=1&other=2", None, "{}"),
        ("query=%7Ba%7D&operationName=A&variables=%7B%22a%22%3A1%7D&extensions=%7B%7D", Some("A"), "{a: 1}"),
        // By the specification a name like any other.
        ("query=%7Ba%7D&operationName=null&variables=null", Some("null"), "{}"),
    ] {
        let operation = from_address(&address(query)).unwrap();
        assert_eq!(operation.wanted, DocumentRef::Text("{a}".to_owned()), "{query}");
        assert_eq!(operation.operation_name.as_deref(), name, "{query}");
        assert_eq!(operation.variables.to_string(), variables, "{query}");
    }
    for query in [
        "",
        "query=",
        "qeury=%7Ba%7D",
        "query=%7Ba%7D&query=%7Bb%7D",
        "query=&query=%7Bb%7D",
        "query=%7Ba%7D&variables=%7B",
        "query=%7Ba%7D&variables=7",
        "query=%7Ba%7D&extensions=%5B%5D",
    ] {
        assert!(from_address(&address(query)).is_err(), "{query}");
    }
}

fn address(query: &str) -> Uri {
    format!("/graphql?{query}").parse().unwrap()
}
