//! What persons and organizations may spend in a minute, in one process and in several.

use axum::{body::Body, http::Request};
use gateway::{admission::RedisStore, config::Limit};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind, redis::Redis};

use super::{measuring, refusing};

/// Costs 10 as it stands: 1, and 9 rows.
const TEN: &str = "{ doctors(first: 9) { nodes { id } } }";

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// Waits for the first 40 seconds of a minute: budgets reset with each minute, so a round that must stay within one
/// minute must not start at its end.
async fn within_a_minute() {
    loop {
        let second = chrono::Utc::now().timestamp() % 60;
        if second < 45 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn whoever_has_spent_too_much_is_told_when_to_come_again() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let limits = refusing(&[(Limit::PersonRate, 100), (Limit::OrganizationRate, 135)]);
        let gateway = Gateway::under(&database, limits, None).await;
        within_a_minute().await;
        let asked = format!("{{ rateLimit {{ cost limit remaining budget }} {} }}", &TEN[1..TEN.len() - 1]);
        let first = gateway.ask(Actor::Owner, &asked, json!({})).await.clean();
        let expected = json!({ "cost": 11, "limit": 100, "remaining": 89, "budget": "PERSON" });
        assert_eq!(*first.data("/rateLimit"), expected, "{kind:?}");
        assert_eq!(header(&first, "ratelimit-policy"), "\"person\";q=100;w=60");
        assert!(header(&first, "ratelimit").starts_with("\"person\";r=89;t="), "{:?}", first.headers);
        for _ in 0..8 {
            gateway.ask(Actor::Owner, TEN, json!({})).await.clean();
        }
        let _ = gateway.recorder.take();
        let refused = gateway.ask(Actor::Owner, TEN, json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.codes()), (429, vec!["RATE_LIMITED"]), "{}", refused.text);
        let seconds: u64 = header(&refused, "retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert!(header(&refused, "ratelimit").starts_with("\"person\";r=9;t="), "{:?}", refused.headers);
        assert!(refused.text.contains("you have spent what a minute allows"), "{}", refused.text);

        // Whoever else works there goes on, until the organization's is spent, too: 91 were the owner's.
        for _ in 0..4 {
            gateway.ask(Actor::Admin, TEN, json!({})).await.clean();
        }
        let refused = gateway.ask(Actor::Admin, TEN, json!({})).await;
        assert_eq!(refused.codes(), ["RATE_LIMITED"], "{}", refused.text);
        assert!(refused.text.contains("the organization has spent"), "{}", refused.text);
        // Somebody else's organization has a budget of its own.
        gateway.ask(Actor::OwnerOfB, TEN, json!({})).await.clean();
        // And one without: what they own is not charged for what the other has spent.
        let viewer = gateway.ask(Actor::Admin, "{ viewer { id } }", json!({})).await;
        viewer.clean();
    }
}

#[tokio::test]
async fn whoever_has_nothing_left_costs_the_database_nothing() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::under(&database, refusing(&[(Limit::PersonRate, 100)]), None).await;
    within_a_minute().await;
    for _ in 0..10 {
        gateway.ask(Actor::Owner, TEN, json!({})).await.clean();
    }
    let _ = gateway.recorder.take();
    let refused = gateway.ask(Actor::Owner, TEN, json!({})).await;
    assert_eq!(refused.codes(), ["RATE_LIMITED"]);
    assert!(gateway.recorder.take().is_empty(), "not even who they are was asked");
    // Documents that are refused are charged, too: whoever sends nothing else is refused some time.
    let mut codes = vec![];
    for _ in 0..12 {
        let refused = gateway.ask(Actor::Admin, "{ nothing", json!({})).await;
        codes.extend(refused.codes().into_iter().map(str::to_owned));
    }
    assert!(codes.iter().any(|code| code == "RATE_LIMITED"), "{codes:?}");
}

#[tokio::test]
async fn what_is_only_measured_refuses_nobody() {
    let database = Database::world(Kind::Sqlite).await;
    let limits = measuring(&[(Limit::PersonRate, 100), (Limit::OrganizationRate, 100)]);
    let gateway = Gateway::under(&database, limits, None).await;
    for _ in 0..30 {
        gateway.ask(Actor::Owner, TEN, json!({})).await.clean();
    }
}

