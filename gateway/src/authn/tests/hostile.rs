//! Credentials that must be refused, each with the cause that only the log may know.

mod algorithms;
mod answers;
mod carriers;
mod claims;
mod forms;

use axum::http::HeaderMap;

use super::authenticator;
use crate::authn::NotAuthenticated;
use crate::authn::rejection_reason::RejectionReason;

/// Name, credential, cause.
type Case = (&'static str, HeaderMap, RejectionReason);

fn cases() -> Vec<Case> {
    [algorithms::cases(), claims::cases(), forms::cases(), carriers::cases()].concat()
}

#[tokio::test]
async fn hostile_credentials_are_all_refused_alike() {
    let cases = cases();
    let authenticator = authenticator();
    let mut wrong = Vec::new();
    for (name, headers, reason) in &cases {
        let judged = authenticator.verify(headers).await;
        let found = judged.as_ref().err();
        if found != Some(reason) {
            wrong.push(format!("{name}: expected {reason:?}, found {judged:?}"));
        }
        let refused = authenticator.authenticate(headers).await.map(|_| ());
        let expected = match reason {
            RejectionReason::TooLarge => NotAuthenticated::TooLarge,
            _ => NotAuthenticated::Refused,
        };
        assert_eq!(refused, Err(expected), "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 200, "only {} cases left", cases.len());
}
