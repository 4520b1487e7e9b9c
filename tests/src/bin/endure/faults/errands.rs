//! What is done beside, in states that are about it.
//!
//! Owns: invitations while mails cannot be sent, and strangers while keys cannot be asked for. Invariant: invitations are made at once, and
//! their mails come when the mail server does; a stranger is refused within the time that an issuer may take.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{
    endure::{Caller, KeyIssuer},
    tenants::Tenant,
};
use tokio::time::sleep;

use super::{
    asked::{Question, Verdict},
    people::{People, Who},
    scene::Scene,
};

const INVITE: &str = "mutation($email: String!) { invitationCreate(input: { email: $email }) { invitation { id } userErrors { code } } }";
/// How many through each gateway.
const INVITATIONS: usize = 2;
/// The longest that a stranger waits for an issuer's time (1 s) twice: another request may have just asked.
const STRANGERS_WAIT: Duration = Duration::from_secs(3);
/// The longest that a mail may take once it is due and the mail server is well: those before it, and the postman's pause.
const MAILS_TAKE: Duration = Duration::from_secs(10);

fn guest(tenant: Tenant, gateway: usize, number: usize) -> String {
    format!("guest-{gateway}-{number}-of-{}@elsewhere.example", tenant.0)
}

/// Invites some through each gateway.
pub(super) async fn invite(people: &People, tenant: Tenant, addresses: &[String; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    for number in 0..INVITATIONS {
        for (gateway, address) in addresses.iter().enumerate() {
            let email = json!({ "email": guest(tenant, gateway, number) });
            match Question::new(tenant, Who::Owner, INVITE, &email, "inv_").ask(people, address).await {
                Verdict::Right => {}
                verdict => wrong.push(format!("the invitation was not made: {verdict:?}")),
            }
        }
    }
    wrong
}

/// Whether the mails of these invitations come, once they are due: a mail that could not be sent is due a minute later.
pub(super) async fn mails_come(scene: &Scene, tenant: Tenant) -> Vec<String> {
    scene.tell(&format!("UPDATE outbox SET due_at = now() WHERE organization_id = '{}'", tenant.id())).await;
    let guests: Vec<_> =
        (0..INVITATIONS).flat_map(|number| [0, 1].map(|gateway| guest(tenant, gateway, number))).collect();
    let began = Instant::now();
    loop {
        let missing: Vec<_> = guests.iter().filter(|guest| scene.mails.mails_to(guest) == 0).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        if began.elapsed() > MAILS_TAKE {
            return vec![format!("no mail has come for {missing:?} within {MAILS_TAKE:?}")];
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Strangers show tokens of unknown keys: the gateway has to ask the issuer.
pub(super) async fn knock(issuer: &KeyIssuer, tenant: Tenant, addresses: &[String; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    for number in 0..3 {
        for address in addresses {
            let token = issuer.strange_token(&format!("unknown-{number}"));
            let body = json!({ "query": "{ organization { name } }" }).to_string();
            match Caller::of(address).ask(&token, &tenant.slug(), &body).await {
                Ok(answer) if answer.status == 401 && answer.took <= STRANGERS_WAIT => {}
                Ok(answer) => wrong.push(format!(
                    "a stranger was answered {} {} after {:.1?}",
                    answer.status, answer.text, answer.took
                )),
                Err(lost) => wrong.push(format!("a stranger got no answer: {lost:?}")),
            }
        }
    }
    wrong
}
