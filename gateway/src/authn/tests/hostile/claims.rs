//! The payload: rightly signed, but not for us, not now, or not in a form that has one meaning.

use jsonwebtoken::Algorithm::{HS256, RS256};
use serde_json::{Value, json};

use super::Case;
use crate::authn::rejection_reason::RejectionReason::{
    self, Audience, Claims, Expired, Malformed, NotYetValid, Signature, UnknownIssuer,
};
use crate::authn::tests::forge::{self, now, raw, shared};
use crate::authn::tests::{KEYS, SECRET, SHARED, bearer};

pub(super) fn cases() -> Vec<Case> {
    let far = now() + 3600;
    let times = [
        ("exp missing", json!({"exp": "-"}), Claims),
        ("exp as a text", json!({"exp": far.to_string()}), Claims),
        ("exp negative", json!({"exp": -1}), Claims),
        ("exp negative, with a fraction", json!({"exp": -0.5}), Claims),
        ("exp beyond every date, with a fraction", json!({"exp": 1e300}), Claims),
        ("exp passed, with a fraction", json!({"exp": seconds(-31.5)}), Expired),
        ("exp null", json!({"exp": null}), Claims),
        ("exp in a list", json!({"exp": [far]}), Claims),
        ("exp true", json!({"exp": true}), Claims),
        ("exp beyond every date", json!({"exp": u64::MAX}), Claims),
        ("exp in milliseconds", json!({"exp": far * 1000}), Claims),
        ("exp passed", json!({"exp": now() - 31}), Expired),
        ("exp long passed", json!({"exp": 1}), Expired),
        ("exp zero", json!({"exp": 0}), Expired),
        ("nbf to come", json!({"nbf": now() + 60}), NotYetValid),
        ("nbf as a text", json!({"nbf": "0"}), Claims),
        ("nbf null", json!({"nbf": null}), Claims),
        ("nbf to come, with a fraction", json!({"nbf": seconds(60.5)}), NotYetValid),
        ("iat to come, with a fraction", json!({"iat": seconds(60.5)}), NotYetValid),
        ("iat to come", json!({"iat": far}), NotYetValid),
        ("iat as a text", json!({"iat": "yesterday"}), Claims),
    ];
    let parties = [
        ("aud missing", json!({"aud": "-"}), Claims),
        ("aud of somebody else", json!({"aud": "other"}), Audience),
        ("aud in capitals", json!({"aud": "CS12"}), Audience),
        ("aud with a blank", json!({"aud": "cs12 "}), Audience),
        ("aud as a part of ours", json!({"aud": "cs1"}), Audience),
        ("aud with ours inside", json!({"aud": "cs12-staging"}), Audience),
        ("aud empty", json!({"aud": ""}), Audience),
        ("aud list without ours", json!({"aud": ["a", "b"]}), Audience),
        ("aud list empty", json!({"aud": []}), Audience),
        ("aud list with a number", json!({"aud": ["cs12", 1]}), Claims),
        ("aud list in a list", json!({"aud": [["cs12"]]}), Claims),
        ("aud as an object", json!({"aud": {"cs12": true}}), Claims),
        ("aud null", json!({"aud": null}), Claims),
        ("iss missing", json!({"iss": "-"}), Claims),
        ("iss null", json!({"iss": null}), Claims),
        ("iss as a list of ours", json!({"iss": [SHARED]}), Claims),
        ("iss as a number", json!({"iss": 1}), Claims),
        ("iss of a stranger", json!({"iss": "https://evil.example/"}), UnknownIssuer),
        ("iss without its slash", json!({"iss": SHARED.trim_end_matches('/')}), UnknownIssuer),
        ("iss in capitals", json!({"iss": SHARED.to_uppercase()}), UnknownIssuer),
        ("iss with a path", json!({"iss": format!("{SHARED}x")}), UnknownIssuer),
        ("iss of another issuer of ours", json!({"iss": KEYS}), RejectionReason::KeyAlgorithm),
        (
            "Supabase's public key for anybody",
            json!({"iss": "supabase", "role": "anon", "aud": "-", "sub": "-"}),
            UnknownIssuer,
        ),
    ];
    let subjects = [
        ("sub missing", json!({"sub": "-"}), Claims),
        ("sub null", json!({"sub": null}), Claims),
        ("sub as a number", json!({"sub": 12}), Claims),
        ("sub true", json!({"sub": true}), Claims),
        ("sub empty", json!({"sub": ""}), Claims),
        ("sub as a list", json!({"sub": ["alan"]}), Claims),
        ("sub as an object", json!({"sub": {"id": "alan"}}), Claims),
        ("sub too long", json!({"sub": "s".repeat(256)}), Claims),
        ("sub with a line break", json!({"sub": "alan\n"}), Claims),
        ("sub with a NUL", json!({"sub": "alan\u{0}"}), Claims),
        ("sub with a C1 control", json!({"sub": "alan\u{85}"}), Claims),
    ];
    let table = times.into_iter().chain(parties).chain(subjects);
    let mut cases: Vec<Case> = table.map(|(name, changes, reason)| (name, bearer(&shared(&changes)), reason)).collect();
    cases.extend(texts());
    cases
}