/// Two gateways on one Redis spend from one budget. While it is away each counts by itself and nobody waits for it; when it is back, they
/// count together again.
#[tokio::test]
async fn several_gateways_count_together_and_go_on_without_redis() {
    let database = Database::world(Kind::Postgres).await;
    let mut redis = Redis::start();
    let limits = refusing(&[(Limit::PersonRate, 100)]);
    let gateway = async || Gateway::under(&database, limits, Some(RedisStore::at(&redis.url()).unwrap())).await;
    let gateways = [gateway().await, gateway().await];
    within_a_minute().await;
    let ask = async |n: usize| gateways[n % 2].ask(Actor::Owner, TEN, json!({})).await;
    for n in 0..10 {
        let answer = ask(n).await.clean();
        let left = 100 - 10 * (n + 1);
        assert!(
            header(&answer, "ratelimit").starts_with(&format!("\"person\";r={left};")),
            "{n}: {:?}",
            answer.headers
        );
    }
    for n in 0..4 {
        assert_eq!(ask(n).await.codes(), ["RATE_LIMITED"], "both know that nothing is left");
    }

    redis.end();
    let began = std::time::Instant::now();
    for n in 0..6 {
        gateways[n % 2].ask(Actor::Admin, TEN, json!({})).await.clean();
    }
    assert!(began.elapsed().as_secs() < 10, "nobody waits for what is away: {:?}", began.elapsed());
    // Each by itself: three each, of ten.
    let alone = gateways[0].ask(Actor::Admin, TEN, json!({})).await.clean();
    assert!(header(&alone, "ratelimit").starts_with("\"person\";r=60;"), "{:?}", alone.headers);

    redis.begin();
    within_a_minute().await;
    // It has begun empty, and is asked again some seconds later.
    let mut together = false;
    for n in 0..200 {
        let answer = gateways[n % 2].ask(Actor::OwnerOfB, "{ viewer { id } }", json!({})).await.clean();
        let other = gateways[(n + 1) % 2].ask(Actor::OwnerOfB, "{ viewer { id } }", json!({})).await;
        let left = |answer: &Answer| {
            header(answer, "ratelimit").split(['=', ';']).nth(2).and_then(|left| left.parse::<u64>().ok())
        };
        together = left(&other).is_some() && left(&answer).zip(left(&other)).is_some_and(|(one, next)| one == next + 1);
        if together {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(together, "Redis is back, and the gateways do not count together");
}

/// Whatever stands under one person's key, theirs is counted anew and everybody else is still counted together.
#[tokio::test]
async fn one_accounts_broken_value_leaves_the_others_counted_together() {
    let database = Database::world(Kind::Sqlite).await;
    let redis = Redis::start();
    let limits = refusing(&[(Limit::PersonRate, 200)]);
    let gateway = async || Gateway::under(&database, limits, Some(RedisStore::at(&redis.url()).unwrap())).await;
    let gateways = [gateway().await, gateway().await];
    within_a_minute().await;
    for (write, value) in [
        ("lpush", "x"),
        ("set", "-1000000"),
        ("set", "12.5"),
        ("set", "nan"),
        ("set", "0x10"),
        ("set", "9223372036854775807"),
    ] {
        redis.each("cs12:*", "del {}");
        gateways[0].ask(Actor::Owner, TEN, json!({})).await.clean();
        let script = format!("redis.call('del', KEYS[1]) return redis.call('{write}', KEYS[1], '{value}')");
        redis.each("cs12:person:*", &format!("eval \"{script}\" 1 {{}}"));
        for (gateway, left) in gateways.iter().zip([190, 180]) {
            let answer = gateway.ask(Actor::Owner, TEN, json!({})).await.clean();
            let told = header(&answer, "ratelimit");
            assert!(told.starts_with(&format!("\"person\";r={left};")), "{write} {value}: {told}");
        }
    }
}

/// It is asked for beside GraphQL, and costs what the same costs there.
#[tokio::test]
async fn the_schemas_text_is_paid_for() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::under(&database, refusing(&[(Limit::PersonRate, 500)]), None).await;
    within_a_minute().await;
    let ask = async || {
        let token = Actor::Owner.token().unwrap();
        let asked = Request::get("/graphiql/schema.graphql").header("authorization", format!("Bearer {token}"));
        gateway.send(asked.body(Body::empty()).unwrap()).await
    };
    for left in [300, 100] {
        let answer = ask().await;
        assert_eq!(answer.status, 200);
        assert!(header(&answer, "ratelimit").starts_with(&format!("\"person\";r={left};")), "{:?}", answer.headers);
    }
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.codes()), (429, vec!["RATE_LIMITED"]), "{}", refused.text);
    assert!(refused.headers.contains_key("retry-after"));
}
