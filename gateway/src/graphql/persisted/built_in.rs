//! What the gateway's own pages ask.
//!
//! Owns: the texts of those pages' operations, which are trusted wherever any are. May use: `tokens`. Invariant: these are the
//! very files that the pages are built from, so a page that was changed is trusted as it is now.

use std::collections::{BTreeMap, BTreeSet};

use super::definitions::{Definition, definitions};

/// GraphiQL's operations, and what an invitation is about; those of the dashboard, whose fragments may be in one another's files.
const GRAPHIQL: [&str; 3] = [
    include_str!("../../../ui/src/operations/members.graphql"),
    include_str!("../../../ui/src/operations/preview.graphql"),
    include_str!("../../../ui/src/operations/switcher.graphql"),
];
const DASHBOARD: [&str; 9] = [
    include_str!("../../../ui/src/dashboard/operations/arrival.graphql"),
    include_str!("../../../ui/src/dashboard/operations/caller.graphql"),
    include_str!("../../../ui/src/dashboard/operations/changes.graphql"),
    include_str!("../../../ui/src/dashboard/operations/dashboard.graphql"),
    include_str!("../../../ui/src/dashboard/operations/dashboards.graphql"),
    include_str!("../../../ui/src/dashboard/operations/doctors.graphql"),
    include_str!("../../../ui/src/dashboard/operations/dsos.graphql"),
    include_str!("../../../ui/src/dashboard/operations/first-steps.graphql"),
    include_str!("../../../ui/src/dashboard/operations/overview.graphql"),
];

/// Each operation with the fragments that it spreads, and no others.
pub(super) fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for files in [GRAPHIQL.as_slice(), DASHBOARD.as_slice()] {
        let text = files.join("\n");
        let definitions = definitions(&text).unwrap_or_default();
        let fragments: BTreeMap<_, _> =
            definitions.iter().filter_map(|definition| Some((definition.fragment()?, definition))).collect();
        texts.extend(definitions.iter().filter(|definition| definition.fragment().is_none()).map(|operation| {
            let mut spread = BTreeSet::new();
            gather(operation, &fragments, &mut spread);
            let parts = spread.iter().filter_map(|name| fragments.get(name)).map(|fragment| fragment.text);
            std::iter::once(operation.text).chain(parts).collect::<Vec<_>>().join("\n")
        }));
    }
    texts
}

fn gather<'a>(from: &Definition<'a>, fragments: &BTreeMap<&'a str, &Definition<'a>>, spread: &mut BTreeSet<&'a str>) {
    for name in from.spreads() {
        if spread.insert(name)
            && let Some(fragment) = fragments.get(name)
        {
            gather(fragment, fragments, spread);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_pages_is_there() {
        for (folder, files) in [("operations", GRAPHIQL.as_slice()), ("dashboard/operations", DASHBOARD.as_slice())] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src").join(folder);
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let text = std::fs::read_to_string(&path).unwrap();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                assert!(
                    files.contains(&text.as_str()),
                    "`{name}` is not in the list here: with `trusted = \"enforce\"` the page would be refused"
                );
            }
        }
    }
}
