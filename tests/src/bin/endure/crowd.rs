//! Ten times as many as there is room for, and one tenant's flood.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tests::{
    endure::{Caller, Gateway, House, Operation, percentile},
    tenants::Tenant,
};
use tokio::{task::JoinHandle, time::sleep};

use crate::{Tokens, free_port};

const TENANTS: usize = 64;
/// How long each load is held.
const HELD: Duration = Duration::from_secs(12);
/// At its beginning nothing counts: a crowd is a burst at first, and bursts may wait.
const BEGINNING: Duration = Duration::from_secs(2);
/// As many callers as keep the gateway busy.
const BUSY: usize = 16;
/// How much longer the answers of the accepted may take under ten times the load.
const SLOWER: f64 = 3.0;
/// How much longer another tenant's may take beside a flood.
const UNFAIR: f64 = 1.5;
/// Longest wait for a refusal.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What a group of callers has seen.
#[derive(Default)]
struct Seen {
    answered: Vec<Duration>,
    refused: Vec<Duration>,
    other: Vec<String>,
}

pub(crate) async fn run(program: PathBuf) -> Vec<String> {
    let house = House::with(TENANTS, program).await;
    let limits = "person_cost_per_minute = 1000000000\norganization_cost_per_minute = 1000000000";
    let gateway = house.gateway(free_port(), limits);
    let tokens = Arc::new(Tokens::of(TENANTS));
    let everybody: Vec<usize> = (1..TENANTS).collect();
    let mut failed = vec![];

    // All find their lane, and the pools fill.
    hold(&gateway, &tokens, &[(everybody.clone(), TENANTS, Duration::ZERO)]).await;
    let [busy] = hold(&gateway, &tokens, &[(everybody.clone(), BUSY, Duration::ZERO)])
        .await
        .try_into()
        .unwrap_or_else(|_| panic!("one group"));
    let normal = told("busy", busy, &mut failed);
    let memory = gateway.memory();
    let [crowd] = hold(&gateway, &tokens, &[(everybody.clone(), 10 * BUSY, Duration::ZERO)])
        .await
        .try_into()
        .unwrap_or_else(|_| panic!("one group"));
    let crowded = told("ten times as many", crowd, &mut failed);
    println!("memory: {memory} KiB busy, {} KiB crowded", gateway.memory());
    bound("the accepted of a crowd", crowded, normal, SLOWER, &mut failed);

    // A few who ask now and then, beside others who do; and then beside one tenant's flood.
    let pause = Duration::from_millis(20);
    let calm = [(vec![1, 2, 3, 4], 4, pause), ((5..20).collect(), 6, pause)];
    let [alone, _] = hold(&gateway, &tokens, &calm).await.try_into().unwrap_or_else(|_| panic!("two groups"));
    let alone = told("a few, without a flood", alone, &mut failed);
    let flood = [calm[0].clone(), calm[1].clone(), (vec![0], 200, Duration::ZERO)];
    let [beside, _, flood] =
        hold(&gateway, &tokens, &flood).await.try_into().unwrap_or_else(|_| panic!("three groups"));
    let beside = told("a few, beside a flood", beside, &mut failed);
    told("the flood", flood, &mut failed);
    bound("a few beside a flood", beside, alone, UNFAIR, &mut failed);
    failed
}

fn bound(what: &str, found: Duration, normal: Duration, most: f64, failed: &mut Vec<String>) {
    let ratio = found.as_secs_f64() / normal.as_secs_f64();
    println!("{what}: p99 {ratio:.2} of what it was, at most {most}");
    if ratio > most {
        failed.push(format!("{what}: p99 is {ratio:.2} of what it was, more than {most}"));
    }
}

/// Prints what a group has seen; gives the time within which 99 of 100 were answered.
fn told(who: &str, seen: Seen, failed: &mut Vec<String>) -> Duration {
    let Seen { mut answered, mut refused, other } = seen;
    let p99 = percentile(&mut answered, 99);
    println!(
        "{who}: {:.0}/s answered, p50 {:.1?}, p99 {p99:.1?}; {:.0}/s refused, p99 {:.1?}",
        answered.len() as f64 / HELD.as_secs_f64(),
        percentile(&mut answered, 50),
        refused.len() as f64 / HELD.as_secs_f64(),
        percentile(&mut refused, 99),
    );
    if percentile(&mut refused, 99) > AT_ONCE {
        failed.push(format!("{who}: refusals take {:?}", percentile(&mut refused, 99)));
    }
    failed.extend(other.into_iter().take(3));
    p99
}

/// Holds a load: groups of callers, each of some tenants, who wait so long between two requests.
async fn hold(gateway: &Gateway, tokens: &Arc<Tokens>, groups: &[(Vec<usize>, usize, Duration)]) -> Vec<Seen> {
    let ends = Arc::new(AtomicBool::new(false));
    let mut running: Vec<Vec<JoinHandle<Seen>>> = vec![];
    for (tenants, callers, pause) in groups {
        let group = (0..*callers).map(|number| {
            let tenant = Tenant(tenants[number % tenants.len()]);
            tokio::spawn(call(gateway.address.clone(), Arc::clone(tokens), tenant, number, *pause, Arc::clone(&ends)))
        });
        running.push(group.collect());
    }
    sleep(BEGINNING + HELD).await;
    ends.store(true, Ordering::Relaxed);
    let mut seen = vec![];
    for group in running {
        let mut whole = Seen::default();
        for caller in group {
            let one = caller.await.expect("a caller ends by itself");
            whole.answered.extend(one.answered);
            whole.refused.extend(one.refused);
            whole.other.extend(one.other);
        }
        seen.push(whole);
    }
    seen
}

async fn call(
    address: String,
    tokens: Arc<Tokens>,
    tenant: Tenant,
    number: usize,
    pause: Duration,
    ends: Arc<AtomicBool>,
) -> Seen {
    let (mut caller, mut seen, mut turn) = (Caller::of(&address), Seen::default(), number);
    let counts_from = Instant::now() + BEGINNING;
    while !ends.load(Ordering::Relaxed) {
        turn += 1;
        // Reading only: changes of one organization wait for each other in the database, too.
        let operation = Operation::MIX[turn % (Operation::MIX.len() - 1)];
        let began = Instant::now();
        let counts = began >= counts_from;
        match caller.ask(tokens.owner(tenant, 0), &tenant.slug(), &operation.body(turn)).await {
            Ok(answer) if answer.status == 200 => seen.answered.extend(counts.then_some(answer.took)),
            Ok(answer) if matches!(answer.status, 429 | 503) && answer.headers.contains_key("retry-after") => {
                seen.refused.extend(counts.then_some(answer.took));
                // Sooner than they are told to, and later than at once.
                sleep(Duration::from_millis(100)).await;
            }
            Ok(answer) => seen.other.push(format!("{} {}", answer.status, answer.text)),
            Err(lost) => seen.other.push(format!("{lost:?} after {:?}", began.elapsed())),
        }
        sleep(pause).await;
    }
    seen
}
