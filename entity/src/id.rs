//! Typed ids.
//!
//! Owns: one type for each kind of id and its public text form. Invariant: a text that is not an id of the requested
//! kind becomes the nil id, which no row has. So a malformed id, another tenant's id and an unknown id are handled in
//! exactly the same way.

use sea_orm::DeriveValueType;
use uuid::Uuid;

/// Crockford's base32, as TypeID spells it (<https://github.com/jetify-com/typeid>): no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 128 bits in groups of five: 26 characters, the first of which holds three bits only.
const LENGTH: usize = 26;

/// Operations common to all typed ids.
pub trait TypedId: Copy + Eq + std::hash::Hash + Ord + Send + Sync + 'static {
    /// The prefix before the underscore: `doc` in `doc_01j…`.
    const PREFIX: &'static str;
    /// The id of this kind with this UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID of the id.
    fn uuid(self) -> Uuid;

    /// A new id, ordered by time (UUID version 7).
    #[must_use]
    fn generate() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The public form: prefix, underscore, 26 characters.
    #[must_use]
    fn to_text(self) -> String {
        let letters = letters(self.uuid());
        let mut text = String::with_capacity(Self::PREFIX.len() + 1 + LENGTH);
        text.push_str(Self::PREFIX);
        text.push('_');
        // All letters are in the alphabet, so they are ASCII.
        text.push_str(str::from_utf8(&letters).unwrap_or_default());
        text
    }

    /// Parses the public form. Any other text becomes the nil id, which no row has.
    #[must_use]
    fn from_text(text: &str) -> Self {
        Self::from_uuid(parse(Self::PREFIX, text).unwrap_or(Uuid::nil()))
    }
}

/// A list encodes one id per row, so this works on machine words: twelve letters in sixty bits.
fn letters(uuid: Uuid) -> [u8; LENGTH] {
    let bits = uuid.as_u128();
    let mut letters = [0; LENGTH];
    let (first, rest) = letters.split_at_mut(2);
    let (middle, last) = rest.split_at_mut(12);
    for (part, letters) in [(bits >> 120, first), (bits >> 60, middle), (bits, last)] {
        let mut part = part as u64;
        for letter in letters.iter_mut().rev() {
            *letter = ALPHABET[(part & 31) as usize];
            part >>= 5;
        }
    }
    letters
}

fn parse(prefix: &str, text: &str) -> Option<Uuid> {
    let letters = text.strip_prefix(prefix)?.strip_prefix('_')?.as_bytes();
    if letters.len() != LENGTH || letters[0] > b'7' {
        return None;
    }
    letters
        .iter()
        .try_fold(0_u128, |bits, letter| {
            let value = ALPHABET.iter().position(|known| known == letter)?;
            Some(bits << 5 | value as u128)
        })
        .map(Uuid::from_u128)
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal $(, left out: $left_out:expr)?;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
        pub struct $name(Uuid);

        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl crate::row::DecodeColumn for $name {
            $(const DEFAULT_WHEN_OMITTED: Option<fn() -> Self> = Some($left_out);)?

            fn try_decode(row: &crate::row::Row, place: usize) -> Result<Option<Self>, sea_orm::DbErr> {
                Ok(Uuid::try_decode(row, place)?.map(Self))
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_text())
            }
        }
    )+};
}

typed_id! {
    /// An organization: the tenant.
    // All rows of a list belong to the scope's organization, so no code reads it from a row.
    OrganizationId = "org", left out: || Self(Uuid::nil());
    /// A membership: one person in one organization.
    MemberId = "mem";
    /// A person, across organizations.
    UserId = "usr";
    /// A dental service organization.
    DsoId = "dso";
    /// A member's role on one DSO.
    DsoGrantId = "grt";
    /// A doctor of a DSO.
    DoctorId = "doc";
    /// One of a doctor's twelve onboarding periods.
    OnboardingPeriodId = "onb";
    /// A call, mail or text with a doctor.
    ActivityId = "act";
    /// A clinical case of a doctor.
    CaseId = "cas";
    /// A course held by a DSO.
    CourseId = "crs";
    /// A person on the attendee list of a course.
    AttendeeId = "att";
    /// A DSO's label for one of the product's terms.
    TermId = "trm";
    /// An entry of the audit log.
    AuditEventId = "aud";
    /// An invitation to an organization.
    InvitationId = "inv";
    /// A person's request to join an organization.
    JoinRequestId = "jrq";
    /// A mail to be sent.
    MailId = "mai";
    /// A page of widgets that belongs to a member.
    DashboardId = "dsh";
    /// A widget of a dashboard.
    WidgetId = "wdg";
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        for uuid in [Uuid::from_u128(0), Uuid::from_u128(u128::MAX), Uuid::now_v7(), Uuid::new_v4()] {
            let id = DoctorId::from_uuid(uuid);
            assert_eq!(DoctorId::from_text(&id.to_text()), id);
        }
        // Test vector of the TypeID specification.
        let known = Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        assert_eq!(DoctorId::from_uuid(known).to_text(), "doc_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn whatever_is_not_an_id_of_the_kind_is_the_row_that_does_not_exist() {
        let doctor = DoctorId::generate().to_text();
        let dso = DsoId::generate().to_text();
        for text in [
            "",
            "doc_",
            "doc",
            &dso,
            &doctor[..29],
            &doctor.to_uppercase(),
            "doc_zzzzzzzzzzzzzzzzzzzzzzzzzz",
            &format!("{doctor} "),
        ] {
            assert_eq!(
                DoctorId::from_text(text),
                DoctorId::from_uuid(Uuid::nil()),
                "`{text}` was taken for a doctor's id"
            );
        }
    }
}
