//! A long mixed load over many tenants, while the database is restarted, keys are rotated, members are removed and
//! gateways are replaced.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entity::id::MemberId;
use serde_json::json;
use tests::{
    load::{Caller, Gateway, House, Lost, Operation, SECRETS, Spell, Tally, agent_reads, percentile},
    tenants::Tenant,
};
use tokio::time::sleep;

use crate::{Tokens, free_port};

const TENANTS: usize = 200;
const CALLERS: usize = 24;
/// Largest allowed ratio of the memory in the last third of the run to the memory in the first third.
const GROWTH: f64 = 1.05;
/// Shortest run in minutes for which memory is compared: in a shorter run, caches and pools still fill during the
/// first third.
const LONG_ENOUGH: f64 = 10.0;
/// Budgets that are never reached here; the other limits have their defaults.
const LIMITS: &str = "person_cost_per_minute = 1000000000\norganization_cost_per_minute = 1000000000\nmax_waiting = 512\nmax_waiting_per_organization = 128";

struct Run {
    house: House,
    tokens: Tokens,
    tally: Tally,
    addresses: Mutex<[String; 2]>,
    secret: AtomicUsize,
    spell: AtomicU8,
    /// Number of tenants, from the first on, whose agent has been removed.
    removed: AtomicUsize,
    ends: AtomicBool,
}

pub(crate) async fn run(program: PathBuf, minutes: f64) -> Vec<String> {
    let house = House::with(TENANTS, program).await;
    let mut first = house.gateway(free_port(), LIMITS);
    let second = house.gateway(free_port(), LIMITS);
    let run = Arc::new(Run {
        tokens: Tokens::of(TENANTS),
        tally: Tally::default(),
        addresses: Mutex::new([first.address.clone(), second.address.clone()]),
        secret: AtomicUsize::new(0),
        spell: AtomicU8::new(0),
        removed: AtomicUsize::new(0),
        ends: AtomicBool::new(false),
        house,
    });
    let callers: Vec<_> = (0..CALLERS).map(|number| tokio::spawn(call(Arc::clone(&run), number))).collect();
    let whole = Duration::from_secs_f64(minutes * 60.0);
    let cycle = (whole / 12).max(Duration::from_secs(40)).min(whole);
    let (began, mut memory, mut cycles) = (Instant::now(), vec![], 0);
    println!(
        "{TENANTS} tenants, {CALLERS} callers, two gateways, {minutes} min; each {cycle:.0?}: database, keys, a member, a gateway"
    );
    while began.elapsed() < whole {
        let until = async |part: u32, memory: &mut Vec<u64>| {
            let end = cycle * cycles + cycle * part / 10;
            while began.elapsed() < end.min(whole) {
                memory.push(second.memory());
                sleep(Duration::from_millis(500)).await;
            }
        };
        until(1, &mut memory).await;
        run.restart_database().await;
        until(4, &mut memory).await;
        run.exchange_keys(&[&first, &second]).await;
        until(6, &mut memory).await;
        run.remove_a_member().await;
        until(8, &mut memory).await;
        first = run.replace(first).await;
        until(10, &mut memory).await;
        cycles += 1;
    }
    run.ends.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.expect("a caller has met another tenant's word, or no answer at all");
    }
    run.report(&memory, cycles, minutes)
}

impl Run {
    fn spell(&self) -> Spell {
        match self.spell.load(Ordering::SeqCst) {
            0 => Spell::Calm,
            1 => Spell::NoDatabase,
            _ => Spell::Rotation,
        }
    }

    async fn during<T>(&self, spell: Spell, act: impl Future<Output = T>) -> T {
        let number = match spell {
            Spell::Calm => 0,
            Spell::NoDatabase => 1,
            Spell::Rotation => 2,
        };
        self.spell.store(number, Ordering::SeqCst);
        let done = act.await;
        self.spell.store(0, Ordering::SeqCst);
        done
    }

