//! Gateways under load for any length of time, with all the faults that happen to servers.
//!
//! Owns: the runs and their bounds. May use: `tests::endure`. Invariant: a run fails if any of its bounds or checks
//! did not hold; it prints its measurements in either case.
//!
//! `cargo endure soak [MINUTES]` (30), `cargo endure documents [MINUTES [SLOWEST_MS]]` (10, 100), `cargo endure
//! crowd`, `cargo endure kill`, `cargo endure freeze` and `cargo endure faults [STATE]`; all take `--gateway PROGRAM`
//! (default: `target/release/gateway`).

#![expect(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool for developers: it prints, and stops where it cannot go on"
)]

mod crowd;
mod documents;
mod faults;
mod freeze;
mod kill;
mod soak;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use gateway::authn::mint::mint;
use tests::{load::SECRETS, tenants::Tenant};

/// Longest time for an answer to a hostile document, in a release build.
const SLOWEST: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let program = match words.iter().position(|word| word == "--gateway") {
        Some(place) if place + 1 < words.len() => words.drain(place..place + 2).nth(1).map(PathBuf::from),
        _ => None,
    };
    let program = program.unwrap_or_else(|| PathBuf::from("target/release/gateway"));
    let program = std::fs::canonicalize(&program).expect("find the gateway: `cargo build --release` makes it");
    let failed = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["soak"] => soak::run(program, 30.0).await,
        ["soak", minutes] => soak::run(program, minutes.parse().expect("minutes are a number")).await,
        ["documents"] => documents::run(program, 10.0, SLOWEST).await,
        ["documents", minutes] => {
            documents::run(program, minutes.parse().expect("minutes are a number"), SLOWEST).await
        }
        ["documents", minutes, slowest] => {
            let slowest = Duration::from_millis(slowest.parse().expect("milliseconds are a number"));
            documents::run(program, minutes.parse().expect("minutes are a number"), slowest).await
        }
        ["crowd"] => crowd::run(program).await,
        ["kill"] => kill::run(program).await,
        ["freeze"] => freeze::run(program).await,
        ["faults"] => faults::run(program, "").await,
        ["faults", state] => faults::run(program, state).await,
        _ => {
            println!(
                "cargo endure soak [MINUTES] | documents [MINUTES [SLOWEST_MS]] | crowd | kill | freeze | faults [STATE]   [--gateway PROGRAM]"
            );
            return ExitCode::from(2);
        }
    };
    for failure in &failed {
        println!("FAILED  {failure}");
    }
    println!("{} failed", failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tokens of a tenant's owner and agent, signed by the first or the second secret.
struct Tokens(Vec<[[String; 2]; 2]>);

impl Tokens {
    fn of(tenants: usize) -> Self {
        let sign = |secret: &str, person: &str| {
            let email = format!("{person}@people.example");
            let lifetime = std::time::Duration::from_hours(24);
            mint(secret.as_bytes(), "endure", "endure", person, Some(&email), Some(person), lifetime)
                .expect("sign a token")
        };
        let of =
            |tenant: Tenant| [tenant.owner(), tenant.agent()].map(|person| SECRETS.map(|secret| sign(secret, &person)));
        Self((0..tenants).map(|tenant| of(Tenant(tenant))).collect())
    }

    fn owner(&self, tenant: Tenant, secret: usize) -> &str {
        &self.0[tenant.0][0][secret]
    }

    fn agent(&self, tenant: Tenant, secret: usize) -> &str {
        &self.0[tenant.0][1][secret]
    }
}

/// A port that is free at the time of the call.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("find a free port");
    listener.local_addr().expect("know the port").port()
}
