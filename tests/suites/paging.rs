//! Lists in pieces: every row once, in one order, from either end, on both databases.

pub(crate) mod lists;
mod model;
mod refused;
mod windows;

use entity::id::TypedId;
use serde_json::{Value, json};
use tests::{
    Answer, Database, Gateway, Kind, World,
    actor::token,
    tenants::{Size, Tenant},
};

/// The organization whose lists are walked.
const TENANT: Tenant = Tenant(1);
const SIZE: Size = Size { dsos: 3, members: 7, grants: 5, doctors: 2, activities: 7, cases: 5, courses: 4 };

/// A gateway over lists with ties and nulls.
struct Lists {
    kind: Kind,
    gateway: Gateway,
    token: String,
    _database: Database,
}

impl Lists {
    async fn over(kind: Kind) -> Self {
        let database = Database::empty(kind).await;
        let connection = database.connect().await;
        TENANT.seed(&connection, SIZE).await;
        model::seed(&connection).await;
        let gateway = Gateway::over(&database).await;
        Self { kind, gateway, token: token(&TENANT.owner()), _database: database }
    }

    async fn ask(&self, query: &str) -> Answer {
        self.gateway.ask_as(Some(&self.token), Some(&TENANT.slug()), query, json!({})).await
    }

    /// One page: `list` is the field's name and its other arguments, `around` what it stands in.
    async fn page(&self, around: Around, list: (&str, &str), window: &str) -> Page {
        let (field, arguments) = list;
        let (before, after, pointer) = around;
        let query = format!(
            "{{ {before} {field}({arguments} {window}) {{ edges {{ cursor node {{ id }} }} \
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} {after} }}"
        );
        let answer = self.ask(&query).await.clean();
        let page = answer.data(&format!("{pointer}/{field}"));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let edges = page["edges"].as_array().unwrap_or_else(|| panic!("{query}\n{}", answer.text));
        let info = &page["pageInfo"];
        let page = Page {
            rows: edges
                .iter()
                .map(|edge| (text(&edge["node"]["id"]).unwrap(), text(&edge["cursor"]).unwrap()))
                .collect(),
            has_next: info["hasNextPage"].as_bool().unwrap(),
            has_previous: info["hasPreviousPage"].as_bool().unwrap(),
            start: text(&info["startCursor"]),
            end: text(&info["endCursor"]),
        };
        assert_eq!(page.start, page.rows.first().map(|row| row.1.clone()), "{query}");
        assert_eq!(page.end, page.rows.last().map(|row| row.1.clone()), "{query}");
        page
    }
}

/// What a list stands in: the text before and behind it, and where it is in the answer.
type Around = (&'static str, &'static str, &'static str);

/// What came.
#[derive(Clone, Debug)]
struct Page {
    /// Id and cursor.
    rows: Vec<(String, String)>,
    has_next: bool,
    has_previous: bool,
    start: Option<String>,
    end: Option<String>,
}

impl Page {
    fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.0.clone()).collect()
    }
}

fn uuid_of<I: TypedId>(text: &str) -> uuid::Uuid {
    let id = I::from_text(text);
    assert_eq!(id.to_text(), text);
    id.uuid()
}

/// An organization's own row, by its name.
fn named(name: &str) -> uuid::Uuid {
    World::uuid(&format!("tenants {name}"))
}
