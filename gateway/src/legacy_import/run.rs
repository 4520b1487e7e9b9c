//! An import from beginning to end.
//!
//! Owns: the order of the files. May use: all of `legacy`, entity's import. Invariant: one transaction; whatever fails on the
//! way, nothing was imported and no file is left behind.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
};

use chrono::{DateTime, Utc};
use entity::{
    db::Db,
    id::{DsoId, MemberId, TypedId as _, UserId},
    import::{
        ActivityRow, AttendeeRow, CaseRow, CourseRow, DoctorRow, DsoRow, GrantRow, ImportTarget, ImportTransaction,
        InvitationRow, OnboardingRow, TermRow,
    },
    text::TextKind,
};

use super::{
    LegacyError, LegacyFile,
    access_comparison::{Difference, MemberDso, Plan},
    export::Export,
    import_run::ImportRun,
    people::{People, normalized},
    progress::Progress,
    rejected_rows::{FileKey, RejectedFile},
    report::{Access, Report},
    row_parsers::{AccessRow, ImportedIds},
    slug::slug,
};

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the organization is called; its slug, by which it is found again, is made of it.
    pub organization: String,
    /// The owner's address; without one, the first of those who administer every DSO.
    pub owner: Option<String>,
    /// Addresses of those who lose their access.
    pub exclude: Vec<String>,
    /// Where rows that are not taken are written; without a path they are only counted.
    pub refused: Option<PathBuf>,
    /// The time of rows that have none of their own.
    pub at: DateTime<Utc>,
}

/// Imports an export into one organization.
pub async fn import(
    db: &Db,
    export: &Export,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report, LegacyError> {
    let unsound = || LegacyError::Name(options.organization.clone());
    let name = TextKind::NAME.read(&options.organization).ok().flatten().ok_or_else(unsound)?;
    let slug = slug(&name).ok_or_else(unsound)?;
    // Before anything is read: a wrong path is no reason to do the work.
    let place = options.refused.as_deref().map(FileKey::of).transpose()?;
    let excluded = options.exclude.iter().map(|email| normalized(email)).collect();
    let known = ImportedIds { at: options.at, excluded, ..ImportedIds::default() };
    let mut desk = ImportRun::new(export, known, progress)?;

    let mut import = db.import(options.at).await?;
    let dsos: Vec<DsoRow> = desk.all().into_iter().map(|(row, _)| row).collect();
    desk.known.dsos = dsos.iter().map(|dso| dso.id).collect();
    let names: BTreeMap<DsoId, String> = dsos.iter().map(|dso| (dso.id, dso.name.clone())).collect();
    let people = People::resolve(&mut desk, &mut import).await?;
    let rows = desk.all::<AccessRow>();
    let mut plan = Plan::new(rows, &people, &desk.known.dsos, options, &mut desk.ledger)?;

    let target = ImportTarget { name, slug, owner: plan.owner };
    let mut intake = import.open(&target).await?;
    intake.insert(std::mem::take(&mut plan.members)).await?;
    desk.known.members = intake.members().await?;
    desk.ledger.accept(LegacyFile::Dsos, intake.insert(dsos).await?);
    let grants = grants(std::mem::take(&mut plan.grants), &desk.known.members)?;
    desk.ledger.accept(LegacyFile::Access, intake.insert(grants).await?);
    load(&mut desk, &mut intake).await?;

    let emails: BTreeMap<UserId, String> =
        people.all.iter().map(|person| (person.user, person.email.clone())).collect();
    // Members and DSOs that came into the organization since are none of the export's business.
    let mut after: BTreeSet<MemberDso> = intake.access().await?.into_iter().collect();
    after.retain(|(user, dso)| emails.contains_key(user) && names.contains_key(dso));
    let differences = plan.differences(&after);
    if !differences.is_empty() {
        return Err(LegacyError::Access(report_progress(&differences, &emails, &names)));
    }
    let mut report = Report {
        organization: intake.organization(),
        name: target.name,
        slug: target.slug,
        files: desk.ledger.check()?,
        access: Access { before: plan.before, after, excluded: plan.excluded, emails, dsos: names },
        remarks: desk.ledger.remarks,
        refused_rows: None,
    };
    let draft = match place {
        Some(place) => RejectedFile::write(place, &desk.ledger.refused)?,
        None => None,
    };
    intake.finish(report.counts()).await?;
    report.refused_rows = draft.map(RejectedFile::finish).transpose()?;
    Ok(report)
}

/// Everything below members and grants, parents before children.
async fn load(desk: &mut ImportRun<'_>, intake: &mut ImportTransaction) -> Result<(), LegacyError> {
    let invitations = desk.all::<InvitationRow>().into_iter().map(|(row, _)| row).collect();
    desk.ledger.accept(LegacyFile::Invites, intake.insert_invitations(invitations).await?);
    desk.load::<TermRow>(intake).await?;
    desk.load::<DoctorRow>(intake).await?;
    // Asked of the database: since an earlier import, a doctor may have moved to another DSO.
    desk.known.doctors = intake.dsos_of_doctors().await?;
    desk.load::<OnboardingRow>(intake).await?;
    desk.load::<ActivityRow>(intake).await?;
    desk.load::<CaseRow>(intake).await?;
    desk.load::<CourseRow>(intake).await?;
    desk.known.courses = intake.dsos_of_courses().await?;
    desk.load::<AttendeeRow>(intake).await
}

fn grants(rows: Vec<AccessRow>, members: &HashMap<UserId, MemberId>) -> Result<Vec<GrantRow>, LegacyError> {
    let grant = |row: AccessRow| {
        // Everybody was made a member a moment ago.
        let member = *members.get(&row.user).ok_or(LegacyError::Unbalanced(LegacyFile::Access.name()))?;
        Ok(GrantRow { id: row.id, dso: row.dso, member, role: row.role, created_at: row.created_at })
    };
    rows.into_iter().map(grant).collect()
}

/// At most so many differences are told one by one.
const PROGRESS_ROWS: usize = 10;

fn report_progress(
    differences: &[(MemberDso, Difference)],
    emails: &BTreeMap<UserId, String>,
    dsos: &BTreeMap<DsoId, String>,
) -> Vec<String> {
    let tell = |((user, dso), difference): &(MemberDso, Difference)| {
        let email = emails.get(user).map_or_else(|| user.uuid().to_string(), Clone::clone);
        let dso = dsos.get(dso).map_or_else(|| dso.uuid().to_string(), Clone::clone);
        match difference {
            Difference::Lost => format!("`{email}` would no longer see `{dso}`"),
            Difference::Gained => format!("`{email}` would see `{dso}`"),
        }
    };
    let mut told: Vec<_> = differences.iter().take(PROGRESS_ROWS).map(tell).collect();
    if differences.len() > PROGRESS_ROWS {
        told.push(format!("and {} more", differences.len() - PROGRESS_ROWS));
    }
    told
}
