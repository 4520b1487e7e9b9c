//! Every mutation, with inputs.
//!
//! Owns: for each mutation the inputs that succeed on a row of each DSO, and one whose author can mend it. Invariant: a
//! mutation of the schema without both kinds fails the suite.

pub(crate) mod boards;
pub(crate) mod life;

use entity::id::{ActivityId, CaseId, DoctorId, DsoId};
use serde_json::{Value, json};
use tests::{Actor, World};

use super::{
    actor_roles::{DSO_ADMIN, DSO_MANAGER},
    oracle::{About, decide},
    outcome::{Cell, Nothing},
    rows::DSOS,
};
use crate::schema::sdl::{Guard, Sdl};
use boards::BOARDS;
use life::{Fate, LIFE, NOTHING_TO_MEND};

/// A mutation with an input.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) mutation: &'static str,
    pub(crate) label: &'static str,
    /// The row that the input names.
    pub(crate) about: About,
    /// A second row that it names, and what the caller must be of it too.
    pub(crate) also: Option<(u8, About)>,
    pub(crate) ends: Ends,
}

/// How a change ends for those who may make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// It is made.
    Done,
    /// Its author is told what to mend.
    UserErrors,
}

pub(crate) fn dso(name: &str) -> String {
    World::id::<DsoId>(&format!("dso {name}"))
}

pub(crate) fn doctor(dso: &str, name: &str) -> String {
    World::id::<DoctorId>(&format!("doctor {dso} {name}"))
}

pub(crate) fn activity(dso: &str) -> String {
    World::id::<ActivityId>(&format!("activity {dso} Ada PHONE"))
}

pub(crate) fn case(dso: &str) -> String {
    World::id::<CaseId>(&format!("case {dso} Ada"))
}

/// The input of a mutation on a row of a DSO; `spoil` makes it one that its author can mend.
pub(crate) fn input(mutation: &str, on: &str, ends: Ends) -> Value {
    let is_spoilt = ends == Ends::UserErrors;
    let name = if is_spoilt { " " } else { "New" };
    let mut input = match mutation {
        "dsoCreate" => json!({ "name": name }),
        "dsoUpdate" => json!({ "dsoId": dso(on), "name": "Renamed" }),
        "dsoArchive" | "dsoRestore" => json!({ "dsoId": dso(on) }),
        "doctorCreate" => {
            json!({ "dsoId": dso(on), "name": name, "email": "new@doctors.example", "phone": "+1 555 0198", "notes": "new" })
        }
        "doctorUpdate" => json!({ "doctorId": doctor(on, "Ada"), "phone": "+1 555 0199", "risk": null }),
        "doctorArchive" => json!({ "doctorId": doctor(on, "Ada") }),
        "doctorRestore" => json!({ "doctorId": doctor(on, "Cleo") }),
        "doctorMove" => json!({ "doctorId": doctor(on, "Ada"), "toDsoId": dso(other(on)) }),
        "onboardingPeriodRecord" => {
            json!({ "doctorId": doctor(on, "Ada"), "period": 1, "percent": if is_spoilt { 101 } else { 80 } })
        }
        "activityLog" => {
            let note = if is_spoilt { "n".repeat(20_001) } else { "called".to_owned() };
            json!({ "doctorId": doctor(on, "Ada"), "kind": "PHONE", "note": note })
        }
        "activityUpdate" => json!({ "activityId": activity(on), "note": "called again" }),
        "activityDelete" => json!({ "activityId": activity(on) }),
        "caseOpen" => json!({ "doctorId": doctor(on, "Ada"), "title": name }),
        "caseUpdate" => json!({ "caseId": case(on), "status": "COMPLETED" }),
        "terminologyUpdate" => json!({ "dsoId": dso(on), "terms": [{ "key": "DOCTOR", "label": name }] }),
        unknown => panic!(
            "`Mutation.{unknown}` is new: say here with which input it succeeds, and with which it has user errors"
        ),
    };
    // What makes nothing new can always be stale.
    let makes = ["dsoCreate", "doctorCreate", "onboardingPeriodRecord", "activityLog", "caseOpen", "terminologyUpdate"];
    if is_spoilt && !makes.contains(&mutation) {
        input["expectedVersion"] = json!(99);
    }
    input
}

fn other(dso: &str) -> &'static str {
    if dso == DSOS[0] { DSOS[1] } else { DSOS[0] }
}

/// Whether a mutation decides about access: of these, refusals stand in the audit log.
pub(crate) fn is_about_access(mutation: &str) -> bool {
    LIFE.contains(&mutation)
}

