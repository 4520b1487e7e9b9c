//! Noise: tens of thousands of almost valid requests. The gateway answers every one of them, and reveals nothing about
//! itself.
//!
//! Owns: the mutations of the requests, and the conditions on answers. `FUZZ_SECONDS` sets the duration in seconds
//! (default 10); `FUZZ_SEED` reproduces the same noise.

use std::env;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Request},
};
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use tests::{Actor, Answer, CANARY, Database, Gateway, Kind};

use super::INSIDE;
use crate::matrix::rows::id_in;

/// Texts that have a meaning somewhere, put where they do not belong.
const WORDS: [&str; 44] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\\",
    "\\u0000",
    "\u{0}",
    "\"\"\"",
    "#",
    "...",
    "@include(if:",
    "@skip(if:true)",
    "$x",
    "null",
    "true",
    "-1",
    "1e999",
    "18446744073709551616",
    "99999999999999999999999999999999999999",
    "__typename",
    "__schema{types{name}}",
    "query",
    "mutation",
    "subscription",
    "fragment f on Query{...f}",
    "...f",
    "viewer{name}",
    "' or 1=1 --",
    "../../etc/passwd",
    "%00",
    "%2e%2e%2f",
    "\r\n\r\n",
    "\u{202e}",
    "\u{feff}",
    "\u{1f600}",
    "\u{d7ff}",
    "{\"version\":1}",
    "doc_",
    "dso_zzzzzzzzzzzzzzzzzzzzzzzzzz",
    "eyJhbGciOiJub25lIn0",
    "Infinity",
];

/// A source of random choices.
struct Dice(TestRng);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    /// A number below `end`, which must not be 0.
    fn below(&mut self, end: usize) -> usize {
        use proptest::prelude::Rng as _;
        usize::try_from(self.0.next_u64() % u64::try_from(end).expect("a length fits")).expect("less than a length")
    }

    fn of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    fn word(&mut self, among: &[&'static str]) -> &'static str {
        among[self.below(among.len())]
    }

    /// Changes a text in places: bytes flipped, ranges removed, duplicated or moved, words inserted.
    fn spoil(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let to = (at + self.below(24)).min(bytes.len());
            match self.below(6) {
                0 => drop(bytes.drain(at..to)),
                1 => {
                    let word = self.of(&WORDS).as_bytes().to_vec();
                    drop(bytes.splice(at..at, word));
                }
                2 => {
                    let word = self.of(&WORDS).as_bytes().to_vec();
                    drop(bytes.splice(at..to, word));
                }
                3 => {
                    let (part, times) = (bytes[at..to].to_vec(), 1 + self.below(200));
                    drop(bytes.splice(at..at, part.repeat(times)));
                }
                4 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                _ => bytes.truncate(to),
            }
        }
        bytes
    }

    /// The same as a string: invalid UTF-8 is replaced with the replacement character.
    fn spoil_text(&mut self, text: &str) -> String {
        String::from_utf8_lossy(&self.spoil(text)).into_owned()
    }
}

