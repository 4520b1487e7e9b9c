//! Every list of the schema, walked from either end in pieces of several sizes.

use std::collections::{BTreeMap, HashSet};

use entity::id::{DoctorId, DsoId};
use tests::{Kind, World, queries::Sdl, sample};

use super::{
    Around, Lists,
    model::{DIRECTIONS, ORDERS, ordered},
    uuid_of,
};

const ROOT: Around = ("", "", "");
const ORGANIZATION: Around = ("organization {", "}", "/organization");
const DSO: Around = ("dso(id: \"DSO\") {", "}", "/dso");
const DOCTOR: Around = ("doctor(id: \"DOCTOR\") {", "}", "/doctor");
const COURSE: Around = ("dso(id: \"DSO\") { courses(first: 1) { nodes {", "} } }", "/dso/courses/nodes/0");
const MEMBER: Around = ("members(first: 2) { nodes {", "} }", "/members/nodes/1");

/// Parent type, field, what it stands in, its orders: all lists of the schema.
const LISTS: [(&str, &str, Around, &[&str]); 23] = [
    ("Query", "doctors", ROOT, &ORDERS),
    ("Query", "dsos", ROOT, &["NAME", "CREATED_AT"]),
    ("Query", "activities", ROOT, &["OCCURRED_AT"]),
    ("Query", "members", ROOT, &["CREATED_AT"]),
    ("Query", "dashboards", ROOT, &[]),
    ("Organization", "dsos", ORGANIZATION, &["NAME", "CREATED_AT"]),
    ("Organization", "members", ORGANIZATION, &["CREATED_AT"]),
    ("Organization", "auditLog", ORGANIZATION, &[]),
    ("Organization", "invitations", ORGANIZATION, &[]),
    ("Organization", "joinRequests", ORGANIZATION, &[]),
    ("Dso", "doctors", DSO, &ORDERS),
    ("Dso", "activities", DSO, &["OCCURRED_AT"]),
    ("Dso", "cases", DSO, &["OPENED_AT"]),
    ("Dso", "courses", DSO, &[]),
    ("Dso", "grants", DSO, &[]),
    ("Doctor", "activities", DOCTOR, &["OCCURRED_AT"]),
    ("Doctor", "cases", DOCTOR, &["OPENED_AT"]),
    ("Doctor", "attendances", DOCTOR, &[]),
    ("Course", "attendees", COURSE, &[]),
    ("Member", "grants", MEMBER, &[]),
    ("Member", "activities", MEMBER, &["OCCURRED_AT"]),
    // Once more where ties and nulls are.
    ("Dso", "courses", ("dso(id: \"ORDERED\") {", "}", "/dso"), &[]),
    ("Dso", "activities", ("dso(id: \"ORDERED\") {", "}", "/dso"), &["OCCURRED_AT"]),
];

#[test]
fn every_list_of_the_schema_is_walked() {
    let sdl = Sdl::now();
    for ty in sdl.types() {
        // Groups are walked where they are counted: see aggregates/recount.rs.
        let is_list = |ty: &str| ty.ends_with("Connection") && !ty.ends_with("GroupConnection");
        for field in sdl.fields(ty).iter().filter(|field| is_list(&field.ty)) {
            let is_known = LISTS.iter().any(|(parent, name, ..)| *parent == ty && *name == field.name);
            assert!(is_known, "`{ty}.{}` is not walked", field.name);
        }
    }
}

/// A list in one of its orders, without a window: what stands before it, its field, its arguments, what stands behind it,
/// and where its answer is. The places are those of the world.
pub(crate) type Asked = (String, &'static str, String, &'static str, String);

/// Every list of the schema in each of its orders.
pub(crate) fn in_every_order() -> Vec<Asked> {
    let mut all = vec![];
    for (_, field, (before, after, pointer), orders) in LISTS {
        let before = before
            .replace("DSO", &World::id::<DsoId>("dso Smile"))
            .replace("DOCTOR", &World::id::<DoctorId>("doctor Smile Ada"))
            .replace("ORDERED", &World::id::<DsoId>("dso Smile"));
        let pointer = format!("{pointer}/{field}");
        if orders.is_empty() {
            all.push((before.clone(), field, String::new(), after, pointer.clone()));
        }
        for (order, way) in orders.iter().flat_map(|order| DIRECTIONS.map(|way| (order, way))) {
            let order = format!("orderBy: {{ field: {order}, direction: {way} }},");
            all.push((before.clone(), field, order, after, pointer.clone()));
        }
    }
    all
}

