//! Exhaustive tests of the policy: its domain is small enough to be enumerated completely.

use super::{Decision, Guard, PolicyTarget, Reason, Subject, decide};
use crate::{
    auth::{DsoRole, MemberPermissions, OrgRole},
    id::{DsoId, TypedId, UserId},
};

const ALLOW: Decision = Decision::Allow;

fn dso(number: u128) -> DsoId {
    DsoId::from_uuid(uuid::Uuid::from_u128(number))
}

fn person(number: u128) -> UserId {
    UserId::from_uuid(uuid::Uuid::from_u128(number))
}

/// A member, person 1, optionally with a role on DSO 1.
fn member(org_role: OrgRole, granted: Option<DsoRole>) -> MemberPermissions {
    MemberPermissions::new(person(1), org_role, granted.map(|role| (dso(1), role)).into_iter().collect())
}

/// All kinds of callers.
#[derive(Clone, Debug)]
enum Who {
    Anonymous,
    SignedIn(Option<UserId>),
    Member(MemberPermissions),
}

impl Who {
    fn caller(&self) -> Subject<'_> {
        match self {
            Self::Anonymous => Subject::Anonymous,
            Self::SignedIn(user) => Subject::SignedIn(*user),
            Self::Member(standing) => Subject::Member(standing),
        }
    }

    fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Anonymous,
            Self::SignedIn(None),
            Self::SignedIn(Some(person(1))),
            Self::SignedIn(Some(person(2))),
        ];
        for org_role in OrgRole::ALL {
            all.extend(grants().map(|granted| Self::Member(member(org_role, granted))));
        }
        all
    }
}

fn grants() -> impl Iterator<Item = Option<DsoRole>> {
    [None].into_iter().chain(DsoRole::ALL.map(Some))
}

fn guards() -> Vec<Guard> {
    let mut guards = vec![Guard::Public("the tests say so"), Guard::SignedIn, Guard::SelfOr(None)];
    guards.extend(OrgRole::ALL.map(Guard::Org));
    guards.extend(DsoRole::ALL.map(Guard::Dso));
    guards.extend(OrgRole::ALL.map(|role| Guard::SelfOr(Some(role))));
    guards
}

fn abouts() -> [PolicyTarget; 5] {
    [
        PolicyTarget::Nothing,
        PolicyTarget::Dso(dso(1)),
        PolicyTarget::Dso(dso(2)),
        PolicyTarget::Person(person(1)),
        PolicyTarget::Person(person(2)),
    ]
}

fn deny(reason: Reason) -> Decision {
    Decision::Deny(reason)
}

#[test]
fn each_kind_of_caller_meets_each_kind_of_guard() {
    use Reason::{DsoNotVisible, DsoRoleTooLow, NoOrganization, NotSelf, NotSignedIn, OrgRoleTooLow};
    let (here, there, me, them) = (
        PolicyTarget::Dso(dso(1)),
        PolicyTarget::Dso(dso(2)),
        PolicyTarget::Person(person(1)),
        PolicyTarget::Person(person(2)),
    );
    let manager = Who::Member(member(OrgRole::Member, Some(DsoRole::Manager)));
    let admin = Who::Member(member(OrgRole::Admin, None));
    let owner = Who::Member(member(OrgRole::Owner, None));
    let known = Who::SignedIn(Some(person(1)));
    let cases: &[(&Who, Guard, PolicyTarget, Decision)] = &[
        (&Who::Anonymous, Guard::Public("why not"), PolicyTarget::Nothing, ALLOW),
        (&Who::Anonymous, Guard::SignedIn, PolicyTarget::Nothing, deny(NotSignedIn)),
        (&Who::Anonymous, Guard::Org(OrgRole::Member), PolicyTarget::Nothing, deny(NotSignedIn)),
        (&Who::Anonymous, Guard::Dso(DsoRole::Viewer), here, deny(NotSignedIn)),
        (&Who::Anonymous, Guard::SelfOr(None), me, deny(NotSignedIn)),
        (&known, Guard::SignedIn, PolicyTarget::Nothing, ALLOW),
        (&known, Guard::Org(OrgRole::Member), PolicyTarget::Nothing, deny(NoOrganization)),
        (&known, Guard::Dso(DsoRole::Viewer), here, deny(NoOrganization)),
        (&known, Guard::SelfOr(None), me, ALLOW),
        (&known, Guard::SelfOr(Some(OrgRole::Member)), them, deny(NotSelf)),
        // A person without a known user id never counts as self.
        (&Who::SignedIn(None), Guard::SelfOr(None), me, deny(NotSelf)),
        (&manager, Guard::Org(OrgRole::Member), PolicyTarget::Nothing, ALLOW),
        (&manager, Guard::Org(OrgRole::Admin), PolicyTarget::Nothing, deny(OrgRoleTooLow)),
        (&manager, Guard::Dso(DsoRole::Viewer), here, ALLOW),
        (&manager, Guard::Dso(DsoRole::Manager), here, ALLOW),
        (&manager, Guard::Dso(DsoRole::Admin), here, deny(DsoRoleTooLow)),
        // They may not even know that another DSO exists.
        (&manager, Guard::Dso(DsoRole::Viewer), there, deny(DsoNotVisible)),
        (&manager, Guard::Dso(DsoRole::Viewer), PolicyTarget::Nothing, deny(DsoNotVisible)),
        (&manager, Guard::Dso(DsoRole::Viewer), me, deny(DsoNotVisible)),
        (&manager, Guard::SelfOr(None), me, ALLOW),
        (&manager, Guard::SelfOr(Some(OrgRole::Admin)), me, ALLOW),
        (&manager, Guard::SelfOr(Some(OrgRole::Admin)), them, deny(NotSelf)),
        (&manager, Guard::SelfOr(Some(OrgRole::Member)), them, ALLOW),
        // Owners and admins administer every DSO, with or without a grant.
        (&admin, Guard::Dso(DsoRole::Admin), there, ALLOW),
        (&admin, Guard::Org(OrgRole::Owner), PolicyTarget::Nothing, deny(OrgRoleTooLow)),
        (&admin, Guard::SelfOr(Some(OrgRole::Admin)), them, ALLOW),
        (&admin, Guard::SelfOr(None), them, deny(NotSelf)),
        (&owner, Guard::Dso(DsoRole::Admin), there, ALLOW),
        (&owner, Guard::Org(OrgRole::Owner), PolicyTarget::Nothing, ALLOW),
        // Not even an owner passes a self guard on another person's row.
        (&owner, Guard::SelfOr(None), them, deny(NotSelf)),
    ];
    for (who, guard, about, expected) in cases {
        assert_eq!(decide(who.caller(), *guard, *about), *expected, "{who:?} before `{guard}` on {about:?}");
    }
}