/// Valid requests: documents with their variables.
fn honest() -> Vec<(String, Value)> {
    let (dso, doctor) = (id_in("Dso", "Smile"), id_in("Doctor", "Smile"));
    let text = |text: &str| text.to_owned();
    vec![
        (text("{ viewer { name email memberships { role organizationSlug } } organization { name slug } }"), json!({})),
        (
            text("query ($id: ID!) { node(id: $id) { __typename id ... on Doctor { name email dso { name } } } }"),
            json!({ "id": doctor }),
        ),
        (
            text(
                "query ($n: Int, $after: String) { doctors(first: $n, after: $after, orderBy: { field: NAME, direction: DESC }) { totalCount edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }",
            ),
            json!({ "n": 3, "after": null }),
        ),
        (
            format!(
                "{{ dso(id: \"{dso}\") {{ name doctors(last: 2) {{ nodes {{ name activities(first: 1) {{ nodes {{ note occurredAt }} }} }} }} }} }}"
            ),
            json!({}),
        ),
        (
            text(
                "{ activitiesAggregate(groupBy: [DSO], bucket: { field: OCCURRED_AT, unit: WEEK, timeZone: \"America/New_York\" }) { nodes { bucket dso { name } count } } }",
            ),
            json!({}),
        ),
        (
            text("query A { __schema { types { name } } } query B { __type(name: \"Doctor\") { fields { name } } }"),
            json!({}),
        ),
        (text("query { a: viewer { ...V } b: viewer { ...V } } fragment V on Viewer { name }"), json!({})),
        (
            text(
                "mutation ($i: DoctorUpdateInput!) { doctorUpdate(input: $i) { doctor { name } userErrors { code message field } } }",
            ),
            json!({ "i": { "doctorId": doctor, "notes": "n", "expectedVersion": 1 } }),
        ),
        (
            text("query ($token: String!) { invitationPreview(token: $token) { organizationName } }"),
            json!({ "token": "x" }),
        ),
    ]
}

/// The cursors of a valid answer, as input for mutations.
async fn cursors(gateway: &Gateway) -> Vec<String> {
    let answer = gateway.ask(Actor::Owner, "{ doctors(first: 5) { edges { cursor } } }", json!({})).await.clean();
    let edges = answer.data("/doctors/edges").as_array().cloned().unwrap_or_default();
    edges.iter().filter_map(|edge| edge["cursor"].as_str().map(str::to_owned)).collect()
}

/// One request, and its text for the failing test's message.
fn noise(dice: &mut Dice, honest: &[(String, Value)], cursors: &[String]) -> (Request<Body>, String) {
    let (query, variables) = dice.of(honest).clone();
    let mut token = Actor::Owner.token().unwrap_or_default();
    let mut organization = Actor::Owner.organization().unwrap_or_default().to_owned();
    let mut document = query;
    let mut values = variables.to_string();
    let kind = dice.below(9);
    let mut body = None;
    match kind {
        0 => document = dice.spoil_text(&document),
        1 => values = dice.spoil_text(&values),
        2 => {
            values = json!({ "after": dice.of(cursors), "n": 2, "id": id_in("Doctor", "Smile") }).to_string();
            values = dice.spoil_text(&values);
        }
        3 => token = dice.spoil_text(&token),
        4 => organization = dice.spoil_text(&organization),
        5 => body = Some(dice.spoil(&json!({ "query": document, "variables": variables, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "0" } } }).to_string())),
        6 => body = Some(dice.spoil(&json!({ "documentId": "sha256:00", "variables": variables }).to_string())),
        7 => body = Some((0..dice.below(300)).map(|_| u8::try_from(dice.below(256)).unwrap_or_default()).collect()),
        _ => {}
    }
    let values: Value = serde_json::from_str(&values).unwrap_or(Value::String(values));
    let body = body.unwrap_or_else(|| json!({ "query": document, "variables": values }).to_string().into_bytes());
    let as_address = kind == 8;
    let address = if as_address {
        let spoilt = dice.spoil(&document);
        let coded: String = spoilt
            .iter()
            .map(|byte| if dice.below(20) == 0 { format!("%{byte:x}") } else { format!("%{byte:02X}") })
            .collect();
        format!("/graphql?query={coded}&variables={}", dice.word(&["%7B%7D", "%7B", "null", "", "%5B%5D", "%FF"]))
    } else {
        "/graphql".to_owned()
    };
    let told = format!("kind {kind}: {address} {organization:?} {token:?} {}", String::from_utf8_lossy(&body));
    let mut request = if as_address { Request::get(&address) } else { Request::post(&address) };
    let mut header = |name: &'static str, value: &str| {
        // A value that is not a valid header value cannot be sent.
        if let (Some(headers), Ok(value)) = (request.headers_mut(), HeaderValue::from_bytes(value.as_bytes())) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    if dice.below(8) != 0 {
        header("authorization", &format!("Bearer {token}"));
    }
    if dice.below(8) != 0 {
        header("x-organization-id", &organization);
    }
    header(
        "content-type",
        dice.word(&[
            "application/json",
            "application/json",
            "application/json",
            "application/json; charset=utf-8",
            "text/plain",
        ]),
    );
    header(
        "accept",
        dice.word(&["application/graphql-response+json", "application/json", "*/*", "text/html;q=0.1", ";;"]),
    );
    for name in ["idempotency-key", "x-run-as-member", "x-request-id", "cookie"] {
        if dice.below(12) == 0 {
            header(name, &dice.spoil_text("mem_0000000000000000000000000a"));
        }
    }
    let body = if as_address { Body::empty() } else { Body::from(body) };
    (request.body(body).unwrap_or_default(), told)
}

