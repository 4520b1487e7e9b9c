//! Whole imports on SQLite: the export as it is, twice, broken in every way, and those that must not happen.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod faults;

use std::{fs, path::PathBuf};

use entity::db::{ConnectOptions, Db};

use super::{Export, LegacyError, LegacyFile, Options, Report, Silent, import};

/// A migrated database in a folder of its own, gone with the test.
pub(crate) struct World {
    folder: PathBuf,
}

impl World {
    pub(crate) async fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cs12-import-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let world = Self { folder };
        migration::up(&world.url(), None).await.unwrap();
        world
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.folder.join("world.db").display())
    }

    pub(crate) async fn open(&self) -> Db {
        Db::connect(ConnectOptions::new(self.url())).await.unwrap()
    }

    /// The database's bytes: an import that changes nothing leaves every one of them.
    fn bytes(&self) -> Vec<u8> {
        assert!(!self.folder.join("world.db-wal").exists(), "somebody still has the database open");
        fs::read(self.folder.join("world.db")).unwrap()
    }

    fn refused(&self) -> PathBuf {
        self.folder.join("export.refused.csv")
    }

    fn options(&self) -> Options {
        Options {
            organization: "CS12".to_owned(),
            owner: None,
            exclude: vec!["Valentina@Elsewhere.example ".to_owned()],
            refused: Some(self.refused()),
            at: chrono::Utc::now(),
        }
    }

    async fn import(&self, export: &Export, options: &Options) -> Result<Report, LegacyError> {
        let db = self.open().await;
        let report = import(&db, export, options, &mut Silent).await;
        db.close().await.unwrap();
        report
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn shared() -> Export {
    Export::read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("demo/legacy-cs12")).unwrap()
}

/// The export with one file's text changed.
fn with(file: LegacyFile, change: impl Fn(String) -> String) -> Export {
    let export = shared();
    Export::from_files(LegacyFile::ALL.iter().map(|one| {
        let text = String::from_utf8(export.bytes(*one).to_vec()).unwrap();
        (*one, if *one == file { change(text) } else { text }.into_bytes())
    }))
}

fn counts(report: &Report) -> Vec<(&'static str, [u64; 4])> {
    report
        .files
        .iter()
        .map(|(file, tally)| (file.name(), [tally.read, tally.taken, tally.merged, tally.refused]))
        .collect()
}

#[tokio::test]
async fn the_export_is_taken_and_a_second_time_changes_nothing() {
    let world = World::new("twice").await;
    let report = world.import(&shared(), &world.options()).await.unwrap();
    let expected = [
        ("dsos", [5, 5, 0, 0]),
        ("users", [3, 3, 0, 0]),
        // One user is gone, five pairs are excluded, one pair has two roles.
        ("user_dso_access", [17, 10, 1, 6]),
        ("team_invites", [3, 3, 0, 0]),
        ("doctors", [401, 400, 1, 0]),
        ("onboarding_progress", [2132, 2129, 0, 3]),
        ("activities", [5427, 5426, 0, 1]),
        ("cases", [1046, 1046, 0, 0]),
        ("courses", [20, 20, 0, 0]),
        ("attendees", [293, 293, 0, 0]),
        ("terminology", [3, 3, 0, 0]),
    ];
    assert_eq!(counts(&report), expected);
    assert_eq!((report.access.before.len(), report.access.after.len(), report.access.excluded.len()), (15, 10, 5));
    let kept: Vec<_> = report.access.before.difference(&report.access.excluded).copied().collect();
    assert!(report.access.after.iter().eq(kept.iter()));
    assert_eq!(report.access.gained().len(), 0);
    let rows = fs::read_to_string(report.refused_rows.as_ref().unwrap()).unwrap();
    assert_eq!(csv::Reader::from_reader(rows.as_bytes()).records().count(), 10);

    let before = world.bytes();
    let again = world.import(&shared(), &world.options()).await.unwrap();
    assert_eq!(again.taken(), 0);
    for ((file, [read, taken, merged, refused]), (_, second)) in expected.into_iter().zip(counts(&again)) {
        assert_eq!(second, [read, 0, taken + merged, refused], "{file}");
    }
    assert_eq!(again.access.after, report.access.after);
    assert!(world.bytes() == before, "the second import has changed the database");
}

