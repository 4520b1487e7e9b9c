//! Seaography over SeaORM: the schema is derived from the entities, and a hook adds the tenant to every statement.
//!
//! Loaders are created for each request. Seaography's own loaders live in the schema and batch by row alone, so that
//! under load requests of several tenants share a batch and get each other's filter. `PORT` is the port of this
//! server, `PGPORT` the port of PostgreSQL, `POOL` the number of database connections.

mod dashboard;
mod entities;

use std::{
    env,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Request,
    dataloader::DataLoader,
    dynamic::{ResolverContext, Schema},
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use sea_orm::{Condition, ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, Statement, prelude::*};
use seaography::{
    Builder, BuilderContext, LifecycleHooks, LifecycleHooksInterface, OneToManyLoader, OneToOneLoader, OperationType,
};
use tokio::net::TcpListener;

use entities::{activities, doctors, dsos, organizations, users};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &[u8] = b"peers-secret-peers-secret-peers-secret!";

/// DSOs that are visible to the user: all for owners and admins, the granted ones for members.
const VISIBLE: &str = "
select d.id
from app.dsos d
join app.organization_members m on m.organization_id = d.organization_id and m.user_id = $2
where d.organization_id = $1
  and (m.role in ('owner', 'admin')
    or exists (select from app.dso_grants g where g.organization_id = $1 and g.user_id = $2 and g.dso_id = d.id))";

/// The caller, and the DSOs that are visible to them.
#[derive(Clone)]
struct Identity {
    organization: Uuid,
    user: Uuid,
    dsos: Arc<Vec<Uuid>>,
}

#[derive(serde::Deserialize)]
struct Claims {
    org_id: Uuid,
    user_id: Uuid,
}

/// Adds the tenant's filter to each entity.
struct Tenancy;

#[async_trait::async_trait]
impl LifecycleHooksInterface for Tenancy {
    fn entity_filter(&self, context: &ResolverContext, entity: &str, _: OperationType) -> Option<Condition> {
        let Identity { organization, user, dsos } = context.data::<Identity>().expect("identity");
        let visible = || dsos.iter().copied();
        let filter = Condition::all();
        Some(match entity {
            "Organizations" => filter.add(organizations::Column::Id.eq(*organization)),
            "Users" => filter.add(users::Column::Id.eq(*user)),
            "Dsos" => filter.add(dsos::Column::OrganizationId.eq(*organization)).add(dsos::Column::Id.is_in(visible())),
            "Doctors" => filter
                .add(doctors::Column::OrganizationId.eq(*organization))
                .add(doctors::Column::DsoId.is_in(visible())),
            "Activities" => filter
                .add(activities::Column::OrganizationId.eq(*organization))
                .add(activities::Column::DsoId.is_in(visible())),
            other => panic!("no tenant rule for {other}"),
        })
    }
}

struct Peer {
    schema: Schema,
    database: DatabaseConnection,
    key: DecodingKey,
    validation: Validation,
}

async fn serve(State(peer): State<Arc<Peer>>, headers: HeaderMap, body: Bytes) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let Ok(token) = decode::<Claims>(token, &peer.key, &peer.validation) else {
        return (StatusCode::UNAUTHORIZED, r#"{"errors":[{"message":"unauthorized"}]}"#).into_response();
    };
    let Ok(request) = serde_json::from_slice::<Request>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let identity = match identify(&peer.database, &token.claims).await {
        Ok(identity) => identity,
        Err(error) => {
            eprintln!("{error}");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let request = with_loaders(request.data(identity), &peer.database);
    let answer = serde_json::to_string(&peer.schema.execute(request).await).unwrap();
    ([(header::CONTENT_TYPE, "application/json")], answer).into_response()
}

async fn identify(database: &DatabaseConnection, claims: &Claims) -> Result<Identity, DbErr> {
    let (organization, user) = (claims.org_id, claims.user_id);
    let visible = Statement::from_sql_and_values(DbBackend::Postgres, VISIBLE, [organization.into(), user.into()]);
    let rows = database.query_all_raw(visible).await?;
    let dsos = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<Uuid>, _>>()?;
    Ok(Identity { organization, user, dsos: Arc::new(dsos) })
}

/// Data of a request takes precedence over data of the schema.
fn with_loaders(mut request: Request, database: &DatabaseConnection) -> Request {
    macro_rules! loaders {
        ($($entity:ident),*) => {$(
            let many = OneToManyLoader::<$entity::Entity>::new(database.clone());
            let one = OneToOneLoader::<$entity::Entity>::new(database.clone());
            request = request.data(DataLoader::new(many, tokio::spawn)).data(DataLoader::new(one, tokio::spawn));
        )*};
    }
    loaders!(organizations, dsos, doctors, activities);
    request
}

fn schema(database: &DatabaseConnection) -> Schema {
    static CONTEXT: OnceLock<BuilderContext> = OnceLock::new();
    let hooks = || BuilderContext { hooks: LifecycleHooks::new(Tenancy), ..BuilderContext::default() };
    let mut builder = Builder::new(CONTEXT.get_or_init(hooks), database.clone());
    seaography::register_entity!(builder, organizations, mutation: false);
    seaography::register_entity!(builder, users, mutation: false);
    seaography::register_entity!(builder, dsos, mutation: false);
    seaography::register_entity!(builder, doctors, mutation: false);
    seaography::register_entity!(builder, activities, mutation: false);
    builder.register_custom_output::<dashboard::DsoStats>();
    builder.register_custom_query::<dashboard::Operations>();
    builder.schema_builder().data(database.clone()).finish().unwrap()
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.into())
}

#[tokio::main]
async fn main() {
    let port = setting("PGPORT", "5432");
    let mut options = ConnectOptions::new(format!("postgres://trusted:trusted@127.0.0.1:{port}/cs12"));
    options.max_connections(setting("POOL", "16").parse().unwrap()).min_connections(8);
    // By default, SeaORM logs every statement and pings a connection before each use.
    options.sqlx_logging(false).test_before_acquire(false);
    let database = Database::connect(options).await.unwrap();

    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["peers"]);
    validation.set_issuer(&["peers"]);
    let key = DecodingKey::from_secret(SECRET);
    let peer = Arc::new(Peer { schema: schema(&database), database, key, validation });
    let listener = TcpListener::bind(format!("127.0.0.1:{}", setting("PORT", "4200"))).await.unwrap();
    axum::serve(listener, Router::new().route("/graphql", post(serve)).with_state(peer)).await.unwrap();
}
