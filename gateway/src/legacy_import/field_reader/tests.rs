//! The values that exports hold, and those that they must not.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use entity::{
    id::{DsoId, TypedId as _},
    text::TextKind,
    time::parse_time,
};

use super::FieldReader;

fn fields(value: &str) -> FieldReader {
    FieldReader::new(&["value"], vec![value.to_owned()])
}

#[test]
fn times_are_read_in_every_form_of_the_export_and_its_relatives() {
    for (text, utc) in [
        ("2026-02-25 11:47:30.000+00", "2026-02-25T11:47:30Z"),
        ("2026-02-25T11:47:30Z", "2026-02-25T11:47:30Z"),
        ("2026-02-25T06:47:30-05:00", "2026-02-25T11:47:30Z"),
        ("2026-02-25T11:47:30z", "2026-02-25T11:47:30Z"),
        ("2026-02-25 11:47:30+0000", "2026-02-25T11:47:30Z"),
        ("2026-02-25 11:47:30 +00:00", "2026-02-25T11:47:30Z"),
        ("2026-02-25 11:47:30 UTC", "2026-02-25T11:47:30Z"),
        ("2026-02-25 17:17:30+0530", "2026-02-25T11:47:30Z"),
        ("2026-02-25 11:47+00", "2026-02-25T11:47:00Z"),
        ("2026-02-25 11:47:30.1234567+00", "2026-02-25T11:47:30.123456Z"),
        ("2026-02-25 11:47:30.5+00", "2026-02-25T11:47:30.500Z"),
        ("2024-02-29 23:30:00-05", "2024-03-01T04:30:00Z"),
    ] {
        let read = parse_time(text).unwrap_or_else(|why| panic!("`{text}` {why}"));
        assert_eq!(read, utc.parse::<chrono::DateTime<chrono::Utc>>().unwrap(), "{text}");
    }
}

#[test]
fn what_is_not_a_time_is_refused() {
    for (text, why) in [
        ("2026-02-25 11:47:30", "has no offset"),
        ("2026-02-25", "has no offset"),
        ("2026-02-30 00:00:00+00", "is not a time"),
        ("2025-02-29 00:00:00+00", "is not a time"),
        ("2026-02-25 24:00:00+00", "is not a time"),
        ("2026-02-25 11:47:61Z", "is not a time"),
        ("2026-02-25 11:47:30+25", "is not a time"),
        ("2026-02-25 11:47:30+1", "is not a time"),
        ("2026-02-25 11:47:30.Z", "is not a time"),
        ("2026-02-25 11:47:30 PST", "is not a time"),
        ("02/25/2026 11:47:30Z", "is not a time"),
        ("1772020050", "is not a time"),
        ("infinity", "is not a time"),
        ("2026-02-2５ 11:47:30Z", "is not a time"),
        ("0001-01-01 00:00:00+05", "is not in the years 1900 to 9999"),
        ("9999-12-31 23:59:59-05", "is not in the years 1900 to 9999"),
    ] {
        let flaw = parse_time(text).unwrap_err().to_string();
        assert!(flaw.starts_with(why), "{text}: {flaw}");
    }
}

#[test]
fn truth_is_told_in_any_letter_case() {
    for text in ["true", "T", "Yes", "y", "1"] {
        assert_eq!(fields(text).bool("value"), Ok(true), "{text}");
    }
    for text in ["FALSE", "f", "No", "n", "0"] {
        assert_eq!(fields(text).bool("value"), Ok(false), "{text}");
    }
    assert_eq!(fields("maybe").bool("value"), Err("`value` has an unknown word".to_owned()));
    assert_eq!(fields("").bool("value"), Err("`value` is empty".to_owned()));
}

#[test]
fn ids_numbers_texts_and_addresses_are_taken_whole_or_not_at_all() {
    let id = "87751D4C-a850-4e2c-84dc-da6a797d76de";
    assert_eq!(fields(id).id::<DsoId>("value").map(|id| id.uuid().to_string()), Ok(id.to_lowercase()));
    for text in ["", "87751d4c", "00000000-0000-0000-0000-000000000000", "x7751d4c-a850-4e2c-84dc-da6a797d76de"] {
        assert!(fields(text).id::<DsoId>("value").is_err(), "{text}");
    }
    assert_eq!(fields("12").number("value", 1, 12), Ok(12));
    for text in ["0", "13", "1.0", "-1", "twelve", "99999999999", ""] {
        assert!(fields(text).number("value", 1, 12).is_err(), "{text}");
    }
    assert_eq!(fields(&"ü".repeat(200)).text("value", TextKind::NAME).map(|text| text.chars().count()), Ok(200));
    assert!(fields(&"ü".repeat(201)).text("value", TextKind::NAME).is_err());
    for text in ["", "\u{200b}"] {
        assert_eq!(fields(text).text("value", TextKind::NAME), Err("`value` is empty".to_owned()));
        assert_eq!(fields(text).optional_text("value", TextKind::NAME), Ok(None));
    }
    assert_eq!(fields("Jose\u{301}").text("value", TextKind::NAME), Ok("Jos\u{e9}".to_owned()));
    for (text, why) in [("a\u{202e}b", "U+202E"), ("a\nb", "a line break"), ("a\0b", "a zero byte")] {
        assert!(fields(text).text("value", TextKind::NAME).is_err_and(|wrong| wrong.contains(why)), "{text:?}");
    }
    assert_eq!(fields("Alan@AllSolutions.example").email("value").unwrap().normalized(), "alan@allsolutions.example");
    for text in ["", "alan", "@x", "alan@", "a b@c.example"] {
        assert!(fields(text).email("value").is_err(), "{text}");
    }
}
