//! `gateway import-legacy`: the export of the system before goes into one organization.
//!
//! Owns: the arguments, the progress bar, the output. May use: `legacy`. Invariant: with `--json`, standard output holds one
//! line, and only after the import is committed.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use chrono::Utc;
use entity::db::{ConnectOptions, Db};
use indicatif::{ProgressBar, ProgressStyle};

use crate::legacy_import::{self, Export, LegacyError, LegacyFile, Options, Progress, Silent};

/// Import a flat CS12 export into one organization: all of it in one transaction, or nothing.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportLegacy {
    /// The folder with the export's CSV files.
    #[arg(value_name = "DIR", required_unless_present = "exclude")]
    pub folder: Option<PathBuf>,
    /// Who owns the organization; without it, the first user who administers every DSO.
    #[arg(long, value_name = "EMAIL")]
    pub owner: Option<String>,
    /// Whose access ends here; may be given several times. What they did stays theirs.
    #[arg(long, value_name = "EMAIL", num_args = 1..)]
    pub exclude: Vec<String>,
    /// What the organization is called. By the same name, a second import finds it again.
    #[arg(long, value_name = "NAME", default_value = "CS12")]
    pub organization: String,
    /// Print the report as one line of JSON.
    #[arg(long)]
    pub json: bool,
    /// Where the rows that cannot be taken are written, with reasons [default: NAME-OF-DIR.refused.csv here].
    #[arg(long, value_name = "FILE")]
    pub refused: Option<PathBuf>,
}

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportLegacyError {
    /// No folder was given.
    #[error("`DIR`, the folder with the export, is missing")]
    NoFolder,
    /// Nothing was imported.
    #[error("nothing was imported: {0}")]
    Import(#[from] LegacyError),
    /// The database cannot be opened.
    #[error("nothing was imported: {0}")]
    Database(#[from] entity::error::Error),
    /// The import is committed, but the report cannot be printed.
    #[error("the import is done, but its report cannot be printed: {0}")]
    Output(#[from] io::Error),
}

impl ImportLegacy {
    /// Runs the command on a database that has all migrations.
    pub async fn run(self, database: ConnectOptions) -> Result<(), ImportLegacyError> {
        let (folder, exclude) = folder_and_exclude(self.folder, self.exclude)?;
        // Read first: a wrong folder is told without a database.
        let export = Export::read(&folder)?;
        let options = Options {
            organization: self.organization,
            owner: self.owner,
            exclude,
            refused: Some(self.refused.unwrap_or_else(|| refused_file(&folder))),
            at: Utc::now(),
        };
        let db = Db::connect(database).await?;
        let mut bar = Bar::new();
        let progress: &mut dyn Progress = if io::stderr().is_terminal() { &mut bar } else { &mut Silent };
        let report = legacy_import::import(&db, &export, &options, progress).await;
        bar.0.finish_and_clear();
        let report = report?;
        db.close().await?;
        let mut out = io::stdout().lock();
        let written = if self.json { writeln!(out, "{}", report.json()) } else { writeln!(out, "{report}") };
        match written.and_then(|()| out.flush()) {
            // A reader who has seen enough is no failure.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

/// The folder may stand behind the list of addresses, which then has swallowed it: no address is a folder.
fn folder_and_exclude(
    folder: Option<PathBuf>,
    mut exclude: Vec<String>,
) -> Result<(PathBuf, Vec<String>), ImportLegacyError> {
    if let Some(folder) = folder {
        return Ok((folder, exclude));
    }
    match exclude.pop() {
        Some(last) if !exclude.is_empty() && !last.contains('@') => Ok((PathBuf::from(last), exclude)),
        Some(_) | None => Err(ImportLegacyError::NoFolder),
    }
}

/// `EXPORT.refused.csv` in the current folder, for a folder `EXPORT`.
fn refused_file(folder: &Path) -> PathBuf {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = whole.file_name().map_or_else(|| "legacy".into(), |name| name.to_string_lossy().into_owned());
    PathBuf::from(format!("{name}.refused.csv"))
}

/// A bar on standard error, counting bytes: they are known beforehand, rows are not.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        // Nothing is drawn before `begin` gives it a length.
        Self(ProgressBar::hidden())
    }
}

impl Progress for Bar {
    fn begin(&mut self, bytes: u64) {
        let style = ProgressStyle::with_template("{msg:<20} [{bar:40}] {percent:>3} %  {eta}");
        self.0 = ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    }

    fn at(&mut self, file: LegacyFile, bytes: u64) {
        if self.0.message() != file.name() {
            self.0.set_message(file.name());
        }
        self.0.set_position(bytes);
    }
}
