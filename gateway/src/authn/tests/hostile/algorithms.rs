//! The header: algorithms, keys and everything by which a token could choose its own.

use jsonwebtoken::Algorithm::{ES256, EdDSA, HS256, HS384, HS512, PS256, RS256};
use serde_json::{Value, json};

use super::Case;
use crate::authn::rejection_reason::RejectionReason::{
    Algorithm, AmbiguousKey, Header, KeyAlgorithm, Malformed, Signature, UnknownKey,
};
use crate::authn::tests::forge::{self, claims, encode, jwk, keys, nameless, raw, shared, shared_header};
use crate::authn::tests::{SECRET, SHARED, bearer};

#[expect(clippy::too_many_lines, reason = "one table")]
pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name, token: String, reason| cases.push((name, bearer(&token), reason));

    // No signature at all, in every spelling.
    for alg in ["none", "None", "NONE", "nOnE", "", " none", "none ", "n\u{f6}ne", "null"] {
        let text =
            format!("{}.{}.", encode(json!({"alg": alg}).to_string()), encode(claims(SHARED, &json!({})).to_string()));
        add("alg none, unsigned", text.clone(), Malformed);
        add("alg none, signature of rubbish", format!("{text}AAAA"), Algorithm);
        add("alg none, rightly signed", shared_header(&json!({"alg": alg})), Algorithm);
    }
    for alg in
        [json!("-"), json!(null), json!(0), json!(["HS256"]), json!({"HS256": 1}), json!("hs256"), json!("HS256 ")]
    {
        add("alg in a strange form", shared_header(&json!({"alg": alg})), Algorithm);
    }
    add("HS384 with the same secret", raw(r#"{"alg":"HS384"}"#, sound(), HS384, SECRET), Algorithm);
    add("HS512 with the same secret", raw(r#"{"alg":"HS512"}"#, sound(), HS512, SECRET), Algorithm);
    add("PS256 with the RSA key", keys(&json!({"alg": "PS256", "kid": "rsa-1"}), PS256, forge::RSA), Algorithm);
    add("ES384", keys(&json!({"alg": "ES384", "kid": "ec-1"}), ES256, forge::EC), Algorithm);
    add("eddsa in small letters", keys(&json!({"alg": "eddsa", "kid": "ed-1"}), EdDSA, forge::ED), Algorithm);

    // The public key as a secret.
    let der = forge::jwk(RS256, forge::RSA, &json!({}));
    let modulus = der.get("n").and_then(Value::as_str).unwrap();
    for secret in [forge::RSA_PUBLIC, forge::RSA_PUBLIC.trim_end(), modulus, ""] {
        let id = json!({"alg": "HS256", "kid": "rsa-1"});
        add("HS256 with the public RSA key as secret", keys(&id, HS256, secret), KeyAlgorithm);
        add("the same without a key id", keys(&json!({"alg": "HS256"}), HS256, secret), KeyAlgorithm);
    }
    add(
        "HS256 with a published symmetric key",
        keys(&json!({"alg": "HS256", "kid": "oct-1"}), HS256, SECRET),
        KeyAlgorithm,
    );
    add("RS256 for a shared secret", raw(r#"{"alg":"RS256"}"#, sound(), RS256, forge::RSA), KeyAlgorithm);
    add("RS256 header over an HMAC", raw(r#"{"alg":"RS256"}"#, sound(), HS256, SECRET), KeyAlgorithm);

    // Keys of another kind, of another person, or not for signatures.
    add("RS256 by the EC key's id", keys(&json!({"alg": "RS256", "kid": "ec-1"}), RS256, forge::RSA), KeyAlgorithm);
    add("ES256 by the RSA key's id", keys(&json!({"alg": "ES256", "kid": "rsa-1"}), ES256, forge::EC), KeyAlgorithm);
    add("EdDSA by the EC key's id", keys(&json!({"alg": "EdDSA", "kid": "ec-1"}), EdDSA, forge::ED), KeyAlgorithm);
    add(
        "ES256 header over an EdDSA signature",
        keys(&json!({"alg": "ES256", "kid": "ec-1"}), EdDSA, forge::ED),
        Signature,
    );
    add("RS256 by a stranger", keys(&json!({"alg": "RS256", "kid": "rsa-1"}), RS256, forge::RSA_OTHER), Signature);
    add("RS256 header over PS256", keys(&json!({"alg": "RS256", "kid": "rsa-1"}), PS256, forge::RSA), Signature);
    add("ES256 by a stranger", keys(&json!({"alg": "ES256", "kid": "ec-1"}), ES256, forge::EC_OTHER), Signature);
    add("EdDSA by a stranger", keys(&json!({"alg": "EdDSA", "kid": "ed-1"}), EdDSA, forge::ED_OTHER), Signature);
    add("HS256 with another secret", raw(r#"{"alg":"HS256"}"#, sound(), HS256, "another secret"), Signature);
    add("HS256 with an empty secret", raw(r#"{"alg":"HS256"}"#, sound(), HS256, ""), Signature);
    for id in ["enc-1", "ps-1", "es-rsa-1", "ops-1", "private-1", "even-1", "one-1"] {
        add(
            "a published key that is not usable",
            keys(&json!({"alg": "RS256", "kid": id}), RS256, forge::RSA_OTHER),
            UnknownKey,
        );
    }
    add("a key of 1024 bits", keys(&json!({"alg": "RS256", "kid": "small-1"}), RS256, forge::RSA_SMALL), UnknownKey);
    add(
        "an Ed25519 key that is too short",
        keys(&json!({"alg": "EdDSA", "kid": "short-1"}), EdDSA, forge::ED_OTHER),
        UnknownKey,
    );
    add("a key on another curve", keys(&json!({"alg": "ES256", "kid": "k1-1"}), ES256, forge::EC_OTHER), UnknownKey);

    // Key ids.
    let ids = [
        "unknown",
        "",
        "RSA-1",
        "rsa-1 ",
        "../../../../etc/passwd",
        "/dev/null",
        "' OR 1=1 --",
        "rsa-1\u{0}",
        "http://evil.example/k",
    ];
    for id in ids {
        add("a strange key id", keys(&json!({"alg": "RS256", "kid": id}), RS256, forge::RSA), UnknownKey);
    }
    add("a huge key id", keys(&json!({"alg": "RS256", "kid": "k".repeat(4096)}), RS256, forge::RSA), UnknownKey);
    for id in [json!(1), json!(["rsa-1"]), json!(null), json!({"kid": "rsa-1"}), json!(true)] {
        add("a key id that is not a text", keys(&json!({"alg": "RS256", "kid": id}), RS256, forge::RSA), Header);
    }
    add("no key id and two keys that fit", nameless(&json!({"alg": "ES256"}), ES256, forge::EC), AmbiguousKey);
    add(
        "a key id where no key has one, and two keys that fit",
        nameless(&json!({"alg": "ES256", "kid": "ec-1"}), ES256, forge::EC),
        AmbiguousKey,
    );
    add(
        "a key id where no key has one, by a stranger",
        nameless(&json!({"alg": "RS256", "kid": "rsa-1"}), RS256, forge::RSA_OTHER),
        Signature,
    );
    add(
        "a key id where no key of the algorithm is published",
        nameless(&json!({"alg": "EdDSA", "kid": "ed-1"}), EdDSA, forge::ED),
        UnknownKey,
    );
    add("no key id and no key that fits", nameless(&json!({"alg": "EdDSA"}), EdDSA, forge::ED), UnknownKey);

    // What a header must not bring, even when the signature is right.
    let own = jwk(RS256, forge::RSA_OTHER, &json!({"kid": "rsa-1"}));
    for brought in [
        json!({"crit": ["exp"]}),
        json!({"crit": []}),
        json!({"crit": null}),
        json!({"crit": "exp"}),
        json!({"crit": ["b64"], "b64": false}),
        json!({"crit": ["http://example.com/UNDEFINED"], "http://example.com/UNDEFINED": true}),
        json!({"b64": false}),
        json!({"b64": true}),
        json!({"jku": "https://evil.example/keys.json"}),
        json!({"x5u": "https://evil.example/cert.pem"}),
        json!({"x5c": ["MIIB"]}),
        json!({"jwk": own.clone()}),
        json!({"cty": "JWT"}),
        json!({"zip": "DEF"}),
        json!({"enc": "A128GCM"}),
        json!({"typ": "JWE"}),
        json!({"typ": "dpop+jwt"}),
        json!({"typ": "logout+jwt"}),
        json!({"typ": ""}),
        json!({"typ": 1}),
        json!({"typ": null}),
        json!({"typ": ["JWT"]}),
    ] {
        add("a header with more than it may", shared_header(&brought), Header);
    }
    let embedded = json!({"alg": "RS256", "kid": "rsa-1", "jwk": own});
    add("signed by the key it brings", keys(&embedded, RS256, forge::RSA_OTHER), Header);
    let address = json!({"alg": "RS256", "kid": "rsa-1", "jku": "http://127.0.0.1:9/keys.json"});
    add("signed by a key that it tells where to find", keys(&address, RS256, forge::RSA_OTHER), Header);
    add("one letter too many in the header", shared(&json!({})).replacen('.', "A.", 1), Malformed);
    cases
}

fn sound() -> String {
    claims(SHARED, &json!({})).to_string()
}
