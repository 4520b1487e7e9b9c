//! One of two gateways is killed under load, several times, and callers of the other one are not affected.
//!
//! The other gateway must not wait for the killed one: a change of members proceeds at once and takes effect at once.
//! Cost that was spent at the killed gateway remains spent.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::Utc;
use entity::id::MemberId;
use serde_json::{Value, json};
use tests::{
    load::{Answer, Caller, Gateway, House, Operation, Spell, Tally, agent_reads, percentile},
    tenants::Tenant,
};
use tokio::time::sleep;

use crate::{Tokens, free_port};

const ROUNDS: usize = 4;
const CALLERS: usize = 8;
/// The first tenants lose their agents, two in each round; the owners of the last tenants spend their whole budgets.
const TENANTS: usize = 40;
const REMOVED: usize = 2 * ROUNDS;
const LOADED: usize = TENANTS - ROUNDS;
/// Longest wait at the other gateway, in an unoptimized build and on a busy machine.
const AT_MOST: Duration = Duration::from_secs(3);
const BUDGET: u64 = 1_000_000;
const LIMITS: &str = "person_cost_per_minute = 1000000\norganization_cost_per_minute = 1000000000";
/// So expensive that a budget covers about a dozen of these queries, and returns next to nothing.
const DEAR: &str = "{ rateLimit { cost remaining } dsos(first: 100) { nodes { doctors(first: 100) { nodes { activities(first: 7) { nodes { id } } } } } } }";

struct Run {
    tokens: Tokens,
    tally: Tally,
    slowest: Mutex<Duration>,
    lost: AtomicUsize,
    ends: AtomicBool,
}

pub(crate) async fn run(program: PathBuf) -> Vec<String> {
    let house = House::with(TENANTS, program).await;
    let run = Arc::new(Run {
        tokens: Tokens::of(TENANTS),
        tally: Tally::default(),
        slowest: Mutex::default(),
        lost: AtomicUsize::new(0),
        ends: AtomicBool::new(false),
    });
    let mut older = house.gateway(free_port(), LIMITS);
    for round in 0..ROUNDS {
        let newer = house.gateway(free_port(), LIMITS);
        run.round(round, older, &newer).await;
        older = newer;
    }
    let mut times = run.tally.times();
    let slowest = *run.slowest.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{ROUNDS} gateways killed; {:?} at the others", run.tally.outcomes());
    println!(
        "p50 {:.1?}, p99 {:.1?}, the slowest {slowest:.1?}; {} requests to the killed ones got no answer",
        percentile(&mut times, 50),
        percentile(&mut times, 99),
        run.lost.load(Ordering::Relaxed)
    );
    let mut failed = run.tally.unexplained();
    if slowest > AT_MOST {
        failed.push(format!("somebody at the other gateway has waited for {slowest:.1?}"));
    }
    if run.lost.load(Ordering::Relaxed) == 0 {
        failed.push("no request was under way at a killed one: there was no load".to_owned());
    }
    if house.log().contains("panicked") {
        failed.push("a gateway has panicked".to_owned());
    }
    failed
}

impl Run {
    async fn round(self: &Arc<Self>, round: usize, older: Gateway, newer: &Gateway) {
        self.ends.store(false, Ordering::Relaxed);
        within_a_minute().await;
        let mut spender = Spender { tenant: Tenant(LOADED + round), left: BUDGET };
        for n in 0..6 {
            let address = if n % 2 == 0 { &older.address } else { &newer.address };
            assert!(spender.spends(self, address).await, "the budget has ended at {}", spender.left);
        }
        let callers: Vec<_> = (0..2 * CALLERS)
            .map(|number| {
                let seed = round * 1000 + number;
                let is_at_killed = number < CALLERS;
                let address = if is_at_killed { &older.address } else { &newer.address };
                tokio::spawn(call(Arc::clone(self), address.clone(), seed, is_at_killed))
            })
            .collect();
        sleep(Duration::from_secs(1)).await;
        older.killed();
        // At once, even if a change was in flight at the killed gateway.
        self.remove(Tenant(2 * round), newer).await;
        for _ in 0..20 {
            self.agent(Tenant(2 * round + 1), newer, "tenant-").await;
        }
        self.remove(Tenant(2 * round + 1), newer).await;
        sleep(Duration::from_secs(1)).await;
        self.ends.store(true, Ordering::Relaxed);
        for caller in callers {
            caller.await.expect("a caller has met another tenant's word, or no answer at all");
        }
        // After a wait of 50 ms for Redis, which happens on a machine this busy, a gateway counts locally for 2 s.
        sleep(Duration::from_secs(3)).await;
        while spender.spends(self, &newer.address).await {}
        assert!(spender.left < BUDGET / 2, "{} is left: it was not spent", spender.left);
    }

