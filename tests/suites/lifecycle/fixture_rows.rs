//! Who lives in the house.
//!
//! Owns: the rows that every case starts with: two organizations, North and South, and people of neither. Invariant: South
//! is there to stay as it is; each person has signed in before, so that no first request writes anything.

use chrono::Utc;
use entity::{
    id::{DsoId, MemberId, OrganizationId, TypedId},
    time::micros,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use tests::World;
use uuid::Uuid;

pub(super) const NORTH: &str = "north-dental";
pub(super) const SOUTH: &str = "south-dental";
/// No organization is chosen.
pub(super) const NOWHERE: &str = "";

/// Everybody whom we know. Pat and Kim belong nowhere.
const PEOPLE: [&str; 10] = ["owner", "admin", "ann", "dee", "sam", "gone", "sue", "bob", "pat", "kim"];

const MEMBERS: [(&str, &str, &str, &str); 9] = [
    (NORTH, "owner", "OWNER", "ACTIVE"),
    (NORTH, "admin", "ADMIN", "ACTIVE"),
    (NORTH, "ann", "MEMBER", "ACTIVE"),
    (NORTH, "dee", "MEMBER", "ACTIVE"),
    (NORTH, "sam", "MEMBER", "SUSPENDED"),
    (NORTH, "gone", "MEMBER", "REMOVED"),
    (SOUTH, "sue", "OWNER", "ACTIVE"),
    (SOUTH, "bob", "MEMBER", "ACTIVE"),
    (SOUTH, "ann", "MEMBER", "ACTIVE"),
];

const DSOS: [(&str, &str); 4] = [(NORTH, "Smile"), (NORTH, "Bright"), (NORTH, "Attic"), (SOUTH, "Harbor")];

const GRANTS: [(&str, &str, &str); 5] = [
    ("ann", "Smile", "VIEWER"),
    ("ann", "Attic", "MANAGER"),
    ("dee", "Smile", "ADMIN"),
    ("sam", "Smile", "VIEWER"),
    ("gone", "Smile", "ADMIN"),
];

/// The number behind an organization's public id.
pub(super) fn organization(slug: &str) -> Uuid {
    World::uuid(&format!("house {slug}"))
}

pub(super) fn organization_id(slug: &str) -> String {
    OrganizationId::from_uuid(organization(slug)).to_text()
}

pub(super) fn user(person: &str) -> Uuid {
    World::uuid(&format!("house user {person}"))
}

pub(super) fn member(person: &str) -> Uuid {
    World::uuid(&format!("house {NORTH} {person}"))
}

/// A member of North.
pub(super) fn member_id(person: &str) -> String {
    MemberId::from_uuid(member(person)).to_text()
}

/// A member of South.
pub(super) fn south_id(person: &str) -> String {
    MemberId::from_uuid(World::uuid(&format!("house {SOUTH} {person}"))).to_text()
}

pub(super) fn dso(name: &str) -> Uuid {
    World::uuid(&format!("house dso {name}"))
}

pub(super) fn dso_id(name: &str) -> String {
    DsoId::from_uuid(dso(name)).to_text()
}

/// A member of nobody's.
pub(super) fn nobody_id() -> String {
    MemberId::generate().to_text()
}

pub(super) async fn change(rows: &DatabaseConnection, sql: &str, values: Vec<Value>) -> u64 {
    let statement = Statement::from_sql_and_values(rows.get_database_backend(), sql, values);
    rows.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
}

/// Puts all rows in.
pub(super) async fn seed(rows: &DatabaseConnection) {
    for slug in [NORTH, SOUTH] {
        let sql = "INSERT INTO organizations (id, name, slug, status, created_at, updated_at, version) \
                   VALUES ($1, $2, $3, 'ACTIVE', $4, $4, 1)";
        let name = format!("The house {slug}");
        // Not young any more: a young organization sends fewer invitations.
        change(rows, sql, vec![organization(slug).into(), name.into(), slug.into(), days(-100)]).await;
    }
    for person in PEOPLE {
        known(rows, person).await;
    }
    for (slug, person, role, status) in MEMBERS {
        belongs(rows, slug, person, role, status).await;
    }
    for (slug, name) in DSOS {
        let sql = "INSERT INTO dsos (organization_id, id, name, created_at, updated_at, deleted_at, version, name_key) \
                   VALUES ($1, $2, $3, $4, $4, $5, 1, $6)";
        let deleted = (name == "Attic").then(|| micros(Utc::now()));
        let key = entity::text::name_key(name).into();
        change(rows, sql, vec![organization(slug).into(), dso(name).into(), name.into(), now(), deleted.into(), key])
            .await;
    }
    for (person, name, role) in GRANTS {
        granted(rows, person, name, role).await;
    }
}

/// Makes somebody known.
pub(super) async fn known(rows: &DatabaseConnection, person: &str) {
    let sql =
        "INSERT INTO users (id, email, email_normal, name, created_at, updated_at) VALUES ($1, $2, $2, $3, $4, $4)";
    let email = format!("{person}@people.example");
    change(rows, sql, vec![user(person).into(), email.into(), format!("{person} by name").into(), now()]).await;
    let sql = "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)";
    let issuer = gateway::config::Issuer::DEVELOPMENT;
    change(rows, sql, vec![issuer.into(), person.into(), user(person).into(), now()]).await;
}

/// Makes somebody a member.
pub(super) async fn belongs(rows: &DatabaseConnection, slug: &str, person: &str, role: &str, status: &str) {
    let sql = "INSERT INTO memberships \
               (organization_id, id, user_id, role, status, created_at, updated_at, version, last_seen_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $6, 1, $6)";
    let id = World::uuid(&format!("house {slug} {person}"));
    let values = vec![organization(slug).into(), id.into(), user(person).into(), role.into(), status.into(), now()];
    change(rows, sql, values).await;
}

/// Gives somebody of North a role on a DSO.
pub(super) async fn granted(rows: &DatabaseConnection, person: &str, name: &str, role: &str) {
    let sql = "INSERT INTO dso_grants (organization_id, id, dso_id, member_id, role, granted_by, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = vec![
        organization(NORTH).into(),
        Uuid::new_v4().into(),
        dso(name).into(),
        member(person).into(),
        role.into(),
        member("owner").into(),
        now(),
    ];
    change(rows, sql, values).await;
}

/// Makes the members of North what they were.
pub(super) async fn restore_members(rows: &DatabaseConnection) {
    for (slug, person, role, status) in MEMBERS.iter().filter(|(slug, ..)| *slug == NORTH) {
        let sql = "UPDATE memberships SET role = $1, status = $2, version = 1 WHERE organization_id = $3 AND id = $4";
        let values = vec![(*role).into(), (*status).into(), organization(slug).into(), member(person).into()];
        change(rows, sql, values).await;
    }
}

pub(super) fn now() -> Value {
    micros(Utc::now()).into()
}

/// So many days from now.
pub(super) fn days(from_now: i64) -> Value {
    micros(Utc::now() + chrono::Duration::days(from_now)).into()
}
