//! What the known identity providers put into their tokens.
//!
//! Owns: [`Provider`] and its presets, so that each provider is one line of configuration. May use: nothing.
//! Invariant: no preset believes a claim that the user can write (Supabase's `user_metadata` is one; its `app_metadata` is not).

/// Whose product issues the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Anything else: plain OpenID Connect claim names, keys and audience said in full.
    Custom,
    /// Supabase Auth.
    Supabase,
    /// Clerk.
    Clerk,
    /// Auth0.
    Auth0,
    /// Keycloak.
    Keycloak,
}

/// What a provider's line need not say.
#[derive(Debug)]
pub(super) struct Preset {
    /// Where the keys are, after the issuer.
    pub(super) jwks_path: Option<&'static str>,
    /// The audience, where the provider has only one.
    pub(super) audience: Option<&'static str>,
    /// The claim with the e-mail.
    pub(super) email: &'static str,
    /// The claim that says that the e-mail is verified; none = the provider gives out no other.
    pub(super) email_verified: Option<&'static str>,
    /// The claims with the name, the first that is there counts.
    pub(super) name: &'static [&'static str],
    /// The claims with the chosen organization's id or slug, likewise.
    pub(super) organization: &'static [&'static str],
    /// Claims that, where present, must have this value: another value marks a token that is not for calling us.
    pub(super) expected: &'static [(&'static str, &'static str)],
}

impl Provider {
    pub(super) const WORDS: [(&str, Self); 5] = [
        ("custom", Self::Custom),
        ("supabase", Self::Supabase),
        ("clerk", Self::Clerk),
        ("auth0", Self::Auth0),
        ("keycloak", Self::Keycloak),
    ];

    pub(super) fn preset(self) -> &'static Preset {
        match self {
            Self::Custom => &CUSTOM,
            Self::Supabase => &SUPABASE,
            Self::Clerk => &CLERK,
            Self::Auth0 => &AUTH0,
            Self::Keycloak => &KEYCLOAK,
        }
    }
}

static CUSTOM: Preset = Preset {
    jwks_path: None,
    audience: None,
    email: "email",
    email_verified: Some("email_verified"),
    name: &["name"],
    organization: &["org_id"],
    expected: &[],
};

/// With "Confirm email" on (the default) no session exists before confirmation, and `email` changes only after it. There is
/// no `email_verified` beside it; the one in `user_metadata` can be written by the user, so it is worth nothing.
static SUPABASE: Preset = Preset {
    jwks_path: Some("/.well-known/jwks.json"),
    audience: Some("authenticated"),
    email: "email",
    email_verified: None,
    name: &["user_metadata.full_name", "user_metadata.name"],
    organization: &["app_metadata.org_id"],
    expected: &[("role", "authenticated")],
};

/// Session tokens hold e-mail and audience only once they are added in the dashboard. Clerk's own organization ids are not
/// ours, but slugs may be (`o.slg` since version 2, `org_slug` before). A `pending` session counts as signed out.
static CLERK: Preset = Preset {
    jwks_path: Some("/.well-known/jwks.json"),
    audience: None,
    email: "email",
    email_verified: Some("email_verified"),
    name: &["name"],
    organization: &["o.slg", "org_slug"],
    expected: &[("sts", "active")],
};

/// Access tokens hold no profile; an Action adds it under a namespace. `org_id` is Auth0's own id, `org_name` may be our slug.
static AUTH0: Preset = Preset {
    jwks_path: Some("/.well-known/jwks.json"),
    audience: None,
    email: "https://cs12.example/email",
    email_verified: Some("https://cs12.example/email_verified"),
    name: &["https://cs12.example/name"],
    organization: &["org_name"],
    expected: &[],
};

/// ID and refresh tokens have the same issuer; the claim `typ` tells them apart. `organization` is a list of aliases, of
/// which one alone is a choice.
static KEYCLOAK: Preset = Preset {
    jwks_path: Some("/protocol/openid-connect/certs"),
    audience: None,
    email: "email",
    email_verified: Some("email_verified"),
    name: &["name", "preferred_username"],
    organization: &["organization"],
    expected: &[("typ", "Bearer")],
};
