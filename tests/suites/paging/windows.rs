//! Any window into the list of doctors, against a plain list in memory.

use entity::id::{DoctorId, DsoId};
use proptest::{
    option,
    prelude::{Just, Strategy, any},
    prop_oneof,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tests::{Kind, World};

use super::{
    Lists, Page,
    model::{DIRECTIONS, ORDERS, ordered},
    uuid_of,
};

#[derive(Clone, Copy, Debug)]
enum Take {
    First(usize),
    Last(usize),
}

#[derive(Clone, Debug)]
struct Window {
    order: &'static str,
    direction: &'static str,
    take: Take,
    /// Places in the list; `before` may well be ahead of `after`.
    after: Option<usize>,
    before: Option<usize>,
    /// Asked of the DSO's own list, or of the organization's with a filter.
    nested: bool,
}

fn windows() -> impl Strategy<Value = Window> {
    let count = || prop_oneof![0..6_usize, 0..60_usize, Just(100)];
    let take = prop_oneof![count().prop_map(Take::First), count().prop_map(Take::Last)];
    let place = || option::of(0..40_usize);
    (select(ORDERS.to_vec()), select(DIRECTIONS.to_vec()), take, place(), place(), any::<bool>()).prop_map(
        |(order, direction, take, after, before, nested)| Window { order, direction, take, after, before, nested },
    )
}

/// What the specification of connections says: <https://relay.dev/graphql/connections.htm#sec-Pagination-algorithm>.
fn expected(window: &Window, whole: &[uuid::Uuid]) -> (Vec<uuid::Uuid>, bool, bool) {
    let start = window.after.map_or(0, |place| place + 1);
    let end = window.before.unwrap_or(whole.len());
    let rows = if start < end { &whole[start..end] } else { &[] };
    match window.take {
        Take::First(count) => {
            let kept = &rows[..count.min(rows.len())];
            (kept.to_vec(), rows.len() > count, window.after.is_some())
        }
        Take::Last(count) => {
            let kept = &rows[rows.len() - count.min(rows.len())..];
            (kept.to_vec(), window.before.is_some(), rows.len() > count)
        }
    }
}

async fn asked(lists: &Lists, window: &Window) -> (Page, Page) {
    let dso = World::id::<DsoId>("tenants dso ordered");
    let order = format!("orderBy: {{ field: {}, direction: {} }},", window.order, window.direction);
    let (around, arguments): (super::Around, String) = if window.nested {
        ((&*format!("dso(id: \"{dso}\") {{").leak(), "}", "/dso"), order)
    } else {
        (("", "", ""), format!("{order} filter: {{ dsoIds: [\"{dso}\"] }},"))
    };
    let whole = lists.page(around, ("doctors", &arguments), "first: 100").await;
    let mut text = match window.take {
        Take::First(count) => format!("first: {count}"),
        Take::Last(count) => format!("last: {count}"),
    };
    if let Some(place) = window.after {
        text.push_str(&format!(", after: \"{}\"", whole.rows[place].1));
    }
    if let Some(place) = window.before {
        text.push_str(&format!(", before: \"{}\"", whole.rows[place].1));
    }
    let page = lists.page(around, ("doctors", &arguments), &text).await;
    (whole, page)
}

#[test]
fn any_window_is_the_one_into_a_plain_list() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let both: Vec<Lists> = Kind::ALL.into_iter().map(|kind| runtime.block_on(Lists::over(kind))).collect();
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&windows(), |window| {
        let whole: Vec<_> = ordered(window.order, window.direction).iter().map(|doctor| doctor.id).collect();
        let expected = expected(&window, &whole);
        for lists in &both {
            let (_, page) = runtime.block_on(asked(lists, &window));
            let rows: Vec<_> = page.ids().iter().map(|id| uuid_of::<DoctorId>(id)).collect();
            let found = (rows, page.has_next, page.has_previous);
            if found != expected {
                return Err(TestCaseError::fail(format!("{:?}: {found:?}, not {expected:?}", lists.kind)));
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
