//! The vectors of Wycheproof for JSON Web Signatures: `wycheproof.json`, which says where they come from.
//!
//! Their payloads are no claims, so each vector is judged by the parts that come before these: the form, the key, and the very
//! call that verifies a signature, which looks at the payload after it.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::Validation;
use jsonwebtoken::errors::ErrorKind;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::authn::key_set::{Key, KeySet};
use crate::authn::rejection_reason::RejectionReason;
use crate::authn::strict_json::StrictObject;
use crate::authn::token::JwsHeader;

#[derive(Deserialize)]
struct Vectors {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    key: Value,
    tests: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    tc_id: u32,
    comment: String,
    jws: String,
    result: String,
}

/// Where we judge otherwise, and why.
const EXCEPTIONS: [(u32, &str); 4] = [
    (367, "marked as invalid, but it is 357, a valid one, to the letter: its padding was lost when the file was made"),
    (370, "the same as 367"),
    (372, "marked as valid, but `?` is no letter of base64url: we pass over nothing that stands in a token"),
    (373, "the same as 372, in the payload"),
];

/// Whether the signature is believed, by the same steps as a token's.
fn judge(jws: &str, key: &Value) -> Result<(), RejectionReason> {
    let envelope = JwsHeader::parse(jws)?;
    let key = if let Some(secret) = key["k"].as_str() {
        Key::secret(&BASE64URL_NOPAD.decode(secret.as_bytes()).unwrap()).into()
    } else {
        let published = json!({ "keys": [key] }).to_string();
        KeySet::parse(published.as_bytes()).unwrap().find(envelope.algorithm, envelope.key_id.as_deref())?
    };
    if key.algorithm != envelope.algorithm {
        return Err(RejectionReason::KeyAlgorithm);
    }
    let verified = jsonwebtoken::decode::<StrictObject>(jws, &key.decoding, &Validation::new(key.algorithm));
    match verified.map_err(jsonwebtoken::errors::Error::into_kind) {
        // The signature is right, and only then the payload was found to be no claims.
        Ok(_) | Err(ErrorKind::Json(_)) => Ok(()),
        Err(_) => Err(RejectionReason::Signature),
    }
}

#[test]
fn invalid_signatures_are_refused_and_valid_ones_are_believed() {
    let vectors: Vectors = serde_json::from_str(include_str!("wycheproof.json")).unwrap();
    let exceptions = BTreeMap::from(EXCEPTIONS);
    let (mut wrong, mut counted) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for group in &vectors.groups {
        for Vector { tc_id, comment, jws, result } in &group.tests {
            let judged = judge(jws, &group.key);
            let as_marked = judged.is_ok() == (result == "valid");
            if as_marked == exceptions.contains_key(tc_id) {
                wrong.push(format!("{tc_id} {comment}: marked as {result}, judged {judged:?}"));
            }
            *counted.entry(result).or_default() += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(counted, BTreeMap::from([("invalid", 91), ("valid", 12)]), "vectors were lost");
}
