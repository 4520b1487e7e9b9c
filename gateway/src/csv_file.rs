//! Files that are opened in a spreadsheet.
//!
//! Owns: the one writer of CSV. May use: the csv crate. Invariant: no cell is taken for a formula by the spreadsheet that opens the file,
//! whoever has written its text: an apostrophe stands before what would be one.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

/// Writes rows.
pub(crate) struct CsvFile<W: Write>(csv::Writer<W>);

/// Whether the head line is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListLayout {
    /// These are the first rows.
    With,
    /// They go on from others.
    Without,
}

impl<W: Write> CsvFile<W> {
    pub(crate) fn to(out: W) -> Self {
        Self(csv::Writer::from_writer(out))
    }

    /// Writes one row of texts.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> csv::Result<()> {
        for text in cells {
            self.0.write_field(cell(text).as_ref())?;
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// Writes rows whose cells are the fields of a structure, and perhaps their names before.
    pub(crate) fn rows(&mut self, rows: impl IntoIterator<Item = impl Serialize>, head: ListLayout) -> csv::Result<()> {
        let mut plain = csv::WriterBuilder::new().has_headers(head == ListLayout::With).from_writer(Vec::new());
        for row in rows {
            plain.serialize(row)?;
        }
        let bytes = plain.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            self.row(&record)?;
        }
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn end(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// A cell's text with an apostrophe before what would be a formula: at its beginning, and behind what separates cells where people write
/// commas in their numbers.
fn cell(text: &str) -> Cow<'_, str> {
    let mut places = Vec::new();
    // Where a formula would begin: blanks before it are passed over.
    let mut start = Some(0);
    for (at, letter) in text.char_indices() {
        match letter {
            ';' | '\t' | '\r' | '\n' => start = start.or(Some(at + 1)),
            _ if is_blank(letter) => {}
            _ => {
                if let Some(start) = start.take().filter(|_| begins_formula(letter)) {
                    places.push(start);
                }
            }
        }
    }
    // A cell that begins with one of these is told apart from others by some spreadsheets only.
    if text.starts_with(['\t', '\r', '\n']) && places.first() != Some(&0) {
        places.insert(0, 0);
    }
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for place in places {
        safe.push_str(&text[from..place]);
        safe.push('\'');
        from = place;
    }
    safe.push_str(&text[from..]);
    Cow::Owned(safe)
}

fn begins_formula(letter: char) -> bool {
    // The last four are the same in full width, as spreadsheets of East Asia take them.
    matches!(letter, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

/// What is not seen before a text.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("\nx", "'\nx"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff0d}1", "'\u{ff0d}1"),
            ("\u{ff20}x", "'\u{ff20}x"),
            ("  =1", "'  =1"),
            ("\u{a0}\u{feff}\u{200b}=1", "'\u{a0}\u{feff}\u{200b}=1"),
            ("\t=1", "'\t=1"),
            ("agent;=1;+2", "agent;'=1;'+2"),
            ("agent; =1", "agent;' =1"),
            ("two\n=1", "two\n'=1"),
        ] {
            assert_eq!(cell(text), safe, "{text:?}");
        }
    }

    #[test]
    fn every_other_text_stays_as_it_is() {
        for text in
            ["", "a", "'", "a=b", "1-2", "{\"a\":-1}", "Mozilla/5.0 (X11; Linux)", " a", "Zo\u{eb}", "2026-11-30"]
        {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn rows_of_texts_and_of_structures_are_written_alike() {
        #[derive(Serialize)]
        struct Row {
            name: &'static str,
            note: Option<&'static str>,
        }
        let mut texts = CsvFile::to(Vec::new());
        texts.row(["name", "note"]).unwrap();
        texts.row(["=a,b", ""]).unwrap();
        let mut structures = CsvFile::to(Vec::new());
        structures.rows([Row { name: "=a,b", note: None }], ListLayout::With).unwrap();
        let expected = "name,note\n\"'=a,b\",\n";
        assert_eq!(String::from_utf8(texts.end().unwrap()).unwrap(), expected);
        assert_eq!(String::from_utf8(structures.end().unwrap()).unwrap(), expected);
    }
}
