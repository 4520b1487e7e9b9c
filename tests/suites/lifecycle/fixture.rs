//! A house of one's own, with everybody in it.
//!
//! Owns: setting rows up and looking at them, past every wall. May use: the way in. Invariant: nothing here tells how a
//! change should end.

use std::{collections::BTreeMap, ops::Deref, time::Duration};

use entity::organization_settings::OrganizationSettings;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tests::{Database, Kind, dump::dump};
use uuid::Uuid;

pub(super) use super::client::{Change, Ended, Gate, change, codes, key, rounds, tally};
use super::fixture_rows::{self, NORTH, SOUTH};

/// Enough for all who ask at once in any race but those of hundreds.
const CONNECTIONS: u32 = 20;

/// A house with everybody in it.
pub(super) struct House {
    pub(super) kind: Kind,
    pub(super) rows: DatabaseConnection,
    pub(super) database: Database,
    gate: Gate,
}

impl Deref for House {
    type Target = Gate;

    fn deref(&self) -> &Gate {
        &self.gate
    }
}

impl House {
    /// As everybody lives in it.
    pub(super) async fn new(kind: Kind) -> Self {
        Self::with(kind, OrganizationSettings::default()).await
    }

    /// With an operator's rules.
    pub(super) async fn with(kind: Kind, rules: OrganizationSettings) -> Self {
        let house = Self::empty(kind, rules).await;
        fixture_rows::seed(&house.rows).await;
        house
    }

    /// With nobody in it.
    pub(super) async fn empty(kind: Kind, rules: OrganizationSettings) -> Self {
        let database = Database::empty(kind).await;
        let gate = Gate::over(&database, rules, CONNECTIONS).await;
        let rows = database.connect().await;
        Self { kind, rows, database, gate }
    }

    /// Changes rows behind the gateway's back: how many.
    pub(super) async fn sql(&self, sql: &str, values: Vec<sea_orm::Value>) -> u64 {
        fixture_rows::change(&self.rows, sql, values).await
    }

    /// Gives somebody of North another role or status, behind the gateway's back.
    pub(super) async fn set(&self, person: &str, role: &str, status: &str) {
        let sql = "UPDATE memberships SET role = $1, status = $2 WHERE organization_id = $3 AND id = $4";
        let values = vec![
            role.into(),
            status.into(),
            fixture_rows::organization(NORTH).into(),
            fixture_rows::member(person).into(),
        ];
        assert_eq!(self.sql(sql, values).await, 1, "`{person}` is no member of North");
    }

