//! Those who ask one gateway all the time.
//!
//! Owns: their requests and the judgement of the whole. May use: the questions. Invariant: each gateway's are of other tenants than the other
//! gateway's, and of others than the one that is acted on: what a gateway that stands still holds of a tenant stops no other tenant.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tests::{
    endure::{Caller, Operation, percentile},
    tenants::Tenant,
};
use tokio::task::JoinHandle;

use super::{
    asked::{Question, Verdict},
    fault::Lot,
    people::{People, Who},
};

const CALLERS: usize = 3;
/// How often one of them changes something.
const CHANGES: usize = 8;

/// Whom a load asks, and who asks.
#[derive(Clone)]
pub(super) struct Load {
    pub(super) address: String,
    pub(super) people: Arc<People>,
    pub(super) tenants: Vec<Tenant>,
    pub(super) changes: bool,
}

/// A load that goes on.
pub(super) struct Loading {
    ends: Arc<AtomicBool>,
    callers: Vec<JoinHandle<Vec<Heard>>>,
}

struct Heard {
    sent: Instant,
    took: Duration,
    verdict: Verdict,
}

/// What a load has met.
#[derive(Default)]
pub(super) struct Met {
    /// None where the times say nothing.
    pub(super) p99: Option<Duration>,
    pub(super) slowest: Duration,
    /// How many answers said to try again.
    pub(super) again: usize,
    pub(super) wrong: Vec<String>,
}

impl Load {
    pub(super) fn begin(self) -> Loading {
        let ends = Arc::new(AtomicBool::new(false));
        let callers = (0..CALLERS).map(|number| tokio::spawn(self.clone().call(number, Arc::clone(&ends)))).collect();
        Loading { ends, callers }
    }

    async fn call(self, number: usize, ends: Arc<AtomicBool>) -> Vec<Heard> {
        let mut caller = Caller::of(&self.address);
        let mut heard = Vec::new();
        for turn in 0.. {
            if ends.load(Ordering::Relaxed) {
                break;
            }
            let tenant = self.tenants[(number + turn) % self.tenants.len()];
            let changes = self.changes && turn % CHANGES == number;
            let (operation, word) =
                if changes { (Operation::Log, "PHONE".to_owned()) } else { (Operation::Doctors, tenant.slug()) };
            let question =
                Question { body: operation.body(turn), ..Question::new(tenant, Who::Owner, "", &Value::Null, &word) };
            let token = self.people.token(tenant, Who::Owner);
            let sent = Instant::now();
            let answer = caller.ask(token, &tenant.slug(), &question.body).await;
            heard.push(Heard { sent, took: sent.elapsed(), verdict: question.judge(&answer) });
            if answer.is_err() {
                break;
            }
        }
        heard
    }
}

impl Loading {
    /// Ends it: whatever is under way is waited for, but where the gateway is away. `struck`: when the fault had happened.
    pub(super) async fn end(self, lot: Lot, struck: Instant) -> Met {
        self.ends.store(true, Ordering::Relaxed);
        let mut met = Met::default();
        let mut times = Vec::new();
        for caller in self.callers {
            if lot == Lot::Away {
                caller.abort();
                continue;
            }
            for Heard { sent, took, verdict } in caller.await.expect("a caller got no answer at all") {
                met.slowest = met.slowest.max(took);
                let may_say_again = match lot {
                    Lot::Away | Lot::Bounded => true,
                    Lot::Struck => sent < struck,
                    Lot::Untouched => false,
                };
                match verdict {
                    Verdict::Wrong(why) => met.wrong.push(why),
                    Verdict::Again(reply) if !may_say_again => {
                        met.wrong.push(format!("a bystander was answered {reply}"));
                    }
                    Verdict::Again(_) => met.again += 1,
                    Verdict::Right if lot == Lot::Struck && may_say_again => {}
                    Verdict::Right => times.push(took),
                }
            }
        }
        if matches!(lot, Lot::Untouched | Lot::Struck) {
            if times.is_empty() {
                met.wrong.push("no request was sent: there was no load".to_owned());
            }
            met.p99 = Some(percentile(&mut times, 99));
        }
        // One is like the other.
        met.wrong.truncate(3);
        met
    }
}
