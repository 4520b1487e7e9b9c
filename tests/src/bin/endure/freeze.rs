//! One of two gateways freezes, and the other continues.
//!
//! It freezes while idle and in the middle of a change, each once because its process is stopped and once because its
//! connection to the database is silent. Invariant: through the other gateway, every request in the same organization
//! is done or refused within a few seconds, members who are removed are refused on their next request, and other
//! organizations are not affected.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use entity::id::MemberId;
use futures_util::future::join_all;
use gateway::authn::mint::mint;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use serde_json::{Value, json};
use tests::{
    database::connect,
    load::{Answer, Caller, Gateway, House, Line, Lost, Operation, SECRETS, is_ready, percentile},
    tenants::Tenant,
};
use tokio::{task::JoinHandle, time::sleep};

use crate::{Tokens, free_port};

/// Index of the first bystander tenant: the bystanders only send the load, and must not be affected.
const BYSTANDERS: usize = 8;
const TENANTS: usize = 16;
/// Longest time for any request in the frozen gateway's organization: the idle timeout, and a margin for a busy
/// machine.
const AT_MOST: Duration = Duration::from_secs(9);
/// Below this latency, a factor of three is noise.
const NOTICEABLE: Duration = Duration::from_millis(150);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The process is stopped.
    Signal,
    /// The process runs, but its connection to the database is silent.
    Line,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum During {
    Nothing,
    /// The gateway holds a lock on the organization's row.
    Change,
}

struct Run {
    house: House,
    tokens: Tokens,
    rows: DatabaseConnection,
    looking: DatabaseConnection,
    line: Line,
    still: Gateway,
    other: Gateway,
    failed: Mutex<Vec<String>>,
}

const SUSPEND: &str =
    "mutation($id: ID!) { memberSuspend(input: { memberId: $id }) { member { status } userErrors { code } } }";
const REMOVE: &str =
    "mutation($id: ID!) { memberRemove(input: { memberId: $id }) { member { status } userErrors { code } } }";
const CREATE: &str = "mutation { dsoCreate(input: { name: \"Made beside\" }) { dso { name } userErrors { code } } }";
const LOOK: &str = "{ organization { name } }";
const READ: &str = "{ dsos { nodes { name doctors(first: 5) { nodes { name } } } } }";