/// So many seconds from now.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
fn seconds(from_now: f64) -> f64 {
    now() as f64 + from_now
}

/// Payloads and headers that are not one plain object, or say a thing twice.
fn texts() -> Vec<Case> {
    let mut cases = Vec::new();
    let header = r#"{"alg":"HS256"}"#;
    let mut add = |name, header: &str, payload: &[u8], reason| {
        cases.push((name, bearer(&raw(header, payload, HS256, SECRET)), reason));
    };
    let sound = forge::claims(SHARED, &json!({})).to_string();
    let open = sound.trim_end_matches('}');
    add("sub twice", header, format!(r#"{open},"sub":"claudia"}}"#).as_bytes(), Malformed);
    add("sub twice, once by an escape", header, format!(r#"{open},"\u0073ub":"claudia"}}"#).as_bytes(), Malformed);
    add("iss twice", header, format!(r#"{open},"iss":"{KEYS}"}}"#).as_bytes(), Malformed);
    add("exp twice", header, format!(r#"{open},"exp":4000000000}}"#).as_bytes(), Malformed);
    add("a key twice deep inside", header, format!(r#"{open},"a":[{{"b":1,"b":2}}]}}"#).as_bytes(), Malformed);
    add("exp beyond every number", header, format!(r#"{open},"x":1e999}}"#).as_bytes(), Malformed);
    add("alg twice", r#"{"alg":"HS256","alg":"none"}"#, sound.as_bytes(), Malformed);
    add("alg twice, the other way round", r#"{"alg":"none","alg":"HS256"}"#, sound.as_bytes(), Malformed);
    add("header as a list", r#"["alg","HS256"]"#, sound.as_bytes(), Malformed);
    add("header as a text", r#""HS256""#, sound.as_bytes(), Malformed);
    add("header empty", "", sound.as_bytes(), Malformed);
    add("header not JSON", "alg=HS256", sound.as_bytes(), Malformed);
    add("payload as a list", header, format!("[{sound}]").as_bytes(), Malformed);
    add("payload as a text", header, Value::String(sound.clone()).to_string().as_bytes(), Malformed);
    add("payload null", header, b"null", Malformed);
    add("payload empty", header, b"", Malformed);
    add("payload not JSON", header, b"alan", Malformed);
    add("payload not UTF-8", header, b"{\"iss\":\"\xff\xfe\"}", Malformed);
    add("payload with a byte order mark", header, format!("\u{feff}{sound}").as_bytes(), Malformed);
    add("payload with more behind it", header, format!("{sound}{{}}").as_bytes(), Malformed);
    add(
        "payload too deep",
        header,
        format!(r#"{open},"a":{}{}}}"#, "[".repeat(2000), "]".repeat(2000)).as_bytes(),
        Malformed,
    );
    let nested = shared(&json!({}));
    add("a token inside of a token", header, nested.as_bytes(), Malformed);
    let foreign = forge::claims(SHARED, &json!({})).to_string();
    let by_keys = raw(r#"{"alg":"RS256","kid":"rsa-1"}"#, foreign, RS256, forge::RSA);
    cases.push(("one issuer's name under another's key", bearer(&by_keys), RejectionReason::KeyAlgorithm));
    let by_shared =
        raw(header, forge::claims(SHARED, &json!({})).to_string(), HS256, "a secret for tests of 32 bytes or morf");
    cases.push(("a secret that is nearly right", bearer(&by_shared), Signature));
    cases
}
