//! A question, and what came of it.
//!
//! Owns: the judgement of an answer. Invariant: an answer is right, or it says properly that one should try again, or it is wrong; what a
//! question says that may never be answered is wrong whatever else is going on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    endure::{Answer, Caller, Lost},
    tenants::Tenant,
};
use tokio::time::sleep;

use super::people::{People, Who};

/// The longest that an answer may take: its wait for a turn (3 s by default), an operation's time here ([`super::OPERATION`]), and what a busy
/// machine needs.
pub(super) const AT_MOST: Duration = Duration::from_secs(7);

/// What an answer that says to try again has for a code.
const AGAIN: [&str; 3] = ["UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// To be tried again.
    Again(String),
    Wrong(String),
}

/// A caller's question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) tenant: Tenant,
    pub(super) who: Who,
    pub(super) body: String,
    /// A right answer has it.
    pub(super) word: String,
    /// No answer has it; empty: there is no such word.
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

    /// Asks once.
    pub(super) async fn ask(&self, people: &People, address: &str) -> Verdict {
        let token = people.token(self.tenant, self.who);
        self.judge(&Caller::of(address).ask(token, &self.tenant.slug(), &self.body).await)
    }

    /// Asks, and retries while the answer says to, but not for longer than this.
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
        // What is to be refused is asked with the code of the refusal; all else has no errors.
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