/// All changes of all mutations of the schema.
pub(crate) fn changes(sdl: &Sdl) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in &sdl.get("Mutation").fields {
        // Names of the schema live as long as the process; the table's labels are static.
        let mutation: &'static str = field.name.clone().leak();
        let rows: &[(&str, About)] = match mutation {
            "dsoCreate" => &[("-", About::Nothing)],
            "dsoGrant" | "dsoGrantRevoke" | "dsoGrantBulk" | "dsoGrantRevokeBulk" => ON_DSOS,
            life if LIFE.contains(&life) || BOARDS.contains(&life) => &[("-", About::Nothing)],
            "dsoRestore" => &[("Archived", About::Dso("Archived"))],
            _ => ON_DSOS,
        };
        let also = |about: About| match (mutation, about) {
            ("doctorMove", About::Dso(on)) => Some((DSO_MANAGER, About::Dso(other(on)))),
            ("dsoGrantBulk" | "dsoGrantRevokeBulk", about) => Some((DSO_ADMIN, about)),
            _ => None,
        };
        for (label, about) in rows {
            changes.push(Change { mutation, label, about: *about, also: also(*about), ends: Ends::Done });
        }
        let about = rows[0].1;
        if NOTHING_TO_MEND.iter().all(|(known, _)| *known != mutation) {
            changes.push(Change { mutation, label: "to mend", about, also: also(about), ends: Ends::UserErrors });
        }
    }
    changes
}

const ON_DSOS: &[(&str, About)] = &[(DSOS[0], About::Dso(DSOS[0])), (DSOS[1], About::Dso(DSOS[1]))];

impl Change {
    /// The input for somebody.
    pub(crate) fn input(&self, actor: Actor) -> Value {
        let on = self.about.dso().unwrap_or("-");
        if LIFE.contains(&self.mutation) {
            life::input(self.mutation, on, self.ends, actor)
        } else if BOARDS.contains(&self.mutation) {
            boards::input(self.mutation, self.ends)
        } else {
            input(self.mutation, on, self.ends)
        }
    }

    /// The mutation as text, its input a variable, asking for the whole payload.
    pub(crate) fn text(&self, sdl: &Sdl) -> String {
        let field = sdl.field("Mutation", self.mutation);
        let entity = entity(sdl, self.mutation);
        let is_composite = sdl.is_composite(&sdl.field(payload(sdl, self.mutation), entity).named);
        let leaf = if is_composite { "{ __typename }" } else { "" };
        format!(
            "mutation($input: {}) {{ {}(input: $input) {{ {entity} {leaf} userErrors {{ code message field }} }} }}",
            field.arguments[0].ty, self.mutation
        )
    }

    /// How it ends for somebody who passes the guard.
    pub(crate) fn ends_for(&self, actor: Actor) -> Ends {
        match life::fate(self.mutation, self.ends, actor) {
            Fate::ToMend => Ends::UserErrors,
            Fate::AsAsked | Fate::NotFound | Fate::Forbidden | Fate::Unknown => self.ends,
        }
    }

    /// What must come out for the mutation itself.
    pub(crate) fn predicted(&self, sdl: &Sdl, actor: Actor) -> Cell {
        let asked = decide(actor, sdl.guard("Mutation", self.mutation), self.about);
        let also = self.also.map_or(Ok(()), |(least, also)| decide(actor, Guard::Dso(least), also));
        let fate = match life::fate(self.mutation, self.ends, actor) {
            Fate::NotFound => Err("NOT_FOUND"),
            Fate::Forbidden => Err("FORBIDDEN"),
            Fate::Unknown => Err("BAD_USER_INPUT"),
            Fate::AsAsked | Fate::ToMend => Ok(()),
        };
        match asked.and(also).and(fate) {
            Ok(()) => Cell::Allow,
            Err("UNAUTHENTICATED") => Cell::Unauthenticated,
            Err(code) => Cell::Deny(code.to_owned()),
        }
    }

    /// What must come out for a field of the payload, the mutation's own cell being this.
    pub(crate) fn predicted_below(&self, mutation: &Cell, below: &str, actor: Actor) -> Cell {
        match (mutation, self.ends_for(actor), below) {
            (Cell::Deny(code) | Cell::Way(code), _, _) => Cell::Way(code.clone()),
            (Cell::Unauthenticated, _, _) => Cell::Unauthenticated,
            (_, Ends::Done, "userErrors") => Cell::Nothing(Nothing::EmptyList),
            (_, Ends::UserErrors, "userErrors" | "code" | "message" | "field") | (_, Ends::Done, _) => Cell::Allow,
            (_, Ends::UserErrors, _) => Cell::Nothing(Nothing::Null),
        }
    }
}

/// The payload's type.
pub(crate) fn payload<'a>(sdl: &'a Sdl, mutation: &str) -> &'a str {
    &sdl.field("Mutation", mutation).named
}

/// The payload's field that is not `userErrors`.
pub(crate) fn entity<'a>(sdl: &'a Sdl, mutation: &str) -> &'a str {
    let fields = &sdl.get(payload(sdl, mutation)).fields;
    let [entity] = fields.iter().filter(|field| field.name != "userErrors").collect::<Vec<_>>()[..] else {
        panic!("the payload of `{mutation}` is not an entity and `userErrors`: say here how to ask for it")
    };
    &entity.name
}
