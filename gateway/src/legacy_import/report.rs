//! What an import tells.
//!
//! Owns: the report, for people and as JSON. May use: nothing. Invariant: both say the same; no value of a row is in either
//! but addresses and names of DSOs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
};

use entity::id::{DsoId, OrganizationId, TypedId as _, UserId};
use serde_json::{Map, Value, json};

use super::{
    LegacyFile,
    tally::{Remark, Tally},
};

/// What became of an export.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which organization.
    pub organization: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// The counts of each file.
    pub files: BTreeMap<LegacyFile, Tally>,
    /// Who sees what.
    pub access: Access,
    /// What was left out of rows that were taken.
    pub remarks: Vec<Remark>,
    /// Where the refused rows are; none if there are none.
    pub refused_rows: Option<PathBuf>,
}

/// Pairs of a person and a DSO that they see, by the ids that they have here.
#[derive(Clone, Debug)]
pub struct Access {
    /// By the export.
    pub before: BTreeSet<(UserId, DsoId)>,
    /// By the database, after the import.
    pub after: BTreeSet<(UserId, DsoId)>,
    /// Those of `before` that were taken away on purpose.
    pub excluded: BTreeSet<(UserId, DsoId)>,
    /// The address of each person.
    pub emails: BTreeMap<UserId, String>,
    /// The name of each DSO.
    pub dsos: BTreeMap<DsoId, String>,
}

impl Access {
    /// What the owner did not see before: the one difference besides `excluded`, since an owner sees everything.
    #[must_use]
    pub fn gained(&self) -> BTreeSet<(UserId, DsoId)> {
        self.after.difference(&self.before).copied().collect()
    }
}

impl Report {
    /// Rows that were written.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.files.values().map(|tally| tally.taken).sum()
    }

    /// The counts of each file as JSON.
    #[must_use]
    pub fn counts(&self) -> Value {
        let counts = |(file, tally): (&LegacyFile, &Tally)| {
            let Tally { read, taken, merged, refused } = tally;
            (file.name().to_owned(), json!({ "read": read, "taken": taken, "merged": merged, "refused": refused }))
        };
        Value::Object(self.files.iter().map(counts).collect::<Map<_, _>>())
    }

    /// The whole report as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let pairs = |pairs: &BTreeSet<(UserId, DsoId)>| -> Vec<[String; 2]> {
            pairs.iter().map(|(user, dso)| [user.uuid().to_string(), dso.uuid().to_string()]).collect()
        };
        json!({
            "organization": { "id": self.organization.uuid().to_string(), "name": self.name, "slug": self.slug },
            "files": self.counts(),
            "access": {
                "before": pairs(&self.access.before),
                "after": pairs(&self.access.after),
                "excluded": pairs(&self.access.excluded),
                "gained": pairs(&self.access.gained()),
            },
            "remarks": self.remarks.len(),
            "refused_rows": self.refused_rows,
        })
    }

    fn write_remarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups: BTreeMap<(LegacyFile, &str), Vec<u64>> = BTreeMap::new();
        for remark in &self.remarks {
            groups.entry((remark.file, &remark.text)).or_default().push(remark.line);
        }
        if !groups.is_empty() {
            writeln!(f, "\nRemarks")?;
        }
        for ((file, text), lines) in groups {
            let first: Vec<_> = lines.iter().take(5).map(u64::to_string).collect();
            let more = if lines.len() > first.len() { ", …" } else { "" };
            writeln!(f, "  {}: {text} ({}×, line {}{more})", file.name(), lines.len(), first.join(", "))?;
        }
        Ok(())
    }

    fn write_access(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Access { before, after, excluded, emails, dsos } = &self.access;
        writeln!(f, "\nAccess: {} pairs before, {} after, {} excluded", before.len(), after.len(), excluded.len())?;
        let width = emails.values().map(|email| email.chars().count()).max().unwrap_or(0);
        for (user, dso) in before.union(after) {
            let pair = (*user, *dso);
            let state = match (before.contains(&pair), after.contains(&pair)) {
                (true, true) => "kept    ",
                (false, _) => "gained  ",
                (true, false) => "excluded",
            };
            let email = emails.get(user).map_or("?", String::as_str);
            writeln!(f, "  {state}  {email:<width$}  {}", dsos.get(dso).map_or("?", String::as_str))?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Organization {} ({})\n", self.name, self.slug)?;
        writeln!(f, "{:<20} {:>9} {:>9} {:>9} {:>9}", "file", "read", "taken", "merged", "refused")?;
        for (file, Tally { read, taken, merged, refused }) in &self.files {
            writeln!(f, "{:<20} {read:>9} {taken:>9} {merged:>9} {refused:>9}", file.name())?;
        }
        self.write_remarks(f)?;
        self.write_access(f)?;
        match &self.refused_rows {
            Some(path) => write!(f, "\nThe refused rows, each with its reason, are in {}", path.display()),
            None => Ok(()),
        }
    }
}
