//! The demo's export, as of today, and its mirror.
//!
//! Owns: the embedded files and what is added to them. May use: the csv crate. Invariant: the mirror differs in every id and
//! in the people, and in nothing else; nothing in the export is later than the time as of which it is.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use uuid::Uuid;

use crate::legacy_import::{Export, LegacyFile};

/// The root of the mirror's ids.
const SECOND_TENANT: Uuid = Uuid::from_u128(0x6373_3132_6d69_8272_8f72_6465_6d6f_0001);

/// NADG in the embedded export.
const NADG: &str = "87751d4c-a850-4e2c-84dc-da6a797d76de";
/// 7to7 Dental Group in the embedded export.
const SEVEN: &str = "7b87a9e2-5fef-4911-bf22-a27b02c7bff2";
const AGENT: &str = "3f0c6f0e-7a51-4f1e-9d7e-0c512000a6e7";
const VIEWER: &str = "9b1de0a4-52c3-4b5a-8f0e-0c51200071e3";
const JOINED: &str = "2025-06-02 09:00:00.000+00";

/// The export as it was handed over.
pub(super) fn embedded() -> Export {
    macro_rules! file {
        ($file:ident, $name:literal) => {
            (LegacyFile::$file, include_bytes!(concat!("../../demo/legacy-cs12/", $name, ".csv")).to_vec())
        };
    }
    Export::from_files([
        file!(Dsos, "dsos"),
        file!(Users, "users"),
        file!(Access, "user_dso_access"),
        file!(Invites, "team_invites"),
        file!(Doctors, "doctors"),
        file!(Onboarding, "onboarding_progress"),
        file!(Activities, "activities"),
        file!(Cases, "cases"),
        file!(Courses, "courses"),
        file!(Attendees, "attendees"),
        file!(Terminology, "terminology"),
    ])
}

/// When the embedded export was made, in seconds since 1970: noon of 26 February 2026, UTC.
const EXPORTED_AT: i64 = 1_772_107_200;

/// The export as if it had been made within the last day: every time in it later by the same number of days.
///
/// Figures are about the last 30 days, unless a reader asks for others: of an export that is older than that they tell nothing.
pub(super) fn as_of(export: &Export, now: DateTime<Utc>) -> Export {
    let age = Duration::days((now.timestamp() - EXPORTED_AT).div_euclid(86_400));
    rewritten(export, |_, field| later(field, age).unwrap_or_else(|| field.to_owned()))
}

/// A time that is later by so many days; none of what is no time.
fn later(field: &str, age: Duration) -> Option<String> {
    let (day, time) = field.split_at_checked(10)?;
    let is_time =
        time.strip_prefix([' ', 'T']).is_some_and(|time| time.starts_with(|first: char| first.is_ascii_digit()));
    let day: NaiveDate = day.parse().ok().filter(|_| is_time)?;
    Some(format!("{}{time}", day.checked_add_signed(age)?))
}

/// Adds an agent, who manages one DSO and views another, and a viewer of one.
pub(super) fn with_agents(export: &Export) -> Export {
    let users = [
        [AGENT, "agent@allsolutions.example", "Agnes", JOINED, ""],
        [VIEWER, "viewer@allsolutions.example", "Victor", JOINED, ""],
    ];
    let access = [
        ["5d0c7b0e-2f4e-4a39-9a54-0c512000a001", AGENT, NADG, "manager", JOINED],
        ["5d0c7b0e-2f4e-4a39-9a54-0c512000a002", AGENT, SEVEN, "viewer", JOINED],
        ["5d0c7b0e-2f4e-4a39-9a54-0c512000a003", VIEWER, SEVEN, "viewer", JOINED],
    ];
    changed(export, |file, bytes| {
        let rows: &[[&str; 5]] = match file {
            LegacyFile::Users => &users,
            LegacyFile::Access => &access,
            _ => &[],
        };
        let mut text = bytes.to_vec();
        for row in rows {
            text.extend_from_slice(row.join(",").as_bytes());
            text.push(b'\n');
        }
        text
    })
}

/// The same organization once more, with other ids and other people.
pub(super) fn second_tenant(export: &Export) -> Export {
    rewritten(export, second_tenant_field)
}

