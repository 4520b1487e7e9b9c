//! Key sets over HTTP, from a small server on this machine that counts what it is asked.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::json;

use super::forge::{self, jwk, keys, set};
use super::{KEYS, bearer, issuer};
use crate::authn::Authenticator;
use crate::authn::rejection_reason::RejectionReason;
use crate::config::{Authn, Jwks, KeySource};

/// An issuer's web server: answers every question with the same bytes until told otherwise.
pub(super) struct Server {
    pub(super) url: String,
    answer: Arc<Mutex<Vec<u8>>>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn start(answer: Vec<u8>, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let server = Self { url, answer: Arc::new(Mutex::new(answer)), asked: Arc::default() };
        let (answer, asked) = (Arc::clone(&server.answer), Arc::clone(&server.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                asked.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]);
                std::thread::sleep(delay);
                let _ = stream.write_all(&answer.lock().unwrap());
            }
        });
        server
    }

    pub(super) fn says(&self, answer: Vec<u8>) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(super) fn authenticator(&self, floor: Duration, max_age: Duration) -> Authenticator {
        let mut config = Authn::of(vec![issuer(KEYS, KeySource::Url(self.url.clone()))]);
        config.jwks = Jwks { refresh_floor: floor, max_age, timeout: Duration::from_secs(2), max_bytes: 16 * 1024 };
        Authenticator::new(&config).unwrap()
    }
}

pub(super) const AGES: Duration = Duration::from_hours(1);

pub(super) fn answer(status: &str, more: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n{body}", body.len()).into_bytes()
}

pub(super) fn publishes(ids: &[(&str, &str)]) -> Vec<u8> {
    let keys: Vec<_> = ids.iter().map(|(id, pem)| jwk(Algorithm::ES256, pem, &json!({ "kid": id }))).collect();
    answer("200 OK", "", &set(&keys))
}

pub(super) fn token(id: &str, pem: &str) -> axum::http::HeaderMap {
    bearer(&keys(&json!({"alg": "ES256", "kid": id}), Algorithm::ES256, pem))
}

#[tokio::test]
async fn keys_are_fetched_once_and_kept() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
    let authenticator = server.authenticator(Duration::from_mins(1), AGES);
    assert_eq!(server.asked(), 0, "nobody is asked before it is needed");
    for _ in 0..5 {
        assert!(authenticator.authenticate(&token("one", forge::EC)).await.is_ok());
    }
    assert_eq!(server.asked(), 1);
    let shared_secret = keys(&json!({"alg": "HS256", "kid": "new"}), Algorithm::HS256, "x");
    assert_eq!(authenticator.verify(&bearer(&shared_secret)).await.err(), Some(RejectionReason::KeyAlgorithm));
    assert_eq!(server.asked(), 1, "a confused algorithm is no reason to ask");
}

