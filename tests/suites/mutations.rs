//! Every mutation: what it does, what it writes down, and when it does nothing.
//!
//! Owns: what the suites of changes share: inputs by mutation, asking, and looking past every wall. May use: the world.
//! Invariant: whoever is refused, or told what to mend, has left every row of every table as it was.

mod archive;
mod atomic;
mod refused;
mod same;
mod success;
mod terminology;

use std::collections::BTreeMap;

use crate::matrix::changes::{boards::BOARDS, life::LIFE};
use entity::id::{ActivityId, CaseId, DoctorId, DsoId, TypedId};
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World, dump::dump};

/// All mutations, each with the entity of its payload.
const ALL: [(&str, &str); 16] = [
    ("dsoCreate", "dso"),
    ("dsoUpdate", "dso"),
    ("dsoArchive", "dso"),
    ("dsoRestore", "dso"),
    ("doctorCreate", "doctor"),
    ("doctorUpdate", "doctor"),
    ("doctorArchive", "doctor"),
    ("doctorRestore", "doctor"),
    ("doctorMove", "doctor"),
    ("onboardingPeriodRecord", "onboardingPeriod"),
    ("activityLog", "activity"),
    ("activityUpdate", "activity"),
    ("activityDelete", "doctor"),
    ("caseOpen", "case"),
    ("caseUpdate", "case"),
    ("terminologyUpdate", "dso"),
];

/// A gateway over a world of its own, and a look past it.
struct Stage {
    kind: Kind,
    gateway: Gateway,
    rows: DatabaseConnection,
    _database: Database,
}

impl Stage {
    async fn new(kind: Kind) -> Self {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        Self { kind, gateway, rows, _database: database }
    }

    async fn dump(&self) -> BTreeMap<String, Vec<String>> {
        dump(&self.rows).await
    }

    /// Makes a change, the payload's entity being asked for `fields`.
    async fn change(&self, actor: Actor, mutation: &str, fields: &str, input: &Value) -> Answer {
        let entity = ALL.iter().find(|(name, _)| *name == mutation).expect("a mutation").1;
        let (first, rest) = mutation.split_at(1);
        let ty = format!("{}{rest}Input!", first.to_uppercase());
        let text = format!(
            "mutation($input: {ty}) {{ {mutation}(input: $input) {{ {entity} {{ {fields} }} userErrors {{ code message field }} }} }}"
        );
        self.gateway.ask(actor, &text, json!({ "input": input })).await
    }

    async fn read(&self, actor: Actor, query: &str, variables: Value) -> Answer {
        self.gateway.ask(actor, query, variables).await.clean()
    }
}

/// The rows that an input names.
struct Named {
    dso: String,
    archived_dso: String,
    doctor: String,
    archived_doctor: String,
    activity: String,
    case: String,
    to: String,
}

impl Named {
    /// Of a DSO of the world.
    fn of(dso: &str, to: &str) -> Self {
        Self {
            dso: dso_id(dso),
            archived_dso: dso_id("Archived"),
            doctor: doctor_id(&format!("{dso} Ada")),
            archived_doctor: doctor_id(&format!("{dso} Cleo")),
            activity: World::id::<ActivityId>(&format!("activity {dso} Ada TEXT")),
            case: World::id::<CaseId>(&format!("case {dso} Ada")),
            to: dso_id(to),
        }
    }

    /// Nobody's.
    fn nobody() -> Self {
        Self {
            dso: DsoId::generate().to_text(),
            archived_dso: DsoId::generate().to_text(),
            doctor: DoctorId::generate().to_text(),
            archived_doctor: DoctorId::generate().to_text(),
            activity: ActivityId::generate().to_text(),
            case: CaseId::generate().to_text(),
            to: DsoId::generate().to_text(),
        }
    }

    /// An input with which a mutation succeeds, if the caller may.
    fn input(&self, mutation: &str) -> Value {
        match mutation {
            "dsoCreate" => json!({ "name": "New" }),
            "dsoUpdate" => json!({ "dsoId": self.dso, "name": "Renamed" }),
            "dsoArchive" => json!({ "dsoId": self.dso }),
            "dsoRestore" => json!({ "dsoId": self.archived_dso }),
            "doctorCreate" => {
                json!({ "dsoId": self.dso, "name": " Dr. New ", "email": "New@doctors.example", "risk": "HIGH" })
            }
            "doctorUpdate" => json!({ "doctorId": self.doctor, "phone": "+1 555 0199", "risk": null }),
            "doctorArchive" => json!({ "doctorId": self.doctor }),
            "doctorRestore" => json!({ "doctorId": self.archived_doctor }),
            "doctorMove" => json!({ "doctorId": self.doctor, "toDsoId": self.to }),
            "onboardingPeriodRecord" => json!({ "doctorId": self.doctor, "period": 1, "percent": 80 }),
            "activityLog" => json!({ "doctorId": self.doctor, "kind": "MEETING", "note": "met" }),
            "activityUpdate" => json!({ "activityId": self.activity, "note": "called again" }),
            "activityDelete" => json!({ "activityId": self.activity }),
            "caseOpen" => json!({ "doctorId": self.doctor, "title": "Case 1" }),
            "caseUpdate" => json!({ "caseId": self.case, "status": "COMPLETED" }),
            "terminologyUpdate" => json!({ "dsoId": self.dso, "terms": [{ "key": "DOCTOR", "label": "Dentist" }] }),
            unknown => panic!("`{unknown}` has no input"),
        }
    }
}

/// Makes each change once, one after another; some find nothing any more because of those before. Fails if one fails, or few are made.
pub(crate) async fn make_all(gateway: &Gateway, why: &str) {
    let mut made = 0;
    for (mutation, entity) in ALL {
        let (first, rest) = mutation.split_at(1);
        let ty = format!("{}{rest}Input!", first.to_uppercase());
        let text = format!(
            "mutation($input: {ty}) {{ {mutation}(input: $input) {{ {entity} {{ id }} userErrors {{ code }} }} }}"
        );
        // What is put away is another's.
        let dso = if mutation.ends_with("Archive") { "Zenith" } else { "Smile" };
        let input = Named::of(dso, "Bright").input(mutation);
        let answer = gateway.ask(Actor::Owner, &text, json!({ "input": input })).await;
        let is_ours = |code: &&str| matches!(*code, "INTERNAL" | "UNAVAILABLE");
        assert!(!answer.codes().iter().any(is_ours), "{mutation} {why}: {}", answer.text);
        made += usize::from(!answer.data(&format!("/{mutation}/{entity}")).is_null());
    }
    assert!(made * 2 > ALL.len(), "only {made} changes were made {why}");
}

fn dso_id(name: &str) -> String {
    World::id::<DsoId>(&format!("dso {name}"))
}

fn doctor_id(name: &str) -> String {
    World::id::<DoctorId>(&format!("doctor {name}"))
}

#[test]
fn every_mutation_of_the_schema_is_here() {
    let sdl = crate::schema::sdl::Sdl::current();
    let mut known: Vec<_> = sdl.get("Mutation").fields.iter().map(|field| field.name.as_str()).collect();
    // Those that decide about access are the suite `life`'s, and those of dashboards the suite `dashboards`'.
    let mut here: Vec<_> = ALL.map(|(name, _)| name).into_iter().chain(LIFE).chain(BOARDS).collect();
    known.sort_unstable();
    here.sort_unstable();
    assert_eq!(known, here);
}
