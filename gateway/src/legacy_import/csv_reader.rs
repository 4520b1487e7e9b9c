//! One CSV file as rows.
//!
//! Owns: RFC 4180, the header, and what is wrong with a row as such. May use: the csv crate. Invariant: every record of the
//! file comes out once, as fields or as a fault, and no line is swallowed by a quote that is never closed.

use std::io::Read as _;

use super::{export::LegacyFile, field_reader::FieldReader};

/// Stands behind the file's end: a record that contains it has an open quote.
const END: &[u8] = b"\n\x01\n";
const END_FIELD: &[u8] = b"\x01";
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A file whose header is sound.
pub(super) struct CsvReader<'a> {
    file: LegacyFile,
    data: &'a [u8],
    /// Where each needed column is.
    places: Vec<usize>,
    width: usize,
    /// Columns that nobody knows.
    pub(super) extra: Vec<String>,
}

/// One record of a file.
pub(super) struct Row {
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// Where it ends, in bytes from the file's start.
    pub(super) end: u64,
    /// Its text as it stands in the file.
    pub(super) text: String,
    /// Its fields, or why it has none.
    pub(super) fields: Result<FieldReader, String>,
}

impl<'a> CsvReader<'a> {
    /// Reads the header; on failure, tells everything that is wrong with it. A file without a byte has no rows.
    pub(super) fn open(file: LegacyFile, bytes: &'a [u8]) -> Result<Self, Vec<String>> {
        let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
        let mut sheet = CsvReader { file, data: bytes, places: Vec::new(), width: 0, extra: Vec::new() };
        let mut records = Records { data: bytes, from: 0, lines: 0, reader: None };
        let Some(Record { bytes: header, .. }) = records.next() else {
            return Ok(sheet);
        };
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase()).collect();
        let mut problems = Vec::new();
        for column in file.columns() {
            let mut places = names.iter().enumerate().filter(|(_, name)| name == column).map(|(place, _)| place);
            match (places.next(), places.next()) {
                (Some(place), None) => sheet.places.push(place),
                (None, _) => problems.push(format!("`{}.csv` has no column `{column}`", file.name())),
                (Some(_), Some(_)) => problems.push(format!("`{}.csv` has the column `{column}` twice", file.name())),
            }
        }
        let known = |name: &&String| file.columns().contains(&name.as_str()) || file.ignored().contains(&name.as_str());
        sheet.extra = names.iter().filter(|name| !known(name)).cloned().collect();
        sheet.width = names.len();
        if problems.is_empty() { Ok(sheet) } else { Err(problems) }
    }

    /// The records below the header.
    pub(super) fn into_rows(self) -> Rows<'a> {
        let mut records = Records { data: self.data, from: 0, lines: 0, reader: None };
        drop(records.next());
        Rows { sheet: self, records }
    }

    fn fields(&self, record: &Record) -> Result<FieldReader, String> {
        if record.bytes.len() != self.width {
            return Err(format!("the row has {} fields, the header {}", record.bytes.len(), self.width));
        }
        let read = |place: &usize| {
            let bytes = record.bytes.get(*place).unwrap_or_default();
            let text = std::str::from_utf8(bytes).map_err(|_| "the row is not UTF-8".to_owned())?;
            if text.contains('\0') { Err("the row has a zero byte".to_owned()) } else { Ok(text.trim().to_owned()) }
        };
        Ok(FieldReader::new(self.file.columns(), self.places.iter().map(read).collect::<Result<_, _>>()?))
    }
}

/// The records of a file, one after the other.
pub(super) struct Rows<'a> {
    sheet: CsvReader<'a>,
    records: Records<'a>,
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let record = self.records.next()?;
        let fields = match &record.fault {
            Some(fault) => Err(fault.clone()),
            None => self.sheet.fields(&record),
        };
        Some(Row { line: record.line, end: record.end as u64, text: record.text, fields })
    }
}

struct Record {
    line: u64,
    end: usize,
    text: String,
    bytes: csv::ByteRecord,
    fault: Option<String>,
}

type Reader<'a> = csv::Reader<std::io::Chain<&'a [u8], &'static [u8]>>;

struct Records<'a> {
    data: &'a [u8],
    /// Where the reader began, in bytes and lines.
    from: usize,
    lines: u64,
    reader: Option<Reader<'a>>,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let rest = self.data.get(self.from..)?;
        let reader = self.reader.get_or_insert_with(|| {
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest.chain(END))
        });
        let mut bytes = csv::ByteRecord::new();
        // Reading bytes from memory with rows of any width, the csv crate has nothing to fail on.
        if !reader.read_byte_record(&mut bytes).unwrap_or(false) {
            return None;
        }
        let after = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let start = bytes.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let line = self.lines + bytes.position().map_or(1, csv::Position::line);
        // The file's last record may take the line break of the end along, and nothing more of it.
        if after > rest.len() + 1 {
            let is_end = bytes.len() == 1 && bytes.get(0) == Some(END_FIELD);
            return if is_end { None } else { self.unclosed(start, line) };
        }
        let raw = rest.get(start..after.min(rest.len())).unwrap_or_default();
        let blank = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let newlines = raw.iter().take(blank).filter(|byte| **byte == b'\n').count() as u64;
        let text = String::from_utf8_lossy(raw).trim_matches(['\r', '\n']).to_owned();
        Some(Record { line: line + newlines, end: self.from + after.min(rest.len()), text, bytes, fault: None })
    }
}

impl Records<'_> {
    /// Gives out the first line of a record that goes on to the file's end, and begins anew behind that line.
    fn unclosed(&mut self, start: usize, line: u64) -> Option<Record> {
        let rest = self.data.get(self.from + start..)?;
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line = line + rest.iter().take(blank).filter(|byte| **byte == b'\n').count() as u64;
        let body = rest.get(blank..)?;
        let length = body.iter().position(|byte| *byte == b'\n').map_or(body.len(), |newline| newline + 1);
        let text = String::from_utf8_lossy(body.get(..length)?).trim_end_matches(['\r', '\n']).to_owned();
        self.from += start + blank + length;
        self.lines = line;
        self.reader = None;
        let fault = Some("a quote is opened and never closed".to_owned());
        Some(Record { line, end: self.from, text, bytes: csv::ByteRecord::new(), fault })
    }
}

#[cfg(test)]
mod tests;
