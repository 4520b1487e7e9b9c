//! The callers of the tests.
//!
//! Owns: one actor for every role at both levels, and those who must get no data. Invariant: an actor is a token and a
//! chosen organization, as a client would send them.

use std::time::Duration;

/// A caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Actor {
    /// Sends no credential.
    Anonymous,
    /// A person without a row, whose address is not verified: they cannot be signed up.
    Stranger,
    /// Owner of A.
    Owner,
    /// Admin of A.
    Admin,
    /// Member of A, DSO admin of `Smile`.
    DsoAdmin,
    /// Member of A, manager of `Smile` and viewer of `Bright`.
    Manager,
    /// Member of A, viewer of `Smile`.
    Viewer,
    /// Member of A without any grant.
    Ungranted,
    /// Removed from A; the grants still exist.
    Removed,
    /// Suspended in A; the grants still exist.
    Suspended,
    /// Owner of B who requests A.
    Outsider,
    /// Owner of B who requests B.
    OwnerOfB,
    /// Viewer of `Smile` in A and owner of B who requests A.
    BothInA,
    /// Viewer of `Smile` in A and owner of B who requests B.
    BothInB,
}

/// Secret that signs the tests' tokens.
pub const SECRET: &str = "the secret of the tests, long enough for HS256 and for nothing else";

impl Actor {
    /// All actors.
    pub const ALL: [Self; 14] = [
        Self::Anonymous,
        Self::Stranger,
        Self::Owner,
        Self::Admin,
        Self::DsoAdmin,
        Self::Manager,
        Self::Viewer,
        Self::Ungranted,
        Self::Removed,
        Self::Suspended,
        Self::Outsider,
        Self::OwnerOfB,
        Self::BothInA,
        Self::BothInB,
    ];

    /// The person behind the token; the key of their row in the world.
    #[must_use]
    pub const fn person(self) -> Option<&'static str> {
        match self {
            Self::Anonymous => None,
            Self::Stranger => Some("stranger"),
            Self::Owner => Some("owner"),
            Self::Admin => Some("admin"),
            Self::DsoAdmin => Some("dso-admin"),
            Self::Manager => Some("manager"),
            Self::Viewer => Some("viewer"),
            Self::Ungranted => Some("ungranted"),
            Self::Removed => Some("removed"),
            Self::Suspended => Some("suspended"),
            Self::Outsider | Self::OwnerOfB => Some("owner-b"),
            Self::BothInA | Self::BothInB => Some("both"),
        }
    }

    /// Slug of the organization that the client requests.
    #[must_use]
    pub const fn organization(self) -> Option<&'static str> {
        match self {
            Self::Anonymous => None,
            Self::OwnerOfB | Self::BothInB => Some(crate::world::SLUG_B),
            Self::Stranger
            | Self::Owner
            | Self::Admin
            | Self::DsoAdmin
            | Self::Manager
            | Self::Viewer
            | Self::Ungranted
            | Self::Removed
            | Self::Suspended
            | Self::Outsider
            | Self::BothInA => Some(crate::world::SLUG_A),
        }
    }

    /// Whether the answers are about B, whose strings all contain the canary.
    #[must_use]
    pub const fn may_see_b(self) -> bool {
        matches!(self, Self::OwnerOfB | Self::BothInB)
    }

    /// The bearer token.
    #[must_use]
    pub fn token(self) -> Option<String> {
        let person = self.person()?;
        Some(match self {
            Self::Stranger => token_saying(serde_json::json!({ "sub": person, "name": person })),
            _ => token(person),
        })
    }
}

/// A token of a person of the world.
#[must_use]
pub fn token(person: &str) -> String {
    use gateway::{authn::mint::mint, config::Issuer};
    let email = format!("{person}@people.example");
    mint(
        SECRET.as_bytes(),
        Issuer::DEVELOPMENT,
        Issuer::DEVELOPMENT_AUDIENCE,
        person,
        Some(&email),
        Some(person),
        Duration::from_hours(1),
    )
    .expect("mint a token")
}

/// A token with the given claims. Issuer, audience and times are valid unless `claims` overrides them.
#[must_use]
pub fn token_saying(claims: serde_json::Value) -> String {
    use gateway::config::Issuer;
    use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
    let now = get_current_timestamp();
    let mut all = serde_json::json!({
        "iss": Issuer::DEVELOPMENT,
        "aud": Issuer::DEVELOPMENT_AUDIENCE,
        "iat": now,
        "exp": now + 3600,
    });
    let (Some(all_claims), serde_json::Value::Object(claims)) = (all.as_object_mut(), claims) else {
        panic!("claims are an object");
    };
    all_claims.extend(claims);
    encode(&Header::default(), &all, &EncodingKey::from_secret(SECRET.as_bytes())).expect("sign a token")
}
