//! A request, and the judgement of its answer.
//!
//! Owns: the judgement. Invariant: an answer is right, or it says in the proper form to try again, or it is wrong. An
//! answer that contains a request's forbidden word is wrong in every state.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    load::{Answer, Caller, Lost},
    tenants::Tenant,
};
use tokio::time::sleep;

use super::people::{People, Who};

/// Longest time for an answer: its wait in the queue (3 s by default), the time limit of an operation here
/// ([`super::OPERATION`]), and a margin for a busy machine.
pub(super) const AT_MOST: Duration = Duration::from_secs(7);

/// Error codes that mean "try again".
const AGAIN: [&str; 3] = ["UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// The answer says to try again.
    Again(String),
    Wrong(String),
}

/// A caller's request.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) tenant: Tenant,
    pub(super) who: Who,
    pub(super) body: String,
    /// Word that a right answer contains.
    pub(super) word: String,
    /// Word that no answer may contain; empty: no such word.
    pub(super) never: String,
}

impl Question {
    pub(super) fn new(tenant: Tenant, who: Who, query: &str, variables: &Value, word: &str) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        Self { tenant, who, body, word: word.to_owned(), never: String::new() }
    }

    pub(super) fn never(self, word: &str) -> Self {
        Self { never: word.to_owned(), ..self }
    }

    /// Sends the request once.
    pub(super) async fn ask(&self, people: &People, address: &str) -> Verdict {
        let token = people.token(self.tenant, self.who);
        self.judge(&Caller::of(address).ask(token, &self.tenant.slug(), &self.body).await)
    }

    /// Sends the request, and retries for at most `patience` while the answer says to.
    pub(super) async fn ask_within(&self, patience: Duration, people: &People, address: &str) -> Verdict {
        let began = Instant::now();
        loop {
            match self.ask(people, address).await {
                Verdict::Again(_) if began.elapsed() < patience => sleep(Duration::from_millis(50)).await,
                verdict => return verdict,
            }
        }
    }

    pub(super) fn judge(&self, answer: &Result<Answer, Lost>) -> Verdict {
        let Self { tenant, who, body, word, never } = self;
        let wrong = |why: &str, answer: &str| {
            Verdict::Wrong(format!("{who:?} of {}: {why} in the answer to {body}: {answer}", tenant.slug()))
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(lost) => return wrong("nothing", &format!("{lost:?}")),
        };
        let reply = format!("{} {} after {:.1?}", answer.status, answer.text, answer.took);
        let json: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let errors = json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_again = |error: &Value| error["extensions"]["code"].as_str().is_some_and(|code| AGAIN.contains(&code));
        // A request that must be refused has the error code as its word; every other answer must have no errors.
        let is_word = |error: &Value| error["extensions"]["code"] == word.as_str();
        if answer.took > AT_MOST {
            wrong("too much time", &reply)
        } else if !never.is_empty() && answer.text.contains(never.as_str()) {
            wrong(&format!("`{never}`"), &reply)
        } else if [200, 429, 503, 504].contains(&answer.status) && !errors.is_empty() && errors.iter().all(is_again) {
            Verdict::Again(reply)
        } else if answer.text.contains(word.as_str()) && (errors.is_empty() || errors.iter().any(is_word)) {
            Verdict::Right
        } else {
            wrong(&format!("no `{word}`"), &reply)
        }
    }
}
