//! Members who lose access.
//!
//! Owns: taking the access away, and checking that it is gone. May use: the requests of `asked`. Invariant: each
//! member's access is verified before it is taken away; otherwise its loss would prove nothing.

use std::time::Duration;

use entity::id::{DsoId, MemberId};
use futures_util::future::join_all;
use serde_json::json;
use tests::tenants::Tenant;

use super::{
    asked::{Question, Verdict},
    people::{People, Who},
};

const LOOK: &str = "{ organization { name } }";
const INVITED: &str = "{ organization { invitations(first: 1) { nodes { id } } } }";
const DSOS: &str = "{ dsos { nodes { name } } }";
const REMOVE: &str =
    "mutation($id: ID!) { memberRemove(input: { memberId: $id }) { member { status } userErrors { code } } }";
const ROLE: &str = "mutation($id: ID!, $role: OrgRole!) { memberRoleUpdate(input: { memberId: $id, role: $role }) { member { role } userErrors { code } } }";
const REVOKE: &str = "mutation($id: ID!, $dso: ID!) { dsoGrantRevoke(input: { memberId: $id, dsoId: $dso }) { grant { role } userErrors { code } } }";
const CREATE: &str =
    "mutation($name: String!) { dsoCreate(input: { name: $name }) { dso { name } userErrors { code } } }";

/// Losses in one tenant.
#[derive(Clone, Copy)]
pub(super) struct Losses<'a> {
    pub(super) people: &'a People,
    pub(super) tenant: Tenant,
}

impl Losses<'_> {
    /// One request for each member that succeeds only with the access that they will lose.
    fn before(self) -> [Question; 3] {
        let Self { tenant, .. } = self;
        let none = json!({});
        [
            Question::new(tenant, Who::Agent, LOOK, &none, &tenant.slug()),
            Question::new(tenant, Who::Admin, INVITED, &none, "inv_"),
            Question::new(tenant, Who::Granted, DSOS, &none, "DSO 0000"),
        ]
    }

    /// The same requests after the loss.
    fn after(self) -> [Question; 3] {
        let Self { tenant, .. } = self;
        let none = json!({});
        [
            Question::new(tenant, Who::Agent, LOOK, &none, "NOT_FOUND").never("Organization tenant"),
            Question::new(tenant, Who::Admin, INVITED, &none, "FORBIDDEN").never("inv_"),
            Question::new(tenant, Who::Granted, DSOS, &none, "DSO 0002").never("DSO 0000"),
        ]
    }

    /// Makes one member an admin, and checks that all of them have the access at the gateways `at`.
    pub(super) async fn prepare(self, through: &str, at: &[&str]) -> Vec<String> {
        let admin = json!({ "id": Tenant::row::<MemberId>("member 1"), "role": "ADMIN" });
        let mut wrong =
            self.all(&[Question::new(self.tenant, Who::Owner, ROLE, &admin, "ADMIN")], Duration::ZERO, through).await;
        for address in at {
            wrong.extend(self.all(&self.before(), Duration::ZERO, address).await);
        }
        wrong
    }

    /// Takes the access away.
    pub(super) async fn lose(self, through: &str) -> Vec<String> {
        let of = |member: &str| Tenant::row::<MemberId>(member);
        let dso = Tenant::row::<DsoId>("dso 0");
        let owner = |query, variables, word| Question::new(self.tenant, Who::Owner, query, variables, word);
        let questions = [
            owner(REMOVE, &json!({ "id": of("member agent") }), "REMOVED"),
            owner(ROLE, &json!({ "id": of("member 1"), "role": "MEMBER" }), "\"role\":\"MEMBER\""),
            owner(REVOKE, &json!({ "id": of("member 0"), "dso": dso }), "VIEWER"),
        ];
        self.all(&questions, Duration::ZERO, through).await
    }

    /// Checks that the access is gone, and retries for at most `patience` while an answer says to.
    pub(super) async fn are_refused(self, patience: Duration, address: &str) -> Vec<String> {
        self.all(&self.after(), patience, address).await
    }

    /// The same where any answer may say to try again: checks that no caller sees data.
    pub(super) async fn see_nothing(self, address: &str) -> Vec<String> {
        let questions = self.after();
        let asked = questions.iter().map(|question| question.ask(self.people, address));
        let wrong = join_all(asked).await.into_iter().filter_map(|verdict| match verdict {
            Verdict::Wrong(why) => Some(why),
            Verdict::Right | Verdict::Again(_) => None,
        });
        wrong.collect()
    }

    /// Checks that the members have the access again.
    pub(super) async fn have_it(self, patience: Duration, address: &str) -> Vec<String> {
        self.all(&self.before(), patience, address).await
    }

    /// Creates a DSO through one gateway, and checks that it is visible at once at the gateways `at`.
    pub(super) async fn make(self, name: &str, patience: Duration, through: &str, at: &[&str]) -> Vec<String> {
        let create = Question::new(self.tenant, Who::Owner, CREATE, &json!({ "name": name }), name);
        let mut wrong = self.all(&[create], patience, through).await;
        for address in at {
            wrong.extend(self.all(&[self.lists(name)], patience, address).await);
        }
        wrong
    }

    /// Checks that nothing can be changed.
    pub(super) async fn cannot_make(self, address: &str) -> Vec<String> {
        let name = "Never made";
        let create = Question::new(self.tenant, Who::Owner, CREATE, &json!({ "name": name }), name);
        match create.ask(self.people, address).await {
            Verdict::Again(reply) if reply.contains("UNAVAILABLE") => Vec::new(),
            verdict => vec![format!("a change was not refused as UNAVAILABLE: {verdict:?}")],
        }
    }

    /// Request that lists the DSOs; a right answer contains a DSO of this name.
    pub(super) fn lists(self, name: &str) -> Question {
        Question::new(self.tenant, Who::Owner, DSOS, &json!({}), name)
    }

    async fn all(self, questions: &[Question], patience: Duration, address: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        for question in questions {
            match question.ask_within(patience, self.people, address).await {
                Verdict::Right => {}
                Verdict::Again(reply) => {
                    wrong.push(format!("{:?} was answered {reply}, to {}", question.who, question.body));
                }
                Verdict::Wrong(why) => wrong.push(why),
            }
        }
        wrong
    }
}
