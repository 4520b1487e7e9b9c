//! Each rule with a row that it takes and one that it refuses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::{HashMap, HashSet};

use entity::{
    auth::DsoRole,
    id::{CourseId, DoctorId, DsoId, MemberId, TypedId, UserId},
    import::{
        ActivityRow, AttendeeRow, CaseRow, CourseRow, DoctorRow, DsoRow, InvitationRow, InvitationStatus,
        OnboardingRow, PersonRow, TermRow,
    },
    models::{ActivityKind, CaseStatus, Risk},
};
use uuid::Uuid;

use super::{AccessRow, ImportedIds, ParseRow};
use crate::legacy_import::field_reader::FieldReader;

const ID: &str = "00000000-0000-4000-8000-000000000001";
const DSO: &str = "00000000-0000-4000-8000-0000000000d5";
const USER: &str = "00000000-0000-4000-8000-0000000000a5";
const DOCTOR: &str = "00000000-0000-4000-8000-0000000000dc";
const COURSE: &str = "00000000-0000-4000-8000-0000000000c5";
const GONE: &str = "00000000-0000-4000-8000-00000000dead";
const TIME: &str = "2026-02-25 11:47:30.000+00";

fn id<I: TypedId>(text: &str) -> I {
    I::from_uuid(Uuid::parse_str(text).unwrap())
}

fn known() -> ImportedIds {
    ImportedIds {
        at: "2026-02-26T12:00:00Z".parse().unwrap(),
        dsos: HashSet::from([id(DSO)]),
        people: HashMap::from([(id(USER), id(USER))]),
        excluded: HashSet::from(["gone@x.example".to_owned()]),
        members: HashMap::from([(id::<UserId>(USER), id::<MemberId>(USER))]),
        doctors: HashMap::from([(id::<DoctorId>(DOCTOR), id::<DsoId>(DSO))]),
        courses: HashMap::from([(id::<CourseId>(COURSE), id::<DsoId>(DSO))]),
    }
}

/// A row of a good text with one column changed, and its remarks.
fn clean<R: ParseRow>(good: &[(&str, &str)], column: &str, value: &str) -> Result<(R, Vec<String>), String> {
    let change = |(name, text): &(&str, &str)| if *name == column { value.to_owned() } else { (*text).to_owned() };
    let values = R::FILE.columns().iter().map(|name| {
        let found = good.iter().find(|(one, _)| one == name);
        found.map_or_else(|| panic!("the test's row has no column {name}"), change)
    });
    let mut remarks = Vec::new();
    let row = R::parse_row(&FieldReader::new(R::FILE.columns(), values.collect()), &known(), &mut remarks)?;
    Ok((row, remarks))
}

/// Refused values of a column, each with a part of the reason.
fn refuses<R: ParseRow>(good: &[(&str, &str)], cases: &[(&str, &str, &str)]) {
    assert!(clean::<R>(good, "", "").is_ok_and(|(_, remarks)| remarks.is_empty()), "the good row is not taken");
    for (column, value, reason) in cases {
        let refused = clean::<R>(good, column, value).err().unwrap_or_else(|| panic!("{column} = {value} was taken"));
        assert!(refused.contains(reason), "{column} = {value}: {refused}");
    }
}

const ACTIVITY: &[(&str, &str)] =
    &[("id", ID), ("doctor_id", DOCTOR), ("user_id", USER), ("kind", "sms"), ("occurred_at", TIME), ("note", "")];

