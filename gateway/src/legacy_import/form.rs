//! In which form an export's files are written.
//!
//! Owns: telling apart UTF-8 with commas from what spreadsheets write besides. May use: the export. Invariant: a whole export in another form is
//! one line, not one for each column that is not found in it.

use super::{Export, LegacyError, LegacyFile};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What else stands between the fields of files that are called CSV.
const SEPARATORS: [(u8, &str); 3] =
    [(b';', "written with semicolons"), (b'\t', "written with tabs"), (b'|', "written with bars")];

/// Refuses files in another form, all of one form together.
pub(super) fn check(export: &Export) -> Result<(), LegacyError> {
    for (form, mend) in FORMS {
        let mut files = LegacyFile::ALL.iter().filter(|file| form_of(**file, export.bytes(**file)) == Some(form));
        let Some(first) = files.next() else { continue };
        let files = match files.count() {
            0 => format!("`{}.csv` is", first.name()),
            1 => format!("`{}.csv` and one other file are", first.name()),
            more => format!("`{}.csv` and {more} other files are", first.name()),
        };
        return Err(LegacyError::Form { files, form, mend });
    }
    Ok(())
}

/// Each form with what mends it.
const FORMS: [(&str, &str); 5] = [
    ("in UTF-32", IN_UTF_8),
    ("in UTF-16", IN_UTF_8),
    ("written with semicolons", WITH_COMMAS),
    ("written with tabs", WITH_COMMAS),
    ("written with bars", WITH_COMMAS),
];
const IN_UTF_8: &str = "export them in UTF-8";
const WITH_COMMAS: &str = "export them with commas between the fields";

fn form_of(file: LegacyFile, bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => {
            return Some("in UTF-32");
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [_, 0, ..] | [0, _, ..] => return Some("in UTF-16"),
        _ => {}
    }
    let head = bytes.strip_prefix(BOM).unwrap_or(bytes).split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let names = |separator: u8| {
        let names = head.split(move |byte| *byte == separator);
        names
            .map(|name| String::from_utf8_lossy(name).trim_matches(['"', ' ']).to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    let has_all = |separator| {
        let names = names(separator);
        file.columns().iter().all(|column| names.iter().any(|name| name == column))
    };
    SEPARATORS.into_iter().find(|(separator, _)| has_all(*separator)).map(|(_, form)| form)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An export whose files have their columns and no rows, written in another form.
    fn export(write: impl Fn(&str) -> Vec<u8>) -> Export {
        Export::from_files(LegacyFile::ALL.iter().map(|file| (*file, write(&file.columns().join(",")))))
    }

    fn refused(export: &Export) -> String {
        check(export).map_or_else(|refused| refused.to_string(), |()| "taken".to_owned())
    }

    #[test]
    fn an_export_in_another_encoding_is_one_line_that_names_it() {
        let wide = "`dsos.csv` and 10 other files are in UTF-16: export them in UTF-8";
        for mark in ["\u{feff}", ""] {
            let text = |head: &str| format!("{mark}{head}\r\n");
            assert_eq!(refused(&export(|head| text(head).encode_utf16().flat_map(u16::to_le_bytes).collect())), wide);
            assert_eq!(refused(&export(|head| text(head).encode_utf16().flat_map(u16::to_be_bytes).collect())), wide);
            let wider = export(|head| text(head).chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect());
            assert_eq!(refused(&wider), wide.replace("16", "32"));
        }
    }

    #[test]
    fn an_export_with_another_separator_is_one_line_that_names_it() {
        for (separator, form) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
            let said = format!(
                "`dsos.csv` and 10 other files are written with {form}: export them with commas between the fields"
            );
            let separated = |head: &str| head.replace(',', separator);
            assert_eq!(refused(&export(|head| separated(head).into_bytes())), said);
            let quoted = |head: &str| {
                format!("\u{feff}\"{}\"\r\n", separated(head).replace(separator, &format!("\"{separator}\"")))
            };
            assert_eq!(refused(&export(|head| quoted(head).into_bytes())), said);
        }
        let one = Export::from_files([(LegacyFile::Terminology, b"dso_id;key;label\nd;a;b\n".to_vec())]);
        assert_eq!(
            refused(&one),
            "`terminology.csv` is written with semicolons: export them with commas between the fields"
        );
    }

    #[test]
    fn what_is_missing_in_a_sound_form_is_told_by_the_columns() {
        for text in ["", "dso_id,key;label", "dso_id,key,label\nd,a;b,c|d", "d", "\u{feff}"] {
            let export = Export::from_files([(LegacyFile::Terminology, text.as_bytes().to_vec())]);
            assert_eq!(refused(&export), "taken", "{text}");
        }
    }
}