    /// From the answer on, the agent is refused.
    async fn remove(&self, tenant: Tenant, gateway: &Gateway) {
        self.agent(tenant, gateway, "tenant-").await;
        let body = json!({
            "query": "mutation($id: ID!) { memberRemove(input: { memberId: $id }) { member { status } userErrors { code } } }",
            "variables": { "id": Tenant::row::<MemberId>("member agent") },
        });
        let token = self.tokens.owner(tenant, 0);
        let done = Caller::of(&gateway.address).ask(token, &tenant.slug(), &body.to_string()).await;
        let done = done.unwrap_or_else(|lost| panic!("the removal was lost: {lost:?}"));
        assert!(done.text.contains("REMOVED"), "the member was not removed: {}", done.text);
        self.took(&done);
        self.agent(tenant, gateway, "NOT_FOUND").await;
    }

    /// Sends the agent's request, and expects a word in the answer.
    async fn agent(&self, tenant: Tenant, gateway: &Gateway, word: &str) {
        let token = self.tokens.agent(tenant, 0);
        let answer = Caller::of(&gateway.address).ask(token, &tenant.slug(), &agent_reads()).await;
        let answer = answer.unwrap_or_else(|lost| panic!("an agent got no answer: {lost:?}"));
        assert!(answer.text.contains(word), "an agent should be told `{word}`: {}", answer.text);
        self.took(&answer);
    }

    fn took(&self, answer: &Answer) {
        let mut slowest = self.slowest.lock().unwrap_or_else(PoisonError::into_inner);
        *slowest = answer.took.max(*slowest);
    }
}

/// A caller with a budget who spends it at both gateways.
struct Spender {
    tenant: Tenant,
    left: u64,
}

impl Spender {
    /// Spends once; returns whether the budget sufficed. The remaining budget must have decreased by exactly the cost
    /// of this request, no matter at which gateway the earlier ones were paid.
    async fn spends(&mut self, run: &Run, address: &str) -> bool {
        let token = run.tokens.owner(self.tenant, 0);
        let answer = Caller::of(address).ask(token, &self.tenant.slug(), &json!({ "query": DEAR }).to_string()).await;
        let answer = answer.unwrap_or_else(|lost| panic!("somebody who pays got no answer: {lost:?}"));
        run.took(&answer);
        if answer.status == 429 {
            return false;
        }
        let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let told = &body["data"]["rateLimit"];
        let (Some(cost), Some(remaining)) = (told["cost"].as_u64(), told["remaining"].as_u64()) else {
            panic!("no word of what it has cost: {} {}", answer.status, answer.text)
        };
        assert_eq!(remaining + cost, self.left, "what was spent elsewhere is not counted: {}", answer.text);
        self.left = remaining;
        true
    }
}

/// Waits for the first 40 seconds of a minute: budgets reset with each minute, so a round that must stay within one
/// minute must not start at its end.
async fn within_a_minute() {
    while Utc::now().timestamp() % 60 > 40 {
        sleep(Duration::from_millis(100)).await;
    }
}

/// Sends requests to one gateway until it is killed or the round ends.
async fn call(run: Arc<Run>, address: String, seed: usize, is_at_killed: bool) {
    let mut caller = Caller::of(&address);
    let mut turn = seed * 7919;
    while !run.ends.load(Ordering::Relaxed) {
        turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = turn >> 33;
        let tenant = Tenant(draw % LOADED);
        let operation = Operation::MIX[draw / LOADED % Operation::MIX.len()];
        let is_agent = draw.is_multiple_of(3) && tenant.0 >= REMOVED;
        let token = if is_agent { run.tokens.agent(tenant, 0) } else { run.tokens.owner(tenant, 0) };
        match caller.ask(token, &tenant.slug(), &operation.body(draw)).await {
            Ok(answer) => {
                run.tally.judge(tenant, &answer, [Spell::Calm; 2]);
                if !is_at_killed {
                    run.took(&answer);
                }
            }
            Err(_) if is_at_killed => {
                run.lost.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Err(lost) => return run.tally.lost(&format!("{operation:?} at the other gateway: {lost:?}")),
        }
    }
}
