//! Dashboards: who can own, see and change them, and what their widgets show to each caller.
//!
//! Owns: the helpers that the suites of dashboards share. May use: the world. Invariant: everything is tested on both
//! databases.

mod cost;
mod crud;
mod rendering;
mod saving;
mod sharing;

use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind};

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

    /// Sends a mutation that selects `entity` of the payload.
    async fn change(&self, actor: Actor, mutation: &str, entity: &str, input: &Value) -> Answer {
        let (first, rest) = mutation.split_at(1);
        let ty = format!("{}{rest}Input!", first.to_uppercase());
        let text = format!(
            "mutation($input: {ty}) {{ {mutation}(input: $input) {{ {entity} userErrors {{ code message field }} }} }}"
        );
        self.gateway.ask(actor, &text, json!({ "input": input })).await
    }

    /// The same, which must succeed; returns the payload's entity.
    async fn done(&self, actor: Actor, mutation: &str, entity: &str, input: &Value) -> Value {
        let answer = self.change(actor, mutation, entity, input).await.clean();
        let payload = answer.data(&format!("/{mutation}"));
        assert_eq!(payload["userErrors"], json!([]), "{actor:?} {mutation}: {}", answer.text);
        payload[entity.split(' ').next().unwrap()].clone()
    }

    /// The codes and messages of the user errors.
    async fn to_mend(&self, actor: Actor, mutation: &str, entity: &str, input: &Value) -> Vec<String> {
        let answer = self.change(actor, mutation, entity, input).await.clean();
        let errors = answer.data(&format!("/{mutation}/userErrors")).as_array().expect("user errors").clone();
        errors
            .iter()
            .map(|error| format!("{} {}", error["code"].as_str().unwrap(), error["message"].as_str().unwrap()))
            .collect()
    }

    async fn read(&self, actor: Actor, query: &str, variables: Value) -> Answer {
        self.gateway.ask(actor, query, variables).await
    }

    /// Creates a shared dashboard of the owner with one widget; returns its id and the widget's.
    async fn shared(&self, kind: &str, query: &Value) -> (String, String) {
        self.board(Actor::Owner, "SHARED", kind, query).await
    }

    /// Creates a dashboard of an actor with one widget; returns its id and the widget's.
    async fn board(&self, author: Actor, visibility: &str, kind: &str, query: &Value) -> (String, String) {
        let input = json!({ "title": "Board", "visibility": visibility });
        let board = self.done(author, "dashboardCreate", "dashboard { id }", &input).await;
        let board = board["id"].as_str().unwrap().to_owned();
        let input = json!({ "dashboardId": board, "title": "One", "kind": kind, "query": query });
        let widget = self.done(author, "widgetAdd", "widget { id }", &input).await;
        (board, widget["id"].as_str().unwrap().to_owned())
    }
}

/// Members of A, from the highest role to the lowest.
const MEMBERS: [Actor; 7] =
    [Actor::Owner, Actor::Admin, Actor::DsoAdmin, Actor::Manager, Actor::Viewer, Actor::Ungranted, Actor::BothInA];
