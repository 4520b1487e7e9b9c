//! The request's headers: other schemes, several credentials, a cookie that another site could have sent.

use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::Case;
use crate::authn::rejection_reason::RejectionReason::{CookieWithoutHeader, Malformed, NotBearer, SeveralCredentials};
use crate::authn::tests::forge::shared;
use crate::authn::tests::{bearer, header};

pub(super) fn cases() -> Vec<Case> {
    let token = shared(&json!({}));
    let mut cases: Vec<Case> = Vec::new();
    for value in [
        String::new(),
        "Bearer".to_owned(),
        "Basic YWxhbjpwYXNzd29yZA==".to_owned(),
        format!("Basic {token}"),
        format!("Token {token}"),
        format!("DPoP {token}"),
        format!("JWT {token}"),
        format!("Bearer:{token}"),
        format!("Bearer\t{token}"),
        format!("Bearer={token}"),
        format!("BearerX {token}"),
        format!("\"Bearer\" {token}"),
        token.clone(),
        "Negotiate".to_owned(),
    ] {
        cases.push(("a credential in another scheme", header(value.as_bytes()), NotBearer));
    }
    cases.push(("letters outside ASCII", header(format!("Bearer {token}\u{e9}").as_bytes()), NotBearer));
    cases.push(("bytes outside UTF-8", header(b"Bearer \xff\xfe"), NotBearer));
    cases.push(("a scheme and a blank", header(b"Bearer "), Malformed));
    cases.push(("a blank and a tab", header(format!("Bearer \t{token}").as_bytes()), Malformed));
    cases.push(("the scheme twice", header(format!("Bearer Bearer {token}").as_bytes()), Malformed));

    let sound = || HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    let mut several = bearer(&token);
    several.append(AUTHORIZATION, sound());
    cases.push(("the same header twice", several, SeveralCredentials));
    let mut several = header(b"Basic YWxhbjpwYXNzd29yZA==");
    several.append(AUTHORIZATION, sound());
    cases.push(("two schemes, the good one last", several, SeveralCredentials));
    let mut several = bearer(&token);
    several.append(AUTHORIZATION, HeaderValue::from_static(""));
    cases.push(("two headers, one of them empty", several, SeveralCredentials));

    let with = |pairs: &[(&'static str, String)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        headers
    };
    let cookie = ("cookie", format!("cs12_token={token}"));
    let proof = ("x-cs12-request", "1".to_owned());
    let twice = ("cookie", format!("cs12_token={token}; cs12_token={token}"));
    let basic = ("authorization", "Basic YWxhbjpwYXNzd29yZA==".to_owned());
    let wrong = ("authorization", format!("Bearer {token}x.y"));
    let ajax = ("x-requested-with", "XMLHttpRequest".to_owned());
    cases.push(("a cookie alone", with(std::slice::from_ref(&cookie)), CookieWithoutHeader));
    cases.push(("a cookie with another header", with(&[cookie.clone(), ajax]), CookieWithoutHeader));
    cases.push(("a cookie twice in one header", with(&[twice, proof.clone()]), SeveralCredentials));
    cases.push((
        "a cookie twice in two headers",
        with(&[cookie.clone(), cookie.clone(), proof.clone()]),
        SeveralCredentials,
    ));
    cases.push(("an empty cookie", with(&[("cookie", "cs12_token=".to_owned()), proof.clone()]), Malformed));
    cases.push(("a cookie without a value", with(&[("cookie", "cs12_token".to_owned()), proof.clone()]), Malformed));
    cases.push((
        "a cookie in quotes",
        with(&[("cookie", format!("cs12_token=\"{token}\"")), proof.clone()]),
        Malformed,
    ));
    cases.push(("a good cookie behind another scheme", with(&[basic, cookie.clone(), proof.clone()]), NotBearer));
    cases.push(("a good cookie behind a bad token", with(&[wrong, cookie, proof]), Malformed));
    cases
}
