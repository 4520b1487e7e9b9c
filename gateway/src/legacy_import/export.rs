//! The files of an export.
//!
//! Owns: which files there are, which columns they need, their bytes. May use: the file system. Invariant: an [`Export`] has
//! all files.

use std::{collections::BTreeMap, fs, io, path::Path};

use super::LegacyError;

macro_rules! files {
    ($($(#[$doc:meta])* $variant:ident = $name:literal [$($column:literal)+] $(ignores [$($ignored:literal)+])?;)+) => {
        /// A file of the export.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LegacyFile { $($(#[$doc])* $variant,)+ }

        impl LegacyFile {
            /// Every file, as reports list them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The file's name without its extension.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The columns that the file must have.
            #[must_use]
            pub const fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($column),+]),+ }
            }

            /// The columns that it may have and that have no place here.
            #[must_use]
            pub(super) const fn ignored(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($($ignored),+)?]),+ }
            }
        }
    };
}

files! {
    /// The flat workspaces.
    Dsos = "dsos" ["id" "name" "created_at"];
    /// People.
    Users = "users" ["id" "email" "full_name" "created_at"] ignores ["last_sign_in_at"];
    /// Who may enter which DSO.
    Access = "user_dso_access" ["id" "user_id" "dso_id" "role" "created_at"];
    /// Who was invited.
    Invites = "team_invites" ["id" "email" "dso_id" "role" "invited_by" "created_at" "expires_at" "accepted_at"];
    /// Doctors.
    Doctors = "doctors" ["id" "dso_id" "name" "email" "phone" "practice" "onboarding_period" "risk_level" "joined_at" "notes"];
    /// Percent by doctor and period.
    Onboarding = "onboarding_progress" ["doctor_id" "period" "percent" "recorded_at"];
    /// Contacts with doctors.
    Activities = "activities" ["id" "doctor_id" "user_id" "kind" "occurred_at" "note"];
    /// Clinical cases.
    Cases = "cases" ["id" "doctor_id" "title" "status" "opened_at"];
    /// Courses.
    Courses = "courses" ["id" "dso_id" "title" "held_at"];
    /// Who came to them.
    Attendees = "attendees" ["id" "course_id" "doctor_id" "name" "email" "attended"];
    /// A DSO's own words.
    Terminology = "terminology" ["dso_id" "key" "label"];
}

/// The bytes of all files.
#[derive(Clone, Debug)]
pub struct Export {
    files: BTreeMap<LegacyFile, Vec<u8>>,
}

impl Export {
    /// Reads the files `NAME.csv` of a folder.
    pub fn read(folder: &Path) -> Result<Self, LegacyError> {
        let mut missing = Vec::new();
        let mut files = BTreeMap::new();
        for file in LegacyFile::ALL {
            let path = folder.join(format!("{}.csv", file.name()));
            match fs::read(&path) {
                Ok(bytes) => drop(files.insert(*file, bytes)),
                Err(source) if source.kind() == io::ErrorKind::NotFound => {
                    missing.push(format!("`{}` is missing", path.display()));
                }
                Err(source) => return Err(LegacyError::Unreadable { path, source }),
            }
        }
        if missing.is_empty() { Ok(Self { files }) } else { Err(LegacyError::Incomplete(missing)) }
    }

    /// An export from memory; a file that is not given is empty.
    #[must_use]
    pub fn from_files(files: impl IntoIterator<Item = (LegacyFile, Vec<u8>)>) -> Self {
        Self { files: files.into_iter().collect() }
    }

    /// The bytes of a file.
    #[must_use]
    pub fn bytes(&self, file: LegacyFile) -> &[u8] {
        self.files.get(&file).map_or(&[], Vec::as_slice)
    }

    /// All bytes, for a progress bar.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }
}
