//! What would break clients.
//!
//! Owns: the comparison of two schemas, seen by a client of the older one. Invariant: what was valid to ask stays valid, and
//! what was never null stays so.

use super::sdl::{Field, Kind, Sdl, Type};

/// What a client of `old` could no longer rely on.
pub(super) fn changes(old: &Sdl, new: &Sdl) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, before) in &old.types {
        let Some(after) = new.types.get(name) else {
            broken.push(format!("the type `{name}` is gone"));
            continue;
        };
        if before.kind != after.kind {
            broken.push(format!("`{name}` was {:?} and is {:?}", before.kind, after.kind));
            continue;
        }
        for interface in before.implements.iter().filter(|interface| !after.implements.contains(interface)) {
            broken.push(format!("`{name}` implements `{interface}` no more"));
        }
        of_type(name, before, after, &mut broken);
    }
    broken
}

fn of_type(name: &str, before: &Type, after: &Type, broken: &mut Vec<String>) {
    for old in &before.fields {
        let coordinate = format!("{name}.{}", old.name);
        let Some(new) = after.fields.iter().find(|field| field.name == old.name) else {
            broken.push(format!("`{coordinate}` is gone"));
            continue;
        };
        match before.kind {
            Kind::Input => input(&coordinate, old, new, broken),
            Kind::Object | Kind::Interface => {
                if !is_promise_kept(&old.ty, &new.ty) {
                    broken.push(format!("`{coordinate}` was `{}` and is `{}`", old.ty, new.ty));
                }
                arguments(&coordinate, old, new, broken);
            }
            Kind::Scalar | Kind::Union | Kind::Enum | Kind::Directive => {}
        }
    }
    if before.kind == Kind::Input {
        for new in after.fields.iter().filter(|new| !before.fields.iter().any(|old| old.name == new.name)) {
            demanded(&format!("{name}.{}", new.name), new, broken);
        }
    }
}

fn arguments(coordinate: &str, before: &Field, after: &Field, broken: &mut Vec<String>) {
    for old in &before.arguments {
        let place = format!("{coordinate}({}:)", old.name);
        match after.arguments.iter().find(|argument| argument.name == old.name) {
            None => broken.push(format!("`{place}` is gone")),
            Some(new) => input(&place, old, new, broken),
        }
    }
    for new in after.arguments.iter().filter(|new| !before.arguments.iter().any(|old| old.name == new.name)) {
        demanded(&format!("{coordinate}({}:)", new.name), new, broken);
    }
}

fn demanded(place: &str, new: &Field, broken: &mut Vec<String>) {
    if new.is_required() {
        broken.push(format!("`{place}` is new and required"));
    }
}

/// What a client gives may be taken more freely, never less.
fn input(place: &str, old: &Field, new: &Field, broken: &mut Vec<String>) {
    if !is_promise_kept(&new.ty, &old.ty) || (new.is_required() && !old.is_required()) {
        broken.push(format!("`{place}` was `{}` and is `{}`", old.ty, new.ty));
    }
}

/// Whether a value of the type `given` is one of the type `promised`: the same, or less often null, at each level of lists.
fn is_promise_kept(promised: &str, given: &str) -> bool {
    if let Some(inner) = promised.strip_suffix('!') {
        return given.strip_suffix('!').is_some_and(|given| is_promise_kept(inner, given));
    }
    let given = given.strip_suffix('!').unwrap_or(given);
    let list = |ty: &str| ty.strip_prefix('[').and_then(|ty| ty.strip_suffix(']')).map(str::to_owned);
    match (list(promised), list(given)) {
        (Some(promised), Some(given)) => is_promise_kept(&promised, &given),
        (None, None) => promised == given,
        _ => false,
    }
}

#[test]
fn what_breaks_a_client_is_told_from_what_does_not() {
    const BEFORE: &str = "
        interface Node { id: ID! }
        type Doctor implements Node { id: ID! name: String! email: String all(first: Int, of: ID!): [Doctor!]! }
        enum Risk { LOW HIGH }
        input Filter { text: String risk: Risk! }";
    const CASES: &[(&str, &str, Option<&str>)] = &[
        ("email: String ", "email: String phone: String ", None),
        ("email: String ", "email: String! ", None),
        ("of: ID!", "of: ID", None),
        ("first: Int,", "first: Int, last: Int,", None),
        ("risk: Risk!", "risk: Risk", None),
        ("text: String", "text: String kind: String", None),
        ("LOW HIGH", "LOW MEDIUM HIGH", None),
        ("email: String ", "", Some("`Doctor.email` is gone")),
        ("name: String!", "name: String", Some("`Doctor.name` was `String!` and is `String`")),
        ("[Doctor!]!", "[Doctor]!", Some("`Doctor.all` was `[Doctor!]!` and is `[Doctor]!`")),
        ("email: String ", "email: [String] ", Some("`Doctor.email` was `String` and is `[String]`")),
        ("first: Int,", "", Some("`Doctor.all(first:)` is gone")),
        ("first: Int,", "first: Int!,", Some("`Doctor.all(first:)` was `Int` and is `Int!`")),
        ("first: Int,", "first: Int, last: Int!,", Some("`Doctor.all(last:)` is new and required")),
        ("text: String", "text: String kind: String!", Some("`Filter.kind` is new and required")),
        ("text: String", "text: String!", Some("`Filter.text` was `String` and is `String!`")),
        ("LOW HIGH", "LOW", Some("`Risk.HIGH` is gone")),
        ("enum Risk { LOW HIGH }", "scalar Risk", Some("`Risk` was Enum and is Scalar")),
        ("type Doctor implements Node", "type Doctor", Some("`Doctor` implements `Node` no more")),
    ];
    for (from, to, expected) in CASES {
        let after = BEFORE.replacen(from, to, 1);
        assert_ne!(after, BEFORE, "the case `{from}` changes nothing");
        let found = changes(&Sdl::read(BEFORE), &Sdl::read(&after));
        assert_eq!(found.first().map(String::as_str), *expected, "`{from}` → `{to}`: {found:?}");
        assert!(found.len() <= 1, "`{from}` → `{to}`: {found:?}");
    }
}
