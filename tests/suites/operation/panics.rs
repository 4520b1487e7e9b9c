//! A mistake of ours that ends in a panic, in the midst of a transaction: what it costs, and whom.

use std::{
    panic,
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use gateway::{
    config::{Enforcement, Limit},
    metrics::{Format, MetricsExporter, ReadinessGauge},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind, actor::token, client::limits, dump::dump, openmetrics::Exposed};

use super::tenants_are_apart;

/// Reads what nobody else here reads, behind other statements.
const READ: &str = "{ organization { name } dsos { nodes { name courses(first: 2) { nodes { title } } } } }";
const NEIGHBOUR: &str = "{ organization { name } doctors { nodes { name dso { name } } } }";
/// It is made, and then written down.
const CHANGE: &str = "mutation { dsoCreate(input: { name: \"Panicked\" }) { dso { id } userErrors { code } } }";

/// What the panic says: it may hold anything, and stays inside.
const SAID: &str = "the phone of Ada is 555";

/// So few may run at once; many more panic.
const RUNNING: u64 = 2;
const PANICS: usize = 20;

/// Whoever sends a statement with this in it panics, while its answer would come into a transaction that has begun. How often it was.
fn trap(gateway: &Gateway, part: &'static str) -> Arc<AtomicUsize> {
    quietly();
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    gateway.recorder.notify(move |sql| {
        if sql.contains(part) {
            counting.fetch_add(1, Ordering::Relaxed);
            panic!("{SAID}");
        }
    });
    count
}

/// No report of panics that are meant; of all others, as ever.
fn quietly() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<String>().is_none_or(|said| said != SAID) {
                usual(info);
            }
        }));
    });
}

async fn gateway(database: &Database) -> Gateway {
    let limits = limits().with(Limit::Running, RUNNING, Enforcement::Refuse).with(
        Limit::RunningOfOne,
        RUNNING,
        Enforcement::Refuse,
    );
    Gateway::under(database, limits, None).await
}

fn is_a_fault_without_a_word_of_the_inside(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.codes()), (500, vec!["INTERNAL"]), "{}", answer.text);
    let error = &answer.json["errors"][0];
    assert_eq!(error["message"], "internal error", "{}", answer.text);
    assert_eq!(error["extensions"]["requestId"], answer.request_id(), "{}", answer.text);
    assert!(!answer.request_id().is_empty() && answer.json.get("data").is_none(), "{}", answer.text);
    for word in [SAID, "Ada", "panic", ".rs", "recorder"] {
        assert!(!answer.text.contains(word), "`{word}` is in {}", answer.text);
    }
}