/// The export with other fields.
fn rewritten(export: &Export, rewrite: impl Fn(LegacyFile, &str) -> String) -> Export {
    changed(export, |file, bytes| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in reader.records().map_while(Result::ok) {
            let fields = record.iter().map(|field| rewrite(file, field));
            // Into memory, with rows that came from a table of one width: it cannot fail.
            drop(writer.write_record(fields));
        }
        writer.into_inner().unwrap_or_default()
    })
}

fn second_tenant_field(file: LegacyFile, field: &str) -> String {
    if let Ok(id) = Uuid::try_parse(field) {
        return Uuid::new_v5(&SECOND_TENANT, id.as_bytes()).to_string();
    }
    if file != LegacyFile::Users && file != LegacyFile::Invites {
        return field.to_owned();
    }
    match field {
        "Alan" => "Olivia".to_owned(),
        "Claudia" => "Carl".to_owned(),
        "Valentina" => "Valentin".to_owned(),
        "Agnes" => "Agatha".to_owned(),
        "Victor" => "Viola".to_owned(),
        "Alan@AllSolutions.example" => "Outsider@OtherSolutions.example".to_owned(),
        other => other
            .replace("@allsolutions.example", "@othersolutions.example")
            .replace("@elsewhere.example", "@nowhere.example"),
    }
}

fn changed(export: &Export, change: impl Fn(LegacyFile, &[u8]) -> Vec<u8>) -> Export {
    Export::from_files(LegacyFile::ALL.iter().map(|file| (*file, change(*file, export.bytes(*file)))))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    /// Every time of an export.
    fn times(export: &Export) -> Vec<DateTime<Utc>> {
        let all = LegacyFile::ALL.iter().flat_map(|file| {
            let mut reader = csv::Reader::from_reader(export.bytes(*file));
            let records: Vec<_> = reader.records().map_while(Result::ok).collect();
            records.iter().flat_map(|record| record.iter().filter_map(time).collect::<Vec<_>>()).collect::<Vec<_>>()
        });
        all.collect()
    }

    fn time(field: &str) -> Option<DateTime<Utc>> {
        let text = field.replacen(' ', "T", 1);
        let text = if text.ends_with("+00") { format!("{text}:00") } else { text };
        DateTime::parse_from_rfc3339(&text).ok().map(|time| time.to_utc())
    }

    #[test]
    fn an_export_is_as_of_the_day_on_which_the_demo_starts() {
        let embedded = with_agents(&embedded());
        let before = times(&embedded);
        for now in [(2026, 2, 26, 12, 0, 0), (2026, 12, 1, 11, 59, 59), (2031, 7, 4, 23, 0, 0), (2024, 2, 29, 1, 0, 0)]
        {
            let (year, month, day, hour, minute, second) = now;
            let now = Utc.with_ymd_and_hms(year, month, day, hour, minute, second).single().unwrap_or_default();
            let export = as_of(&embedded, now);
            let moved = times(&export);
            assert_eq!(moved.len(), before.len());
            let by = moved[0] - before[0];
            assert!(moved.iter().zip(&before).all(|(moved, before)| *moved - *before == by), "all by the same");
            // An invitation ends later than it was made.
            let latest = [LegacyFile::Activities, LegacyFile::Onboarding].map(|file| {
                let mut reader = csv::Reader::from_reader(export.bytes(file));
                let records: Vec<_> = reader.records().map_while(Result::ok).collect();
                records.iter().flat_map(|record| record.iter().filter_map(time).collect::<Vec<_>>()).max()
            });
            for latest in latest.into_iter().flatten() {
                assert!(latest <= now && now - latest < Duration::days(1), "{latest} as of {now}");
            }
        }
    }

    #[test]
    fn only_times_are_moved() {
        let day = Duration::days(1);
        assert_eq!(later("2026-02-28T23:00:00-05:00", day).as_deref(), Some("2026-03-01T23:00:00-05:00"));
        assert_eq!(later("2026-12-31 23:00:00.000+00", day).as_deref(), Some("2027-01-01 23:00:00.000+00"));
        for other in ["", "Ann", "2026-02-28", "2026-02-28 was a Saturday", "2026-02-30T00:00:00Z", "ünï-cödé-T"] {
            assert_eq!(later(other, day), None, "{other}");
        }
    }
}