#[tokio::test]
async fn an_unknown_key_asks_again_but_not_below_the_floor() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
    let authenticator = server.authenticator(Duration::from_secs(2), AGES);
    let second = token("two", forge::EC_OTHER);
    authenticator.prefetch_keys().await;
    server.says(publishes(&[("one", forge::EC), ("two", forge::EC_OTHER)]));
    for _ in 0..20 {
        assert_eq!(authenticator.verify(&second).await.err(), Some(RejectionReason::UnknownKey));
    }
    assert_eq!(server.asked(), 1, "the floor holds, whoever knocks");
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert!(authenticator.authenticate(&second).await.is_ok(), "a rotated key is found");
    assert!(authenticator.authenticate(&token("one", forge::EC)).await.is_ok());
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn a_reload_asks_anew_and_a_silent_issuer_loses_nobody_their_session() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
    let before = server.authenticator(Duration::from_mins(1), AGES);
    before.prefetch_keys().await;
    let config = Authn::of(vec![issuer(KEYS, KeySource::Url(server.url.clone()))]);
    server.says(answer("503 Service Unavailable", "", ""));
    let silent = before.renewed(&config).await.unwrap();
    assert_eq!(server.asked(), 2, "the issuer is asked again");
    assert!(silent.authenticate(&token("one", forge::EC)).await.is_ok(), "a key is gone because nobody answered");
    server.says(publishes(&[("two", forge::EC_OTHER)]));
    let renewed = silent.renewed(&config).await.unwrap();
    assert!(renewed.authenticate(&token("two", forge::EC_OTHER)).await.is_ok());
    assert_eq!(
        renewed.verify(&token("one", forge::EC)).await.err(),
        Some(RejectionReason::UnknownKey),
        "it was withdrawn"
    );
    // Another address is another issuer's word: nothing known so far counts there.
    let elsewhere = Server::start(publishes(&[("two", forge::EC_OTHER)]), Duration::ZERO);
    let moved = Authn::of(vec![issuer(KEYS, KeySource::Url(elsewhere.url.clone()))]);
    let moved = before.renewed(&moved).await.unwrap();
    assert!(moved.authenticate(&token("one", forge::EC)).await.is_err(), "a key of the address that was given up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_ask_once() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::from_millis(200));
    let authenticator = Arc::new(server.authenticator(Duration::from_mins(1), AGES));
    let asks: Vec<_> = (0..32)
        .map(|_| {
            let authenticator = Arc::clone(&authenticator);
            tokio::spawn(async move { authenticator.authenticate(&token("one", forge::EC)).await.is_ok() })
        })
        .collect();
    for ask in asks {
        assert!(ask.await.unwrap());
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn a_request_that_goes_away_does_not_waste_the_answer() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::from_millis(200));
    let authenticator = server.authenticator(Duration::from_mins(1), AGES);
    let headers = token("one", forge::EC);
    let gone = tokio::time::timeout(Duration::from_millis(50), authenticator.authenticate(&headers)).await;
    assert!(gone.is_err(), "it left while the issuer was asked");
    assert!(authenticator.authenticate(&headers).await.is_ok());
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn a_failure_takes_no_keys_away() {
    let huge = format!("{{\"keys\":[],\"pad\":\"{}\"}}", "p".repeat(20_000));
    let failures = [
        answer("500 Internal Server Error", "", &set(&[])),
        answer("200 OK", "", "<html>sorry</html>"),
        answer("200 OK", "", &huge),
        answer("302 Found", "location: http://127.0.0.1:9/keys\r\n", ""),
        b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{".to_vec(),
        b"rubbish".to_vec(),
        Vec::new(),
    ];
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
    let authenticator = server.authenticator(Duration::ZERO, AGES);
    authenticator.prefetch_keys().await;
    for (index, failure) in failures.into_iter().enumerate() {
        server.says(failure);
        let before = server.asked();
        assert_eq!(
            authenticator.verify(&token("two", forge::EC)).await.err(),
            Some(RejectionReason::UnknownKey),
            "failure {index}"
        );
        assert!(server.asked() > before, "failure {index} was asked for");
        assert!(authenticator.authenticate(&token("one", forge::EC)).await.is_ok(), "failure {index}");
    }
}

#[tokio::test]
async fn an_issuer_that_is_away_at_the_start_is_asked_again_soon() {
    let server = Server::start(answer("503 Service Unavailable", "", ""), Duration::ZERO);
    let authenticator = server.authenticator(Duration::from_mins(1), AGES);
    authenticator.prefetch_keys().await;
    assert_eq!(authenticator.verify(&token("one", forge::EC)).await.err(), Some(RejectionReason::KeysUnavailable));
    server.says(publishes(&[("one", forge::EC)]));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(authenticator.authenticate(&token("one", forge::EC)).await.is_ok());
}

#[tokio::test]
async fn a_slow_issuer_is_given_up() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::from_secs(6));
    let authenticator = server.authenticator(Duration::from_mins(1), AGES);
    let started = std::time::Instant::now();
    assert_eq!(authenticator.verify(&token("one", forge::EC)).await.err(), Some(RejectionReason::KeysUnavailable));
    assert!(started.elapsed() < Duration::from_secs(5), "it waits two seconds, not six");
}

#[tokio::test]
async fn old_keys_are_asked_for_again_and_forgotten() {
    let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
    let authenticator = server.authenticator(Duration::from_millis(10), Duration::from_secs(1));
    let (first, second) = (token("one", forge::EC), token("two", forge::EC_OTHER));
    assert!(authenticator.authenticate(&first).await.is_ok());
    server.says(publishes(&[("two", forge::EC_OTHER)]));
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert!(authenticator.authenticate(&first).await.is_ok(), "stale: served once more, and asked beside it");
    let mut waits = 0;
    while authenticator.authenticate(&first).await.is_ok() && waits < 100 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        waits += 1;
    }
    assert!(waits < 100, "a withdrawn key is forgotten");
    assert!(authenticator.authenticate(&second).await.is_ok());
    server.says(publishes(&[("three", forge::EC)]));
    tokio::time::sleep(Duration::from_millis(2200)).await;
    let withdrawn = authenticator.verify(&second).await.err();
    assert_eq!(withdrawn, Some(RejectionReason::UnknownKey), "overdue after a quiet time: asked first");
}
