//! The text of each value is what serde makes of the library's value.

use async_graphql::{
    ID, Json, Name, Response, ScalarType, ServerError, Value, indexmap::IndexMap, resolver_utils::enum_value,
};
use chrono::{DateTime, Utc};
use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Just, Strategy, any, prop_assert_eq, proptest},
    prop_oneof,
};

use super::{JsonScalar, json, response};
use crate::guard::{DsoRole, OrgRole};

fn written(value: &(impl JsonScalar + ?Sized)) -> String {
    let mut text = Vec::new();
    value.write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn by_serde(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Times of four and of more digits, to the second, millisecond, microsecond and nanosecond.
fn times() -> impl Strategy<Value = DateTime<Utc>> {
    let seconds = prop_oneof![-70_000_000_000..260_000_000_000_i64, 1_500_000_000..2_000_000_000_i64];
    let part = prop_oneof![Just(1_000_000_000_u32), Just(1_000_000), Just(1000), Just(1)];
    (seconds, 0..1_000_000_000_u32, part)
        .prop_map(|(seconds, nanos, part)| DateTime::from_timestamp(seconds, nanos / part * part).unwrap_or_default())
}

/// Of any characters: those that have to be escaped are among them, and `any::<String>()` has no control characters.
fn strings() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..40).prop_map(String::from_iter)
}

fn values() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        strings().prop_map(Value::String),
        "[A-Z_]{1,9}".prop_map(|word| Value::Enum(Name::new(word))),
    ];
    let branch = |inner: BoxedStrategy<Value>| {
        let fields = vec((prop_oneof![Just("key".to_owned()), strings()], inner.clone()), 0..4).prop_map(|fields| {
            Value::Object(fields.into_iter().map(|(key, value)| (Name::new(key), value)).collect::<IndexMap<_, _>>())
        });
        prop_oneof![vec(inner, 0..4).prop_map(Value::List), fields].boxed()
    };
    leaf.boxed().prop_recursive(4, 24, 4, move |inner| branch(inner.boxed())).boxed()
}

proptest! {
    #[test]
    fn scalars(string in strings(), int in any::<i32>(), count in any::<usize>(), float in any::<f64>(), flag in any::<bool>(), time in times()) {
        prop_assert_eq!(written(string.as_str()), by_serde(&ScalarType::to_value(&string)));
        prop_assert_eq!(written(&ID(string.clone())), by_serde(&ScalarType::to_value(&ID(string.clone()))));
        prop_assert_eq!(written(&int), by_serde(&ScalarType::to_value(&int)));
        prop_assert_eq!(written(&count), by_serde(&ScalarType::to_value(&count)));
        prop_assert_eq!(written(&float), by_serde(&ScalarType::to_value(&float)));
        prop_assert_eq!(written(&flag), by_serde(&ScalarType::to_value(&flag)));
        prop_assert_eq!(written(&time), by_serde(&ScalarType::to_value(&time)));
    }

    #[test]
    fn what_holds_others(strings in vec(option::of(strings()), 0..5)) {
        let values = strings.iter().map(|string| string.as_ref().map_or(Value::Null, |string| Value::from(string.as_str())));
        prop_assert_eq!(written(&strings), by_serde(&Value::List(values.collect())));
    }

    #[test]
    fn any_value_and_any_response(data in values(), message in strings(), fails in any::<bool>()) {
        let mut one = Vec::new();
        json::value(&mut one, &data);
        prop_assert_eq!(String::from_utf8_lossy(&one), by_serde(&data));

        if let Ok(json) = data.clone().into_json() {
            let again = Value::from_json(json.clone()).unwrap_or_default();
            prop_assert_eq!(written(&Json(json)), by_serde(&again));
        }

        let mut whole = Response::new(data);
        if fails {
            whole.errors.push(ServerError::new(message.clone(), None));
            whole.extensions.insert("said".to_owned(), Value::String(message));
        }
        let expected = serde_json::to_string(&whole).unwrap_or_default();
        prop_assert_eq!(response(&whole).ok(), Some(expected.into_bytes()));
    }
}

#[test]
fn words() {
    for role in [OrgRole::Member, OrgRole::Admin, OrgRole::Owner] {
        assert_eq!(written(&role), by_serde(&enum_value(role)));
    }
    for role in [DsoRole::Viewer, DsoRole::Manager, DsoRole::Admin] {
        assert_eq!(written(&role), by_serde(&enum_value(role)));
    }
}

#[test]
fn text_is_copied_as_it_stands_and_else_nothing_is() {
    let mut data = IndexMap::new();
    data.insert(Name::new("rows"), Value::Binary(br#"[{"a":1}]"#.to_vec().into()));
    data.insert(Name::new("text"), Value::from(r#"[{"a":1}]"#));
    let body = response(&Response::new(Value::Object(data))).unwrap_or_default();
    assert_eq!(String::from_utf8_lossy(&body), r#"{"data":{"rows":[{"a":1}],"text":"[{\"a\":1}]"}}"#);
}
