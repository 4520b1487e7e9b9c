//! The dashboard and the alerts ask for what is really told.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use gateway::telemetry::Settings;
use serde_json::Value;
use tests::{Actor, Database, Kind, openmetrics::Exposed};

use super::{CALM, House};

const DASHBOARD: &str = include_str!("../../../gateway/deploy/grafana.json");
const ALERTS: &str = include_str!("../../../gateway/deploy/alerts.yml");

/// Labels that the collector adds.
const COLLECTORS: [&str; 2] = ["instance", "job"];

/// All that is told once everything has happened at least once: each sample's name, with its labels.
async fn told() -> BTreeMap<String, BTreeSet<String>> {
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::world(kind).await;
        let house = House::over(&database, Settings { slow: Duration::ZERO, probing: 1, ..CALM }).await;
        let _ = house.ask(Actor::Viewer, "{ doctors { nodes { email } } }").await;
        let Exposed { samples, .. } = house.exposed().await;
        for sample in samples {
            told.entry(sample.name).or_default().extend(sample.labels.into_keys());
        }
    }
    told
}

/// The metrics that an expression names, each with the labels that it asks of it.
fn asked(expression: &str) -> Vec<(String, Vec<String>)> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':';
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(at) = rest.find(is_word) {
        rest = &rest[at..];
        let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        if !word.starts_with("cs12_") && !word.starts_with("process_") {
            continue;
        }
        let inside = after.strip_prefix('{').and_then(|after| after.split_once('}')).map_or("", |(inside, _)| inside);
        let matchers = inside.split(',').filter(|matcher| !matcher.is_empty());
        let labels: Vec<_> =
            matchers.map(|matcher| matcher.split(['=', '!']).next().unwrap_or_default().to_owned()).collect();
        found.push((word.to_owned(), labels));
    }
    // What it is grouped by, all of its metrics must have.
    for group in expression.split("by (").skip(1) {
        let (labels, _) = group.split_once(')').expect("a closed list of labels");
        let labels: Vec<_> = labels.split(", ").map(str::to_owned).collect();
        for (name, of) in &mut found {
            of.extend(labels.iter().filter(|label| *label != "le" || name.ends_with("_bucket")).cloned());
        }
    }
    found
}

fn check(expression: &str, told: &BTreeMap<String, BTreeSet<String>>, of: &str) {
    let asked = asked(expression);
    assert!(!asked.is_empty(), "{of}: names no metric of ours: {expression}");
    for (name, labels) in asked {
        let has = told.get(&name).unwrap_or_else(|| panic!("{of}: nothing tells `{name}`; known: {:?}", told.keys()));
        for label in labels.iter().filter(|label| !COLLECTORS.contains(&label.as_str())) {
            assert!(has.contains(label), "{of}: `{name}` has no label `{label}`; it has {has:?}");
        }
    }
}

#[tokio::test]
async fn the_dashboard_and_the_alerts_ask_for_what_is_told() {
    let told = told().await;
    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("the dashboard is JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut shown = BTreeSet::new();
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        let title = panel["title"].as_str().expect("a panel has a title");
        let targets = panel["targets"].as_array().expect("a panel asks for something");
        for target in targets {
            let expression = target["expr"].as_str().expect("an expression");
            check(expression, &told, title);
            shown.extend(asked(expression).into_iter().map(|(name, _)| name));
        }
    }
    for list in dashboard["templating"]["list"].as_array().expect("variables") {
        shown.extend(asked(list["query"].as_str().unwrap_or_default()).into_iter().map(|(name, _)| name));
    }
    let family = |name: &str| {
        let name = name.trim_end_matches("_bucket").trim_end_matches("_sum").trim_end_matches("_count");
        name.to_owned()
    };
    let shown: BTreeSet<_> = shown.iter().map(|name| family(name)).collect();
    let unseen: Vec<_> = told.keys().map(|name| family(name)).filter(|name| !shown.contains(name)).collect();
    assert!(unseen.is_empty(), "no panel of gateway/deploy/grafana.json shows these: {unseen:?}");

    let mut alerts = 0;
    for rule in ALERTS.split("- alert: ").skip(1) {
        alerts += 1;
        let name = rule.lines().next().unwrap_or_default();
        let expression = rule.lines().find_map(|line| line.trim().strip_prefix("expr: "));
        check(expression.unwrap_or_else(|| panic!("{name}: no expression on one line")), &told, name);
        for needed in ["severity: ", "summary: ", "description: "] {
            assert!(rule.contains(needed), "{name}: without `{needed}` nobody knows what to do");
        }
    }
    assert!(alerts >= 5, "only {alerts} alerts were read");
}

/// So that the check above can fail.
#[test]
#[should_panic(expected = "nothing tells `cs12_operations_totals`")]
fn a_metric_that_nothing_tells_is_noticed() {
    let told = BTreeMap::from([("cs12_operations_total".to_owned(), BTreeSet::from(["code".to_owned()]))]);
    check("sum by (code) (rate(cs12_operations_totals[5m]))", &told, "a panel");
}

/// And by a label.
#[test]
#[should_panic(expected = "`cs12_operations_total` has no label `tenant`")]
fn a_label_that_a_metric_does_not_have_is_noticed() {
    let told = BTreeMap::from([("cs12_operations_total".to_owned(), BTreeSet::from(["code".to_owned()]))]);
    check("sum by (tenant) (rate(cs12_operations_total{code=\"OK\"}[5m]))", &told, "a panel");
}
