//! Callers that send requests to one gateway all the time.
//!
//! Owns: their requests, and the judgement of all answers together. May use: the requests of `asked`. Invariant: the
//! tenants of each gateway's load differ from those of the other gateway and from the tenant that is acted on. A
//! frozen gateway that holds locks of its tenant therefore blocks no other tenant.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tests::{
    load::{Caller, Operation, percentile},
    tenants::Tenant,
};
use tokio::task::JoinHandle;

use super::{
    asked::{Question, Verdict},
    fault::Lot,
    people::{People, Who},
};

const CALLERS: usize = 3;
/// Every how many requests a caller makes a change.
const CHANGES: usize = 8;

/// Gateway, tenants and callers of a load.
#[derive(Clone)]
pub(super) struct Load {
    pub(super) address: String,
    pub(super) people: Arc<People>,
    pub(super) tenants: Vec<Tenant>,
    pub(super) changes: bool,
}

/// A running load.
pub(super) struct Loading {
    ends: Arc<AtomicBool>,
    callers: Vec<JoinHandle<Vec<Heard>>>,
}

struct Heard {
    sent: Instant,
    took: Duration,
    verdict: Verdict,
}

/// Results of a load.
#[derive(Default)]
pub(super) struct Met {
    /// `None` in states in which latency is not meaningful.
    pub(super) p99: Option<Duration>,
    pub(super) slowest: Duration,
    /// Number of answers that said to try again.
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
    /// Ends the load and waits for requests in flight, except at a gateway that is away. `struck`: time at which the
    /// fault had begun.
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
        // Further ones repeat the same message.
        met.wrong.truncate(3);
        met
    }
}
