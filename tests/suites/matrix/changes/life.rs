//! The inputs of the mutations that decide who may see what.
//!
//! Owns: for each of them an input that succeeds for whoever may, and one whose author can mend it; for whom only it
//! succeeds, where that is not the guard's to say. Invariant: the rows that an input names are of the asker's own side.

use entity::id::{InvitationId, JoinRequestId, MemberId, OrganizationId, TypedId};
use serde_json::{Value, json};
use tests::{
    Actor, World,
    world::{SLUG_A, SLUG_B, Side},
};

use super::{Ends, dso};
use crate::matrix::{actor_roles::Standing, rows::member_id};

/// The mutations whose inputs are here.
pub(crate) const LIFE: [&str; 25] = [
    "viewerDefaultOrganizationSet",
    "organizationCreate",
    "organizationRename",
    "organizationSettingsUpdate",
    "organizationDelete",
    "organizationRestore",
    "organizationLeave",
    "organizationOwnershipTransfer",
    "memberRoleUpdate",
    "memberRemove",
    "memberSuspend",
    "memberResume",
    "dsoGrant",
    "dsoGrantRevoke",
    "dsoGrantBulk",
    "dsoGrantRevokeBulk",
    "invitationCreate",
    "invitationResend",
    "invitationRevoke",
    "invitationAccept",
    "invitationDecline",
    "joinRequestCreate",
    "joinRequestCancel",
    "joinRequestApprove",
    "joinRequestDeny",
];

/// Those without an input that its author could mend, and why.
pub(crate) const NOTHING_TO_MEND: [(&str, &str); 5] = [
    ("viewerDefaultOrganizationSet", "an organization of which one is no member is not found"),
    ("organizationRestore", "an organization that one has not deleted is not found"),
    ("organizationLeave", "only the last owner is told to stay"),
    ("dsoGrantRevoke", "a grant that there is not is not found"),
    ("dsoGrantRevokeBulk", "a grant that there is not is not found"),
];

fn side(actor: Actor) -> Side {
    if actor.may_see_b() { Side::B } else { Side::A }
}

/// A person of one's own side: in A one who is below everybody who may act, in B the other owner.
fn other(actor: Actor) -> String {
    member_id(match actor {
        Actor::OwnerOfB => "both",
        Actor::BothInB => "owner-b",
        _ => "viewer",
    })
}

fn of_side(actor: Actor, in_a: &str, in_b: &str) -> String {
    match side(actor) {
        Side::A => in_a.to_owned(),
        Side::B => in_b.to_owned(),
    }
}

fn request(name: &str) -> String {
    World::id::<JoinRequestId>(&format!("request {name}"))
}