    fn addresses(&self) -> [String; 2] {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The database is down for three seconds; two seconds after it is back, every request must be answered again.
    async fn restart_database(&self) {
        self.during(Spell::NoDatabase, async {
            tokio::task::block_in_place(|| self.house.cluster.halt());
            sleep(Duration::from_secs(3)).await;
            tokio::task::block_in_place(|| self.house.cluster.revive());
            sleep(Duration::from_secs(2)).await;
        })
        .await;
    }

    async fn exchange_keys(&self, gateways: &[&Gateway]) {
        let next = 1 - self.secret.load(Ordering::SeqCst);
        self.during(Spell::Rotation, async {
            self.house.rotate(SECRETS[next]);
            for gateway in gateways {
                gateway.signal("HUP");
            }
            sleep(Duration::from_secs(1)).await;
            self.secret.store(next, Ordering::SeqCst);
            sleep(Duration::from_secs(1)).await;
        })
        .await;
        let old = self.tokens.owner(Tenant(0), 1 - next);
        for address in self.addresses() {
            let answer = Caller::of(&address).ask(old, &Tenant(0).slug(), &agent_reads()).await;
            assert!(
                answer.is_ok_and(|answer| answer.status == 401),
                "a token of the key that was taken back is believed"
            );
        }
    }

    /// From the answer on, the agent is refused in every process.
    async fn remove_a_member(&self) {
        let tenant = Tenant(self.removed.load(Ordering::SeqCst));
        let secret = self.secret.load(Ordering::SeqCst);
        let body = json!({
            "query": "mutation($id: ID!) { memberRemove(input: { memberId: $id }) { member { status } userErrors { code } } }",
            "variables": { "id": Tenant::row::<MemberId>("member agent") },
        });
        // No further requests of this agent are sent; requests in flight may end either way.
        self.removed.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_millis(300)).await;
        let [one, other] = self.addresses();
        let done = Caller::of(&one).ask(self.tokens.owner(tenant, secret), &tenant.slug(), &body.to_string()).await;
        let done = done.unwrap_or_else(|lost| panic!("the removal was lost: {lost:?}"));
        assert!(done.text.contains("REMOVED"), "the member was not removed: {}", done.text);
        for address in [one, other] {
            let token = self.tokens.agent(tenant, secret);
            let answer = Caller::of(&address).ask(token, &tenant.slug(), &agent_reads()).await;
            let answer = answer.unwrap_or_else(|lost| panic!("a removed member got no answer: {lost:?}"));
            assert!(answer.text.contains("NOT_FOUND"), "a removed member is let in: {}", answer.text);
        }
    }

    /// A new gateway takes the place of the first one, which then finishes its requests in flight.
    async fn replace(&self, gateway: Gateway) -> Gateway {
        let next = self.house.gateway(free_port(), LIMITS);
        next.address.clone_into(&mut self.addresses.lock().unwrap_or_else(PoisonError::into_inner)[0]);
        gateway.signal("TERM");
        tokio::task::spawn_blocking(|| gateway.ended()).await.expect("the gateway drains");
        next
    }

    fn report(&self, memory: &[u64], cycles: u32, minutes: f64) -> Vec<String> {
        let third = memory.len() / 3;
        let mean = |part: &[u64]| part.iter().sum::<u64>() as f64 / part.len().max(1) as f64;
        let (early, late) = (mean(&memory[..third]), mean(&memory[memory.len() - third..]));
        let mut times = self.tally.times();
        println!("{} answers: {:?}", self.tally.outcomes().values().sum::<u64>(), self.tally.outcomes());
        println!("calm: p50 {:.1?}, p99 {:.1?}", percentile(&mut times, 50), percentile(&mut times, 99));
        println!("memory: {early:.0} KiB in the first third, {late:.0} in the last: {:.3}", late / early);
        println!(
            "{cycles} times: the database away, keys exchanged, a member removed, a gateway replaced; 0 words of other tenants"
        );
        let mut failed = self.tally.unexplained();
        if minutes >= LONG_ENOUGH && late / early > GROWTH {
            failed.push(format!("memory has grown by more than {GROWTH}"));
        }
        if self.house.log().contains("panicked") {
            failed.push("a gateway has panicked".to_owned());
        }
        failed
    }
}

async fn call(run: Arc<Run>, number: usize) {
    let mut side = number % 2;
    let mut caller = Caller::of(&run.addresses()[side]);
    let mut turn = number * 7919;
    while !run.ends.load(Ordering::Relaxed) {
        turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = turn >> 33;
        let tenant = Tenant(draw % TENANTS);
        let operation = Operation::MIX[draw / TENANTS % Operation::MIX.len()];
        let secret = run.secret.load(Ordering::SeqCst);
        let is_agent = draw.is_multiple_of(3) && tenant.0 > run.removed.load(Ordering::SeqCst);
        let token = if is_agent { run.tokens.agent(tenant, secret) } else { run.tokens.owner(tenant, secret) };
        let before = run.spell();
        match caller.ask(token, &tenant.slug(), &operation.body(draw)).await {
            Ok(answer) => run.tally.judge(tenant, &answer, [before, run.spell()]),
            // This gateway has been replaced or is about to be; the other one accepts connections.
            Err(Lost::NotConnected) => {
                side = 1 - side;
                caller.turn_to(&run.addresses()[side]);
            }
            Err(Lost::Midway) => run.tally.lost(&format!("{operation:?} got no answer although it was sent")),
        }
        if run.spell() != Spell::Calm {
            sleep(Duration::from_millis(5)).await;
        }
    }
}