/// An action allowed with a role is also allowed with any higher role.
#[test]
fn a_higher_role_never_takes_anything_away() {
    let mut compared = 0;
    for guard in guards() {
        for about in abouts() {
            let allows = |org_role, granted| {
                let standing = member(org_role, granted);
                decide(Subject::Member(&standing), guard, about) == ALLOW
            };
            for org_role in OrgRole::ALL {
                for granted in grants() {
                    for higher in OrgRole::ALL.into_iter().filter(|higher| *higher >= org_role) {
                        for more in grants().filter(|more| *more >= granted) {
                            compared += 1;
                            assert!(
                                !allows(org_role, granted) || allows(higher, more),
                                "`{guard}` on {about:?}: {org_role:?}/{granted:?} may, and {higher:?}/{more:?} may not"
                            );
                        }
                    }
                }
            }
        }
    }
    assert_eq!(compared, 12 * 5 * 6 * 10, "some roles were left out");
}

/// A stricter guard of one kind admits no caller that the milder one refuses.
#[test]
fn a_higher_demand_never_lets_more_pass() {
    let ladders = [
        OrgRole::ALL.map(Guard::Org),
        DsoRole::ALL.map(Guard::Dso),
        OrgRole::ALL.map(|role| Guard::SelfOr(Some(role))),
    ];
    for ladder in ladders {
        for (number, milder) in ladder.iter().enumerate() {
            for stricter in &ladder[number..] {
                for who in Who::all() {
                    for about in abouts() {
                        let [strict, mild] =
                            [stricter, milder].map(|guard| decide(who.caller(), *guard, about) == ALLOW);
                        assert!(!strict || mild, "{who:?} passes `{stricter}` and not `{milder}` on {about:?}");
                    }
                }
            }
        }
    }
}

/// A grant on one DSO has no effect on another DSO.
#[test]
fn a_grant_ends_at_its_dso() {
    for guard in DsoRole::ALL.map(Guard::Dso) {
        for granted in grants() {
            let standing = member(OrgRole::Member, granted);
            let decision = decide(Subject::Member(&standing), guard, PolicyTarget::Dso(dso(2)));
            assert_eq!(decision, deny(Reason::DsoNotVisible), "{granted:?} on DSO 1 opens `{guard}` on DSO 2");
        }
    }
}

/// Without a credential only public fields are allowed; without an organization no field of an organization is
/// allowed.
#[test]
fn anonymous_callers_pass_only_public_guards() {
    for guard in guards() {
        for about in abouts() {
            let is_public = matches!(guard, Guard::Public(_));
            assert_eq!(decide(Subject::Anonymous, guard, about) == ALLOW, is_public, "`{guard}` on {about:?}");
            if matches!(guard, Guard::Org(_) | Guard::Dso(_)) {
                let decision = decide(Subject::SignedIn(Some(person(1))), guard, about);
                assert_eq!(decision, deny(Reason::NoOrganization), "`{guard}` on {about:?}");
            }
        }
    }
}

/// The guarantee that the macro takes from `implied_by`: behind a passed baseline such a field is never refused, so it
/// may be non-null.
#[test]
fn implied_guards_never_refuse() {
    let mut implied = 0;
    for baseline in guards() {
        for guard in guards().into_iter().filter(|guard| guard.implied_by(baseline)) {
            implied += 1;
            for who in Who::all() {
                for about in abouts().into_iter().filter(|about| decide(who.caller(), baseline, *about) == ALLOW) {
                    let decision = decide(who.caller(), guard, about);
                    assert_eq!(
                        decision, ALLOW,
                        "`{baseline}` implies `{guard}`, and {who:?} on {about:?} passes only the first"
                    );
                }
            }
        }
    }
    assert_eq!(implied, 12 + 11 + 6 + 3 + 6 + 1 + 6 + 6, "other pairs are implied than were when this was reviewed");
}

/// It errs on the strict side only, and only where the guard also admits the person that the row is about.
#[test]
fn guards_that_are_not_implied_can_refuse() {
    let mut strict = Vec::new();
    for baseline in guards() {
        for guard in guards().into_iter().filter(|guard| !guard.implied_by(baseline)) {
            let is_refused_somewhere = Who::all().iter().any(|who| {
                abouts().into_iter().any(|about| {
                    decide(who.caller(), baseline, about) == ALLOW && decide(who.caller(), guard, about) != ALLOW
                })
            });
            if !is_refused_somewhere {
                strict.push((guard, baseline));
            }
        }
    }
    for (guard, baseline) in &strict {
        assert!(
            matches!(guard, Guard::SelfOr(Some(_))),
            "`{guard}` could be non-null behind `{baseline}`, and may not"
        );
    }
}