fn placed(around: Around) -> (String, String, &'static str) {
    let (before, after, pointer) = around;
    let before = before
        .replace("DSO", &World::id::<DsoId>("tenants dso 0"))
        .replace("DOCTOR", &World::id::<DoctorId>("tenants doctor 0 0"))
        .replace("ORDERED", &World::id::<DsoId>("tenants dso ordered"));
    (before, after.to_owned(), pointer)
}

#[tokio::test]
async fn a_walk_from_either_end_comes_by_every_row_once() {
    let mut by_kind: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for kind in Kind::ALL {
        let lists = Lists::over(kind).await;
        for (ty, field, around, orders) in LISTS {
            let (before, after, pointer) = placed(around);
            let around = (&*before.leak(), &*after.leak(), pointer);
            let arguments: Vec<String> = if orders.is_empty() {
                vec![String::new()]
            } else {
                let each =
                    |order: &&str| DIRECTIONS.map(|way| format!("orderBy: {{ field: {order}, direction: {way} }},"));
                orders.iter().flat_map(each).collect()
            };
            for arguments in arguments {
                let whole = lists.page(around, (field, &arguments), "first: 100").await;
                let ids = whole.ids();
                assert!(ids.len() >= 2, "{kind:?} `{ty}.{field}` has too few rows to be walked: {ids:?}");
                assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{kind:?} `{ty}.{field}` {arguments}");
                // Long lists in larger steps: a row a step would take minutes.
                let sizes: &[usize] = if ids.len() > 15 { &[4, 13] } else { &[2, 1, 3] };
                for size in sizes.iter().copied().take(sample(1, sizes.len())) {
                    let what = format!("{kind:?} `{ty}.{field}` {arguments} by {size}");
                    assert_eq!(forward(&lists, around, (field, &arguments), size).await, ids, "forward: {what}");
                    assert_eq!(backward(&lists, around, (field, &arguments), size).await, ids, "backward: {what}");
                }
                by_kind.entry(format!("{ty}.{field} {arguments} {}", around.0)).or_default().push(ids);
            }
        }
    }
    for (list, kinds) in by_kind {
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "SQLite and PostgreSQL order `{list}` differently");
    }
}

async fn forward(lists: &Lists, around: Around, list: (&str, &str), size: usize) -> Vec<String> {
    let mut ids = vec![];
    let mut window = format!("first: {size}");
    loop {
        let page = lists.page(around, list, &window).await;
        assert!(page.rows.len() <= size);
        ids.extend(page.ids());
        assert!(ids.len() <= 1000, "the walk does not end");
        match page.end {
            Some(end) if page.has_next => window = format!("first: {size}, after: \"{end}\""),
            _ => return ids,
        }
    }
}

async fn backward(lists: &Lists, around: Around, list: (&str, &str), size: usize) -> Vec<String> {
    let mut ids = vec![];
    let mut window = format!("last: {size}");
    loop {
        let page = lists.page(around, list, &window).await;
        assert!(page.rows.len() <= size);
        ids.extend(page.ids().into_iter().rev());
        assert!(ids.len() <= 1000, "the walk does not end");
        match page.start {
            Some(start) if page.has_previous => window = format!("last: {size}, before: \"{start}\""),
            _ => {
                ids.reverse();
                return ids;
            }
        }
    }
}

#[tokio::test]
async fn doctors_come_in_the_order_that_the_schema_promises() {
    let around = ("dso(id: \"ORDERED\") {", "}", "/dso");
    let (before, after, pointer) = placed(around);
    let around = (&*before.leak(), &*after.leak(), pointer);
    for kind in Kind::ALL {
        let lists = Lists::over(kind).await;
        for order in ORDERS {
            for direction in DIRECTIONS {
                let arguments = format!("orderBy: {{ field: {order}, direction: {direction} }},");
                let page = lists.page(around, ("doctors", &arguments), "first: 100").await;
                let found: Vec<_> = page.ids().iter().map(|id| uuid_of::<DoctorId>(id)).collect();
                let promised: Vec<_> = ordered(order, direction).iter().map(|doctor| doctor.id).collect();
                assert_eq!(found, promised, "{kind:?} {order} {direction}");
            }
        }
    }
}
