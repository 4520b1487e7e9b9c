//! The flat export of the system before: reading it, cleaning it, telling what became of it.
//!
//! Owns: the rules by which a row is taken, merged with another or refused. May use: `entity::import`, which writes; no SQL.
//! Invariant: for every file, read = taken + merged + refused, and nobody loses access but those who were excluded.
//!
//! | fault | rule |
//! |---|---|
//! | UTF-16, UTF-32; semicolons, tabs or bars for commas | error that names the form; nothing is imported |
//! | a file or a needed column is missing, a column occurs twice | error naming all of them; nothing is imported |
//! | columns in another order, names in other letter case, BOM, CRLF, no rows | taken as they are |
//! | a column that we do not know | ignored, with a remark |
//! | too few or too many fields, bad UTF-8, a zero byte | refused |
//! | a quote that is never closed | its line is refused; reading goes on at the next line |
//! | blanks around a value | cut off; a value of blanks is no value |
//! | no or no sound id, name, title, key or label; a text over its column's limit | refused; never cut |
//! | the same id (or, without an id, the same doctor and period, DSO and key) again | the same content: merged; other content: refused, the first wins |
//! | the row is in the database already | merged; what is there is left as it is |
//! | the DSO, doctor, course or user that a row hangs on is gone | refused |
//! | a row's optional user or doctor (activity, invitation, attendee) is gone | taken without, with a remark |
//! | two users with one address (trimmed, lower case) | merged into the first: ids mapped, access united |
//! | a user whose address is known here under another id | merged into that one |
//! | a user whose id belongs here to another address | refused |
//! | several roles for one user and DSO | the strongest is taken, the others are merged |
//! | roles, kinds, states, risks, booleans | in any letter case; `sms` is TEXT, `call` PHONE, `mail` EMAIL; `true t yes y 1`, `false f no n 0` |
//! | an unknown role, kind, state or boolean | refused |
//! | period not 1 to 12, percent not 0 to 100 | refused |
//! | a doctor's own period out of range, unknown risk, unsound e-mail or time of joining; an attendee's unsound e-mail; a course's unsound time | taken without the value, with a remark |
//! | times | date, `T` or blank, time, fraction if any, zone (`Z`, `+00`, `+0000`, `+00:00`); kept in UTC to the microsecond; years 1900 to 9999 |
//! | an unsound time, or one without a zone, that the row needs | refused |
//! | no or no sound `created_at` | the time of the import, with a remark |
//! | an invitation | ACCEPTED if it has `accepted_at`, else EXPIRED after `expires_at`, else PENDING; of an excluded person REVOKED instead of PENDING |
//! | access of an excluded person | refused; their membership is REMOVED, so that what they did stays theirs |

mod access_comparison;
mod csv_reader;
mod error;
mod export;
mod field_reader;
mod form;
mod import_run;
mod people;
mod progress;
mod rejected_rows;
mod report;
mod row_parsers;
mod run;
mod slug;
mod tally;
#[cfg(test)]
pub(crate) mod tests;

pub use error::LegacyError;
pub use export::{Export, LegacyFile};
pub use progress::{Progress, Silent};
pub use report::{Access, Report};
pub use run::{Options, import};
pub use tally::{Remark, Tally};
