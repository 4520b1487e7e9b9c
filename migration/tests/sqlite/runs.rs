//! The three commands: what they do, undo, share and say.

use migration::{StepState, down, status, up};
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::{File, migrated, texts};

async fn schema(file: &File) -> Vec<String> {
    let db = file.open().await;
    let sql = "select name || ': ' || coalesce(sql, '') from sqlite_schema order by name";
    let schema = texts(&db, sql).await;
    db.close().await.unwrap();
    schema
}

#[tokio::test]
async fn up_down_up_ends_where_it_began() {
    let file = File::new("up-down-up");
    let url = file.url();
    let pending = status(&url).await.unwrap();
    assert!(pending.iter().all(|step| step.state == StepState::Pending));
    assert!(!file.0.join("a database.sqlite").exists(), "status makes no file");

    let names = up(&url, None).await.unwrap();
    assert_eq!(names, pending.iter().map(|step| step.name.clone()).collect::<Vec<_>>());
    assert!(status(&url).await.unwrap().iter().all(|step| step.state == StepState::Applied));
    assert!(up(&url, None).await.unwrap().is_empty(), "nothing is left to do");
    let first = schema(&file).await;

    let undone = down(&url, None).await.unwrap();
    assert_eq!(undone, names.iter().rev().cloned().collect::<Vec<_>>());
    let left: Vec<_> = schema(&file).await.into_iter().filter(|row| !row.contains("seaql_migrations")).collect();
    assert!(left.is_empty(), "down leaves {left:?}");

    assert_eq!(up(&url, None).await.unwrap(), names);
    assert_eq!(schema(&file).await, first);
}

/// Steps that SQLite, which has neither roles nor functions, has nothing to do for.
const ON_POSTGRES_ONLY: [&str; 7] = [
    "m0021_context",
    "m0022_context_changes",
    "m0023_context_again",
    "m0024_drop_context_triggers",
    "m0025_context_rights",
    "m0026_replica_probe",
    "m0034_relink",
];

#[tokio::test]
async fn each_step_undoes_exactly_itself() {
    let file = File::new("each-step");
    let url = file.url();
    assert!(up(&url, Some(0)).await.unwrap().is_empty());
    for step in status(&url).await.unwrap() {
        assert_eq!(up(&url, Some(1)).await.unwrap(), vec![step.name.clone()]);
        let with = schema(&file).await;
        assert_eq!(down(&url, Some(1)).await.unwrap(), vec![step.name.clone()]);
        if !ON_POSTGRES_ONLY.contains(&step.name.as_str()) {
            assert_ne!(schema(&file).await, with, "{} does something", step.name);
        }
        assert_eq!(up(&url, Some(1)).await.unwrap(), [step.name]);
        assert_eq!(schema(&file).await, with);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn runs_at_once_share_the_work() {
    let file = File::new("at-once");
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let url = file.url();
            tokio::spawn(async move { up(&url, None).await })
        })
        .collect();
    let mut applied = Vec::new();
    for run in runs {
        applied.extend(run.await.unwrap().unwrap());
    }
    applied.sort();
    let all: Vec<_> = status(&file.url()).await.unwrap().into_iter().map(|step| step.name).collect();
    assert_eq!(applied, all, "each step once");
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let (file, db) = migrated("newer").await;
    db.execute_unprepared("insert into seaql_migrations values ('m9999_future', 0)").await.unwrap();
    for error in [
        up(&file.url(), None).await.unwrap_err(),
        down(&file.url(), None).await.unwrap_err(),
        status(&file.url()).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("steps that this version does not know"), "{error}");
    }
}

#[tokio::test]
async fn a_failing_step_is_rolled_back_and_named() {
    let file = File::new("failing");
    up(&file.url(), Some(3)).await.unwrap();
    let db = file.open().await;
    // The step makes its table, then meets an index of the same name.
    db.execute_unprepared("create index doctors_by_name on dsos (organization_id)").await.unwrap();
    let error = up(&file.url(), None).await.unwrap_err().to_string();
    assert!(error.contains("step `m0004_doctors` failed") && error.contains("doctors_by_name"), "{error}");
    assert!(texts(&db, "select name from sqlite_schema where name = 'doctors'").await.is_empty());
    db.execute_unprepared("drop index doctors_by_name").await.unwrap();
    assert_eq!(up(&file.url(), None).await.unwrap().first().unwrap(), "m0004_doctors");
}

#[tokio::test]
async fn errors_say_what_is_wrong_and_no_password() {
    let cases = [
        ("", "not a database url: it is empty"),
        ("cs12.sqlite", "not a database url: `cs12.sqlite`"),
        ("mysql://u:hunter2@h/d", "not a database url: `mysql://…`"),
        ("u:hunter2@h/d", "not a database url: it has no known scheme"),
        ("postgres://u:hunter2@h:port/d", "not a database url: `postgres://…`"),
        ("sqlite://", "not a database url"),
        ("sqlite::memory:", "an in-memory database cannot be migrated"),
        ("sqlite:///no/such/folder/x.sqlite", "cannot reach the database `/no/such/folder/x.sqlite`"),
        ("postgres://u:hunter2@127.0.0.1:1/d", "cannot reach the database `127.0.0.1:1/d`: Connection refused"),
    ];
    for (url, expected) in cases {
        let error = up(url, None).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{url}: {error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}: {error:?}");
    }
    let file = File::new("no-file");
    let error = down(&file.url(), None).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot reach the database"), "{error}");
}
