//! Cells that are empty though the guard lets the actor pass: by what the world holds.
//!
//! Owns: the list, with a reason for each. Invariant: an entry holds exactly: a cell that is empty without one fails, and so
//! does an entry without such a cell.

use tests::Actor;

/// An empty cell and why it is so.
pub(crate) struct Blank {
    /// `Type.field`, or `Type.*`.
    pub(crate) what: &'static str,
    /// Of which rows; all, if empty.
    pub(crate) labels: &'static [&'static str],
    /// For whom; for everybody who passes the guard, if empty.
    pub(crate) who: &'static [Actor],
    /// Why.
    pub(crate) why: &'static str,
}

const ALIVE: &[&str] = &["Smile", "Bright"];
const NO_DSO: &[Actor] = &[Actor::Ungranted];
/// Those for whom `explainAccess` says yes: managers and above.
const MAY_READ_SMILE: &[Actor] =
    &[Actor::Owner, Actor::Admin, Actor::DsoAdmin, Actor::Manager, Actor::OwnerOfB, Actor::BothInB];
const MAY_READ_BRIGHT: &[Actor] = &[Actor::Owner, Actor::Admin, Actor::OwnerOfB, Actor::BothInB];
/// Everybody signed in but the owner of A, who alone has deleted an organization and is invited to another.
const NOT_THE_OWNER: &[Actor] = &[
    Actor::Stranger,
    Actor::Admin,
    Actor::DsoAdmin,
    Actor::Manager,
    Actor::Viewer,
    Actor::Ungranted,
    Actor::Removed,
    Actor::Suspended,
    Actor::Outsider,
    Actor::OwnerOfB,
    Actor::BothInA,
    Actor::BothInB,
];
/// The owner, the viewer and the removed have asked to be let in somewhere.
const HAS_NOT_ASKED: &[Actor] = &[
    Actor::Stranger,
    Actor::Admin,
    Actor::DsoAdmin,
    Actor::Manager,
    Actor::Ungranted,
    Actor::Suspended,
    Actor::Outsider,
    Actor::OwnerOfB,
    Actor::BothInA,
    Actor::BothInB,
];
const NO_MEMBERSHIP: &[Actor] = &[Actor::Stranger, Actor::Removed, Actor::Suspended];

/// All of them.
pub(crate) const BLANKS: &[Blank] = &[
    Blank { what: "Dso.archivedAt", labels: ALIVE, who: &[], why: "it lives" },
    Blank { what: "Doctor.archivedAt", labels: ALIVE, who: &[], why: "they live" },
    Blank { what: "DsoConnection.edges", labels: &[], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "DoctorGroupConnection.edges", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "DoctorGroupConnection.nodes", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "DoctorGroupEdge.*", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "ActivityGroupConnection.edges", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "ActivityGroupConnection.nodes", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "ActivityGroupEdge.*", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "CaseGroupConnection.edges", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "CaseGroupConnection.nodes", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "CaseGroupEdge.*", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "ActorCount.*", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "FigureChange.*", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "Overview.activitiesByActor", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "Overview.lastContactAt", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "Overview.knownFrom", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "WidgetResult.knownFrom", labels: &["figure"], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "WidgetResult.rows", labels: &["groups"], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "WidgetResult.doctors", labels: &["list"], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "WidgetRow.*", labels: &["groups"], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "WidgetKey.*", labels: &["groups", "times"], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "PageInfo.startCursor", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "PageInfo.endCursor", labels: &[""], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "DsoConnection.nodes", labels: &[], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "DsoEdge.*", labels: &[], who: NO_DSO, why: "they see no DSO" },
    Blank { what: "Viewer.id", labels: &[], who: &[Actor::Stranger], why: "nobody knows them yet" },
    Blank { what: "Viewer.memberships", labels: &[], who: NO_MEMBERSHIP, why: "they are an active member of nothing" },
    Blank { what: "Viewer.email", labels: &[], who: &[Actor::Stranger], why: "nobody has verified one" },
    Blank { what: "Viewer.deletedOrganizations", labels: &[], who: NOT_THE_OWNER, why: "they have deleted none" },
    Blank { what: "DeletedOrganization.*", labels: &[], who: NOT_THE_OWNER, why: "they have deleted none" },
    Blank { what: "Viewer.pendingInvitations", labels: &[], who: NOT_THE_OWNER, why: "they are not invited" },
    Blank { what: "PendingInvitation.*", labels: &[], who: NOT_THE_OWNER, why: "they are not invited" },
    Blank { what: "Viewer.joinRequests", labels: &[], who: HAS_NOT_ASKED, why: "they have not asked" },
    Blank { what: "ViewerJoinRequest.*", labels: &[], who: HAS_NOT_ASKED, why: "they have not asked" },
    Blank { what: "AccessExplanation.dsoId", labels: &["no DSO"], who: &[], why: "none was named" },
    Blank { what: "AccessExplanation.reason", labels: &["Smile"], who: MAY_READ_SMILE, why: "they may" },
    Blank { what: "AccessExplanation.remedy", labels: &["Smile"], who: MAY_READ_SMILE, why: "they may" },
    Blank { what: "AccessExplanation.reason", labels: &["Bright"], who: MAY_READ_BRIGHT, why: "they may" },
    Blank { what: "AccessExplanation.remedy", labels: &["Bright"], who: MAY_READ_BRIGHT, why: "they may" },
];

impl Blank {
    pub(crate) fn covers(&self, coordinate: &str, label: &str, actor: Actor) -> bool {
        let what = match self.what.strip_suffix('*') {
            Some(of) => coordinate.starts_with(of),
            None => coordinate == self.what,
        };
        what && (self.labels.is_empty() || self.labels.contains(&label))
            && (self.who.is_empty() || self.who.contains(&actor))
    }

    /// For the reviewed file.
    pub(crate) fn line(&self) -> String {
        let who: Vec<_> = self.who.iter().map(|actor| format!("{actor:?}")).collect();
        let rows = if self.labels.is_empty() { String::new() } else { format!(" of {}", self.labels.join(" and ")) };
        let whom = if who.is_empty() { String::new() } else { format!(" for {}", who.join(", ")) };
        format!("{}{rows}{whom}: {}", self.what, self.why)
    }
}
