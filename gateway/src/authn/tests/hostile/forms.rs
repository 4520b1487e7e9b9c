//! The compact form: what is not exactly three parts of canonical base64url, or was changed after signing.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::Algorithm::{ES256, EdDSA, HS256};
use serde_json::json;

use super::Case;
use crate::authn::rejection_reason::RejectionReason::{Algorithm, Malformed, Signature, TooLarge};
use crate::authn::tests::forge::{self, claims, encode, keys, shared};
use crate::authn::tests::{SHARED, bearer, header};

pub(super) fn cases() -> Vec<Case> {
    let token = shared(&json!({}));
    let parts: Vec<&str> = token.split('.').collect();
    let [head, payload, signature] = parts.as_slice() else { panic!("three parts") };
    let other = claims(SHARED, &json!({"sub": "claudia"})).to_string();
    let mut cases: Vec<Case> = [
        ("payload changed", format!("{head}.{}.{signature}", encode(other)), Signature),
        ("header changed", format!("{}.{payload}.{signature}", encode(r#"{"alg":"HS256"}"#)), Signature),
        ("signature changed", format!("{head}.{payload}.{}", flipped(signature)), Signature),
        (
            "signature of another token",
            format!("{head}.{payload}.{}", signature_of(&shared(&json!({"sub": "x"})))),
            Signature,
        ),
        ("signature cut", format!("{head}.{payload}.{}", &signature[..40]), Signature),
        ("signature of zeros", format!("{head}.{payload}.{}", encode([0u8; 32])), Signature),
        ("signature too long", format!("{head}.{payload}.{}", encode([0u8; 512])), Signature),
        ("signature missing", format!("{head}.{payload}."), Malformed),
        ("no signature part", format!("{head}.{payload}"), Malformed),
        ("one part", (*head).to_owned(), Malformed),
        ("four parts", format!("{token}.AAAA"), Malformed),
        ("a dot behind it", format!("{token}."), Malformed),
        ("a dot before it", format!(".{token}"), Malformed),
        ("five parts, as encrypted ones have", format!("{head}.AAAA.AAAA.{payload}.{signature}"), Malformed),
        ("only dots", "..".to_owned(), Malformed),
        ("nothing", String::new(), Malformed),
        ("header empty", format!(".{payload}.{signature}"), Malformed),
        ("payload empty", format!("{head}..{signature}"), Malformed),
        ("padding behind the signature", format!("{token}="), Malformed),
        ("padding behind the header", format!("{head}=.{payload}.{signature}"), Malformed),
        ("bits that no byte has", format!("{head}.{payload}.{}", stretched(signature)), Malformed),
        ("plain base64", format!("{head}.{payload}.{}/+", &signature[..40]), Malformed),
        ("a blank inside", format!("{head}. {payload}.{signature}"), Malformed),
        ("a tab inside", format!("{head}.{payload}\t.{signature}"), Malformed),
        ("quotes around it", format!("\"{token}\""), Malformed),
        ("percent signs", token.replace('.', "%2E"), Malformed),
        ("two in one header", format!("{token}, {token}"), Malformed),
        ("a comma behind it", format!("{token},"), Malformed),
        ("parameters behind it", format!("{token} realm=\"x\""), Malformed),
        ("JSON form", json!({"payload": payload, "signature": signature}).to_string(), Malformed),
        ("huge, rightly signed", shared(&json!({"pad": "p".repeat(8192)})), TooLarge),
        ("huge rubbish", "A".repeat(60_000), TooLarge),
        ("null as three words", "null.null.null".to_owned(), Malformed),
        ("undefined", "undefined".to_owned(), Malformed),
    ]
    .into_iter()
    .map(|(name, token, reason)| (name, bearer(&token), reason))
    .collect();

    // Ed and EC signatures of trivial values (CVE-2022-21449 took zeros).
    for signature in [vec![0u8; 64], vec![0xffu8; 64], vec![1u8], vec![0x30, 6, 2, 1, 0, 2, 1, 0]] {
        let real = keys(&json!({"alg": "ES256", "kid": "ec-1"}), ES256, forge::EC);
        let (message, _) = real.rsplit_once('.').unwrap();
        cases.push(("a trivial EC signature", bearer(&format!("{message}.{}", encode(&signature))), Signature));
        let eddsa = encode(r#"{"alg":"EdDSA","kid":"ed-1"}"#);
        let payload = encode(claims(crate::authn::tests::KEYS, &json!({})).to_string());
        cases.push((
            "a trivial Ed25519 signature",
            bearer(&format!("{eddsa}.{payload}.{}", encode(&signature))),
            Signature,
        ));
    }
    cases.extend(odd_signatures());
    let confused = forge::raw(r#"{"alg":"HS256","alg ":"none"}"#, "{}", HS256, "");
    cases.push(("no claims at all", bearer(&confused), crate::authn::rejection_reason::RejectionReason::Claims));
    let fullwidth = forge::shared_header(&json!({"alg": "\u{ff28}S256"}));
    cases.push(("alg in wide letters", bearer(&fullwidth), Algorithm));
    let unicode = format!("Bearer {head}.{payload}\u{200b}.{signature}");
    cases.push((
        "a blank of no width",
        header(unicode.as_bytes()),
        crate::authn::rejection_reason::RejectionReason::NotBearer,
    ));
    cases
}

fn signature_of(token: &str) -> &str {
    token.rsplit_once('.').unwrap().1
}

fn flipped(signature: &str) -> String {
    let mut bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    bytes[0] ^= 1;
    encode(bytes)
}

/// 32 bytes leave four bits unused in the last letter: sets one of them, which a careless decoder ignores.
fn stretched(signature: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (last, rest) = signature.as_bytes().split_last().unwrap();
    let position = LETTERS.iter().position(|letter| letter == last).unwrap();
    format!("{}{}", std::str::from_utf8(rest).unwrap(), char::from(LETTERS[position + 1]))
}

/// Signatures made of a right one: halves that are zero or not below the group's order, and encodings that are not JWS's.
fn odd_signatures() -> Vec<Case> {
    /// The order of P-256, big-endian, and that of Ed25519's group, little-endian.
    const P256: &[u8; 64] = b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const ED25519: &[u8; 64] = b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let order = |hex: &[u8]| data_encoding::HEXLOWER.decode(hex).unwrap();
    let (zero, p256) = ([0u8; 32].to_vec(), order(P256));
    let ec = keys(&json!({"alg": "ES256", "kid": "ec-1"}), ES256, forge::EC);
    let ed = keys(&json!({"alg": "EdDSA", "kid": "ed-1"}), EdDSA, forge::ED);
    let parts = |token: &str| {
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
        let (first, second) = signature.split_at(32);
        (message.to_owned(), first.to_vec(), second.to_vec())
    };
    let (ec, r, s) = parts(&ec);
    let (ed, point, scalar) = parts(&ed);
    let integer = |half: &[u8]| [&[2, 33, 0], half].concat();
    let der = [vec![0x30, 70], integer(&r), integer(&s)].concat();
    let table = [
        ("an EC signature with s zero", &ec, [r.clone(), zero.clone()].concat()),
        ("an EC signature with r zero", &ec, [zero.clone(), s.clone()].concat()),
        ("an EC signature with r the order", &ec, [p256.clone(), s.clone()].concat()),
        ("an EC signature with s the order", &ec, [r.clone(), p256.clone()].concat()),
        ("an EC signature with halves exchanged", &ec, [s.clone(), r.clone()].concat()),
        ("an EC signature in DER", &ec, der),
        ("an EC signature with a zero in front", &ec, [vec![0], r.clone(), s.clone()].concat()),
        ("an EC signature with a zero behind", &ec, [r, s, vec![0]].concat()),
        ("an Ed25519 signature with the order added", &ed, [point.clone(), sum(&scalar, &order(ED25519))].concat()),
        ("an Ed25519 signature with its scalar zero", &ed, [point, zero.clone()].concat()),
        ("an Ed25519 signature with its point zero", &ed, [zero, scalar].concat()),
    ];
    table.map(|(name, message, bytes)| (name, bearer(&format!("{message}.{}", encode(bytes))), Signature)).to_vec()
}

/// The sum of two little-endian numbers of one length.
fn sum(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let digit = |(one, other): (&u8, &u8)| {
        carry += u16::from(*one) + u16::from(*other);
        let [low, high] = carry.to_le_bytes();
        carry = u16::from(high);
        low
    };
    one.iter().zip(other).map(digit).collect()
}
