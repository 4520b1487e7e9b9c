//! Each provider's one line of configuration, on tokens as that provider makes them.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::forge::{self, RSA, now};
use super::{bearer, temporary};
use crate::authn::Authenticator;
use crate::authn::rejection_reason::RejectionReason;
use crate::config::{Config, Overrides};

const SUPABASE: &str = r#"provider = "supabase", issuer = "https://abc.supabase.co/auth/v1""#;
const CLERK: &str = r#"provider = "clerk", issuer = "https://clerk.app.example", audience = "cs12""#;
const AUTH0: &str = r#"provider = "auth0", issuer = "https://t.eu.auth0.com/", audience = "https://api.cs12.example""#;
const KEYCLOAK: &str = r#"provider = "keycloak", issuer = "https://id.example/realms/main", audience = "cs12""#;
const CUSTOM: &str = r#"issuer = "https://id.example", audience = ["a", "b"]"#;

fn supabase(changes: &Value) -> Value {
    let base = json!({
        "iss": "https://abc.supabase.co/auth/v1", "aud": "authenticated", "sub": "8f1c7a52-0c3e-4f5d-9a57-0f6c2f1f5a11",
        "exp": now() + 3600, "iat": now(), "role": "authenticated", "aal": "aal1", "session_id": "s", "is_anonymous": false,
        "email": "alan@cs12.example", "phone": "", "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {"email": "alan@cs12.example", "email_verified": true, "full_name": "Alan"},
    });
    laid(base, changes)
}

fn clerk(changes: &Value) -> Value {
    let base = json!({
        "iss": "https://clerk.app.example", "aud": "cs12", "sub": "user_2abc", "azp": "https://app.example", "exp": now() + 60,
        "iat": now(), "nbf": now() - 10, "sid": "sess_1", "sts": "active", "v": 2, "fva": [1, -1],
        "email": "alan@cs12.example", "email_verified": true, "name": "Alan", "o": {"id": "org_2abc", "slg": "acme", "rol": "admin"},
    });
    laid(base, changes)
}

fn auth0(changes: &Value) -> Value {
    let base = json!({
        "iss": "https://t.eu.auth0.com/", "aud": ["https://api.cs12.example", "https://t.eu.auth0.com/userinfo"],
        "sub": "auth0|64b", "exp": now() + 3600, "iat": now(), "scope": "openid", "azp": "client", "org_id": "org_x", "org_name": "acme",
        "https://cs12.example/email": "alan@cs12.example", "https://cs12.example/email_verified": true,
        "https://cs12.example/name": "Alan",
    });
    laid(base, changes)
}

fn keycloak(changes: &Value) -> Value {
    let base = json!({
        "iss": "https://id.example/realms/main", "aud": ["cs12", "account"], "sub": "8f1c", "typ": "Bearer", "azp": "web",
        "exp": now() + 300, "iat": now(), "auth_time": now(), "email": "alan@cs12.example", "email_verified": true,
        "name": "Alan", "preferred_username": "alan", "organization": ["acme"], "realm_access": {"roles": ["user"]},
    });
    laid(base, changes)
}

fn laid(mut base: Value, changes: &Value) -> Value {
    base.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    base
}

