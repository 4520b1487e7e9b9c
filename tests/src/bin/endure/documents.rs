//! Hostile documents from several clients at once, and clients that do not read their answers.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tests::{
    load::{Caller, Hostile, House, Lost, percentile},
    tenants::Tenant,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::{Tokens, free_port};

const TENANTS: usize = 4;
/// Clients that send documents; each waits for its answer.
const CLIENTS: usize = 3;
/// Clients that request large answers and read next to nothing.
const SLOW_READERS: usize = 24;
/// Largest resident memory of the gateway, in KiB.
const MEMORY: u64 = 150 * 1024;
/// Longest time for which a client that reads nothing may hold its connection: the limit and a margin.
const CUT_OFF: Duration = Duration::from_secs(45);

/// State shared by all clients.
struct Run {
    address: String,
    tokens: Tokens,
    ends: AtomicBool,
    cut_off: AtomicU64,
}

/// Results of a client.
#[derive(Default)]
struct Seen {
    took: Vec<Duration>,
    slowest: (Duration, String),
    refused: usize,
    failed: Vec<String>,
}

pub(crate) async fn run(program: PathBuf, minutes: f64, slowest: Duration) -> Vec<String> {
    let house = House::with(TENANTS, program).await;
    let limits = "person_cost_per_minute = 1000000000\norganization_cost_per_minute = 1000000000";
    let gateway = house.gateway(free_port(), limits);
    let run = Arc::new(Run {
        address: gateway.address.clone(),
        tokens: Tokens::of(TENANTS),
        ends: AtomicBool::new(false),
        cut_off: AtomicU64::default(),
    });
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        clock.map_or(0, |clock| clock.as_secs())
    });
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(send(Arc::clone(&run), client, Hostile::new(seed + client as u64))))
        .collect();
    let readers: Vec<_> = (0..SLOW_READERS).map(|reader| tokio::spawn(stall(Arc::clone(&run), reader))).collect();
    sleep(Duration::from_secs_f64(minutes * 60.0)).await;
    run.ends.store(true, Ordering::Relaxed);

    let mut failed = vec![];
    let (mut took, mut longest, mut refused) = (vec![], (Duration::ZERO, String::new()), 0);
    for client in clients {
        let seen = client.await.expect("a client stopped");
        took.extend(seen.took);
        longest = longest.max(seen.slowest);
        refused += seen.refused;
        failed.extend(seen.failed);
    }
    for reader in readers {
        failed.extend(timeout(CUT_OFF, reader).await.map_or_else(
            |_| vec!["a client that reads nothing keeps its connection".to_owned()],
            |seen| seen.expect("a reader stopped"),
        ));
    }
    let peak = gateway.peak_memory();
    println!(
        "{} documents, {refused} refused, FUZZ_SEED={seed}; p50 {:.1?}, p99 {:.1?}, slowest {:.1?}",
        took.len(),
        percentile(&mut took, 50),
        percentile(&mut took, 99),
        longest.0
    );
    println!("{} connections cut off; at most {peak} KiB resident", run.cut_off.load(Ordering::Relaxed));
    if longest.0 > slowest {
        let text: String = longest.1.chars().take(300).collect();
        failed.push(format!("an answer took {:.1?}, more than {slowest:?}: {text}", longest.0));
    }
    if peak > MEMORY {
        failed.push(format!("the gateway held {peak} KiB, more than {MEMORY}"));
    }
    if took.len() < 100 || refused == 0 || refused == took.len() {
        failed.push(format!("{} documents, {refused} refused: that is no test", took.len()));
    }
    if house.log().contains("panicked") || !gateway.is_ready() {
        failed.push("the gateway has panicked, or is not ready at the end".to_owned());
    }
    gateway.signal("TERM");
    gateway.ended();
    failed
}

/// Sends one document after the other.
async fn send(run: Arc<Run>, client: usize, mut hostile: Hostile) -> Seen {
    let tenant = Tenant(client % TENANTS);
    let token = run.tokens.owner(tenant, 0).to_owned();
    let mut caller = Caller::of(&run.address);
    let mut seen = Seen::default();
    while !run.ends.load(Ordering::Relaxed) && seen.failed.len() < 5 {
        let document = hostile.document();
        let body = json!({ "query": document }).to_string();
        match caller.ask(&token, &tenant.slug(), &body).await {
            Ok(answer) => {
                seen.refused += usize::from(answer.status != 200);
                if answer.took > seen.slowest.0 {
                    seen.slowest = (answer.took, document.clone());
                }
                seen.took.push(answer.took);
                if answer.status >= 500 || answer.text.contains("INTERNAL") {
                    let [text, said] = [&document, &answer.text].map(|text| text.chars().take(300).collect::<String>());
                    seen.failed.push(format!("answered {} {said}: {text}", answer.status));
                }
            }
            Err(lost) => {
                let text: String = document.chars().take(300).collect();
                seen.failed.push(format!("no answer ({lost:?}): {text}"));
                if lost == Lost::NotConnected {
                    break;
                }
            }
        }
    }
    seen
}

/// Requests as much as possible over a small window, and reads nothing or a byte now and then until it is
/// disconnected; then starts again.
async fn stall(run: Arc<Run>, reader: usize) -> Vec<String> {
    let tenant = Tenant(reader % TENANTS);
    let aliases: String = (0..28).map(|number| format!("{}{number}: description ", "k".repeat(60))).collect();
    let body = json!({ "query": format!("{{ __schema {{ types {{ {aliases} fields {{ name description }} }} }} }}") })
        .to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
        run.tokens.owner(tenant, 0),
        body.len()
    );
    while !run.ends.load(Ordering::Relaxed) {
        let Some(mut stream) = connect(&run.address).await else { return vec!["no connection".to_owned()] };
        // Several requests, so that the buffers of the operating system cannot hold all of the answers.
        for _ in 0..20 {
            if !matches!(timeout(Duration::from_secs(1), stream.write_all(request.as_bytes())).await, Ok(Ok(()))) {
                break;
            }
        }
        let began = Instant::now();
        loop {
            sleep(Duration::from_millis(500)).await;
            if run.ends.load(Ordering::Relaxed) {
                break;
            }
            // Half of the clients read a byte now and then.
            if reader.is_multiple_of(2) {
                let mut byte = [0; 1];
                let _ = timeout(Duration::from_millis(1), stream.read(&mut byte)).await;
            }
            // Only a write detects the disconnection: the data that was sent before it has not been read.
            if stream.write_all(b"\r\n").await.is_err() {
                run.cut_off.fetch_add(1, Ordering::Relaxed);
                break;
            }
            if began.elapsed() > CUT_OFF * 2 {
                return vec!["a client that reads nothing keeps its connection".to_owned()];
            }
        }
    }
    vec![]
}

async fn connect(address: &str) -> Option<TcpStream> {
    let socket = tokio::net::TcpSocket::new_v4().ok()?;
    socket.set_recv_buffer_size(4096).ok()?;
    socket.connect(address.parse().ok()?).await.ok()
}
