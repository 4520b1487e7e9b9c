//! The pages as a browser asks for them, in both builds: with pages and without.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Read as _;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderName, Request, Response, StatusCode};
use flate2::read::GzDecoder;
use tower::ServiceExt as _;

use super::file::FILES;
use super::{POLICY, accepts_gzip, routes};
use crate::config::{Pages, TokenLinks};

async fn ask(path: &str, headers: &[(HeaderName, &str)]) -> Response<Body> {
    let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, *value));
    let router: Router = routes(&Pages::DEMO);
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header<'response>(response: &'response Response<Body>, name: &HeaderName) -> Option<&'response str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

async fn bytes(response: Response<Body>) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(bytes(response).await).unwrap()
}

#[tokio::test]
async fn the_page_or_the_reason_why_there_is_none() {
    for path in ["/graphiql", "/graphiql/"] {
        let response = ask(path, &[]).await;
        assert_eq!(header(&response, &CONTENT_SECURITY_POLICY), Some(POLICY));
        if FILES.is_empty() {
            assert_eq!(response.status(), StatusCode::NOT_FOUND);
            assert!(text(response).await.contains("GATEWAY_PAGES=skip"));
        } else {
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(header(&response, &CACHE_CONTROL), Some("no-cache"));
            assert_eq!(header(&response, &CONTENT_TYPE), Some("text/html; charset=utf-8"));
        }
    }
}

#[tokio::test]
async fn the_page_holds_no_script_and_names_no_host() {
    let page = text(ask("/graphiql/", &[]).await).await;
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    for script in page.split("<script").skip(1) {
        let (attributes, body) = script.split_once('>').unwrap();
        assert!(attributes.contains("src=\"/graphiql/assets/") && body.starts_with("</script>"), "{page}");
    }
}

#[tokio::test]
async fn a_hashed_file_is_kept_for_good_and_not_sent_twice() {
    for file in FILES.iter().filter(|file| file.name.starts_with("assets/")) {
        let path = format!("/graphiql/{}", file.name);
        let plain = ask(&path, &[]).await;
        assert_eq!(header(&plain, &CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
        assert_eq!(header(&plain, &CONTENT_SECURITY_POLICY), Some(POLICY));
        assert_ne!(header(&plain, &CONTENT_TYPE), Some("application/octet-stream"), "{path}");
        assert_eq!(header(&plain, &CONTENT_ENCODING), None);
        assert_eq!(header(&plain, &VARY), Some("accept-encoding"));
        let tag = header(&plain, &ETAG).unwrap().to_owned();

        let again = ask(&path, &[(IF_NONE_MATCH, &format!("\"other\", W/{tag}"))]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(again).await, "");

        let small = ask(&path, &[(ACCEPT_ENCODING, "br, gzip")]).await;
        assert_eq!(header(&small, &CONTENT_ENCODING), Some("gzip"));
        assert_ne!(header(&small, &ETAG), Some(tag.as_str()));
        let known = ask(&path, &[(ACCEPT_ENCODING, "gzip"), (IF_NONE_MATCH, &tag)]).await;
        assert_eq!(known.status(), StatusCode::OK, "the tag of the plain bytes is not the compressed one's");
    }
}

#[tokio::test]
async fn a_client_without_gzip_gets_the_same_file_decompressed() {
    for file in FILES.iter().filter(|file| file.name.starts_with("assets/")) {
        let path = format!("/graphiql/{}", file.name);
        let gzip = bytes(ask(&path, &[(ACCEPT_ENCODING, "gzip")]).await).await;
        assert_eq!(gzip, file.gzip);
        let mut decoded = Vec::new();
        GzDecoder::new(&gzip[..]).read_to_end(&mut decoded).unwrap();
        for _ in 0..2 {
            assert_eq!(bytes(ask(&path, &[]).await).await, decoded, "{path}");
        }
    }
}

#[tokio::test]
async fn the_page_learns_whether_it_may_take_a_token_from_its_address() {
    let refusing = Pages { token_links: TokenLinks::Refused, ..Pages::DEMO };
    for (pages, expected) in [(Pages::DEMO, r#"{"tokenLinks":true}"#), (refusing, r#"{"tokenLinks":false}"#)] {
        let router: Router = routes(&pages);
        let request = Request::get("/graphiql/config.json").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(header(&response, &CACHE_CONTROL), Some("no-cache"));
        assert_eq!(text(response).await, expected);
    }
}

#[tokio::test]
async fn what_is_not_a_file_of_the_page_is_not_found() {
    for path in ["/graphiql/assets/none.js", "/graphiql/assets/..%2Findex.html", "/graphiql/assets/../../Cargo.toml"] {
        assert_eq!(ask(path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn gzip_is_sent_only_to_who_asked_for_it() {
    let accepts = |value: &str| accepts_gzip(&[(ACCEPT_ENCODING, value.parse().unwrap())].into_iter().collect());
    for value in ["gzip", "br, GZIP", "gzip;q=0.5, br", "gzip; q=1"] {
        assert!(accepts(value), "{value}");
    }
    for value in ["", "br", "gzip;q=0", "gzip; q=0.000", "*", "xgzip"] {
        assert!(!accepts(value), "{value}");
    }
}
