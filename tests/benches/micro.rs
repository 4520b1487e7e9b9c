//! Cost of the parts of a request, measured one by one, in process and on SQLite.
//!
//! Owns: the requests and their baselines. May use: the public API of the crates. Nothing is made public for this
//! file's sake, so a private part is measured as the difference of two requests, one with it and one without it.
//! Invariant: the two requests of a pair differ in that part alone.
//!
//! `cargo bench -p tests` runs all of it, `cargo bench -p tests -- cursor` a selection; with `tests/without-guards`
//! the guards are compiled away. The allocator here counts allocations and is not the gateway's, so these figures are
//! comparable only with each other and with earlier runs.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a tool for developers: it prints, and stops where it cannot go on"
)]
#![allow(missing_docs, reason = "the macro's functions have none")]

use std::{
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering},
};

use async_graphql::Variables;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use entity::{
    audit::RequestMetadata,
    auth::{
        DsoRole, MemberPermissions, OrgRole, Principal,
        policy::{Guard, PolicyTarget, Subject as Asking, decide},
    },
    db::{ConnectOptions, Db},
    id::{DsoId, TypedId, UserId},
    membership::Selector,
};
use gateway::{
    config::Issuer,
    graphql::{AllowedOperations, Caller, DocumentRef, Executor, Operation, Outcome},
    telemetry::AccessLogSlot,
};
use peak_alloc::PeakAlloc;
use tests::{
    Database, Gateway, Kind,
    actor::token,
    client::{engine, limits},
    tenants::{Size, Tenant},
};
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// 1,000 doctors on ten pages of 100, and 100 DSOs for the loaders.
const SIZE: Size = Size { dsos: 100, members: 10, grants: 1, doctors: 100, activities: 5, cases: 0, courses: 0 };
const TENANT: Tenant = Tenant(0);

/// Ten fields of a doctor; two of them require more rights than the type does.
const TEN_FIELDS: &str = "id name practice email notes risk lastContactAt joinedAt createdAt version";

/// A gateway called in process, without HTTP, and one caller.
struct Asker {
    engine: Executor,
    caller: Caller,
    origin: RequestMetadata,
    runtime: Runtime,
    database: Database,
}

impl Asker {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("start a runtime");
        let (database, engine) = runtime.block_on(async {
            let database = Database::empty(Kind::Sqlite).await;
            TENANT.seed(&database.connect().await, SIZE).await;
            database.roll_up().await;
            let db = Db::connect(ConnectOptions::new(database.url.clone())).await.expect("open the database");
            (database, engine(&db, limits(), None))
        });
        let principal = Principal::verified(Issuer::DEVELOPMENT.to_owned(), TENANT.owner());
        let caller = Caller::Person { principal, selector: Selector::Named(TENANT.slug()), run_as: None };
        let asker = Self { engine, caller, origin: RequestMetadata::new("bench"), runtime, database };
        // Prepares the statements, and shows that there is something to measure.
        println!("{} bytes are the answer of ten thousand fields", asker.answer(&ten_thousand(TEN_FIELDS)).len());
        asker
    }

    async fn ask(&self, query: String) -> async_graphql::Response {
        let operation = Operation {
            wanted: DocumentRef::Text(query),
            operation_name: None,
            variables: Variables::default(),
            idempotency_key: None,
        };
        match Box::pin(self.engine.run(
            operation,
            AllowedOperations::QueriesOnly,
            self.caller.clone(),
            &self.origin,
            AccessLogSlot::default(),
        ))
        .await
        {
            Outcome::Ran(response) if response.errors.is_empty() => response,
            other => panic!("this is no answer to be measured: {other:?}"),
        }
    }

    fn answer(&self, query: &str) -> String {
        let response = self.runtime.block_on(self.ask(query.to_owned()));
        serde_json::to_string(&response).expect("write the answer")
    }

    fn measure(&self, group: &mut BenchmarkGroup<'_, WallTime>, name: &str, query: &str) {
        group.bench_function(name, |bencher| bencher.to_async(&self.runtime).iter(|| self.ask(query.to_owned())));
    }
}

fn ten_thousand(fields: &str) -> String {
    format!("{{ dsos(first: 10) {{ nodes {{ doctors(first: 100) {{ nodes {{ {fields} }} }} }} }} }}")
}

fn policy(criterion: &mut Criterion) {
    let dso = DsoId::generate();
    let standing = MemberPermissions::hypothetical(UserId::generate(), OrgRole::Member, Some((dso, DsoRole::Viewer)));
    let mut group = criterion.benchmark_group("policy");
    for (name, guard) in
        [("a role on a DSO", Guard::Dso(DsoRole::Viewer)), ("a role that is too low", Guard::Dso(DsoRole::Admin))]
    {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                decide(black_box(Asking::Member(&standing)), black_box(guard), black_box(PolicyTarget::Dso(dso)))
            });
        });
    }
}