async fn judge(line: &str, claims: &Value) -> Result<Facts, RejectionReason> {
    let keys = temporary("keys.json", &forge::published_keys());
    let line_with_keys = format!("[authn]\nissuers = [{{ jwks_file = \"{}\", {line} }}]\n", keys.display());
    let file = temporary("provider.toml", &line_with_keys);
    let config = Config::from_layers(Some(&file), [], Overrides::default())
        .unwrap_or_else(|problems| panic!("{line}: {problems}"));
    let authenticator = Authenticator::new(&config.authn).unwrap();
    std::fs::remove_file(keys).unwrap();
    std::fs::remove_file(file).unwrap();
    let token = forge::raw(r#"{"alg":"RS256","kid":"rsa-1","typ":"JWT"}"#, claims.to_string(), Algorithm::RS256, RSA);
    let principal = authenticator.verify(&bearer(&token)).await?.unwrap();
    let owned = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let email = principal.email().map(|email| email.normalized().to_owned());
    Ok((owned(email.as_deref()), owned(principal.name()), owned(principal.organization_claim())))
}

/// E-mail, name, organization.
type Facts = (String, String, String);

#[tokio::test]
async fn each_provider_is_one_line() {
    let by_issuer = format!("{CUSTOM}, emails_verified_by = \"issuer\"");
    let renamed = format!(
        "{CUSTOM}, claims = {{ email = \"profile.mail\", email_verified = \"https://x.example/ok\", name = [\"a.b\", \"c\"], organization = \"t\" }}"
    );
    let custom = |changes: &Value| {
        let base = json!({"iss": "https://id.example", "aud": "b", "sub": "alan", "exp": now() + 60, "email": "Alan@CS12.example"});
        laid(base, changes)
    };
    let table: Vec<(&str, Value, &str, &str, &str)> = vec![
        (SUPABASE, supabase(&json!({})), "alan@cs12.example", "Alan", "-"),
        (SUPABASE, supabase(&json!({"app_metadata": {"org_id": "acme"}})), "alan@cs12.example", "Alan", "acme"),
        // Anonymous and phone users have an empty address.
        (SUPABASE, supabase(&json!({"email": "", "is_anonymous": true})), "-", "Alan", "-"),
        // What the user can write decides nothing.
        (
            SUPABASE,
            supabase(&json!({"email": "", "user_metadata": {"email": "boss@cs12.example", "org_id": "x"}})),
            "-",
            "-",
            "-",
        ),
        (CLERK, clerk(&json!({})), "alan@cs12.example", "Alan", "acme"),
        (CLERK, clerk(&json!({"o": {"id": "org_2abc"}, "org_slug": "old"})), "alan@cs12.example", "Alan", "old"),
        (CLERK, clerk(&json!({"email_verified": "true"})), "alan@cs12.example", "Alan", "acme"),
        (CLERK, clerk(&json!({"email_verified": false})), "-", "Alan", "acme"),
        (AUTH0, auth0(&json!({})), "alan@cs12.example", "Alan", "acme"),
        (AUTH0, auth0(&json!({"https://cs12.example/email_verified": "false"})), "-", "Alan", "acme"),
        (KEYCLOAK, keycloak(&json!({})), "alan@cs12.example", "Alan", "acme"),
        (KEYCLOAK, keycloak(&json!({"organization": ["acme", "other"], "name": ""})), "alan@cs12.example", "alan", "-"),
        (KEYCLOAK, keycloak(&json!({"email_verified": false})), "-", "Alan", "acme"),
        (CUSTOM, custom(&json!({"email_verified": true, "org_id": "org_1"})), "alan@cs12.example", "-", "org_1"),
        (CUSTOM, custom(&json!({})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"email_verified": 1})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"email_verified": "TRUE"})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"email_verified": [true]})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"email_verified": null})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"email_verified": true, "email": ["a@b.example"]})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"email_verified": true, "email": "no address"})), "-", "-", "-"),
        (CUSTOM, custom(&json!({"name": "two\nlines", "org_id": 7})), "-", "-", "-"),
        (&by_issuer, custom(&json!({"email_verified": false})), "alan@cs12.example", "-", "-"),
        (
            &renamed,
            custom(&json!({"profile": {"mail": "m@x.example"}, "https://x.example/ok": true})),
            "m@x.example",
            "-",
            "-",
        ),
        (
            &renamed,
            custom(&json!({"profile": {"mail": "m@x.example"}, "email_verified": true, "c": "C", "t": "T"})),
            "-",
            "C",
            "T",
        ),
        (&renamed, custom(&json!({"a": {"b": "B"}, "c": "C", "profile": "text"})), "-", "B", "-"),
        (&renamed, custom(&json!({"a.b": "whole", "a": {"b": "path"}})), "-", "whole", "-"),
    ];
    for (line, claims, email, name, organization) in table {
        let facts = judge(line, &claims).await.unwrap_or_else(|reason| panic!("{line}: {reason:?}\n{claims}"));
        assert_eq!(facts, (email.to_owned(), name.to_owned(), organization.to_owned()), "{line}\n{claims}");
    }
}

#[tokio::test]
async fn tokens_for_another_purpose_are_refused() {
    let table = [
        (SUPABASE, supabase(&json!({"role": "service_role"})), RejectionReason::Purpose),
        (SUPABASE, supabase(&json!({"aud": "anon"})), RejectionReason::Audience),
        (CLERK, clerk(&json!({"sts": "pending"})), RejectionReason::Purpose),
        (CLERK, clerk(&json!({"aud": null})), RejectionReason::Claims),
        (KEYCLOAK, keycloak(&json!({"typ": "ID"})), RejectionReason::Purpose),
        (KEYCLOAK, keycloak(&json!({"typ": "Refresh"})), RejectionReason::Purpose),
        (KEYCLOAK, keycloak(&json!({"typ": ["Bearer"]})), RejectionReason::Purpose),
        (KEYCLOAK, keycloak(&json!({"aud": "account"})), RejectionReason::Audience),
        (AUTH0, auth0(&json!({"aud": "client"})), RejectionReason::Audience),
    ];
    for (line, claims, reason) in table {
        assert_eq!(judge(line, &claims).await.err(), Some(reason), "{line}\n{claims}");
    }
}
