//! Every relation that leads to a type.
//!
//! Owns: the ways into a type, read from the schema: root fields, nested relations and back-references, each list by its nodes
//! and by its edges, and the interface. Invariant: a relation that is added to the schema is walked without anybody's doing.

use crate::{
    matrix::{
        oracle::About,
        rows::{NODES_IN_DSO, PERSONS, asks, id_in, member_id},
        type_paths::{Step, followed, selection, step, ways},
    },
    schema::sdl::{Field, Sdl},
};

/// A way into a type, to be completed by a selection on it.
pub(super) struct Relation {
    /// For people: `Dso.doctors > edges > node (Smile)`.
    pub(super) name: String,
    steps: Vec<Step>,
}

impl Relation {
    /// The whole document around a selection.
    pub(super) fn document(&self, head: &str, leaf: &str, fragments: &str) -> String {
        format!("{head} {{ {} }}{fragments}", selection(&self.steps, leaf))
    }
}

/// All of them, for one type.
pub(super) fn relations(sdl: &Sdl, into: &str) -> Vec<Relation> {
    let mut found = Vec::new();
    let connection = format!("{into}Connection");
    let mut take = |name: String, steps: Vec<Step>, field: &Field| {
        if field.named == into {
            found.push(Relation { name, steps });
        } else if field.named == connection {
            for below in [&["nodes"][..], &["edges", "node"]] {
                let mut steps = steps.clone();
                let mut at = connection.clone();
                for name in below {
                    steps.push(step(sdl, &at, name, About::Nothing));
                    at.clone_from(&sdl.field(&at, name).named);
                }
                found.push(Relation { name: format!("{name} > {}", below.join(" > ")), steps });
            }
        }
    };
    for field in &sdl.get("Query").fields {
        if field.arguments.iter().any(Field::is_required) {
            for ask in asks(&field.name) {
                take(
                    format!("Query.{} ({})", field.name, ask.label),
                    vec![step(sdl, "Query", &ask.text, ask.about)],
                    field,
                );
            }
        } else {
            take(format!("Query.{}", field.name), vec![step(sdl, "Query", &field.name, About::Nothing)], field);
        }
    }
    for (of, ways) in ways(sdl) {
        let is_own_list = of == connection || of == format!("{into}Edge");
        for field in sdl.get(&of).fields.iter().filter(|_| !is_own_list) {
            for way in ways.iter().filter(|way| way.only.is_none()) {
                take(format!("{of}.{} ({})", field.name, way.label), followed(sdl, way, &of, &field.name), field);
            }
        }
    }
    for id in ids(into) {
        for text in [format!(r#"node(id: "{id}")"#), format!(r#"nodes(ids: ["{id}"])"#)] {
            let name = text.split('(').next().unwrap_or_default().to_owned();
            let mut step = step(sdl, "Query", &text, About::Nothing);
            step.on = Some(into.to_owned());
            found.push(Relation { name: format!("Query.{name} ({id})"), steps: vec![step] });
        }
    }
    assert!(!found.is_empty(), "no relation leads to `{into}`");
    found
}

fn ids(of: &str) -> Vec<String> {
    if NODES_IN_DSO.contains(&of) {
        return crate::matrix::rows::DSOS.map(|dso| id_in(of, dso)).into();
    }
    match of {
        "Member" => PERSONS.map(member_id).into(),
        _ => Vec::new(),
    }
}
