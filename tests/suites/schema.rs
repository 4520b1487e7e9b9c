//! `schema.graphql`: what clients build on.
//!
//! Owns: the file's freshness, that every field prints its guard, that everything is described, and that no change breaks a
//! client unseen. May use: the SDL alone.

mod breaking;
pub(crate) mod sdl;

use std::collections::BTreeSet;

use sdl::Sdl;

fn checked_in() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
    std::fs::read_to_string(path).unwrap_or_else(|error| {
        panic!("`schema.graphql` cannot be read ({error}): run `cargo schema > schema.graphql`")
    })
}

#[test]
fn the_checked_in_schema_is_the_gateways() {
    let (found, expected) = (checked_in(), gateway::schema::text());
    if found.trim_end() == expected.trim_end() {
        return;
    }
    let difference = found.lines().zip(expected.lines()).enumerate().find(|(_, (found, expected))| found != expected);
    let place = difference.map_or_else(
        || format!("it has {} lines and should have {}", found.lines().count(), expected.lines().count()),
        |(line, (found, expected))| format!("line {} is\n  {found}\nand should be\n  {expected}", line + 1),
    );
    panic!("`schema.graphql` is stale: run `cargo schema > schema.graphql` and review the difference; {place}");
}

/// The equality above makes every change visible; this one says which of them clients will not survive.
#[test]
fn no_change_of_the_schema_breaks_a_client() {
    let broken = breaking::changes(&Sdl::read(&checked_in()), &Sdl::current());
    assert!(
        broken.is_empty(),
        "this breaks clients of `schema.graphql`: deprecate first (reason, replacement, date of removal), and regenerate the file \
         only for what no client can have used yet:\n{}",
        broken.join("\n")
    );
}

#[test]
fn every_field_of_every_object_type_prints_exactly_one_guard() {
    let sdl = Sdl::current();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, object) in sdl.objects() {
        for field in &object.fields {
            seen += 1;
            let guards = field
                .directives
                .iter()
                .filter(|written| written.starts_with("@guard(") || written.starts_with("@public("));
            if guards.count() != 1 || field.guard.is_none() {
                wrong.push(format!("{name}.{}: {:?}", field.name, field.directives));
            }
        }
    }
    assert!(wrong.is_empty(), "these fields do not print exactly one of @guard and @public:\n{}", wrong.join("\n"));
    assert!(seen > 200, "only {seen} fields were looked at");
}

#[test]
fn what_is_public_says_why() {
    for (name, object) in Sdl::current().objects() {
        for field in &object.fields {
            for written in field.directives.iter().filter(|written| written.starts_with("@public(")) {
                assert!(written.len() > r#"@public(reason: "")"#.len() + 10, "`{name}.{}` is {written}", field.name);
            }
        }
    }
}

/// The guard that is printed is what the registry holds: the suites' oracle and the gateway speak of the same fields.
#[test]
fn the_printed_guards_are_those_of_the_registry() {
    let sdl = Sdl::current();
    let registry = gateway::schema::registry();
    let mut printed = 0;
    for (name, object) in sdl.objects() {
        for field in &object.fields {
            printed += 1;
            let coordinate = format!("{name}.{}", field.name);
            let registered = registry.get(&coordinate).unwrap_or_else(|| panic!("`{coordinate}` is not registered"));
            assert_eq!(registered.guard.to_string(), sdl.guard(name, &field.name).to_string(), "{coordinate}");
        }
    }
    assert_eq!(registry.fields().count(), printed, "the registry holds fields that the schema does not print");
}

#[test]
fn everything_is_described() {
    let sdl = Sdl::current();
    // The library's own scalars and directives describe themselves, or are the language's.
    let known = ["Boolean", "Float", "ID", "Int", "String"];
    let mut bare = Vec::new();
    for (name, found) in sdl.types.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        if !found.is_described {
            bare.push(name.clone());
        }
        for field in &found.fields {
            if !field.is_described {
                bare.push(format!("{name}.{}", field.name));
            }
            for argument in field.arguments.iter().filter(|argument| !argument.is_described) {
                bare.push(format!("{name}.{}({}:)", field.name, argument.name));
            }
        }
    }
    for name in ["guard", "public"] {
        // Only the directives that are used are printed.
        let Some(directive) = sdl.directives.get(name) else { continue };
        // Their arguments are described in the code; the library does not print it (8.0.0-rc.5).
        if !directive.is_described {
            bare.push(format!("@{name}"));
        }
    }
    assert!(sdl.directives.contains_key("guard"));
    assert!(bare.is_empty(), "these have no description: {}", bare.join(", "));
}

/// A refused field is null by itself. Were a non-null field refused, its whole row would go with it; so whatever is non-null
/// in a type stands behind one and the same guard, which whoever holds a row has passed.
#[test]
fn the_non_null_fields_of_a_type_have_one_guard() {
    let sdl = Sdl::current();
    for (name, object) in sdl.objects() {
        let sure = object.fields.iter().filter(|field| field.ty.ends_with('!'));
        let guards: BTreeSet<_> = sure.map(|field| sdl.guard(name, &field.name).to_string()).collect();
        assert!(guards.len() <= 1, "`{name}` has non-null fields behind different guards: {guards:?}");
    }
}
