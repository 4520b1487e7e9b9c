//! Cost of a dashboard over ten years of activities: ten times as many activities must not take longer.
//!
//! Owns: the rows, the measurement and its bound. May use: the tests' PostgreSQL and the gateway in process.
//! Invariant: the two sizes differ only in the number of activities; the figures of both are verified.
//!
//! `cargo scale` prints medians and their ratio, and fails if the ratio is above the bound. It takes some minutes and
//! 4 GB of disk.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a tool for developers: it prints, and stops where it cannot go on"
)]

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{
    Database, Gateway, Kind,
    actor::token,
    tenants::{Size, Tenant},
};

const FEW: u32 = 400_000;
const MANY: u32 = 4_000_000;

/// Largest allowed ratio of the larger size's median to the smaller size's.
const BOUND: f64 = 1.2;

/// Measured requests of each size, alternating.
const ROUNDS: usize = 40;

/// Midnight before the first activity.
const FROM: chrono::NaiveDateTime =
    chrono::NaiveDate::from_ymd_opt(2016, 11, 1).expect("a day").and_time(chrono::NaiveTime::MIN);

/// Eight widgets over ten years, in one request.
const DASHBOARD: &str = r"query($from: DateTime!, $until: DateTime!) {
    organization { overview(range: { from: $from, until: $until }) {
        doctors { count before } doctorsByRisk { risk doctors { count before } } doctorsByPeriod { period doctors { count } }
        averageProgress { value before } activities { count before } activitiesByKind { kind activities { count before } }
        activitiesByActor { actor { id } activities { count before } } casesByStatus { status cases { count } } } }
    byMonth: activitiesAggregate(groupBy: [KIND], bucket: { field: OCCURRED_AT, unit: MONTH, range: { from: $from, until: $until } },
        first: 1000) { nodes { kind bucket count } }
    byDso: activitiesAggregate(filter: { from: $from, until: $until }, groupBy: [DSO]) { nodes { dso { name } count } }
}";

#[tokio::main]
async fn main() -> ExitCode {
    let (few, many) = (Measured::seeded(FEW).await, Measured::seeded(MANY).await);
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (times, measured) in times.iter_mut().zip([&few, &many]) {
            let took = measured.ask().await;
            // The first request of each size prepares its statements and is not measured.
            if round > 0 {
                times.push(took);
            }
        }
    }
    let [few, many] = times.map(median);
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("{FEW} activities: {few:.1?}; {MANY}: {many:.1?}; ratio {ratio:.2}, at most {BOUND}");
    if ratio <= BOUND { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

struct Measured {
    gateway: Gateway,
    activities: u32,
    asked: AtomicU32,
    _database: Database,
}

impl Measured {
    async fn seeded(activities: u32) -> Self {
        let database = Database::empty(Kind::Postgres).await;
        let connection = database.connect().await;
        let tenant = Tenant(0);
        let size = Size { dsos: 50, members: 8, grants: 1, doctors: 20, activities: 0, cases: 12, courses: 2 };
        tenant.seed(&connection, size).await;
        // Activities over ten years, inserted in an order unrelated to their time, as users enter them. Their parents
        // exist, so foreign keys are not checked: that would take most of the time.
        let sql = format!(
            "SET session_replication_role = replica; INSERT INTO activities (organization_id, id, dso_id, doctor_id, actor_member_id, kind, occurred_at, created_at, \
             updated_at, version) \
             SELECT d.organization_id, gen_random_uuid(), d.dso_id, d.id, m.id, \
             (ARRAY['PHONE', 'EMAIL', 'TEXT', 'MEETING', 'NOTE'])[1 + n % 5], \
             timestamptz '2016-11-01 08:00Z' + (n::bigint * 7919 % 5259600) * interval '1 minute', now(), now(), 1 \
             FROM generate_series(1, {activities}) AS n \
             JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM doctors) AS d ON d.place = 1 + n % 1000 \
             JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS members FROM memberships) AS m \
             ON m.place = 1 + n / 7 % m.members; \
             SET session_replication_role = DEFAULT"
        );
        connection.execute_unprepared(&sql).await.expect("seed the activities");
        database.roll_up().await;
        connection.execute_unprepared("VACUUM ANALYZE").await.expect("analyze");
        connection.close().await.expect("close");
        let gateway = Gateway::over(&database).await;
        println!("{activities} activities are there");
        Self { gateway, activities, asked: AtomicU32::new(0), _database: database }
    }

    async fn ask(&self) -> Duration {
        // Each request starts a day earlier, in a period without activities. Otherwise the cache of figures would be
        // measured instead of the statements that read them.
        let earlier = chrono::Duration::days(self.asked.fetch_add(1, Ordering::Relaxed).into());
        let span = json!({ "from": FROM.and_utc() - earlier, "until": "2026-11-02T00:00:00Z" });
        let began = Instant::now();
        let owner = Tenant(0).owner();
        let answer = self.gateway.ask_as(Some(&token(&owner)), Some(&Tenant(0).slug()), DASHBOARD, span).await.clean();
        let took = began.elapsed();
        let count = answer.data("/organization/overview/activities/count");
        assert_eq!(*count, Value::from(self.activities), "the dashboard does not tell of all activities");
        took
    }
}
