//! The rows that a caller can list.
//!
//! Owns: paging through whole lists as a client would. Invariant: nothing here requests a figure.

use serde_json::{Value, json};
use tests::{Actor, Gateway};

/// All rows of a root list that are visible to an actor.
pub(super) async fn all(gateway: &Gateway, actor: Actor, list: &str, filter: &Value, fields: &str) -> Vec<Value> {
    let (name, ty) = match list {
        "doctors" => ("doctors", "DoctorFilter"),
        _ => ("activities", "ActivityFilter"),
    };
    let query = format!(
        "query($filter: {ty}, $after: String) {{ {name}(filter: $filter, first: 100, after: $after) \
         {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {fields} }} }} }}"
    );
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = gateway.ask(actor, &query, json!({ "filter": filter, "after": after })).await.clean();
        let page = answer.data(&format!("/{name}"));
        rows.extend(page["nodes"].as_array().expect("a list of rows").iter().cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            assert_eq!(page["totalCount"], rows.len(), "{actor:?} {filter}");
            return rows;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// All cases that are visible to an actor: they are listed under their DSOs.
pub(super) async fn cases(gateway: &Gateway, actor: Actor) -> Vec<Value> {
    let query = "query($after: String) { dsos(first: 100) { nodes { id cases(first: 100, after: $after) \
                 { pageInfo { hasNextPage } nodes { id status openedAt doctor { id } } } } } }";
    let answer = gateway.ask(actor, query, json!({})).await.clean();
    let mut rows = Vec::new();
    for dso in answer.data("/dsos/nodes").as_array().expect("a list of DSOs") {
        assert_eq!(dso["cases"]["pageInfo"]["hasNextPage"], false, "more cases than one page: page through them here");
        for case in dso["cases"]["nodes"].as_array().expect("a list of cases") {
            let mut case = case.clone();
            case["dso"] = json!({ "id": dso["id"] });
            rows.push(case);
        }
    }
    rows
}
