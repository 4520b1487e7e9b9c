//! The operator ties a person to another sign-in of their identity provider.
//!
//! Owns the policies of `identities` for reading and changing. Invariant: a request sees and changes the sign-in that it came with, and no other;
//! only the operator's command, which says that it is one, changes the subject of another.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0034_relink",
    up: "",
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "",
};

const POSTGRES_UP: &str = "
alter policy identities_select on identities using (
    issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject'))
    or (select app_setting('app.worker')) = 'relink');
alter policy identities_update on identities using (
    issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject'))
    or (select app_setting('app.worker')) = 'relink')
with check (
    issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject'))
    or (select app_setting('app.worker')) = 'relink');
";

const POSTGRES_DOWN: &str = "
alter policy identities_select on identities using (
    issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject')));
alter policy identities_update on identities using (
    issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject')))
with check (
    issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject')));
";
