//! A person's progress in setting up the product.
//!
//! Owns: the facts behind a person's onboarding checklist. May use: the scope. Invariant: it is computed from the data
//! of the organization that was entered, as the caller sees it; nothing is stored.

use sea_orm::Statement;

use crate::{error::Error, scope::Scope};

/// Completed steps in one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own, answered yes or no by the data")]
pub struct OnboardingChecklist {
    /// The organization has a DSO that is not archived.
    pub has_dso: bool,
    /// There is a doctor in a DSO that the caller sees.
    pub has_doctor: bool,
    /// There is another active member, or an invitation.
    pub has_company: bool,
    /// A member has a role on a DSO.
    pub has_grant: bool,
    /// The caller has logged an activity.
    pub has_activity: bool,
    /// The caller has recorded an onboarding period.
    pub has_record: bool,
}
crate::row::from_row!(OnboardingChecklist { has_dso, has_doctor, has_company, has_grant, has_activity, has_record });

impl Scope {
    /// Reads the completed steps, in one statement.
    pub async fn onboarding_checklist(&self) -> Result<OnboardingChecklist, Error> {
        let sql = "SELECT \
            EXISTS (SELECT 1 FROM dsos WHERE organization_id = $1 AND deleted_at IS NULL) AS has_dso, \
            EXISTS (SELECT 1 FROM doctors d JOIN dsos ON dsos.organization_id = d.organization_id AND dsos.id = d.dso_id \
                    WHERE d.organization_id = $1 AND d.deleted_at IS NULL AND dsos.deleted_at IS NULL AND ($3 OR EXISTS ( \
                        SELECT 1 FROM dso_grants g WHERE g.organization_id = $1 AND g.member_id = $2 AND g.dso_id = d.dso_id))) \
                AS has_doctor, \
            EXISTS (SELECT 1 FROM memberships WHERE organization_id = $1 AND id <> $2 AND status = 'ACTIVE') \
                OR EXISTS (SELECT 1 FROM invitations WHERE organization_id = $1) AS has_company, \
            EXISTS (SELECT 1 FROM dso_grants WHERE organization_id = $1 AND ($3 OR member_id = $2)) AS has_grant, \
            EXISTS (SELECT 1 FROM activities WHERE organization_id = $1 AND actor_member_id = $2) AS has_activity, \
            EXISTS (SELECT 1 FROM onboarding_periods WHERE organization_id = $1 AND recorded_by = $2) AS has_record";
        let context = self.context();
        let sees_all = context.permissions().org_role().sees_all_dsos();
        let values = [context.organization().into(), context.member().into(), sees_all.into()];
        let tx = self.read().await?;
        let progress = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        progress.ok_or(Error::NotFound)
    }
}