#[test]
fn activities() {
    refuses::<ActivityRow>(
        ACTIVITY,
        &[
            ("id", "7", "`id` is not an id"),
            ("id", "", "`id` is empty"),
            ("doctor_id", GONE, "the doctor is gone"),
            ("kind", "fax", "`kind` has an unknown word"),
            ("kind", "", "`kind` is empty"),
            ("occurred_at", "2026-02-25 11:47:30", "has no offset"),
            ("note", &"x".repeat(20_001), "`note` has 20001 characters"),
        ],
    );
    for (word, kind) in [
        ("sms", ActivityKind::Text),
        ("TEXT", ActivityKind::Text),
        ("Phone", ActivityKind::Phone),
        ("call", ActivityKind::Phone),
        ("E-Mail", ActivityKind::Email),
        ("mail", ActivityKind::Email),
        ("meeting", ActivityKind::Meeting),
        ("Note", ActivityKind::Note),
    ] {
        assert_eq!(clean::<ActivityRow>(ACTIVITY, "kind", word).unwrap().0.kind, kind, "{word}");
    }
    for (user, remarks) in [(GONE, 1), ("nobody", 1), ("", 0)] {
        let (row, told) = clean::<ActivityRow>(ACTIVITY, "user_id", user).unwrap();
        assert_eq!((row.actor, told.len()), (None, remarks), "{user}");
    }
}

#[test]
fn doctors() {
    let good = [
        ("id", ID),
        ("dso_id", DSO),
        ("name", "Dr. Zoë O'Brien"),
        ("email", "Zoë@practice.example"),
        ("phone", ""),
        ("practice", "Practice 1"),
        ("onboarding_period", "12"),
        ("risk_level", "CRITICAL"),
        ("joined_at", TIME),
        ("notes", "says \"call\",\nafter 5"),
    ];
    refuses::<DoctorRow>(
        &good,
        &[
            ("dso_id", GONE, "the DSO is gone"),
            ("name", "", "`name` is empty"),
            ("name", &"x".repeat(201), "`name` has 201 characters"),
            ("phone", &"5".repeat(61), "`phone` has 61 characters"),
        ],
    );
    let row = clean::<DoctorRow>(&good, "", "").unwrap().0;
    assert_eq!((row.risk, row.onboarding_period), (Some(Risk::Critical), Some(12)));
    for (column, value) in
        [("email", "n/a"), ("onboarding_period", "13"), ("risk_level", "meh"), ("joined_at", "yesterday")]
    {
        let (row, remarks) = clean::<DoctorRow>(&good, column, value).unwrap();
        assert_eq!(remarks.len(), 1, "{column}");
        let kept = [row.email.is_some(), row.onboarding_period.is_some(), row.risk.is_some(), row.joined_at.is_some()];
        assert_eq!(kept.iter().filter(|kept| !**kept).count(), 1, "{column}");
        assert!(clean::<DoctorRow>(&good, column, "").unwrap().1.is_empty(), "{column}");
    }
}

#[test]
fn onboarding_and_cases() {
    let good = [("doctor_id", DOCTOR), ("period", "12"), ("percent", "100"), ("recorded_at", TIME)];
    refuses::<OnboardingRow>(
        &good,
        &[
            ("doctor_id", GONE, "the doctor is gone"),
            ("period", "13", "`period` is not a whole number from 1 to 12"),
            ("period", "0", "`period`"),
            ("percent", "101", "`percent` is not a whole number from 0 to 100"),
            ("percent", "-1", "`percent`"),
            ("percent", "", "`percent` is empty"),
            ("recorded_at", "", "`recorded_at` is empty"),
        ],
    );
    let key = |period| clean::<OnboardingRow>(&good, "period", period).unwrap().0.key();
    assert_eq!(key("1"), key("1"));
    assert_ne!(key("1"), key("2"));
    let good = [("id", ID), ("doctor_id", DOCTOR), ("title", "Case 1"), ("status", "In Progress"), ("opened_at", TIME)];
    refuses::<CaseRow>(&good, &[("status", "lost", "`status`"), ("title", "", "`title`"), ("doctor_id", GONE, "gone")]);
    for (word, status) in [
        ("in_progress", CaseStatus::InProgress),
        ("IN-PROGRESS", CaseStatus::InProgress),
        ("Submitted", CaseStatus::Submitted),
        ("canceled", CaseStatus::Cancelled),
        ("completed", CaseStatus::Completed),
    ] {
        assert_eq!(clean::<CaseRow>(&good, "status", word).unwrap().0.status, status, "{word}");
    }
}