/// Nothing runs, nothing waits, every connection is back, and none of them is in a transaction.
async fn is_at_rest(gateway: &Gateway, database: &Database, after: &str) {
    assert_eq!(gateway.engine.queue_depths(), (0, 0), "after {after}: operations that run, and that wait");
    let looking = database.connect().await;
    let began = Instant::now();
    loop {
        let held: Vec<_> = gateway.db.pool_stats().into_iter().filter(|pool| pool.idle != pool.open).collect();
        let open = match database.kind {
            Kind::Sqlite => vec![],
            Kind::Postgres => {
                let sql =
                    "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
                looking.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap()
            }
        };
        if held.is_empty() && open.is_empty() {
            break;
        }
        let waited = began.elapsed();
        assert!(waited < Duration::from_secs(10), "after {after}: not given back: {held:?}, in transactions: {open:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // On SQLite, an open transaction of a writer would keep this one out.
    looking.execute_unprepared("UPDATE dsos SET name = name").await.unwrap();
    looking.close().await.unwrap();
}

fn told(gateway: &Gateway) -> Exposed {
    Exposed::read(
        &MetricsExporter::of(&gateway.engine, &gateway.db).text(ReadinessGauge::Yes, Format::OpenMetrics).unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_its_own_request_a_500_and_nobody_else_anything() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = gateway(&database).await;
        gateway.ask(Actor::Owner, READ, json!({})).await.clean();
        let panics = trap(&gateway, "courses");
        let all = (0..3 * PANICS).map(|n| {
            let gateway = gateway.clone();
            let (actor, query) =
                [(Actor::Owner, READ), (Actor::Viewer, NEIGHBOUR), (Actor::OwnerOfB, NEIGHBOUR)][n % 3];
            tokio::spawn(async move { (query, gateway.ask(actor, query, json!({})).await) })
        });
        for asked in join_all(all).await {
            let (query, answer) = asked.expect("a panic stays within its request");
            if query == READ {
                is_a_fault_without_a_word_of_the_inside(&answer);
            } else {
                answer.clean();
            }
        }
        // And again without neighbours, who might tidy up behind them.
        for _ in 0..PANICS {
            is_a_fault_without_a_word_of_the_inside(&gateway.ask(Actor::Owner, READ, json!({})).await);
        }
        assert_eq!(panics.load(Ordering::Relaxed), 2 * PANICS, "{kind:?}: the control");
        is_at_rest(&gateway, &database, "panics").await;
        let told = told(&gateway);
        let internal = [("kind", "query"), ("code", "INTERNAL")];
        assert_eq!(told.count("cs12_operations_total", &internal), 2 * PANICS as u64, "{kind:?}: each is counted");
        assert_eq!(told.count("cs12_operations_in_flight", &[]), 0, "{kind:?}");
        tenants_are_apart(&gateway, "panics").await;
    }
}

#[tokio::test]
async fn a_panic_in_the_midst_of_a_change_leaves_nothing_of_it() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = gateway(&database).await;
        let looking = database.connect().await;
        let before = dump(&looking).await;
        let panics = trap(&gateway, "INSERT INTO \"audit_events\"");
        for _ in 0..PANICS {
            is_a_fault_without_a_word_of_the_inside(&gateway.ask(Actor::Owner, CHANGE, json!({})).await);
        }
        assert_eq!(panics.load(Ordering::Relaxed), PANICS, "{kind:?}: the control");
        is_at_rest(&gateway, &database, "panics in changes").await;
        assert_eq!(dump(&looking).await, before, "{kind:?}: a change that panicked has left something");
        tenants_are_apart(&gateway, "panics in changes").await;
        gateway.recorder.notify(|_| {});
        gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
    }
}

/// Whether anything was done is not known, so it is not done again by itself.
#[tokio::test]
async fn a_change_that_panicked_under_a_key_is_not_run_again_under_it() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = gateway(&database).await;
        let panics = trap(&gateway, "INSERT INTO \"audit_events\"");
        let token = Actor::Owner.token();
        let under = async |key: &str| {
            let headers = [("x-organization-id", Actor::Owner.organization().unwrap()), ("idempotency-key", key)];
            gateway.ask_with(token.as_deref(), &headers, CHANGE, json!({})).await
        };
        is_a_fault_without_a_word_of_the_inside(&under("one").await);
        gateway.recorder.notify(|_| {});
        let again = under("one").await;
        assert_eq!((again.status.as_u16(), again.codes()), (409, vec!["BAD_USER_INPUT"]), "{kind:?} {}", again.text);
        assert!(again.text.contains("outcome is not known"), "{kind:?} {}", again.text);
        under("another").await.clean();
        assert_eq!(panics.load(Ordering::Relaxed), 1, "{kind:?}");
    }
}

/// Before anybody is let in: while a person is made of somebody whom nobody knows.
#[tokio::test]
async fn a_panic_in_a_sign_up_leaves_nothing_and_the_next_request_signs_up() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = gateway(&database).await;
        let looking = database.connect().await;
        let before = dump(&looking).await;
        let panics = trap(&gateway, "INSERT INTO \"audit_events\"");
        let asked = "{ viewer { memberships { role } } organization { name } }";
        for _ in 0..PANICS {
            is_a_fault_without_a_word_of_the_inside(
                &gateway.ask_as(Some(&token("nina")), None, asked, json!({})).await,
            );
        }
        assert_eq!(panics.load(Ordering::Relaxed), PANICS, "{kind:?}: the control");
        is_at_rest(&gateway, &database, "panics in sign-ups").await;
        assert_eq!(dump(&looking).await, before, "{kind:?}: a sign-up that panicked has left something");
        gateway.recorder.notify(|_| {});
        let answer = gateway.ask_as(Some(&token("nina")), None, asked, json!({})).await.clean();
        assert_eq!(answer.data("/viewer/memberships/0/role"), "OWNER", "{kind:?}");
        tenants_are_apart(&gateway, "panics in sign-ups").await;
    }
}
