//! The demo's export, and its mirror.
//!
//! Owns: the embedded files and what is added to them. May use: the csv crate. Invariant: the mirror differs in every id and
//! in the people, and in nothing else.

use uuid::Uuid;

use crate::legacy::{Export, LegacyFile};

/// The root of the mirror's ids.
const MIRROR: Uuid = Uuid::from_u128(0x6373_3132_6d69_8272_8f72_6465_6d6f_0001);

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
pub(super) fn mirrored(export: &Export) -> Export {
    changed(export, |file, bytes| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in reader.records().map_while(Result::ok) {
            let fields = record.iter().map(|field| mirrored_field(file, field));
            // Into memory, with rows that came from a table of one width: it cannot fail.
            drop(writer.write_record(fields));
        }
        writer.into_inner().unwrap_or_default()
    })
}

fn mirrored_field(file: LegacyFile, field: &str) -> String {
    if let Ok(id) = Uuid::try_parse(field) {
        return Uuid::new_v5(&MIRROR, id.as_bytes()).to_string();
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
