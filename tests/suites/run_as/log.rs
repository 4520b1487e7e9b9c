//! What is written down: that somebody looked, as whom, and whether they were let.

use chrono::{Duration, Utc};
use entity::id::{MemberId, TypedId};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use tests::{
    Actor, Database, Gateway, Kind, World,
    dump::dump,
    world::{SLUG_A, Side},
};

use super::{change, look, member, run_as};

/// `ACTOR TARGET OUTCOME REASON` of each event about running as somebody, in the order of the log.
async fn events(rows: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT actor_member_id AS a, actor_user_id AS u, target_id AS t, target_kind AS k, outcome || coalesce(' ' || reason, '') AS o \
               FROM audit_events WHERE organization_id = $1 AND action = 'RUN_AS' ORDER BY sequence";
    let values = [World::organization(Side::A).into()];
    let statement = Statement::from_sql_and_values(rows.get_database_backend(), sql, values);
    let people = ["owner", "admin", "dso-admin", "viewer", "manager", "owner-b"];
    let name = |of: &str, id: uuid::Uuid| {
        people.into_iter().find(|person| World::uuid(&format!("{of} {person}")) == id).unwrap_or("nobody")
    };
    let rows = rows.query_all_raw(statement).await.unwrap();
    let line = |row: &sea_orm::QueryResult| {
        let actor = name("member", row.try_get("", "a").unwrap());
        assert_eq!(actor, name("user", row.try_get("", "u").unwrap()));
        assert_eq!(row.try_get::<String>("", "k").unwrap(), "MEMBER");
        let target = name("member", row.try_get("", "t").unwrap());
        format!("{actor} {target} {}", row.try_get::<String>("", "o").unwrap())
    };
    rows.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_look_is_written_down_once_in_a_quarter_of_an_hour() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        // A page asks many times at once.
        let at_once = (0..8).map(|_| {
            let gateway = gateway.clone();
            tokio::spawn(async move { look(&gateway, Actor::Admin, &member("viewer")).await.clean() })
        });
        for answered in at_once.collect::<Vec<_>>() {
            answered.await.unwrap();
        }
        assert_eq!(events(&rows).await, ["admin viewer DONE"], "{kind:?}");
        for (actor, target) in [
            (Actor::Admin, "manager"),
            (Actor::Owner, "viewer"),
            (Actor::Owner, "admin"),
            (Actor::Admin, "owner"),
            (Actor::Admin, "owner-b"),
            (Actor::DsoAdmin, "viewer"),
            (Actor::Outsider, "viewer"),
            (Actor::Stranger, "viewer"),
        ] {
            for _again in 0..2 {
                let _answer = look(&gateway, actor, &member(target)).await;
            }
        }
        let change = "mutation { dsoCreate(input: { name: \"x\" }) { dso { id } } }";
        let _refused = run_as(&gateway, Actor::Admin, &member("viewer"), change, json!({})).await;
        let expected = [
            "admin viewer DONE",
            "admin manager DONE",
            "owner viewer DONE",
            "owner admin DONE",
            // The refused ones by actor: whom they name is their own word.
            "admin owner REFUSED NOT_FOUND",
            "dso-admin viewer REFUSED FORBIDDEN",
            "admin viewer REFUSED FORBIDDEN",
        ];
        assert_eq!(events(&rows).await, expected, "{kind:?}");
        let verdict = gateway.db.audit_log_reader(SLUG_A).await.unwrap().unwrap().verify().await.unwrap();
        assert_eq!(verdict.broken, None, "{kind:?}");

        // The admins read it as any other event.
        let query = "{ organization { auditLog(filter: { action: [RUN_AS], outcome: DONE }) { totalCount nodes { action targetId targetKind actor { id } } } } }";
        let log = gateway.ask(Actor::Owner, query, json!({})).await.clean();
        assert_eq!(log.data("/organization/auditLog/totalCount"), 4, "{kind:?}");
        let first = json!({ "action": "RUN_AS", "targetId": member("admin"), "targetKind": "MEMBER", "actor": { "id": member("owner") } });
        assert_eq!(*log.data("/organization/auditLog/nodes/0"), first, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_who_is_refused_under_many_names_is_written_down_once() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        for (actor, code) in [(Actor::Viewer, "FORBIDDEN"), (Actor::Admin, "NOT_FOUND")] {
            let at_once = (0..20).map(|_| {
                let gateway = gateway.clone();
                tokio::spawn(async move { look(&gateway, actor, &MemberId::generate().to_text()).await })
            });
            for answered in at_once.collect::<Vec<_>>() {
                assert_eq!(answered.await.unwrap().codes(), [code], "{kind:?} {actor:?}");
            }
        }
        let expected = ["viewer nobody REFUSED FORBIDDEN", "admin nobody REFUSED NOT_FOUND"];
        assert_eq!(events(&rows).await, expected, "{kind:?}");
        // A quarter of an hour later it is an event again, which says how many attempts the last one stood for.
        let aged = Utc::now() - Duration::minutes(16);
        let sql = "UPDATE refused_attempts SET since = $1 WHERE user_id = $2 AND reason = 'FORBIDDEN'";
        change(&rows, sql, [entity::time::micros(aged).into(), World::uuid("user viewer").into()]).await;
        let _refused = look(&gateway, Actor::Viewer, &member("owner")).await;
        assert_eq!(events(&rows).await.last().unwrap(), "viewer owner REFUSED FORBIDDEN", "{kind:?}");
        let query = "{ organization { auditLog(first: 1) { nodes { after } } } }";
        let log = gateway.ask(Actor::Owner, query, json!({})).await.clean();
        let after = json!({ "earlier_attempts": 19 });
        assert_eq!(*log.data("/organization/auditLog/nodes/0/after"), after, "{kind:?}");
    }
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_it_is_written_down_again() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        // As if of before there was a chain, since the log is only added to.
        for (minutes, events_after) in [(16, 1 + 1), (14, 1 + 1 + 1)] {
            let sql = "INSERT INTO audit_events (organization_id, id, at, action, actor_kind, actor_member_id, actor_user_id, outcome, target_kind, target_id, request_id) \
                       VALUES ($1, $2, $3, 'RUN_AS', 'PERSON', $4, $5, 'DONE', 'MEMBER', $6, 'r')";
            let target = if minutes == 16 { "viewer" } else { "manager" };
            let values = [
                World::organization(Side::A).into(),
                World::uuid(&format!("event {minutes}")).into(),
                (Utc::now() - Duration::minutes(minutes)).into(),
                World::uuid("member admin").into(),
                World::uuid("user admin").into(),
                World::uuid(&format!("member {target}")).into(),
            ];
            change(&rows, sql, values).await;
            let _seen = look(&gateway, Actor::Admin, &member(target)).await.clean();
            assert_eq!(events(&rows).await.len(), events_after, "{kind:?} {minutes} minutes ago");
        }
    }
}