#[test]
fn dsos_courses_attendees_and_words() {
    let good = [("id", ID), ("name", "NADG"), ("created_at", TIME)];
    refuses::<DsoRow>(&good, &[("id", "", "`id`"), ("name", "", "`name`")]);
    let (row, remarks) = clean::<DsoRow>(&good, "created_at", "once").unwrap();
    assert_eq!((row.created_at, remarks.len()), (None, 1));

    let good = [("id", ID), ("dso_id", DSO), ("title", "Aligners"), ("held_at", TIME)];
    refuses::<CourseRow>(&good, &[("dso_id", GONE, "the DSO is gone"), ("title", "", "`title`")]);
    assert_eq!(clean::<CourseRow>(&good, "held_at", "soon").unwrap().1.len(), 1);

    let good =
        [("id", ID), ("course_id", COURSE), ("doctor_id", DOCTOR), ("name", "Ana"), ("email", ""), ("attended", "T")];
    refuses::<AttendeeRow>(
        &good,
        &[
            ("course_id", GONE, "the course is gone"),
            ("name", "", "`name`"),
            ("attended", "maybe", "`attended`"),
            ("attended", "", "`attended`"),
        ],
    );
    let (row, remarks) = clean::<AttendeeRow>(&good, "doctor_id", GONE).unwrap();
    assert_eq!((row.doctor, row.attended, remarks.len()), (None, true, 1));

    let good = [("dso_id", DSO), ("key", "Doctor"), ("label", "Provider")];
    refuses::<TermRow>(&good, &[("dso_id", GONE, "gone"), ("key", "", "`key`"), ("label", "", "`label`")]);
    assert_eq!(clean::<TermRow>(&good, "", "").unwrap().0.key, "doctor");
}

#[test]
fn people_access_and_invitations() {
    let good = [("id", ID), ("email", "Ann@X.example"), ("full_name", "Ann"), ("created_at", TIME)];
    refuses::<PersonRow>(&good, &[("id", "1", "`id`"), ("email", "ann", "`email`"), ("email", "", "`email`")]);
    let (row, remarks) = clean::<PersonRow>(&good, "full_name", "").unwrap();
    assert_eq!((row.name.as_str(), remarks.len()), ("Ann", 1));

    let good = [("id", ID), ("user_id", USER), ("dso_id", DSO), ("role", "Admin"), ("created_at", TIME)];
    refuses::<AccessRow>(
        &good,
        &[("user_id", GONE, "the user is gone"), ("dso_id", GONE, "the DSO is gone"), ("role", "king", "`role`")],
    );
    assert_eq!(clean::<AccessRow>(&good, "role", "VIEWER").unwrap().0.role, DsoRole::Viewer);

    let good = [
        ("id", ID),
        ("email", "new@x.example"),
        ("dso_id", DSO),
        ("role", "manager"),
        ("invited_by", USER),
        ("created_at", TIME),
        ("expires_at", "2026-03-03T12:00:00Z"),
        ("accepted_at", ""),
    ];
    refuses::<InvitationRow>(
        &good,
        &[
            ("email", "new", "`email`"),
            ("role", "", "`role`"),
            ("expires_at", "", "`expires_at`"),
            ("accepted_at", "once", "`accepted_at`"),
        ],
    );
    let status = |column, value| clean::<InvitationRow>(&good, column, value).unwrap().0.status;
    assert_eq!(status("", ""), InvitationStatus::Pending);
    assert_eq!(status("expires_at", "2026-02-26T12:00:00Z"), InvitationStatus::Expired);
    assert_eq!(status("email", "Gone@X.example"), InvitationStatus::Revoked);
    assert!(matches!(status("accepted_at", TIME), InvitationStatus::Accepted(_)));
}