#[cfg(unix)]
#[tokio::test]
async fn refused_rows_are_for_their_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new("mode").await;
    world.import(&shared(), &world.options()).await.unwrap();
    assert_eq!(fs::metadata(world.refused()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn people_are_one_across_organizations_and_ids_belong_to_each() {
    let world = World::new("two").await;
    world.import(&shared(), &world.options()).await.unwrap();
    let other = Options { organization: "Another One".to_owned(), ..world.options() };
    let report = world.import(&shared(), &other).await.unwrap();
    assert_eq!(report.slug, "another-one");
    assert_eq!(report.files[&LegacyFile::Users].merged, 3);
    assert_eq!(report.files[&LegacyFile::Activities].taken, 5426);
}

#[tokio::test]
async fn a_user_who_is_here_under_another_id_is_the_same_person() {
    let world = World::new("other-id").await;
    world.import(&shared(), &world.options()).await.unwrap();
    let other_id = "11111111-1111-4111-8111-111111111111";
    let claudia = "cc419a5e-6794-4d2e-ae72-9aff56459afe";
    let export = shared();
    let export = Export::from_files(LegacyFile::ALL.iter().map(|file| {
        let text = String::from_utf8(export.bytes(*file).to_vec()).unwrap();
        (*file, text.replace(claudia, other_id).into_bytes())
    }));
    let again = world.import(&export, &world.options()).await.unwrap();
    assert_eq!(again.taken(), 0, "{:?}", counts(&again));
    assert!(again.access.after.iter().any(|(user, _)| entity::id::TypedId::uuid(*user).to_string() == claudia));
    // The id of a person who is here under another address is no new person's.
    let export = with(LegacyFile::Users, |text| text.replace("claudia@allsolutions.example", "clara@x.example"));
    let refused = world.import(&export, &world.options()).await.unwrap();
    assert_eq!(refused.files[&LegacyFile::Users].refused, 1);
    assert_eq!(refused.taken(), 0);
}

#[tokio::test]
async fn whatever_stops_an_import_leaves_nothing_behind() {
    let world = World::new("nothing").await;
    let empty = world.bytes();
    let options = world.options();
    let cases: [(Export, Options, &str); 7] = [
        (
            shared(),
            Options { owner: Some("eve@x.example".to_owned()), ..options.clone() },
            "`eve@x.example` is not among",
        ),
        (shared(), Options { exclude: vec!["eve@x.example".to_owned()], ..options.clone() }, "cannot be excluded"),
        (
            shared(),
            Options {
                exclude: vec!["alan@allsolutions.example".to_owned()],
                owner: Some("alan@allsolutions.example".to_owned()),
                ..options.clone()
            },
            "the owner `alan@allsolutions.example` cannot be excluded",
        ),
        (shared(), Options { organization: "!".to_owned(), ..options.clone() }, "no name for an organization"),
        (
            shared(),
            Options { refused: Some(world.folder.join("no such folder/rows.csv")), ..options.clone() },
            "cannot be written",
        ),
        (
            with(LegacyFile::Attendees, |text| text.replacen("attended", "came", 1)),
            options.clone(),
            "no column `attended`",
        ),
        (
            with(LegacyFile::Users, |text| text.lines().next().unwrap_or_default().to_owned()),
            options.clone(),
            "excluded",
        ),
    ];
    for (export, options, reason) in cases {
        let error = world.import(&export, &options).await.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert!(world.bytes() == empty, "{reason}: something was written");
        assert_eq!(fs::read_dir(&world.folder).unwrap().count(), 1, "{reason}: a file was left");
    }
}

#[tokio::test]
async fn nobody_imports_into_somebody_elses_organization() {
    let world = World::new("else").await;
    world.import(&shared(), &world.options()).await.unwrap();
    let before = world.bytes();
    let claudias = Options { owner: Some("claudia@allsolutions.example".to_owned()), ..world.options() };
    let error = world.import(&shared(), &claudias).await.unwrap_err();
    assert_eq!(error.to_string(), "the organization `cs12` belongs to somebody else: choose another name");
    assert!(world.bytes() == before);
}

#[tokio::test]
async fn access_that_would_differ_stops_the_import() {
    let world = World::new("differs").await;
    world.import(&shared(), &world.options()).await.unwrap();
    let before = world.bytes();
    // Valentina was excluded the first time, so that her membership is removed; a second import does not bring her back.
    let error = world.import(&shared(), &Options { exclude: Vec::new(), ..world.options() }).await.unwrap_err();
    assert!(error.to_string().contains("`valentina@elsewhere.example` would no longer see `NADG`"), "{error}");
    assert!(world.bytes() == before);
}

#[tokio::test]
async fn an_empty_export_has_nobody_to_own_it() {
    let world = World::new("empty").await;
    let options = Options { exclude: Vec::new(), ..world.options() };
    let nobody = world.import(&Export::from_files([]), &options).await;
    assert!(matches!(nobody, Err(LegacyError::NoOwner)));
    let users =
        b"id,email,full_name,created_at\nd1ba5c0f-afdb-491d-8376-099813199de0,a@x.example,A,2026-01-01 00:00:00+00\n";
    let only_users = Export::from_files([(LegacyFile::Users, users.to_vec())]);
    let options = Options { owner: Some("a@x.example".to_owned()), ..options };
    let report = world.import(&only_users, &options).await.unwrap();
    assert_eq!((report.taken(), report.refused_rows), (1, None));
}

#[tokio::test]
async fn no_fault_breaks_the_balance() {
    for seed in 0..6 {
        let world = World::new(&format!("faults-{seed}")).await;
        let export = faults::broken(&shared(), seed);
        let options =
            Options { owner: Some("alan@allsolutions.example".to_owned()), exclude: Vec::new(), ..world.options() };
        let report = world.import(&export, &options).await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let bad: u64 = report.files.values().map(|tally| tally.refused).sum();
        assert!(bad > 0, "seed {seed}: the faults have no effect");
        for (file, tally) in &report.files {
            assert_eq!(tally.read, tally.taken + tally.merged + tally.refused, "seed {seed}: {}", file.name());
        }
        let rows = fs::read(report.refused_rows.as_ref().unwrap()).unwrap();
        assert_eq!(csv::Reader::from_reader(rows.as_slice()).into_records().count() as u64, bad, "seed {seed}");
        let before = world.bytes();
        let again = world.import(&export, &options).await.unwrap_or_else(|error| panic!("seed {seed}, again: {error}"));
        assert_eq!(again.taken(), 0, "seed {seed}: {:?}", counts(&again));
        assert!(world.bytes() == before, "seed {seed}: the second import has changed the database");
    }
}
