//! Running as another member: what is seen, who may, and what is written down.
//!
//! Owns: asking with the header `X-Run-As-Member`. Invariant: every answer is compared with what it must equal, and nothing
//! here tells how the gateway comes to it.

mod log;
mod refused;
mod visible_data;

use entity::id::MemberId;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value as Bound};
use serde_json::{Value, json};
use tests::{Actor, Answer, Gateway, World};

/// The membership of a person of the world.
fn member(person: &str) -> String {
    World::id::<MemberId>(&format!("member {person}"))
}

/// Asks as somebody, running as whoever has this membership.
async fn run_as(gateway: &Gateway, actor: Actor, member: &str, query: &str, variables: Value) -> Answer {
    let mut headers = vec![("x-run-as-member", member)];
    headers.extend(actor.organization().map(|name| ("x-organization-id", name)));
    gateway.ask_with(actor.token().as_deref(), &headers, query, variables).await
}

/// The name of the organization: the least that takes a member.
async fn look(gateway: &Gateway, actor: Actor, member: &str) -> Answer {
    run_as(gateway, actor, member, "{ organization { name } }", json!({})).await
}

/// As whom the answer says it ran.
fn ran_as(answer: &Answer) -> Option<&str> {
    answer.headers.get("x-run-as-member").map(|member| member.to_str().expect("an id"))
}

/// Changes one row behind the gateway's back.
async fn change<const N: usize>(connection: &DatabaseConnection, sql: &str, values: [Bound; N]) {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let done = connection.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert_eq!(done.rows_affected(), 1, "{sql}");
}

/// Gives a member of A a role and a status.
async fn make(connection: &DatabaseConnection, person: &str, role: &str, status: &str) {
    let sql = "UPDATE memberships SET role = $1, status = $2 WHERE organization_id = $3 AND id = $4";
    let organization = World::organization(tests::world::Side::A);
    let id = World::uuid(&format!("member {person}"));
    change(connection, sql, [role.into(), status.into(), organization.into(), id.into()]).await;
}
