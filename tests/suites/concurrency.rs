//! Many concurrent requests.

mod many_organizations;
mod races;

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Answer, Database, Gateway, Kind, actor::token, sample, world::World};
use tokio::{sync::Semaphore, task::JoinSet};

/// Number of organizations, each with the same DSO, doctors and activities except for its own number in every text.
const TENANTS: usize = 100;
/// Minimum number of requests: each tenant sends each shape twice.
const REQUESTS: usize = 800;
const REQUESTS_OF_THE_WHOLE: usize = 10_000;
const AT_ONCE: usize = 16;

const SHAPES: [&str; 4] = [
    "{ organization { name dsos { nodes { name doctors(first: 3) { nodes { name email activities(first: 2) { nodes { kind note } } } } } } } }",
    "{ doctors(first: 2, orderBy: { field: LAST_CONTACT, direction: DESC }) { totalCount nodes { id name phone dso { name } } } }",
    "{ viewer { name organization { slug } member { role user { email } } } activities(first: 3) { nodes { note doctor { name } } } }",
    "{ nodes(ids: [\"DOCTOR\"]) { id ... on Doctor { name practice cases { nodes { title } } } } members { nodes { user { name } } } }",
];

/// Every id is the same in every organization, so a row of another tenant shows by that tenant's number.
async fn seed(database: &Database) {
    let connection = database.connect().await;
    let backend = connection.get_database_backend();
    let time = chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let run = async |sql: &str, values: Vec<sea_orm::Value>| {
        let statement = Statement::from_sql_and_values(backend, sql, values);
        connection.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    run("BEGIN", vec![]).await;
    for tenant in 0..TENANTS {
        let organization = World::uuid(&format!("tenant {tenant}"));
        let user = World::uuid(&format!("tenant user {tenant}"));
        let text = |what: &str| sea_orm::Value::from(format!("{what} of tenant {tenant}"));
        let person = format!("tenant-{tenant}");
        let email = format!("{person}@people.example");
        let (member, dso) = (World::uuid("one member"), World::uuid("one dso"));
        run(
            "INSERT INTO users (id, email, email_normal, name, created_at, updated_at) VALUES ($1, $2, $2, $3, $4, $4)",
            vec![user.into(), email.into(), text("user"), time.into()],
        )
        .await;
        run(
            "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)",
            vec![gateway::config::Issuer::DEVELOPMENT.into(), person.into(), user.into(), time.into()],
        )
        .await;
        run(
            "INSERT INTO organizations (id, name, slug, status, created_at, updated_at, version) VALUES ($1, $2, $3, 'ACTIVE', $4, $4, 1)",
            vec![organization.into(), text("organization"), format!("slug-{tenant}").into(), time.into()],
        )
        .await;
        run(
            "INSERT INTO memberships (organization_id, id, user_id, role, status, created_at, updated_at, version) VALUES ($1, $2, $3, 'OWNER', 'ACTIVE', $4, $4, 1)",
            vec![organization.into(), member.into(), user.into(), time.into()],
        )
        .await;
        run(
            "INSERT INTO dsos (organization_id, id, name, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $4, 1)",
            vec![organization.into(), dso.into(), text("dso"), time.into()],
        )
        .await;
        for doctor in 0..3 {
            let id = World::uuid(&format!("doctor {doctor}"));
            run(
                "INSERT INTO doctors (organization_id, id, dso_id, name, email, phone, practice, last_contact_at, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, 1)",
                vec![organization.into(), id.into(), dso.into(), text(&format!("doctor {doctor}")), text("email"), text("phone"), text("practice"), (time + chrono::Duration::hours(doctor)).into()],
            )
            .await;
            for turn in 0..2 {
                run(
                    "INSERT INTO activities (organization_id, id, dso_id, doctor_id, actor_member_id, kind, occurred_at, note, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, 'PHONE', $6, $7, $6, $6, 1)",
                    vec![organization.into(), World::uuid(&format!("activity {doctor} {turn}")).into(), dso.into(), id.into(), member.into(), (time + chrono::Duration::hours(turn)).into(), text("note")],
                )
                .await;
            }
        }
    }
    run("COMMIT", vec![]).await;
}

async fn ask(gateway: &Gateway, request: usize) -> Answer {
    let shape = SHAPES[request % SHAPES.len()].replace("DOCTOR", &World::id::<entity::id::DoctorId>("doctor 1"));
    let tenant = (request / SHAPES.len()) % TENANTS;
    // Every other request names no organization, so the gateway chooses it.
    let slug = format!("slug-{tenant}");
    let organization = request.is_multiple_of(2).then_some(slug.as_str());
    gateway.ask_as(Some(&token(&format!("tenant-{tenant}"))), organization, &shape, json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_a_hundred_tenants_at_once_answer_as_if_each_were_alone() {
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        seed(&database).await;
        let gateway = Gateway::with_connections(&database, 12).await;
        let different = TENANTS * SHAPES.len();
        let mut alone: Vec<Value> = Vec::with_capacity(different);
        for request in 0..different {
            let answer = ask(&gateway, request).await.clean();
            let tenant = (request / SHAPES.len()) % TENANTS;
            assert!(answer.text.contains(&format!("of tenant {tenant}\"")), "{kind:?}: {}", answer.text);
            alone.push(answer.stable());
        }
        let alone = Arc::new(alone);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut all = JoinSet::new();
        for turn in 0..sample(REQUESTS, REQUESTS_OF_THE_WHOLE) {
            let place = Arc::clone(&places).acquire_owned().await.unwrap();
            let (gateway, alone) = (gateway.clone(), Arc::clone(&alone));
            all.spawn(async move {
                // A step that is coprime to the number of requests mixes tenants and shapes.
                let request = turn * 7919 % different;
                let answer = ask(&gateway, request).await;
                assert_eq!(answer.stable(), alone[request], "request {request} was answered otherwise than alone");
                drop(place);
            });
        }
        while let Some(done) = all.join_next().await {
            done.unwrap();
        }
    }
}