/// The problem of an answer, if any.
fn wrong_with(answer: &Answer) -> Option<String> {
    if answer.status.as_u16() >= 500 {
        return Some(format!("answered {}", answer.status));
    }
    let told = answer.bytes();
    if let Some(word) = INSIDE.into_iter().chain([CANARY]).find(|word| told.contains(word)) {
        return Some(format!("tells `{word}`"));
    }
    if answer.request_id().is_empty() {
        return Some("has no request id".to_owned());
    }
    let is_json =
        answer.headers.get("content-type").is_some_and(|media| media.to_str().unwrap_or_default().contains("json"));
    if is_json && answer.json.is_null() {
        return Some("is no JSON".to_owned());
    }
    let errors = answer.json["errors"].as_array().map_or(0, Vec::len);
    (answer.codes().len() != errors).then(|| "has an error without a code".to_owned())
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("`{name}` is not a number: {text}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn malformed_requests_are_answered_without_internal_details() {
    let seconds = number("FUZZ_SECONDS").unwrap_or(10);
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
    let seed = number("FUZZ_SEED").unwrap_or(clock);
    for kind in Kind::ALL {
        let share = Duration::from_secs(seconds) / 2;
        let database = Database::world(kind).await;
        make(&Gateway::over(&database).await, share, seed).await;
    }
}

/// Sends noise for this long, and checks each answer.
#[expect(clippy::print_stdout, reason = "tells how much noise there was, and how to make it again")]
async fn make(gateway: &Gateway, share: Duration, seed: u64) {
    let (honest, cursors) = (honest(), cursors(gateway).await);
    // The requests are valid before they are mutated, or no code behind the parser would be reached. (The document
    // with two operations is left out, since it needs an operation name.)
    for (query, variables) in honest.iter().filter(|(query, _)| !query.contains("query B")) {
        let answer = gateway.ask(Actor::Owner, query, variables.clone()).await;
        assert!(answer.status == 200 && !answer.json["data"].is_null(), "{query} {}", answer.text);
    }
    let mut dice = Dice::new(seed);
    let began = Instant::now();
    let (mut asked, mut refused) = (0_u64, 0_u64);
    while began.elapsed() < share {
        let (request, told) = noise(&mut dice, &honest, &cursors);
        let sent = tokio::spawn({
            let gateway = gateway.clone();
            async move { gateway.send(request).await }
        });
        let answer = sent.await.unwrap_or_else(|_| panic!("no answer to request {asked} of FUZZ_SEED={seed}: {told}"));
        if let Some(wrong) = wrong_with(&answer) {
            let (status, text) = (answer.status, &answer.text);
            panic!(
                "the answer to request {asked} of FUZZ_SEED={seed} {wrong}\nasked: {told}\nanswered: {status} {text}"
            );
        }
        asked += 1;
        refused += u64::from(answer.status != 200);
    }
    println!("{asked} requests in {share:?}, {refused} refused, FUZZ_SEED={seed}");
    assert!(asked > 20 && refused > 0 && refused < asked, "{asked} requests, {refused} refused: no noise near sense");
}