fn guard(criterion: &mut Criterion, asker: &Asker) {
    let mut group = criterion.benchmark_group("guard");
    group.throughput(Throughput::Elements(10_000)).sample_size(20);
    asker.measure(&mut group, "10,000 guarded fields", &ten_thousand(TEN_FIELDS));
    // `__typename` passes no guard.
    let plain = ('a'..='j').map(|alias| format!("{alias}: __typename")).collect::<Vec<_>>().join(" ");
    asker.measure(&mut group, "10,000 fields without a guard", &ten_thousand(&plain));
}

fn document(criterion: &mut Criterion, asker: &Asker) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let root = |alias| format!("{alias}: doctors {{ nodes {{ {TEN_FIELDS} }} }}");
    let roots = ('a'..='s').map(root).collect::<Vec<_>>().join(" ");
    // The document is parsed and validated, but none of it is executed.
    let text = format!("{{ __typename ... @include(if: false) {{ {roots} }} }}");
    let mut group = criterion.benchmark_group("document");
    asker.measure(&mut group, "190 fields, known", &text);
    group.bench_function("190 fields, new", |bencher| {
        let new = || format!("query Q{} {text}", NUMBER.fetch_add(1, Ordering::Relaxed));
        bencher.to_async(&asker.runtime).iter(|| asker.ask(new()));
    });
}

fn loader(criterion: &mut Criterion, asker: &Asker) {
    let mut group = criterion.benchmark_group("loader");
    group.sample_size(50);
    asker.measure(&mut group, "100 parents", "{ dsos(first: 100) { nodes { id } } }");
    let batch = "{ dsos(first: 100) { nodes { id doctors(first: 1) { nodes { id } } } } }";
    asker.measure(&mut group, "100 parents and a batch of 100 lists", batch);
}

fn cursor(criterion: &mut Criterion, asker: &Asker) {
    let mut group = criterion.benchmark_group("cursor");
    asker.measure(&mut group, "100 edges", "{ doctors(first: 100) { edges { __typename } } }");
    asker.measure(&mut group, "100 edges, encoded", "{ doctors(first: 100) { edges { cursor } } }");
    let first: serde_json::Value =
        serde_json::from_str(&asker.answer("{ doctors(first: 1) { pageInfo { endCursor } } }")).expect("JSON");
    let end = first.pointer("/data/doctors/pageInfo/endCursor").and_then(|end| end.as_str()).expect("a cursor");
    asker.measure(&mut group, "a page", "{ doctors(first: 1) { nodes { id } } }");
    asker.measure(
        &mut group,
        "a page behind one, decoded",
        &format!("{{ doctors(first: 1, after: \"{end}\") {{ nodes {{ id }} }} }}"),
    );
}

fn request(criterion: &mut Criterion, asker: &Asker) {
    let gateway = asker.runtime.block_on(Gateway::over(&asker.database));
    let (token, slug) = (token(&TENANT.owner()), TENANT.slug());
    // The third query of the comparison with peers.
    let nested = "{ dsos(first: 5) { nodes { id name doctors(first: 20) { nodes { id name progress riskLevel: risk \
                  activities(first: 5) { nodes { id kind occurredAt } } } } } } }";
    let mut group = criterion.benchmark_group("request");
    for (name, query) in [("viewer", "{ viewer { name } }"), ("three levels", nested)] {
        group.bench_function(name, |bencher| {
            bencher.to_async(&asker.runtime).iter(|| async {
                let answer = gateway.ask_as(Some(&token), Some(&slug), query, serde_json::json!({})).await;
                let _statements = gateway.recorder.take();
                answer
            });
        });
    }
}

/// Measures memory, not time: the peak of additional memory while an answer of ten thousand fields is built and
/// serialized.
fn memory(asker: &Asker) {
    let query = ten_thousand(TEN_FIELDS);
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let answer = asker.answer(&query);
    let most = ALLOCATOR.peak_usage().saturating_sub(before);
    println!("memory/10,000 fields    at the most {} KiB, for an answer of {} KiB", most / 1024, answer.len() / 1024);
}

fn all(criterion: &mut Criterion) {
    policy(criterion);
    let asker = Asker::new();
    memory(&asker);
    guard(criterion, &asker);
    document(criterion, &asker);
    loader(criterion, &asker);
    cursor(criterion, &asker);
    request(criterion, &asker);
}

criterion_group!(benches, all);
criterion_main!(benches);