#[tokio::test]
async fn nothing_is_seen_that_cannot_be_written_down() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        let _here = gateway.ask(Actor::Admin, "{ organization { name } }", json!({})).await.clean();
        let each = "CREATE TRIGGER no_room BEFORE INSERT ON audit_events";
        let sql = match kind {
            Kind::Sqlite => format!("{each} BEGIN SELECT raise(abort, 'no room'); END"),
            Kind::Postgres => format!(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$; \
                 {each} FOR EACH ROW EXECUTE FUNCTION no_room()"
            ),
        };
        rows.execute_unprepared(&sql).await.unwrap();
        let answer = look(&gateway, Actor::Admin, &member("viewer")).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (500, vec!["INTERNAL"]), "{kind:?} {}", answer.text);
        assert!(!answer.text.contains("Aurora"), "{kind:?} {}", answer.text);
    }
}

#[tokio::test]
async fn whoever_is_looked_at_has_not_been_here() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        rows.execute_unprepared("UPDATE memberships SET last_seen_at = NULL").await.unwrap();
        let before = dump(&rows).await;
        let _seen = look(&gateway, Actor::Admin, &member("viewer")).await.clean();
        let changed =
            async |table: &str| dump(&rows).await[table].iter().filter(|row| !before[table].contains(row)).count();
        // That the admin was here is written beside the request.
        for _ in 0..200 {
            if changed("memberships").await > 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!((changed("memberships").await, changed("audit_events").await), (1, 1), "{kind:?}");
        let sql =
            "SELECT count(*) AS n FROM memberships WHERE organization_id = $1 AND id = $2 AND last_seen_at IS NOT NULL";
        for (person, seen) in [("admin", 1), ("viewer", 0)] {
            let values = [World::organization(Side::A).into(), World::uuid(&format!("member {person}")).into()];
            let statement = Statement::from_sql_and_values(rows.get_database_backend(), sql, values);
            let row = rows.query_one_raw(statement).await.unwrap().unwrap();
            assert_eq!(row.try_get::<i64>("", "n").unwrap(), seen, "{kind:?} {person}");
        }
    }
}
