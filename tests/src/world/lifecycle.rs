//! The world's rows about the life cycle of its organizations: the log, invitations, join requests.

use chrono::{DateTime, Duration, Utc};
use entity::{
    id::{AuditEventId, DsoId, MemberId, OrganizationId, TypedId, UserId},
    models::{ActorKind, AuditEvent, AuditOutcome},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use sha2::{Digest, Sha256};

use super::{
    Side, World,
    rows::{self, On, id, insert, now, time},
};

/// Rows that belong directly to the organization.
pub(super) async fn around(on: &On<'_>, actor: &str) {
    invitations(on, actor).await;
    requests(on, actor).await;
    let key: Value = World::text(on.side, "key").into();
    on.insert(
        "idempotency_keys",
        vec![
            ("member_id", id(&format!("member {actor}"))),
            ("key", key),
            ("request_hash", on.text("hash")),
            ("outcome", on.text("{}")),
            ("created_at", time(42).into()),
        ],
    )
    .await;
    on.insert("slug_history", vec![("slug", on.text("aurora-before")), ("freed_at", now().into())]).await;
}

/// One event by the organization's first member, with its hash in the chain as the gateway would have written it.
pub(super) async fn log(on: &On<'_>) {
    let actor = rows::members(on.side)[0].0;
    let (sequence, previous) = last(on).await;
    let json = |text: &str| serde_json::json!({ "name": World::text(on.side, text) });
    let text = |text: &str| Some(World::text(on.side, text));
    let event = AuditEvent {
        organization_id: OrganizationId::from_uuid(World::organization(on.side)),
        id: AuditEventId::from_uuid(World::uuid("audit")),
        // The newest event of the log.
        at: now(),
        action: "DSO_UPDATE".to_owned(),
        actor_kind: ActorKind::Person,
        actor_member_id: Some(MemberId::from_uuid(World::uuid(&format!("member {actor}")))),
        actor_user_id: Some(UserId::from_uuid(World::uuid(&format!("user {actor}")))),
        outcome: AuditOutcome::Refused,
        reason: Some("FORBIDDEN".to_owned()),
        target_kind: "DSO".to_owned(),
        target_id: World::uuid("dso Smile"),
        dso_id: Some(DsoId::from_uuid(World::uuid("dso Smile"))),
        request_id: text("request"),
        address: text("192.0.2.1"),
        agent: text("agent"),
        before: Some(json("Smyle")),
        after: Some(json("Smile")),
        sequence: Some(sequence + 1),
        hash: None,
    };
    let hash = event.chained_hash(&previous);
    on.insert(
        "audit_events",
        vec![
            ("id", id("audit")),
            ("at", event.at.into()),
            ("action", event.action.into()),
            ("actor_kind", "PERSON".into()),
            ("actor_member_id", id(&format!("member {actor}"))),
            ("actor_user_id", id(&format!("user {actor}"))),
            ("outcome", "REFUSED".into()),
            ("reason", event.reason.into()),
            ("target_kind", event.target_kind.into()),
            ("target_id", event.target_id.into()),
            ("dso_id", id("dso Smile")),
            ("request_id", event.request_id.into()),
            ("address", event.address.into()),
            ("agent", event.agent.into()),
            ("before", json("Smyle").into()),
            ("after", json("Smile").into()),
            ("sequence", (sequence + 1).into()),
            ("hash", hash.into()),
        ],
    )
    .await;
}

/// Sequence number and hash of the latest event.
async fn last(on: &On<'_>) -> (i32, String) {
    let sql = "SELECT sequence, hash FROM audit_events WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1";
    let values = [World::organization(on.side).into()];
    let statement = Statement::from_sql_and_values(on.connection.get_database_backend(), sql, values);
    match on.connection.query_one_raw(statement).await.expect("read the log") {
        Some(row) => (row.try_get("", "sequence").expect("a number"), row.try_get("", "hash").expect("a hash")),
        None => (0, String::new()),
    }
}

/// Stored form of a token.
fn hash(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// An expired invitation, an open one, and the latest, which was declined.
async fn invitations(on: &On<'_>, actor: &str) {
    let never = time(365 * 100);
    let none = None::<DateTime<Utc>>;
    for (name, status, made, expires, ended) in [
        ("invitation", "PENDING", time(41), time(48), none),
        ("invitation open", "PENDING", time(42), never, none),
        ("invitation declined", "DECLINED", time(43), time(50), Some(time(44))),
    ] {
        let email = format!("{}@people.example", name.replace(' ', "-"));
        on.insert(
            "invitations",
            vec![
                ("id", id(name)),
                ("email", on.text(&email)),
                ("email_normal", on.text(&email)),
                ("role", "MEMBER".into()),
                ("status", status.into()),
                ("token_hash", hash(&World::text(on.side, &format!("token of {name}"))).into()),
                ("invited_by", id(&format!("member {actor}"))),
                ("created_at", made.into()),
                ("expires_at", expires.into()),
                ("ended_at", ended.into()),
                ("sent_at", made.into()),
                ("generation", 1.into()),
            ],
        )
        .await;
        on.insert(
            "invitation_grants",
            vec![("invitation_id", id(name)), ("dso_id", id("dso Smile")), ("role", "VIEWER".into())],
        )
        .await;
    }
    on.insert(
        "outbox",
        vec![
            ("id", id("mail")),
            ("invitation_id", id("invitation open")),
            ("generation", 1.into()),
            ("recipient", on.text("invitation-open@people.example")),
            ("content", serde_json::json!({ "organization": World::text(on.side, "Aurora Dental") }).into()),
            ("created_at", time(42).into()),
            // Not due, so that no test's mail worker takes it by mistake.
            ("due_at", never.into()),
        ],
    )
    .await;
}

/// An open join request, and the latest, which was denied.
async fn requests(on: &On<'_>, actor: &str) {
    let (who, denied) = match on.side {
        Side::A => ("applicant", "removed"),
        Side::B => ("applicant-b", "denied-b"),
    };
    let target = World::organization(on.side);
    let decided = (Some(time(46)), Some(World::uuid(&format!("member {actor}"))));
    for (person, status, made, (decided_at, decided_by)) in
        [(who, "PENDING", time(44), (None, None)), (denied, "DENIED", time(45), decided)]
    {
        insert(
            on.connection,
            "join_requests",
            vec![
                // A join request is not keyed by tenant, so its id must be unique.
                ("id", id(&format!("request {person}"))),
                ("user_id", id(&format!("user {person}"))),
                ("name", on.text(person)),
                ("email", on.text(&format!("{person}@people.example"))),
                ("slug", on.text("aurora")),
                ("target_id", target.into()),
                ("message", on.text("let me in")),
                ("status", status.into()),
                ("created_at", made.into()),
                ("decided_at", decided_at.into()),
                ("decided_by", decided_by.into()),
            ],
        )
        .await;
    }
}

/// A row of `refused_attempts` about attempts long ago.
async fn refused(connection: &DatabaseConnection) {
    let row = vec![
        ("user_id", id("user viewer")),
        ("place", id("organization Harbor")),
        ("action", "JOIN_REQUEST_CREATE".into()),
        ("reason", "ALREADY_REQUESTED".into()),
        ("since", time(0).into()),
        ("attempts", 2.into()),
    ];
    insert(connection, "refused_attempts", row).await;
}

/// Two organizations besides the mirrored ones: `Harbor`, which has invited the owner of A and denied a request of
/// theirs, and `Gone`, which that owner has deleted.
pub(super) async fn beside(connection: &DatabaseConnection) {
    for (name, slug, deleted) in
        [("Harbor", "harbor-dental", None), ("Gone", "gone-dental", Some(now() - Duration::days(1)))]
    {
        insert(
            connection,
            "organizations",
            vec![
                ("id", id(&format!("organization {name}"))),
                ("name", format!("{name} Dental").into()),
                ("slug", slug.into()),
                ("status", "ACTIVE".into()),
                ("created_at", time(0).into()),
                ("updated_at", time(0).into()),
                ("deleted_at", deleted.into()),
                ("version", 1.into()),
            ],
        )
        .await;
    }
    for (organization, person) in [("Gone", "owner"), ("Harbor", "co-owner")] {
        insert(
            connection,
            "memberships",
            vec![
                ("organization_id", id(&format!("organization {organization}"))),
                ("id", id(&format!("member of {organization}"))),
                ("user_id", id(&format!("user {person}"))),
                ("role", "OWNER".into()),
                ("status", "ACTIVE".into()),
                ("created_at", time(0).into()),
                ("updated_at", time(0).into()),
                ("version", 1.into()),
                ("last_seen_at", now().into()),
            ],
        )
        .await;
    }
    insert(
        connection,
        "invitations",
        vec![
            ("organization_id", id("organization Harbor")),
            ("id", id("invitation of Harbor")),
            ("email", "owner@people.example".into()),
            ("email_normal", "owner@people.example".into()),
            ("role", "MEMBER".into()),
            ("status", "PENDING".into()),
            ("invited_by", id("member of Harbor")),
            ("created_at", time(0).into()),
            ("expires_at", time(365 * 100).into()),
            ("generation", 1.into()),
        ],
    )
    .await;
    refused(connection).await;
    for (person, status, decided) in [("owner", "DENIED", Some(time(1))), ("viewer", "PENDING", None)] {
        insert(
            connection,
            "join_requests",
            vec![
                ("id", id(&format!("request {person}"))),
                ("user_id", id(&format!("user {person}"))),
                ("name", format!("{person} by name").into()),
                ("email", format!("{person}@people.example").into()),
                ("slug", "harbor-dental".into()),
                ("target_id", id("organization Harbor")),
                ("message", "let me in".into()),
                ("status", status.into()),
                ("created_at", time(0).into()),
                ("decided_at", decided.into()),
            ],
        )
        .await;
    }
}