pub(crate) async fn run(program: PathBuf) -> Vec<String> {
    let house = House::with(TENANTS, program).await;
    let (rows, looking) =
        (connect(&house.cluster.url("postgres")).await, connect(&house.cluster.url("postgres")).await);
    let url = house.database();
    let (base, server) = url.split_once("?host=").expect("a socket");
    let line = Line::to(PathBuf::from(server));
    let still = house.gateway_over(&format!("{base}?host={}", line.folder()), free_port(), "");
    let other = house.gateway(free_port(), "");
    let run = Run { tokens: Tokens::of(TENANTS), house, rows, looking, line, still, other, failed: Mutex::default() };
    let calm = run.bystanders(Duration::from_secs(2)).await;
    println!("others: p99 {calm:.1?} while nothing stands still");
    let states = [
        (By::Signal, During::Nothing),
        (By::Signal, During::Change),
        (By::Line, During::Nothing),
        (By::Line, During::Change),
    ];
    for (number, (by, during)) in states.into_iter().enumerate() {
        run.state(Tenant(number), by, during, calm).await;
    }
    if run.house.log().contains("panicked") {
        run.fail("a gateway has panicked".to_owned());
    }
    std::mem::take(&mut *run.failed.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Run {
    fn fail(&self, what: String) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    async fn state(&self, tenant: Tenant, by: By, during: During, calm: Duration) {
        let state = format!("{by:?} {during:?}");
        let agent = self.tokens.agent(tenant, 0);
        // Both gateways have seen the agent and opened their connections.
        for gateway in [&self.still, &self.other] {
            self.expect(&state, gateway, agent, tenant, &body(LOOK, &json!({})), &tenant.slug()).await;
        }
        let under_way = match during {
            During::Nothing => {
                self.stand_still(by);
                None
            }
            During::Change => Some(self.stand_still_in_a_change(tenant, by).await),
        };
        let done = Arc::new(AtomicBool::new(false));
        let watched = tokio::task::spawn_blocking(watch(self.other.address.clone(), Arc::clone(&done)));
        let (bystanders, slowest) =
            tokio::join!(self.bystanders(Duration::from_secs(2)), self.everything(&state, tenant));
        done.store(true, Ordering::Relaxed);
        let unready = watched.await.expect("watch");
        println!("{state}: the slowest {slowest:.1?}; others p99 {bystanders:.1?}");
        if slowest > AT_MOST {
            self.fail(format!("{state}: somebody has waited for {slowest:.1?}"));
        }
        if bystanders > NOTICEABLE.max(3 * calm) {
            self.fail(format!("{state}: others took {bystanders:.1?}, and {calm:.1?} before"));
        }
        if unready > 0 {
            self.fail(format!("{state}: the other gateway was not ready {unready} times"));
        }
        match by {
            By::Signal => self.still.signal("CONT"),
            By::Line => self.line.silence(false),
        }
        if let Some(under_way) = under_way {
            let answer = under_way.await.expect("the change under way");
            // PostgreSQL has ended the transaction.
            if answer.is_ok_and(|answer| answer.text.contains("SUSPENDED")) {
                self.fail(format!("{state}: a change was reported as done whose transaction was ended"));
            }
        }
        // This gateway has missed the removal, and has lost its connections.
        self.expect(&state, &self.still, agent, tenant, &body(LOOK, &json!({})), "NOT_FOUND").await;
        let owner = self.tokens.owner(tenant, 0);
        self.expect(&state, &self.still, owner, tenant, &body(READ, &json!({})), &tenant.slug()).await;
    }

    fn stand_still(&self, by: By) {
        match by {
            By::Signal => self.still.signal("STOP"),
            By::Line => self.line.silence(true),
        }
    }

    /// Freezes the gateway in a change: it holds a lock on the organization's row and waits for the lock on a member's
    /// row, which is released once it is frozen.
    async fn stand_still_in_a_change(&self, tenant: Tenant, by: By) -> JoinHandle<Result<Answer, Lost>> {
        let held = self.rows.begin().await.expect("begin");
        let lock = "SELECT id FROM memberships WHERE organization_id = $1 AND id = $2 FOR UPDATE";
        let values = [tenant.id().into(), Tenant::uuid("member 1").into()];
        held.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, lock, values)).await.expect("lock a row");
        let (address, token) = (self.still.address.clone(), self.tokens.owner(tenant, 0).to_owned());
        let change = tokio::spawn(async move {
            let suspends = body(SUSPEND, &json!({ "id": Tenant::row::<MemberId>("member 1") }));
            Caller::of(&address).ask(&token, &tenant.slug(), &suspends).await
        });
        self.until("wait_event_type = 'Lock'").await;
        self.stand_still(by);
        held.rollback().await.expect("give the row free");
        self.until("state = 'idle in transaction'").await;
        change
    }

    /// Waits until a session of a gateway meets this condition on `pg_stat_activity`.
    async fn until(&self, state: &str) {
        let sql = format!("SELECT pid FROM pg_stat_activity WHERE usename = 'gateway_login' AND {state}");
        let began = Instant::now();
        loop {
            let statement = Statement::from_string(DbBackend::Postgres, sql.as_str());
            if self.looking.query_one_raw(statement).await.expect("look at the sessions").is_some() {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(5), "no session came to: {state}");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// All requests that must succeed through the other gateway, concurrently; returns the duration of the slowest.
    async fn everything(&self, state: &str, tenant: Tenant) -> Duration {
        let owner = self.tokens.owner(tenant, 0);
        let id = |member: &str| json!({ "id": Tenant::row::<MemberId>(member) });
        let subject = format!("newcomer-{}", tenant.0);
        let email = format!("{subject}@people.example");
        let hour = Duration::from_hours(1);
        let newcomer = mint(SECRETS[0].as_bytes(), "endure", "endure", &subject, Some(&email), Some(&subject), hour)
            .expect("sign");
        let (suspend, remove) = (body(SUSPEND, &id("member 0")), body(REMOVE, &id("member agent")));
        let (create, log, look) = (body(CREATE, &json!({})), Operation::Log.body(0), body(LOOK, &json!({})));
        let other = &self.other;
        let times = <[Duration; 5]>::from(tokio::join!(
            self.expect(state, other, owner, tenant, &suspend, "SUSPENDED"),
            self.expect(state, other, owner, tenant, &create, "Made beside"),
            self.expect(state, other, owner, tenant, &log, "PHONE"),
            self.expect_of(state, other, &newcomer, "", &look, &subject),
            async {
                let removed = self.expect(state, other, owner, tenant, &remove, "REMOVED").await;
                let refused = self.expect(state, other, self.tokens.agent(tenant, 0), tenant, &look, "NOT_FOUND").await;
                removed.max(refused)
            },
        ));
        times.into_iter().max().unwrap_or_default()
    }

    async fn expect(
        &self,
        state: &str,
        gateway: &Gateway,
        token: &str,
        tenant: Tenant,
        body: &str,
        word: &str,
    ) -> Duration {
        self.expect_of(state, gateway, token, &tenant.slug(), body, word).await
    }

    /// Sends a request, retries while the answer is 429, and expects a word in the answer. Returns the total duration.
    async fn expect_of(
        &self,
        state: &str,
        gateway: &Gateway,
        token: &str,
        organization: &str,
        body: &str,
        word: &str,
    ) -> Duration {
        let began = Instant::now();
        let mut asked = Caller::of(&gateway.address).ask(token, organization, body).await;
        while asked.as_ref().is_ok_and(|answer| answer.status == 429) && began.elapsed() < AT_MOST {
            sleep(Duration::from_millis(200)).await;
            asked = Caller::of(&gateway.address).ask(token, organization, body).await;
        }
        match asked {
            Ok(answer) => {
                if !answer.text.contains(word) {
                    self.fail(format!(
                        "{state}: no `{word}` in the answer {} to {body}: {}",
                        answer.status, answer.text
                    ));
                }
                began.elapsed()
            }
            Err(lost) => {
                self.fail(format!("{state}: {body} got no answer: {lost:?}"));
                Duration::ZERO
            }
        }
    }

    /// Load from other organizations; returns the p99 of their latency.
    async fn bystanders(&self, during: Duration) -> Duration {
        let until = Instant::now() + during;
        let asked = (0..4).map(|number| async move {
            let mut caller = Caller::of(&self.other.address);
            let mut times = Vec::new();
            for turn in 0.. {
                if Instant::now() >= until {
                    break;
                }
                let tenant = Tenant(BYSTANDERS + (number + turn) % (TENANTS - BYSTANDERS));
                let operation = if turn % 8 == 0 { Operation::Log } else { Operation::Doctors };
                let answer = caller.ask(self.tokens.owner(tenant, 0), &tenant.slug(), &operation.body(turn)).await;
                match answer {
                    Ok(answer) if answer.status == 200 && !answer.text.contains("errors\":[{") => {
                        times.push(answer.took);
                    }
                    Ok(answer) => self.fail(format!("a bystander was told {} {}", answer.status, answer.text)),
                    Err(lost) => self.fail(format!("a bystander got no answer: {lost:?}")),
                }
            }
            times
        });
        let mut times = join_all(asked).await.concat();
        percentile(&mut times, 99)
    }
}

fn body(query: &str, variables: &Value) -> String {
    json!({ "query": query, "variables": variables }).to_string()
}

/// Counts how often a gateway reported that it is not ready.
fn watch(address: String, done: Arc<AtomicBool>) -> impl FnOnce() -> usize {
    move || {
        let mut unready = 0;
        while !done.load(Ordering::Relaxed) {
            unready += usize::from(!is_ready(&address));
            std::thread::sleep(Duration::from_millis(100));
        }
        unready
    }
}
