//! From a body or an address to an operation.
//!
//! Owns: the parameters of a GraphQL-over-HTTP request and their types. May use: `graphql::Operation`.
//! Invariant: what is ambiguous (a parameter twice, a list of requests, a wrong type) is refused; what is unknown is
//! ignored, as the specification demands.

use async_graphql::{Name, Value, Variables};
use axum::extract::Query;
use axum::http::Uri;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::error::Category;

use super::error::HttpError;
use crate::graphql::{DocumentRef, Operation};

/// Any type here, so that a wrong one is told by our words and never echoed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Parameters {
    query: Option<Value>,
    document_id: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

/// Reads the body of a POST.
pub(super) fn from_body(body: &[u8]) -> Result<Operation, HttpError> {
    // A byte order mark may be ignored (RFC 8259 §8.1); some clients cannot leave it out.
    let body = body.strip_prefix(BOM).unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|_| HttpError::bad_request(not_utf8(body)))?;
    // Serde would take a list for an object, member by member.
    match text.trim_ascii_start().as_bytes() {
        [b'{', 0, ..] | [0, ..] => return Err(HttpError::bad_request(NOT_UTF_8)),
        [b'{', ..] => {}
        [b'[', ..] => return Err(HttpError::bad_request("the body holds a list: send one operation in each request")),
        [] => return Err(HttpError::bad_request("the body is empty: send a JSON object with `query`")),
        [_, ..] => return Err(HttpError::bad_request("the body is not a JSON object")),
    }
    let parameters: Parameters = serde_json::from_str(text).map_err(|error| match error.classify() {
        // Every type fits, so nothing else can be wrong with the data.
        Category::Data => HttpError::bad_request("a member of the body is there twice"),
        Category::Syntax | Category::Eof | Category::Io => HttpError::bad_request(wrong_json("the body", &error)),
    })?;
    operation(parameters)
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

const NOT_UTF_8: &str = "the body is not UTF-8 but most likely UTF-16 or UTF-32: send JSON in UTF-8";

/// Texts of JSON begin with an ASCII character, so the marks and zero bytes of the wider encodings show.
fn not_utf8(body: &[u8]) -> &'static str {
    match body {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..] => NOT_UTF_8,
        _ => "the body is not UTF-8: send JSON in UTF-8",
    }
}

/// What is wrong with a JSON text and where, without a word of the text. The kinds of fault differ in the texts of the parser alone.
fn wrong_json(what: &str, error: &serde_json::Error) -> String {
    let text = error.to_string();
    let is = |start: &str| text.starts_with(start);
    let wrong = if is("recursion limit") {
        format!("{what} is nested deeper than {MAX_DEPTH} levels")
    } else if is("number out of range") {
        format!("{what} holds a number that no computer's floating-point number can hold")
    } else if is("lone leading surrogate") || is("unexpected end of hex escape") {
        format!("{what} holds half of a character, such as `\\ud83d` without the `\\ude00` behind it")
    } else if is("EOF") {
        format!("{what} ends too early to be JSON")
    } else {
        format!("{what} is not JSON")
    };
    format!("{wrong} (line {}, column {})", error.line(), error.column())
}

/// The parser's own limit.
const MAX_DEPTH: usize = 127;

/// Reads the address of a GET. An empty text is the same as none, by the specification.
pub(super) fn from_address(address: &Uri) -> Result<Operation, HttpError> {
    // The reader of the pairs would put U+FFFD where a byte is no UTF-8, and the query would run with another text than was meant.
    if percent_decode_str(address.query().unwrap_or_default()).decode_utf8().is_err() {
        return Err(HttpError::bad_request("the address holds percent-encoded bytes that are not UTF-8"));
    }
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(address);
    let Query(pairs) = pairs.map_err(|_| HttpError::bad_request("the parameters of the address cannot be read"))?;
    let mut parameters = Parameters::default();
    for (name, text) in pairs {
        let (parameter, name) = match name.as_str() {
            "query" => (&mut parameters.query, "query"),
            "documentId" => (&mut parameters.document_id, "documentId"),
            "operationName" => (&mut parameters.operation_name, "operationName"),
            "variables" => (&mut parameters.variables, "variables"),
            "extensions" => (&mut parameters.extensions, "extensions"),
            _ => continue,
        };
        let value = match name {
            _ if text.is_empty() => Value::Null,
            "query" | "documentId" | "operationName" => Value::String(text),
            _ => serde_json::from_str(&text)
                .map_err(|error| HttpError::bad_request(wrong_json(&format!("`{name}`"), &error)))?,
        };
        if parameter.replace(value).is_some() {
            return Err(HttpError::bad_request(format!("`{name}` is there twice")));
        }
    }
    operation(parameters)
}

/// Reads the payload of a message that subscribes.
pub(super) fn from_message(request: async_graphql::Request) -> Result<Operation, HttpError> {
    let query = (!request.query.is_empty()).then_some(Value::String(request.query));
    let extensions = request.extensions.0.into_iter().map(|(name, value)| (Name::new(name), value)).collect();
    let parameters = Parameters {
        query,
        operation_name: request.operation_name.map(Value::String),
        extensions: Some(Value::Object(extensions)),
        ..Parameters::default()
    };
    Ok(Operation { variables: request.variables, ..operation(parameters)? })
}

fn operation(parameters: Parameters) -> Result<Operation, HttpError> {
    let query = text("query", parameters.query)?;
    let id = text("documentId", parameters.document_id)?;
    let operation_name = text("operationName", parameters.operation_name)?.filter(|name| !name.is_empty());
    let variables = map("variables", parameters.variables)?;
    let hash = persisted(map("extensions", parameters.extensions)?)?;
    let wanted = match (query, id, hash) {
        (Some(text), None, None) => DocumentRef::Text(text),
        (Some(text), None, Some(hash)) => DocumentRef::Registered { text, hash },
        (None, Some(id), None) => DocumentRef::Id(id),
        (None, None, Some(hash)) => DocumentRef::Hash(hash),
        (None, None, None) => return Err(HttpError::bad_request("`query` is missing")),
        (_, Some(_), _) => {
            return Err(HttpError::bad_request("`documentId` says which document: leave the other ways to say it out"));
        }
    };
    Ok(Operation { wanted, operation_name, variables: Variables::from_value(variables), idempotency_key: None })
}

/// The hash or id in `extensions.persistedQuery`, as Apollo's clients and others send it.
fn persisted(extensions: Value) -> Result<Option<String>, HttpError> {
    let Value::Object(mut extensions) = extensions else { return Ok(None) };
    let mut persisted = match extensions.swap_remove("persistedQuery") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(persisted)) => persisted,
        Some(_) => return Err(HttpError::bad_request("`extensions.persistedQuery` is not an object")),
    };
    if persisted.get("version") != Some(&Value::Number(1.into())) {
        return Err(HttpError::bad_request("`extensions.persistedQuery.version` is not 1"));
    }
    match persisted.swap_remove("sha256Hash") {
        Some(Value::String(hash)) => Ok(Some(hash)),
        _ => Err(HttpError::bad_request("`extensions.persistedQuery.sha256Hash` is not a string")),
    }
}

fn text(name: &str, value: Option<Value>) -> Result<Option<String>, HttpError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(HttpError::bad_request(format!("`{name}` is not a string"))),
    }
}

fn map(name: &str, value: Option<Value>) -> Result<Value, HttpError> {
    match value {
        None | Some(Value::Null) => Ok(Value::Null),
        Some(map @ Value::Object(_)) => Ok(map),
        Some(_) => Err(HttpError::bad_request(format!("`{name}` is not an object"))),
    }
}
