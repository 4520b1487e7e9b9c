//! In which order names stand.

use serde_json::json;
use tests::{Kind, actor::token};

use super::Stage;

/// As a reader expects them: without case and accents, and names that are then alike as they are written.
const ORDERED: [&str; 12] = [
    "3M zz",
    "_ zz",
    "adam zz",
    "\u{c4}hre zz",
    "\u{c5}sa zz",
    "O'Neil zz",
    "O\u{2019}Neil zz",
    "\u{d8}rsted zz",
    "Zoe zz",
    "Zo\u{eb} zz",
    "zoe zz",
    "\u{416}\u{438} zz",
];

/// Each of them, put in backwards.
fn shuffled() -> impl Iterator<Item = &'static str> {
    ORDERED.into_iter().rev()
}

#[tokio::test]
async fn names_are_in_a_readers_order_from_both_ends_and_page_by_page() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for name in shuffled() {
            stage.doctor(name, None).await;
            stage.dso(name).await;
        }
        for list in ["doctors", "dsos"] {
            for direction in ["ASC", "DESC"] {
                let mut expected = ORDERED.to_vec();
                if direction == "DESC" {
                    expected.reverse();
                }
                let arguments =
                    format!("filter: {{ text: $text }}, orderBy: {{ field: NAME, direction: {direction} }}");
                let found = stage.names(list, &arguments, &json!({ "text": "zz" })).await;
                assert_eq!(found, expected, "{kind:?} {list} {direction}");
                assert_eq!(walk(&stage, list, direction).await, expected, "{kind:?} {list} {direction}, page by page");
            }
        }
    }
}

/// All names, two at a time.
async fn walk(stage: &Stage, list: &str, direction: &str) -> Vec<String> {
    let query = format!(
        "query ($after: String) {{ {list}(first: 2, after: $after, filter: {{ text: \"zz\" }}, \
         orderBy: {{ field: NAME, direction: {direction} }}) {{ nodes {{ name }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut names, mut after) = (Vec::new(), json!(""));
    loop {
        // The empty cursor is the first page.
        let answer = stage.ask(&query, json!({ "after": after })).await.clean();
        names.extend(super::names(answer.data(&format!("/{list}/nodes"))));
        let info = answer.data(&format!("/{list}/pageInfo")).clone();
        if info["hasNextPage"] != json!(true) {
            return names;
        }
        after = info["endCursor"].clone();
    }
}

#[tokio::test]
async fn the_empty_cursor_is_the_first_page_of_every_list() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for (list, field) in [
            ("doctors", "id"),
            ("dsos", "id"),
            ("activities", "id"),
            ("members", "id"),
            ("doctorsAggregate", "count"),
            ("activitiesAggregate", "count"),
        ] {
            let query = |cursor: &str| {
                format!("{{ {list}(first: 1 {cursor}) {{ nodes {{ {field} }} pageInfo {{ endCursor }} }} }}")
            };
            let plain = stage.ask(&query(""), json!({})).await.clean();
            let empty = stage.ask(&query(", after: \"\""), json!({})).await.clean();
            assert_eq!(empty.data("").clone(), plain.data("").clone(), "{kind:?} {list}");
        }
        let nested =
            |cursor: &str| format!("{{ dsos {{ nodes {{ doctors(last: 1 {cursor}) {{ nodes {{ id }} }} }} }} }}");
        let plain = stage.ask(&nested(""), json!({})).await.clean();
        let empty = stage.ask(&nested(", before: \"\""), json!({})).await.clean();
        assert_eq!(empty.data("").clone(), plain.data("").clone(), "{kind:?}: from the end");
    }
}

#[tokio::test]
async fn practices_are_one_group_in_either_form_of_unicode_and_in_a_readers_order() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for practice in ["Zahn", "\u{c4}ther", "Cafe\u{301}", "Caf\u{e9}", "apotheke", "Zahn\u{e4}rzte", "cafe"] {
            stage.doctor("Grouped", Some(practice)).await;
        }
        let query =
            "{ doctorsAggregate(filter: { text: \"grouped\" }, groupBy: [PRACTICE]) { nodes { practice count } } }";
        let answer = stage.ask(query, json!({})).await;
        let nodes = answer.json.pointer("/data/doctorsAggregate/nodes").and_then(|nodes| nodes.as_array());
        let nodes = nodes.unwrap_or_else(|| panic!("{}", answer.text));
        let groups: Vec<_> = nodes.iter().map(|node| (node.get("practice").cloned(), node["count"].clone())).collect();
        let expected =
            [("apotheke", 1), ("\u{c4}ther", 1), ("Caf\u{e9}", 2), ("cafe", 1), ("Zahn", 1), ("Zahn\u{e4}rzte", 1)];
        let mut expected = expected.map(|(practice, count)| (Some(json!(practice)), json!(count))).to_vec();
        expected.sort_by_key(|(practice, _)| {
            entity::text::name_key(practice.as_ref().and_then(|name| name.as_str()).unwrap())
        });
        assert_eq!(groups, expected, "{kind:?}");
        assert_eq!(groups.first().unwrap().0, Some(json!("apotheke")), "{kind:?}");
    }
}

#[tokio::test]
async fn ones_organizations_are_in_a_readers_order() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let nina = token("nina");
        let ask = async |query: &str, name: &str| {
            stage.gateway.ask_as(Some(&nina), None, query, json!({ "name": name })).await.clean()
        };
        // The first request founds an organization of her own.
        let query = "{ viewer { memberships { organizationName } } }";
        ask(query, "").await;
        for name in ["zeta Dental", "\u{c4}hre Dental"] {
            let text =
                "mutation ($name: String!) { organizationCreate(input: { name: $name }) { userErrors { message } } }";
            let answer = ask(text, name).await;
            assert_eq!(answer.data("/organizationCreate/userErrors"), &json!([]), "{}", answer.text);
        }
        let answer = ask(query, "").await;
        let memberships = answer.data("/viewer/memberships").as_array().expect("memberships").clone();
        let names: Vec<_> = memberships.iter().filter_map(|one| one["organizationName"].as_str()).collect();
        assert_eq!(names, ["\u{c4}hre Dental", "nina's organization", "zeta Dental"], "{kind:?}");
    }
}