/// The input for somebody.
pub(crate) fn input(mutation: &str, on: &str, ends: Ends, actor: Actor) -> Value {
    let is_done = ends == Ends::Done;
    let oneself = || World::id::<MemberId>(&format!("member {}", actor.person().unwrap_or("nobody")));
    let organization = || OrganizationId::from_uuid(World::organization(side(actor))).to_text();
    let invitation = World::id::<InvitationId>(if is_done { "invitation open" } else { "invitation" });
    let name = if is_done { "New" } else { " " };
    let harbor = World::id::<InvitationId>("invitation of Harbor");
    let grantee = of_side(actor, "ungranted", "both");
    let gone = of_side(actor, "removed", "manager");
    let asked = request(&if is_done {
        of_side(actor, "applicant", "applicant-b")
    } else {
        of_side(actor, "removed", "denied-b")
    });
    match mutation {
        "viewerDefaultOrganizationSet" | "organizationLeave" => json!({ "organizationId": organization() }),
        "organizationCreate" | "organizationRename" => json!({ "name": name }),
        "organizationSettingsUpdate" if is_done => json!({ "acceptsJoinRequests": false }),
        "organizationSettingsUpdate" => json!({ "acceptsJoinRequests": false, "expectedVersion": 99 }),
        "organizationDelete" => {
            let slug = of_side(actor, SLUG_A, SLUG_B);
            json!({ "confirmation": if is_done { slug } else { "something else".to_owned() } })
        }
        "organizationRestore" => json!({ "organizationId": World::id::<OrganizationId>("organization Gone") }),
        "memberRoleUpdate" if is_done => json!({ "memberId": other(actor), "role": "ADMIN" }),
        "memberRoleUpdate" => json!({ "memberId": other(actor), "role": "ADMIN", "expectedVersion": 99 }),
        "memberResume" if is_done => json!({ "memberId": member_id("suspended") }),
        "organizationOwnershipTransfer" | "memberRemove" | "memberSuspend" if is_done => {
            json!({ "memberId": other(actor) })
        }
        "organizationOwnershipTransfer" | "memberRemove" | "memberSuspend" | "memberResume" => {
            json!({ "memberId": oneself() })
        }
        "dsoGrant" | "dsoGrantBulk" => {
            let member = member_id(if is_done { &grantee } else { &gone });
            let grant = json!({ "memberId": member, "dsoId": dso(on), "role": "MANAGER" });
            if mutation == "dsoGrant" { grant } else { json!({ "grants": [grant] }) }
        }
        "dsoGrantRevoke" | "dsoGrantRevokeBulk" => {
            let grant = json!({ "memberId": member_id("manager"), "dsoId": dso(on) });
            if mutation == "dsoGrantRevoke" { grant } else { json!({ "grants": [grant] }) }
        }
        "invitationCreate" => json!({
            "email": if is_done { "guest@people.example" } else { "no address" },
            "grants": [{ "dsoId": dso("Smile"), "role": "VIEWER" }],
        }),
        "invitationResend" | "invitationRevoke" => json!({ "invitationId": invitation }),
        "invitationAccept" | "invitationDecline" if is_done => json!({ "invitationId": harbor }),
        "invitationAccept" | "invitationDecline" => json!({ "token": "nobody's" }),
        "joinRequestCreate" => json!({ "organizationSlug": if is_done { "harbor-dental" } else { "no" } }),
        "joinRequestCancel" => json!({ "joinRequestId": request(if is_done { "viewer" } else { "owner" }) }),
        "joinRequestApprove" | "joinRequestDeny" => json!({ "joinRequestId": asked }),
        unknown => panic!(
            "`Mutation.{unknown}` is new: say here with which input it succeeds, and with which it has user errors"
        ),
    }
}

/// How it ends for somebody who passes the guard, where the row they name is somebody's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// As for everybody.
    AsAsked,
    /// There is no such row for them.
    NotFound,
    /// They see the row, and it is somebody else's to change.
    Forbidden,
    /// Nobody knows them, who have nothing verified to be known by.
    Unknown,
    /// They are told what to mend, whatever the input.
    ToMend,
}

/// The fate of somebody who passes the guard.
pub(crate) fn fate(mutation: &str, ends: Ends, actor: Actor) -> Fate {
    if super::boards::BOARDS.contains(&mutation) {
        return super::boards::fate(mutation, actor);
    }
    let of = |is_theirs: bool, otherwise: Fate| if is_theirs { Fate::AsAsked } else { otherwise };
    let is_visitors = [
        "viewerDefaultOrganizationSet",
        "organizationCreate",
        "organizationRestore",
        "invitationAccept",
        "invitationDecline",
        "joinRequestCreate",
        "joinRequestCancel",
    ]
    .contains(&mutation);
    // Nobody knows the stranger, who has nothing verified to be known by.
    if is_visitors && actor == Actor::Stranger {
        return Fate::Unknown;
    }
    match (mutation, ends) {
        ("viewerDefaultOrganizationSet", _) => of(Standing::of(actor).is_member(), Fate::NotFound),
        ("organizationRestore", _) => of(actor == Actor::Owner, Fate::NotFound),
        ("invitationAccept" | "invitationDecline", Ends::Done) => of(actor == Actor::Owner, Fate::ToMend),
        ("joinRequestCreate", Ends::Done) => of(actor != Actor::Viewer, Fate::ToMend),
        ("joinRequestCancel", Ends::Done) => of(actor == Actor::Viewer, Fate::NotFound),
        ("joinRequestCancel", Ends::UserErrors) => of(actor == Actor::Owner, Fate::NotFound),
        _ => Fate::AsAsked,
    }
}
