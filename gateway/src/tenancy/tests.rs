//! Every place that can name an organization, and every pair of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::{HeaderMap, HeaderValue, Uri};
use entity::{
    auth::Principal,
    id::{MemberId, TypedId},
    membership::Selector,
};

use super::{InvalidSelector, run_as, selector};

const ID: &str = "org_01h455vb4pex5vsknk084sn02q";

/// What a request says, line by line, and what its token says.
#[derive(Clone, Copy, Debug)]
struct Wish(&'static [(&'static str, &'static str)], Option<&'static str>);

fn ask(wish: Wish, uri: &str, base: Option<&str>) -> Result<Selector, InvalidSelector> {
    let mut headers = HeaderMap::new();
    for (name, value) in wish.0 {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let principal = Principal::verified("https://issuer.example".to_owned(), "somebody".to_owned());
    let principal = match wish.1 {
        Some(claim) => principal.with_organization_claim(claim.to_owned()),
        None => principal,
    };
    selector(&headers, &uri.parse::<Uri>().unwrap(), &principal, base)
}

fn named(name: &str) -> Selector {
    Selector::Named(name.to_owned())
}

const ORG: &str = "x-organization-id";
const WORK: &str = "x-workspace-id";
const WRONG: Result<&str, InvalidSelector> = Err(InvalidSelector::Header("X-Organization-Id"));

/// With the base `cs12.example`; `Ok("")` = none in particular.
const CASES: &[(Wish, Result<&str, InvalidSelector>)] = &[
    (Wish(&[], None), Ok("")),
    (Wish(&[], Some("claimed")), Ok("claimed")),
    (Wish(&[(ORG, "acme")], None), Ok("acme")),
    (Wish(&[(ORG, ID)], Some("claimed")), Ok(ID)),
    (Wish(&[(ORG, "  ACME\t")], None), Ok("acme")),
    (Wish(&[(WORK, "acme")], Some("claimed")), Ok("acme")),
    (Wish(&[(ORG, "acme"), (WORK, "Acme")], None), Ok("acme")),
    (Wish(&[(ORG, "acme"), (WORK, "acne")], None), Err(InvalidSelector::Headers)),
    (Wish(&[(ORG, "acme"), (WORK, ID)], None), Err(InvalidSelector::Headers)),
    // Sound values only.
    (Wish(&[(ORG, "")], Some("claimed")), WRONG),
    (Wish(&[(ORG, " ")], None), WRONG),
    (Wish(&[(ORG, "a b")], None), WRONG),
    (Wish(&[(ORG, "acm\u{e9}")], None), WRONG),
    (Wish(&[(ORG, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")], None), WRONG),
    (Wish(&[(ORG, "acme"), (ORG, "acme")], None), WRONG),
    (Wish(&[(WORK, "")], None), Err(InvalidSelector::Header("X-Workspace-Id"))),
    // Sub-domains.
    (Wish(&[("host", "acme.cs12.example")], None), Ok("acme")),
    (Wish(&[("host", "ACME.CS12.Example.:8443")], Some("claimed")), Ok("acme")),
    (Wish(&[("host", "cs12.example")], Some("claimed")), Ok("claimed")),
    (Wish(&[("host", "localhost:8080")], None), Ok("")),
    (Wish(&[("host", "[::1]:8080")], None), Ok("")),
    (Wish(&[("host", "evilcs12.example")], None), Ok("")),
    (Wish(&[("host", "acme.cs12.example.evil.example")], None), Ok("")),
    (Wish(&[("host", "a.acme.cs12.example")], None), Err(InvalidSelector::SubDomain)),
    (Wish(&[("host", ".cs12.example")], None), Err(InvalidSelector::SubDomain)),
    (Wish(&[("host", "ac_me.cs12.example")], None), Err(InvalidSelector::SubDomain)),
    (Wish(&[("host", "x@acme.cs12.example")], None), Err(InvalidSelector::Host)),
    (Wish(&[("host", "acm\u{e9}.cs12.example")], None), Err(InvalidSelector::Host)),
    (Wish(&[("host", "acme.cs12.example"), ("host", "acme.cs12.example")], None), Err(InvalidSelector::Host)),
    (Wish(&[("x-forwarded-host", "acme.cs12.example")], None), Ok("")),
    // Both.
    (Wish(&[("host", "acme.cs12.example"), (ORG, "Acme")], None), Ok("acme")),
    (Wish(&[("host", "acme.cs12.example"), (WORK, "acne")], None), Err(InvalidSelector::HeaderAndHost)),
    (Wish(&[("host", "acme.cs12.example"), (ORG, ID)], None), Err(InvalidSelector::HeaderAndHost)),
    (Wish(&[("host", "cs12.example"), (ORG, ID)], None), Ok(ID)),
];

#[test]
fn each_place_in_its_turn() {
    for (wish, expected) in CASES {
        let expected = expected.map(|name| if name.is_empty() { Selector::Default } else { named(name) });
        assert_eq!(ask(*wish, "/graphql", Some("cs12.example")), expected, "{wish:?}");
    }
}

#[test]
fn without_a_base_the_host_says_nothing() {
    let wish = Wish(&[("host", "acme.cs12.example"), (ORG, "acne")], None);
    assert_eq!(ask(wish, "/graphql", None), Ok(named("acne")));
}

#[test]
fn an_absolute_address_wins_over_the_host() {
    let wish = Wish(&[("host", "acne.cs12.example")], None);
    assert_eq!(ask(wish, "http://acme.cs12.example/graphql", Some("cs12.example")), Ok(named("acme")));
}

#[test]
fn a_refusal_names_its_inputs() {
    for refused in [
        InvalidSelector::Header("X-Organization-Id"),
        InvalidSelector::RunAs,
        InvalidSelector::Headers,
        InvalidSelector::Host,
        InvalidSelector::SubDomain,
        InvalidSelector::HeaderAndHost,
    ] {
        let text = refused.to_string();
        assert!(text.starts_with('`') && !text.contains("Refused"), "{text}");
    }
}

/// The values of the header, and as whom it runs.
type Case<'a> = (&'a [&'a str], Result<Option<MemberId>, InvalidSelector>);

#[test]
fn a_request_runs_as_one_member_or_as_nobody_else() {
    let member = MemberId::generate();
    let nobody = MemberId::from_text("");
    let text = member.to_text();
    let upper = text.to_uppercase();
    let long = "m".repeat(65);
    let cases: [Case<'_>; 8] = [
        (&[], Ok(None)),
        (&[&text], Ok(Some(member))),
        (&[&upper], Ok(Some(member))),
        // No member: the store answers as for one that does not exist.
        (&["dso_01h455vb4pex5vsknk084sn02q"], Ok(Some(nobody))),
        (&["nonsense"], Ok(Some(nobody))),
        (&[""], Err(InvalidSelector::RunAs)),
        (&[&text, &text], Err(InvalidSelector::RunAs)),
        (&[&long], Err(InvalidSelector::RunAs)),
    ];
    for (values, expected) in cases {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-run-as-member", HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(run_as(&headers), expected, "{values:?}");
    }
}
