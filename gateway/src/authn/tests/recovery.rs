//! Issuers that are wrong, empty, slow or away for a while.

use std::time::{Duration, Instant, SystemTime};

use jsonwebtoken::Algorithm;
use serde_json::json;

use super::forge::{self, jwk, keys, set};
use super::refresh::{AGES, Server, answer, publishes, token};
use super::{bearer, issuer};
use crate::authn::rejection_reason::RejectionReason;
use crate::authn::{Authenticator, KeyStats, NotAuthenticated};
use crate::config::{Authn, KeySource};

fn known(authenticator: &Authenticator) -> KeyStats {
    authenticator.stats()[0].keys
}

/// Whatever was wrong with the set is mended by the next one, and so the issuer is asked for it.
#[tokio::test]
async fn a_set_that_was_ambiguous_or_of_another_algorithm_is_asked_for_again() {
    let es256 = |pem: &str, changes| jwk(Algorithm::ES256, pem, &changes);
    let nameless = bearer(&keys(&json!({"alg": "ES256"}), Algorithm::ES256, forge::EC));
    let named = token("one", forge::EC);
    let sound = set(&[es256(forge::EC, json!({"kid": "one"}))]);
    for (wrong, token, reason) in [
        (
            set(&[es256(forge::EC, json!({})), es256(forge::EC_OTHER, json!({}))]),
            &nameless,
            RejectionReason::AmbiguousKey,
        ),
        (
            set(&[es256(forge::EC, json!({"kid": "one"})), es256(forge::EC, json!({"kid": "one"}))]),
            &named,
            RejectionReason::AmbiguousKey,
        ),
        (set(&[jwk(Algorithm::RS256, forge::RSA, &json!({"kid": "one"}))]), &named, RejectionReason::KeyAlgorithm),
    ] {
        let server = Server::start(answer("200 OK", "", &wrong), Duration::ZERO);
        let authenticator = server.authenticator(Duration::ZERO, AGES);
        assert_eq!(authenticator.verify(token).await.err(), Some(reason));
        server.says(answer("200 OK", "", &sound));
        assert!(authenticator.authenticate(token).await.is_ok(), "{reason:?}: it is never asked for again");
        // Not for each token, though.
        let server = Server::start(answer("200 OK", "", &wrong), Duration::ZERO);
        let authenticator = server.authenticator(Duration::from_mins(1), AGES);
        for _ in 0..10 {
            assert_eq!(authenticator.verify(token).await.err(), Some(reason));
        }
        assert_eq!(server.asked(), 1, "{reason:?}: the floor holds, whoever knocks");
    }
}

#[tokio::test]
async fn an_empty_set_is_a_failure_until_the_known_keys_are_too_old() {
    let unusable = set(&[jwk(Algorithm::ES256, forge::EC, &json!({"kid": "one", "use": "enc"}))]);
    for empty in [set(&[]), unusable] {
        let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
        let authenticator = server.authenticator(Duration::ZERO, AGES);
        authenticator.prefetch_keys().await;
        assert_eq!((known(&authenticator).usable, known(&authenticator).failed_at), (1, None));
        server.says(answer("200 OK", "", &empty));
        assert!(authenticator.verify(&token("two", forge::EC)).await.is_err(), "and so it was asked again");
        assert!(server.asked() > 1);
        assert!(
            authenticator.authenticate(&token("one", forge::EC)).await.is_ok(),
            "an empty set has taken the keys away"
        );
        let figures = known(&authenticator);
        assert_eq!(figures.usable, 1);
        assert!(figures.failed_at.is_some_and(|at| at <= SystemTime::now()), "{figures:?}");

        let server = Server::start(publishes(&[("one", forge::EC)]), Duration::ZERO);
        let authenticator = server.authenticator(Duration::ZERO, Duration::from_millis(20));
        let began = Instant::now();
        authenticator.prefetch_keys().await;
        server.says(answer("200 OK", "", &empty));
        while authenticator.authenticate(&token("one", forge::EC)).await.is_ok() {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "an issuer that publishes nothing for long has withdrawn all"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(began.elapsed() >= Duration::from_millis(120), "withdrawn after six times its age, and not before");
        assert_eq!(known(&authenticator).usable, 0);
    }
}

/// A valid token is no worse for it: who sends it need not sign in again.
#[tokio::test]
async fn while_no_key_is_known_nobody_is_refused_for_their_credential() {
    for wrong in [answer("500 Internal Server Error", "", ""), answer("200 OK", "", &set(&[]))] {
        let server = Server::start(wrong, Duration::ZERO);
        let authenticator = server.authenticator(Duration::ZERO, AGES);
        authenticator.prefetch_keys().await;
        let judged = authenticator.authenticate(&token("one", forge::EC)).await;
        assert_eq!(judged.err(), Some(NotAuthenticated::KeysUnavailable));
        let figures = known(&authenticator);
        assert_eq!((figures.usable, figures.age), (0, None));
        assert!(figures.failed_at.is_some());
        // What is no token is no token all the same.
        assert_eq!(authenticator.authenticate(&bearer("x.y.z")).await.err(), Some(NotAuthenticated::Refused));
        server.says(publishes(&[("one", forge::EC)]));
        assert!(authenticator.authenticate(&token("one", forge::EC)).await.is_ok());
    }
}

#[tokio::test]
async fn issuers_are_asked_at_once_at_the_start() {
    let delay = Duration::from_millis(300);
    let servers: Vec<_> = (0..5).map(|_| Server::start(publishes(&[("one", forge::EC)]), delay)).collect();
    let issuers = servers.iter().enumerate();
    let issuers =
        issuers.map(|(n, server)| issuer(&format!("https://{n}.example/"), KeySource::Url(server.url.clone())));
    let authenticator = Authenticator::new(&Authn::of(issuers.collect())).unwrap();
    let began = Instant::now();
    authenticator.prefetch_keys().await;
    assert!(began.elapsed() < delay * 4, "one after another: {:?}", began.elapsed());
    let figures = authenticator.stats();
    assert!(figures.iter().all(|figures| figures.keys.usable == 1), "{figures:?}");
}
