//! The practical limit of the comparison: the server verifies the token, runs one hand-written statement that returns
//! finished JSON, and passes it on.
//!
//! With `FLOOR_RLS=1` the same statements run as the role `app_user` under row-level security. `PORT` is the port of
//! this server, `PGPORT` the port of PostgreSQL, `POOL` the number of database connections. Database errors end in a
//! panic or a bare 500: no system depends on this server.

mod rows;
mod statements;

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::post,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use tokio::{net::TcpListener, sync::Mutex};
use tokio_postgres::{Client, Error, NoTls, Row, Statement, types::ToSql};
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &[u8] = b"peers-secret-peers-secret-peers-secret!";

struct Connection {
    client: Client,
    /// Held by the request that is in a transaction. Without it, the statements of two requests would interleave, and
    /// one request would run under the other's tenant.
    transaction: Mutex<()>,
    enter: Statement,
    commit: Statement,
    statements: Vec<Statement>,
}

struct Floor {
    connections: Vec<Connection>,
    next: AtomicUsize,
    key: DecodingKey,
    validation: Validation,
    has_rls: bool,
}

#[derive(Deserialize)]
struct Claims {
    org_id: Uuid,
    user_id: Uuid,
}

#[derive(Default, Deserialize)]
struct Variables {
    dso: Option<Uuid>,
    doctor: Option<Uuid>,
    since: Option<String>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    variables: Variables,
}

async fn serve(
    State(floor): State<Arc<Floor>>,
    Path(workload): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let Ok(token) = decode::<Claims>(token, &floor.key, &floor.validation) else {
        return answer(StatusCode::UNAUTHORIZED, r#"{"errors":[{"message":"unauthorized"}]}"#);
    };
    let Ok(Question { variables }) = serde_json::from_slice(&body) else {
        return answer(StatusCode::BAD_REQUEST, "{}");
    };
    let Claims { org_id, user_id } = token.claims;
    let (dso, doctor) = (variables.dso.unwrap_or_default(), variables.doctor.unwrap_or_default());
    let since = variables.since.unwrap_or_default();

    let connection = &floor.connections[floor.next.fetch_add(1, Ordering::Relaxed) % floor.connections.len()];
    let (statement, parameters): (usize, Vec<&(dyn ToSql + Sync)>) = match workload.as_str() {
        "w1" => (0, vec![&org_id, &user_id]),
        "w2" => (1, vec![&org_id, &user_id, &dso]),
        "w3" => (2, vec![&org_id, &user_id]),
        "w4" => (3, vec![&org_id, &user_id, &since]),
        "w5" => (4, vec![&org_id, &user_id, &doctor]),
        "w3rows" if !floor.has_rls => {
            let statement = &connection.statements[statements::AS_ROWS];
            let found = connection.client.query(statement, &[&org_id, &user_id]).await;
            return told(found.map(|found| rows::json(&found)));
        }
        _ => return answer(StatusCode::NOT_FOUND, "{}"),
    };
    let statement = &connection.statements[statement];
    let found = if floor.has_rls {
        connection.query_as_tenant(org_id, user_id, statement, &parameters).await
    } else {
        connection.client.query_one(statement, &parameters).await
    };
    told(found.map(|row| row.get::<_, String>(0)))
}

impl Connection {
    async fn open(login: &str, has_rls: bool) -> Self {
        let port = setting("PGPORT", "5432");
        let address = format!("host=127.0.0.1 port={port} user={login} password={login} dbname=cs12");
        let (client, io) = tokio_postgres::connect(&address, NoTls).await.unwrap();
        tokio::spawn(async move { io.await.unwrap() });
        if has_rls {
            client.batch_execute("set role app_user").await.unwrap();
        }
        let enter = "select set_config('app.org_id', $1, true), set_config('app.user_id', $2, true)";
        let enter = client.prepare(enter).await.unwrap();
        let commit = client.prepare("commit").await.unwrap();
        let mut statements = Vec::new();
        for statement in statements::all() {
            statements.push(client.prepare(&statement).await.unwrap());
        }
        Self { client, transaction: Mutex::new(()), enter, commit, statements }
    }

    /// One round trip: all four statements are queued in this order before the first result is awaited.
    async fn query_as_tenant(
        &self,
        organization: Uuid,
        user: Uuid,
        statement: &Statement,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, Error> {
        let _own = self.transaction.lock().await;
        let (organization, user) = (organization.to_string(), user.to_string());
        let tenant: [&(dyn ToSql + Sync); 2] = [&organization, &user];
        let (_, _, row, _) = tokio::join!(
            biased;
            self.client.batch_execute("begin"),
            self.client.query_one(&self.enter, &tenant),
            self.client.query_one(statement, parameters),
            self.client.execute(&self.commit, &[])
        );
        row
    }
}

fn told(json: Result<impl Into<Body>, Error>) -> Response {
    match json {
        Ok(json) => answer(StatusCode::OK, json),
        Err(error) => {
            eprintln!("{error:?}");
            answer(StatusCode::INTERNAL_SERVER_ERROR, "{}")
        }
    }
}

fn answer(status: StatusCode, json: impl Into<Body>) -> Response {
    let answer = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    answer.body(json.into()).unwrap()
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.into())
}

#[tokio::main]
async fn main() {
    let has_rls = setting("FLOOR_RLS", "") == "1";
    // `trusted` passes every policy; `web` may switch to `app_user`, to which the policies apply.
    let login = if has_rls { "web" } else { "trusted" };
    let mut connections = Vec::new();
    for _ in 0..setting("POOL", "8").parse().unwrap() {
        connections.push(Connection::open(login, has_rls).await);
    }
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["peers"]);
    validation.set_issuer(&["peers"]);
    let key = DecodingKey::from_secret(SECRET);
    let floor = Arc::new(Floor { connections, next: AtomicUsize::new(0), key, validation, has_rls });
    let listener = TcpListener::bind(format!("127.0.0.1:{}", setting("PORT", "4100"))).await.unwrap();
    axum::serve(listener, Router::new().route("/{workload}", post(serve)).with_state(floor)).await.unwrap();
}
