//! Texts, times and addresses: which are taken, and how rows are found and ordered by them.
//!
//! Owns: what the suites share: changing the world's rows and reading their names. May use: the world. Invariant: both databases answer
//! alike.

mod bounded;
mod catalog;
mod filled;
mod found;
mod ordered;

use entity::id::DsoId;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World};

/// A gateway over a world of its own.
struct Stage {
    gateway: Gateway,
    database: Database,
}

impl Stage {
    async fn new(kind: Kind) -> Self {
        let database = Database::world(kind).await;
        Self { gateway: Gateway::over(&database).await, database }
    }

    async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.gateway.ask(Actor::Owner, query, variables).await
    }

    /// Adds a doctor to the DSO Smile.
    async fn doctor(&self, name: &str, practice: Option<&str>) -> String {
        let text = "mutation ($input: DoctorCreateInput!) { doctorCreate(input: $input) { doctor { id } userErrors { message } } }";
        let input = json!({ "dsoId": dso("Smile"), "name": name, "practice": practice });
        let answer = self.ask(text, json!({ "input": input })).await.clean();
        answer.data("/doctorCreate/doctor/id").as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    }

    /// Makes a DSO.
    async fn dso(&self, name: &str) {
        let text =
            "mutation ($name: String!) { dsoCreate(input: { name: $name }) { dso { id } userErrors { message } } }";
        let answer = self.ask(text, json!({ "name": name })).await.clean();
        assert!(answer.data("/dsoCreate/dso/id").is_string(), "{}", answer.text);
    }

    /// The names that a list of `doctors` or `dsos` answers.
    async fn names(&self, list: &str, arguments: &str, variables: &Value) -> Vec<String> {
        let head = if arguments.contains("$text") { "query ($text: String) " } else { "" };
        let query = format!("{head}{{ {list}(first: 100 {arguments}) {{ nodes {{ name }} }} }}");
        let answer = self.ask(&query, variables.clone()).await.clean();
        names(answer.data(&format!("/{list}/nodes")))
    }
}

fn names(nodes: &Value) -> Vec<String> {
    let nodes = nodes.as_array().expect("a list");
    nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

fn dso(name: &str) -> String {
    World::id::<DsoId>(&format!("dso {name}"))
}
