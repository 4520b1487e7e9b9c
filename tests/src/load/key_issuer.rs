//! The run's own issuer of tokens, which publishes its key over HTTP.
//!
//! Owns: the key, its publication, and signing. May use: the `stand` module. Invariant: it publishes the same key all
//! the time. A token that it signs under the name of that key is valid; under any other name the key is unknown.

use std::time::Duration;

use data_encoding::HEXLOWER;
use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::stand::{Manner, Stand};

/// An Ed25519 key (PKCS #8), made for these runs; it has no other use.
const KEY: &str = "302e020100300506032b657004220420656e6475726520656e6475726520656e6475726520656e647572652031323334";

/// Key id under which the key is published.
const NAME: &str = "endures";

/// The issuer.
pub struct KeyIssuer {
    stand: Stand,
    key: EncodingKey,
}

impl KeyIssuer {
    /// Starts an issuer that works.
    pub async fn start() -> Self {
        let key =
            EncodingKey::from_ed_der(&HEXLOWER.decode(KEY.as_bytes()).expect("the key is written in hexadecimal"));
        let published = Jwk::from_encoding_key(&key, Algorithm::EdDSA).expect("find the public half");
        let mut published = serde_json::to_value(published).expect("write the public half");
        published["kid"] = NAME.into();
        let keys = json!({ "keys": [published] });
        let stand = Stand::open(move |stream, manner| {
            let keys = keys.clone();
            async move { drop(answer(stream, manner, &keys).await) }.boxed()
        });
        Self { stand: stand.await, key }
    }

    /// Configuration of a gateway that trusts the issuer: an entry of `authn.issuers`.
    #[must_use]
    pub fn entry(&self) -> String {
        let address = self.stand.address();
        format!("{{ issuer = \"keys\", audience = \"endure\", jwks_url = \"http://{address}/keys\" }}")
    }

    /// Changes the behaviour of the issuer from now on.
    pub async fn turn(&mut self, manner: Manner) {
        self.stand.turn(manner).await;
    }

    /// A token of a person.
    #[must_use]
    pub fn token(&self, person: &str) -> String {
        self.signed(person, NAME)
    }

    /// A token with the id of a key that is not published: a gateway that receives it has to fetch the keys again.
    #[must_use]
    pub fn strange_token(&self, key: &str) -> String {
        self.signed("stranger", key)
    }

    fn signed(&self, person: &str, key: &str) -> String {
        let now = get_current_timestamp();
        let claims = json!({
            "iss": "keys", "aud": "endure", "sub": person, "iat": now, "exp": now + Duration::from_hours(24).as_secs(),
            "email": format!("{person}@people.example"), "email_verified": true, "name": person,
        });
        let header = Header { kid: Some(key.to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &self.key).expect("sign a token")
    }
}

async fn answer(mut stream: TcpStream, manner: Manner, keys: &Value) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let (status, body) = match manner {
        Manner::Well => ("200 OK", keys.to_string()),
        Manner::Silent | Manner::Failing | Manner::Gone => ("500 Internal Server Error", "{}".to_owned()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all((head + &body).as_bytes()).await?;
    stream.shutdown().await
}
