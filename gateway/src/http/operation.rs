//! From a body or an address to an operation.
//!
//! Owns: the parameters of a GraphQL-over-HTTP request and their types. May use: `graphql::Operation`.
//! Invariant: what is ambiguous (a parameter twice, a list of requests, a wrong type) is refused; what is unknown is
//! ignored, as the specification demands.

use async_graphql::{Value, Variables};
use axum::extract::Query;
use axum::http::Uri;
use serde::Deserialize;
use serde_json::error::Category;

use super::failure::Failure;
use crate::graphql::{Operation, Wanted};

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
pub(super) fn from_body(body: &[u8]) -> Result<Operation, Failure> {
    // Serde would take a list for an object, member by member.
    match body.trim_ascii_start().first() {
        Some(b'{') => {}
        Some(b'[') => return Err(Failure::bad_request("the body holds a list: send one operation in each request")),
        Some(_) => return Err(Failure::bad_request("the body is not a JSON object")),
        None => return Err(Failure::bad_request("the body is empty: send a JSON object with `query`")),
    }
    let parameters: Parameters = serde_json::from_slice(body).map_err(|error| match error.classify() {
        // Every type fits, so nothing else can be wrong with the data.
        Category::Data => Failure::bad_request("a member of the body is there twice"),
        Category::Syntax | Category::Eof | Category::Io => Failure::bad_request("the body is not JSON in UTF-8"),
    })?;
    operation(parameters)
}

/// Reads the address of a GET. An empty text is the same as none, by the specification.
pub(super) fn from_address(address: &Uri) -> Result<Operation, Failure> {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(address);
    let Query(pairs) = pairs.map_err(|_| Failure::bad_request("the parameters of the address cannot be read"))?;
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
            _ => serde_json::from_str(&text).map_err(|_| Failure::bad_request(format!("`{name}` is not JSON")))?,
        };
        if parameter.replace(value).is_some() {
            return Err(Failure::bad_request(format!("`{name}` is there twice")));
        }
    }
    operation(parameters)
}

fn operation(parameters: Parameters) -> Result<Operation, Failure> {
    let query = text("query", parameters.query)?;
    let id = text("documentId", parameters.document_id)?;
    let operation_name = text("operationName", parameters.operation_name)?.filter(|name| !name.is_empty());
    let variables = map("variables", parameters.variables)?;
    let hash = persisted(map("extensions", parameters.extensions)?)?;
    let wanted = match (query, id, hash) {
        (Some(text), None, None) => Wanted::Text(text),
        (Some(text), None, Some(hash)) => Wanted::Registered { text, hash },
        (None, Some(id), None) => Wanted::Id(id),
        (None, None, Some(hash)) => Wanted::Hash(hash),
        (None, None, None) => return Err(Failure::bad_request("`query` is missing")),
        (_, Some(_), _) => {
            return Err(Failure::bad_request("`documentId` says which document: leave the other ways to say it out"));
        }
    };
    Ok(Operation { wanted, operation_name, variables: Variables::from_value(variables), idempotency_key: None })
}

/// The hash or id in `extensions.persistedQuery`, as Apollo's clients and others send it.
fn persisted(extensions: Value) -> Result<Option<String>, Failure> {
    let Value::Object(mut extensions) = extensions else { return Ok(None) };
    let mut persisted = match extensions.swap_remove("persistedQuery") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(persisted)) => persisted,
        Some(_) => return Err(Failure::bad_request("`extensions.persistedQuery` is not an object")),
    };
    if persisted.get("version") != Some(&Value::Number(1.into())) {
        return Err(Failure::bad_request("`extensions.persistedQuery.version` is not 1"));
    }
    match persisted.swap_remove("sha256Hash") {
        Some(Value::String(hash)) => Ok(Some(hash)),
        _ => Err(Failure::bad_request("`extensions.persistedQuery.sha256Hash` is not a string")),
    }
}

fn text(name: &str, value: Option<Value>) -> Result<Option<String>, Failure> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Failure::bad_request(format!("`{name}` is not a string"))),
    }
}

fn map(name: &str, value: Option<Value>) -> Result<Value, Failure> {
    match value {
        None | Some(Value::Null) => Ok(Value::Null),
        Some(map @ Value::Object(_)) => Ok(map),
        Some(_) => Err(Failure::bad_request(format!("`{name}` is not an object"))),
    }
}
