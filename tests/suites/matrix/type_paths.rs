//! From `Query` to every type.
//!
//! Owns: walking the schema from the known rows to the types without rows of their own, and writing the query that asks for
//! one field. Invariant: what the schema can reach, a way is found to, or the test fails and names it.

use std::collections::{BTreeMap, VecDeque};

use tests::Actor;

use super::{
    oracle::{About, decide},
    outcome::{Cell, Nothing},
    rows::{Missing, Row, asks, rows},
};
use crate::schema::sdl::{Field, Guard, Kind, Sdl};

/// One field on a way.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The key in the answer.
    pub(crate) key: String,
    /// The field with its arguments.
    pub(crate) text: String,
    /// The type on which the rest is asked, where the field gives an interface.
    pub(crate) on: Option<String>,
    guard: Guard,
    /// The row that the field is on.
    about: About,
    /// The row that must exist behind it.
    finds: Option<(About, Missing)>,
    /// What its arguments look at, if the row is there.
    reads: Option<(Guard, About)>,
}

/// A field, asked of one row.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) coordinate: String,
    pub(crate) label: &'static str,
    /// The last is the field in question.
    pub(crate) steps: Vec<Step>,
    is_composite: bool,
}

/// A way to a row of some type.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) label: &'static str,
    pub(crate) steps: Vec<Step>,
    pub(crate) about: About,
    pub(crate) only: Option<&'static [&'static str]>,
}

/// The ways to each type's rows, by type; mutations and their payloads are left out.
pub(crate) fn ways(sdl: &Sdl) -> BTreeMap<String, Vec<Way>> {
    let mut ways: BTreeMap<String, Vec<Way>> = BTreeMap::new();
    let mut queue = VecDeque::new();
    for row in rows() {
        let way = of_row(sdl, &row);
        let known = ways.entry(row.of.to_owned()).or_default();
        if known.is_empty() {
            queue.push_back(row.of.to_owned());
        }
        known.push(way);
    }
    while let Some(of) = queue.pop_front() {
        let sources: Vec<_> = ways[&of].iter().filter(|way| way.only.is_none()).cloned().collect();
        for field in &sdl.get(&of).fields {
            let is_free = field.arguments.iter().all(|argument| !argument.is_required());
            if !sdl.is(&field.named, Kind::Object) || !is_free || ways.contains_key(&field.named) {
                continue;
            }
            let next = |way: &Way| Way { steps: followed(sdl, way, &of, &field.name), ..way.clone() };
            ways.insert(field.named.clone(), sources.iter().map(next).collect());
            queue.push_back(field.named.clone());
        }
    }
    ways
}

fn of_row(sdl: &Sdl, row: &Row) -> Way {
    let mut at = "Query".to_owned();
    let mut steps = Vec::new();
    for (number, text) in row.steps.iter().enumerate() {
        let is_last = number + 1 == row.steps.len();
        let mut step = step(sdl, &at, text, About::Nothing);
        let named = &sdl.field(&at, &step.key).named;
        at = if is_last { row.of.to_owned() } else { named.clone() };
        if sdl.is(named, Kind::Interface) {
            step.on = Some(at.clone());
        }
        if is_last {
            step.finds = Some((row.about, row.missing));
        }
        if number == 0 {
            step.reads = row.reads.map(|(of, field)| (sdl.guard(of, field), row.about));
        }
        steps.push(step);
    }
    Way { label: row.label, steps, about: row.about, only: row.only }
}

/// A field of a type, as text with arguments.
pub(crate) fn step(sdl: &Sdl, of: &str, text: &str, about: About) -> Step {
    let key = text.split('(').next().unwrap_or_default().to_owned();
    let guard = sdl.guard(of, &key);
    Step { key, text: text.to_owned(), on: None, guard, about, finds: None, reads: None }
}

pub(crate) fn followed(sdl: &Sdl, way: &Way, of: &str, field: &str) -> Vec<Step> {
    let mut steps = way.steps.clone();
    steps.push(step(sdl, of, &sdl.call(of, field), way.about));
    steps
}

/// Every field of every type that queries reach, asked of every row.
pub(crate) fn questions(sdl: &Sdl) -> Vec<Question> {
    let ways = ways(sdl);
    let mut questions = Vec::new();
    for (of, object) in sdl.objects() {
        for field in &object.fields {
            let coordinate = format!("{of}.{}", field.name);
            let is_composite = sdl.is_composite(&field.named);
            let mut ask = |label, steps| {
                questions.push(Question { coordinate: coordinate.clone(), label, steps, is_composite });
            };
            if of == "Query" {
                if field.arguments.iter().any(Field::is_required) {
                    for asked in asks(&field.name) {
                        let mut step = step(sdl, of, &asked.text, asked.about);
                        step.finds = Some((asked.about, asked.missing));
                        ask(asked.label, vec![step]);
                    }
                } else {
                    ask("", vec![step(sdl, of, &field.name, About::Nothing)]);
                }
                continue;
            }
            for way in ways.get(of).into_iter().flatten() {
                if way.only.is_none_or(|only| only.contains(&field.name.as_str())) {
                    ask(way.label, followed(sdl, way, of, &field.name));
                }
            }
        }
    }
    questions
}

/// Steps as one nested selection that ends in `leaf`.
pub(crate) fn selection(steps: &[Step], leaf: &str) -> String {
    steps.iter().rev().fold(leaf.to_owned(), |inner, step| match (&step.on, inner.is_empty()) {
        (_, true) => step.text.clone(),
        (None, false) => format!("{} {{ {inner} }}", step.text),
        (Some(on), false) => format!("{} {{ ... on {on} {{ {inner} }} }}", step.text),
    })
}

impl Question {
    pub(crate) fn query(&self) -> String {
        let leaf = if self.is_composite { "__typename" } else { "" };
        format!("{{ {} }}", selection(&self.steps, leaf))
    }

    pub(crate) fn keys(&self) -> Vec<&str> {
        self.steps.iter().map(|step| step.key.as_str()).collect()
    }

    pub(crate) fn guard(&self) -> Guard {
        self.steps.last().expect("a question has a field").guard
    }

    /// What must come out, as far as guards and rows go; whether there is a value at the end only the world knows.
    pub(crate) fn predicted(&self, actor: Actor) -> Cell {
        for (number, step) in self.steps.iter().enumerate() {
            let is_last = number + 1 == self.steps.len();
            let refused = |code: &str| if is_last { Cell::Deny(code.to_owned()) } else { Cell::Way(code.to_owned()) };
            match decide(actor, step.guard, step.about) {
                Err("UNAUTHENTICATED") => return Cell::Unauthenticated,
                Err(code) => return refused(code),
                Ok(()) => {}
            }
            if let Some((guard, about)) = step.reads
                && about.exists_for(actor)
                && let Err(code) = decide(actor, guard, about)
            {
                return refused(code);
            }
            match step.finds {
                Some((about, missing)) if !about.exists_for(actor) => {
                    return match missing {
                        Missing::Nothing => Cell::Nothing(Nothing::Null),
                        Missing::Error(code) => refused(code),
                    };
                }
                Some(_) | None => {}
            }
        }
        Cell::Allow
    }
}
