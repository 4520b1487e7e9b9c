//! Cursors.
//!
//! Owns: sealing a place in a list into an opaque text, and opening it again. May use: HMAC. Invariant: a cursor opens
//! only in the organization, list and order it was made for, and only unchanged.

use data_encoding::BASE64URL_NOPAD;
use entity::{
    id::{OrganizationId, TypedId},
    queries::CursorPosition,
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::errors::ResolverError;

/// Bytes of the seal: 128 bits, which nobody guesses.
const MAC_BYTES: usize = 16;

/// What seals cursors.
#[derive(Clone)]
pub(crate) struct Cursors(Hmac<Sha256>);

/// What a cursor is bound to.
pub(crate) struct CursorScope {
    pub(crate) organization: OrganizationId,
    pub(crate) list: String,
}

impl Cursors {
    /// Seals with this secret, or with one that ends with the process.
    pub(crate) fn new(secret: Option<&[u8]>) -> Self {
        let mut own = Vec::with_capacity(32);
        let key = secret.unwrap_or_else(|| {
            // Random bits of two version 4 UUIDs: 244 of them, from the operating system.
            own.extend(Uuid::new_v4().into_bytes());
            own.extend(Uuid::new_v4().into_bytes());
            &own
        });
        // HMAC takes keys of any length; the fallback is there because its type says otherwise.
        Self(Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default())))
    }

    /// A cursor at a place.
    pub(crate) fn encode(&self, binding: &CursorScope, mark: &CursorPosition) -> Result<String, ResolverError> {
        let payload = serde_json::to_vec(mark).map_err(|_| ResolverError::Internal)?;
        let mut bytes = self.mac(binding, &payload).to_vec();
        bytes.extend(payload);
        Ok(BASE64URL_NOPAD.encode(&bytes))
    }

    /// The place of a cursor.
    pub(crate) fn decode(
        &self,
        binding: &CursorScope,
        name: &str,
        cursor: &str,
    ) -> Result<CursorPosition, ResolverError> {
        let refused = || ResolverError::BadUserInput(format!("`{name}` is not a cursor of this list in this order"));
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| refused())?;
        let (seal, payload) = bytes.split_at_checked(MAC_BYTES).ok_or_else(refused)?;
        let mut mac = self.0.clone();
        update(&mut mac, binding, payload);
        // In constant time.
        mac.verify_truncated_left(seal).map_err(|_| refused())?;
        serde_json::from_slice(payload).map_err(|_| refused())
    }

    fn mac(&self, binding: &CursorScope, payload: &[u8]) -> [u8; MAC_BYTES] {
        let mut mac = self.0.clone();
        update(&mut mac, binding, payload);
        let whole = mac.finalize().into_bytes();
        let mut seal = [0; MAC_BYTES];
        seal.copy_from_slice(&whole[..MAC_BYTES]);
        seal
    }
}

fn update(mac: &mut Hmac<Sha256>, binding: &CursorScope, payload: &[u8]) {
    mac.update(binding.organization.uuid().as_bytes());
    mac.update(binding.list.as_bytes());
    // No list's name holds a zero, so no other split of the same bytes gives the same seal.
    mac.update(&[0]);
    mac.update(payload);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use entity::queries::SortValue;

    use super::*;

    #[test]
    fn a_cursor_opens_only_where_it_was_made_and_only_unchanged() {
        let cursors = Cursors::new(Some(b"one"));
        let home = CursorScope { organization: OrganizationId::generate(), list: "Doctors Name Asc".to_owned() };
        let mark = CursorPosition { key: SortValue::Text("Dr. Müller".to_owned()), id: Uuid::now_v7() };
        let cursor = cursors.encode(&home, &mark).unwrap();
        assert_eq!(cursors.decode(&home, "after", &cursor).unwrap(), mark);

        let abroad = CursorScope { organization: OrganizationId::generate(), list: home.list.clone() };
        assert!(cursors.decode(&abroad, "after", &cursor).is_err(), "another organization's cursor was taken");
        let other = CursorScope { organization: home.organization, list: "Doctors Name Desc".to_owned() };
        assert!(cursors.decode(&other, "after", &cursor).is_err(), "another order's cursor was taken");
        assert!(Cursors::new(None).decode(&home, "after", &cursor).is_err(), "another key's cursor was taken");
        for position in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(cursors.decode(&home, "after", &changed).is_err(), "a cursor changed at {position} was taken");
        }
        for text in ["", "AAAA", "not a cursor", "é"] {
            assert!(cursors.decode(&home, "after", text).is_err(), "`{text}` was taken");
        }
    }
}
