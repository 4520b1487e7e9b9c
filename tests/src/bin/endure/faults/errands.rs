//! Additional requests in the states of the mail server and the token issuer.
//!
//! Owns: invitations while mails cannot be sent, and strangers while keys cannot be fetched. Invariant: invitations
//! are created at once, and their mails arrive when the mail server works again; a stranger is refused within the time
//! limit of the issuer.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{
    load::{Caller, KeyIssuer},
    tenants::Tenant,
};
use tokio::time::sleep;

use super::{
    asked::{Question, Verdict},
    people::{People, Who},
    scene::Scene,
};

const INVITE: &str = "mutation($email: String!) { invitationCreate(input: { email: $email }) { invitation { id } userErrors { code } } }";
/// Number of invitations through each gateway.
const INVITATIONS: usize = 2;
/// Longest wait of a stranger: twice the issuer's timeout (1 s), since another request may have started a fetch just
/// before, and a margin.
const STRANGERS_WAIT: Duration = Duration::from_secs(3);
/// Longest time until a mail arrives once it is due and the mail server works: the mails before it, and the mail
/// worker's pause.
const MAILS_TAKE: Duration = Duration::from_secs(10);

fn guest(tenant: Tenant, gateway: usize, number: usize) -> String {
    format!("guest-{gateway}-{number}-of-{}@elsewhere.example", tenant.0)
}

/// Creates [`INVITATIONS`] invitations through each gateway.
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

/// Checks that the mails of these invitations arrive once they are due. A mail that could not be sent is due again a
/// minute later, so this makes them due at once.
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

/// Strangers send tokens with unknown keys, so the gateway has to fetch the issuer's keys.
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
