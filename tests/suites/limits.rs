//! How much is let in: what it costs, what is left, and what is said to those who want more.

mod crowd;
mod rates;
mod time;

use gateway::config::{Enforcement, Limit, Limits};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, client::limits};

fn refusing(figures: &[(Limit, u64)]) -> Limits {
    figures.iter().fold(limits(), |limits, (limit, most)| limits.with(*limit, *most, Enforcement::Refuse))
}

fn measuring(figures: &[(Limit, u64)]) -> Limits {
    figures.iter().fold(limits(), |limits, (limit, most)| limits.with(*limit, *most, Enforcement::Measure))
}

/// Each is refused before anything runs, with a code that tells a client what to do.
#[tokio::test]
async fn what_is_beyond_a_limit_is_refused_before_anything_is_asked() {
    let database = Database::world(Kind::Sqlite).await;
    let figures = [(Limit::Cost, 500), (Limit::Directives, 2), (Limit::Fields, 50), (Limit::RootFields, 3)];
    let documents = [
        (
            "{ doctors(first: 100) { nodes { activities(first: 100) { nodes { id } } } } }",
            "COST_ESTIMATED_TOO_EXPENSIVE",
        ),
        (
            "{ viewer { id @skip(if: false) name @skip(if: false) email @skip(if: false) } }",
            "COST_ESTIMATED_TOO_EXPENSIVE",
        ),
        ("{ a: viewer { id } b: viewer { id } c: viewer { id } d: viewer { id } }", "COST_ESTIMATED_TOO_EXPENSIVE"),
    ];
    let gateway = Gateway::under(&database, refusing(&figures), None).await;
    for (document, code) in documents {
        let _ = gateway.recorder.take();
        let refused = gateway.ask(Actor::Owner, document, json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.codes()), (400, vec![code]), "{document}: {}", refused.text);
        assert!(refused.json.get("data").is_none(), "nothing has run: {}", refused.text);
        assert!(gateway.recorder.take().is_empty(), "nothing was asked of the database: {document}");
    }
    let gateway = Gateway::under(&database, measuring(&figures), None).await;
    for (document, _) in documents {
        gateway.ask(Actor::Owner, document, json!({})).await.clean();
    }
}

/// A list of a thousand refused rows is one error already; this is about as many different ones.
#[tokio::test]
async fn an_answer_holds_so_many_errors_and_tells_how_many_more_there_are() {
    let database = Database::world(Kind::Sqlite).await;
    let many = "{ doctors(first: 2) { nodes { email phone } } dsos { nodes { grants { totalCount } } } invitations: organization { invitations { totalCount } } }";
    let gateway = Gateway::under(&database, limits(), None).await;
    let whole = gateway.ask(Actor::Viewer, many, json!({})).await;
    let errors = whole.codes().len();
    assert!(errors > 2, "the control: {}", whole.text);
    let gateway = Gateway::under(&database, refusing(&[(Limit::Errors, 2)]), None).await;
    let shortened = gateway.ask(Actor::Viewer, many, json!({})).await;
    assert_eq!(shortened.codes().len(), 2, "{}", shortened.text);
    assert_eq!(shortened.json["extensions"]["errorsOmitted"], json!(errors - 2), "{}", shortened.text);
    assert_eq!(shortened.json["data"], whole.json["data"], "the data are the same");
}
