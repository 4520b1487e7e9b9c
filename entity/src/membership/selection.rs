//! Which organization a person enters.
//!
//! Owns: what is told of a person and their memberships, and the choice among them. May use: rows. Invariant: what is chosen is an active
//! membership of an active organization; "not a member" and "no such organization" are one outcome.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    auth::{Membership, OrgRole},
    id::{MemberId, OrganizationId, TypedId, UserId},
    models::{Organization, OrganizationStatus},
};

/// Which organization a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// This one, by id or slug.
    Named(String),
    /// None in particular: the person's default, or their only one.
    Default,
}

/// A person whom we know.
#[derive(Clone, Debug)]
pub struct Person {
    /// Which person.
    pub id: UserId,
    /// What to call them.
    pub name: String,
    /// Their address as written.
    pub email: String,
    /// Their active memberships, by the organization's name.
    pub memberships: Vec<Membership>,
}

/// Why no organization was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoOrganization {
    /// The request named none, and there is no default and not exactly one membership.
    NotChosen,
    /// There is no such organization, or the person is not an active member of it.
    NotFound,
    /// The organization is suspended.
    Suspended,
}

/// A membership of a person as the database tells it; all but the person is missing for who has none.
pub(super) struct Row {
    user_id: UserId,
    user_name: String,
    user_email: String,
    default_organization_id: Option<OrganizationId>,
    pub(super) organization_id: Option<OrganizationId>,
    member_id: Option<MemberId>,
    last_seen_at: Option<DateTime<Utc>>,
    role: Option<OrgRole>,
    name: Option<String>,
    slug: Option<String>,
    status: Option<OrganizationStatus>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    version: Option<i32>,
    seat_limit: Option<i32>,
}
crate::row::from_row!(Row {
    user_id,
    user_name,
    user_email,
    default_organization_id,
    organization_id,
    member_id,
    last_seen_at,
    role,
    name,
    slug,
    status,
    created_at,
    updated_at,
    version,
    seat_limit
});

/// An active membership, and its organization as it stands.
pub(super) struct MembershipCandidate {
    pub(super) member: MemberId,
    pub(super) role: OrgRole,
    pub(super) last_seen_at: Option<DateTime<Utc>>,
    pub(super) organization: Organization,
}

pub(super) fn membership_candidates(
    rows: Vec<Row>,
) -> Option<(Person, Option<OrganizationId>, Vec<MembershipCandidate>)> {
    let first = rows.first()?;
    let default = first.default_organization_id;
    let mut person = Person {
        id: first.user_id,
        name: first.user_name.clone(),
        email: first.user_email.clone(),
        memberships: vec![],
    };
    let mut mine = Vec::new();
    for row in rows {
        let Some(one) = is_member(row) else { continue };
        let Organization { id: organization, name, slug, .. } = one.organization.clone();
        person.memberships.push(Membership { organization, name, slug, role: one.role });
        mine.push(one);
    }
    Some((person, default, mine))
}

/// None for a row without an organization: of a person without any active membership, or in one that is gone.
fn is_member(row: Row) -> Option<MembershipCandidate> {
    let organization = Organization {
        id: row.organization_id?,
        name: row.name?,
        slug: row.slug?,
        status: row.status?,
        created_at: row.created_at?,
        updated_at: row.updated_at?,
        deleted_at: None,
        version: row.version?,
        seat_limit: row.seat_limit,
    };
    Some(MembershipCandidate { member: row.member_id?, role: row.role?, last_seen_at: row.last_seen_at, organization })
}

pub(super) fn select_organization<'a>(
    mine: &'a [MembershipCandidate],
    selector: &Selector,
    default: Option<OrganizationId>,
) -> Result<&'a MembershipCandidate, NoOrganization> {
    let chosen = match selector {
        Selector::Named(name) => {
            mine.iter().find(|one| is_named(&one.organization, name)).ok_or(NoOrganization::NotFound)?
        }
        Selector::Default => mine
            .iter()
            .find(|one| Some(one.organization.id) == default)
            .or(if mine.len() == 1 { mine.first() } else { None })
            .ok_or(NoOrganization::NotChosen)?,
    };
    match chosen.organization.status {
        OrganizationStatus::Active => Ok(chosen),
        OrganizationStatus::Suspended => Err(NoOrganization::Suspended),
    }
}

fn is_named(organization: &Organization, name: &str) -> bool {
    organization.slug == name || id_of(name) == Some(organization.id)
}

/// The id that a name is, if it is one: in its public form, or as a UUID.
pub(crate) fn id_of(name: &str) -> Option<OrganizationId> {
    let id = Uuid::parse_str(name).map_or_else(|_| OrganizationId::from_text(name), OrganizationId::from_uuid);
    (id.uuid() != Uuid::nil()).then_some(id)
}

pub(super) fn not_a_member(selector: &Selector) -> NoOrganization {
    match selector {
        Selector::Named(_) => NoOrganization::NotFound,
        Selector::Default => NoOrganization::NotChosen,
    }
}
