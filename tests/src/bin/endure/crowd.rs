//! Overload: ten times as many callers as the gateway has capacity for, and a flood from one tenant.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tests::{
    load::{Caller, Gateway, House, Operation, percentile},
    tenants::Tenant,
};
use tokio::{task::JoinHandle, time::sleep};

use crate::{Tokens, free_port};

const TENANTS: usize = 64;
/// Duration of each load.
const HELD: Duration = Duration::from_secs(12);
/// Warm-up that is not measured: a crowd starts as a burst, and bursts may wait.
const BEGINNING: Duration = Duration::from_secs(2);
/// Number of callers that keeps the gateway busy.
const BUSY: usize = 16;
/// Largest allowed ratio of the p99 of accepted requests under ten times the load to the p99 under normal load.
const SLOWER: f64 = 3.0;
/// Largest allowed ratio of another tenant's p99 beside a flood to its p99 without one.
const UNFAIR: f64 = 1.5;
/// Longest time until a rejection is answered.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Results of a group of callers.
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

    // Warm-up: every tenant gets its lane, and the pools fill.
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

    // A few callers with pauses, beside other callers with pauses; then the same beside one tenant's flood.
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

/// Prints the results of a group; returns the p99 of the answered requests.
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

/// Applies a load for `BEGINNING` and `HELD`: groups of callers, each with its tenants, the number of callers, and the
/// pause between two requests.
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
        // Reads only: changes of one organization also wait for each other in the database.
        let operation = Operation::MIX[turn % (Operation::MIX.len() - 1)];
        let began = Instant::now();
        let counts = began >= counts_from;
        match caller.ask(tokens.owner(tenant, 0), &tenant.slug(), &operation.body(turn)).await {
            Ok(answer) if answer.status == 200 => seen.answered.extend(counts.then_some(answer.took)),
            Ok(answer) if matches!(answer.status, 429 | 503) && answer.headers.contains_key("retry-after") => {
                seen.refused.extend(counts.then_some(answer.took));
                // Earlier than `Retry-After` says, but not immediately.
                sleep(Duration::from_millis(100)).await;
            }
            Ok(answer) => seen.other.push(format!("{} {}", answer.status, answer.text)),
            Err(lost) => seen.other.push(format!("{lost:?} after {:?}", began.elapsed())),
        }
        sleep(pause).await;
    }
    seen
}