    /// The texts in the column `t`.
    pub(super) async fn texts(&self, sql: &str, values: Vec<sea_orm::Value>) -> Vec<String> {
        let statement = Statement::from_sql_and_values(self.rows.get_database_backend(), sql, values);
        let rows = self.rows.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.try_get("", "t").expect("a text in the column `t`")).collect()
    }

    /// The number in the column `n`.
    pub(super) async fn count(&self, sql: &str, values: Vec<sea_orm::Value>) -> i64 {
        let statement = Statement::from_sql_and_values(self.rows.get_database_backend(), sql, values);
        let row = self.rows.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        row.expect("a row").try_get("", "n").expect("a number in the column `n`")
    }

    /// `ROLE STATUS` of somebody in North.
    pub(super) async fn standing(&self, person: &str) -> String {
        let sql = "SELECT role || ' ' || status AS t FROM memberships WHERE organization_id = $1 AND user_id = $2";
        let found =
            self.texts(sql, vec![fixture_rows::organization(NORTH).into(), fixture_rows::user(person).into()]).await;
        found.into_iter().next().unwrap_or_default()
    }

    /// `DSO ROLE` of somebody in North, archived DSOs too.
    pub(super) async fn grants(&self, person: &str) -> Vec<String> {
        let sql = "SELECT d.name || ' ' || g.role AS t FROM dso_grants g JOIN memberships m \
                   ON m.organization_id = g.organization_id AND m.id = g.member_id JOIN dsos d \
                   ON d.organization_id = g.organization_id AND d.id = g.dso_id \
                   WHERE g.organization_id = $1 AND m.user_id = $2 ORDER BY d.name";
        self.texts(sql, vec![fixture_rows::organization(NORTH).into(), fixture_rows::user(person).into()]).await
    }

    /// The active owners of North.
    pub(super) async fn owners(&self) -> i64 {
        let sql = "SELECT count(*) AS n FROM memberships \
                   WHERE organization_id = $1 AND role = 'OWNER' AND status = 'ACTIVE'";
        self.count(sql, vec![fixture_rows::organization(NORTH).into()]).await
    }

    /// The log of an organization: `ACTION DONE` or `ACTION REFUSED CODE`. Fails unless the chain has no gap.
    pub(super) async fn log(&self, organization: Uuid) -> Vec<String> {
        let sql = "SELECT sequence || ' ' || action || ' ' || outcome || coalesce(' ' || reason, '') AS t \
                   FROM audit_events WHERE organization_id = $1 ORDER BY sequence";
        let lines = self.texts(sql, vec![organization.into()]).await;
        let event = |(place, line): (usize, &String)| {
            let (sequence, event) = line.split_once(' ').expect("a number and an event");
            assert_eq!(sequence, (place + 1).to_string(), "the chain has a gap or a fork: {lines:#?}");
            event.to_owned()
        };
        lines.iter().enumerate().map(event).collect()
    }

    /// What was written down in North since it had `seen` events.
    pub(super) async fn news(&self, seen: usize) -> Vec<String> {
        self.log(fixture_rows::organization(NORTH)).await.split_off(seen)
    }

    /// How many events North has.
    pub(super) async fn seen(&self) -> usize {
        self.log(fixture_rows::organization(NORTH)).await.len()
    }

    /// From here on every refused attempt is the first of its kind again.
    pub(super) async fn forget_refusals(&self) {
        self.sql("DELETE FROM refused_attempts", vec![]).await;
    }

    /// Lets so many minutes pass since every refused attempt.
    pub(super) async fn age_refusals(&self, minutes: i64) {
        let then = entity::time::micros(chrono::Utc::now() - chrono::Duration::minutes(minutes));
        self.sql("UPDATE refused_attempts SET since = $1", vec![then.into()]).await;
    }

    /// All rows of South.
    pub(super) async fn south(&self) -> BTreeMap<String, Vec<String>> {
        let id = fixture_rows::organization(SOUTH);
        let ids = [id.to_string(), id.simple().to_string().to_uppercase()];
        let mut all = dump(&self.rows).await;
        for rows in all.values_mut() {
            rows.retain(|row| ids.iter().any(|id| row.contains(id)));
        }
        all
    }

    /// Invites somebody to North as its owner: the invitation's id and its token.
    pub(super) async fn invited(&self, email: &str, more: Value) -> (String, String) {
        self.invited_by("owner", NORTH, email, more).await
    }

    /// Invites somebody: the invitation's id and its token.
    pub(super) async fn invited_by(&self, by: &str, of: &str, email: &str, more: Value) -> (String, String) {
        let mut input = more;
        input["email"] = json!(email);
        let ended = self.change(by, of, "invitationCreate", input).await;
        assert_eq!(ended.code(), "OK", "{:?} {email}: {}", self.kind, ended.answer.text);
        let mail = self.post().await.into_iter().find(|mail| mail.recipient == ended.text("/invitation/email"));
        (ended.text("/invitation/id"), mail.expect("a mail with the token").token)
    }

    /// Makes a change that has passed its guard and waits for the organization, while a row is changed behind its back.
    pub(super) async fn overtaken(&self, change: Change, sql: &str, values: Vec<sea_orm::Value>) -> Ended {
        let ahead = self.database.connect().await;
        let begin = if self.kind == Kind::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        ahead.execute_unprepared(begin).await.expect("begin");
        if self.kind == Kind::Postgres {
            let lock = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
            fixture_rows::change(&ahead, lock, vec![fixture_rows::organization(NORTH).into()]).await;
        }
        let waiting = self.start(change);
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert!(!waiting.is_finished(), "{:?}: the change did not wait for the organization's lock", self.kind);
        assert_eq!(fixture_rows::change(&ahead, sql, values).await, 1, "{sql}");
        ahead.execute_unprepared("COMMIT").await.expect("commit");
        ahead.close().await.expect("close");
        waiting.await.expect("the change came to its end")
    }

    /// From here on nothing can be written down.
    pub(super) async fn break_log(&self) {
        let each = "CREATE TRIGGER no_room BEFORE INSERT ON audit_events";
        match self.kind {
            Kind::Sqlite => {
                self.sql(&format!("{each} BEGIN SELECT raise(abort, 'no room'); END"), vec![]).await;
            }
            Kind::Postgres => {
                let function = "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS \
                                $$ BEGIN RAISE EXCEPTION 'no room'; END $$";
                self.sql(function, vec![]).await;
                self.sql(&format!("{each} FOR EACH ROW EXECUTE FUNCTION no_room()"), vec![]).await;
            }
        }
    }

    /// Undoes [`Self::break_log`].
    pub(super) async fn mend_log(&self) {
        let of = if self.kind == Kind::Sqlite { "" } else { " ON audit_events" };
        self.sql(&format!("DROP TRIGGER no_room{of}"), vec![]).await;
    }
}
