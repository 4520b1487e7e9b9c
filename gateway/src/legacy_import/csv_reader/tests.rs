//! Files as they come, and as they must not come.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::{CsvReader, LegacyFile};

/// Line, key and label of a row, or the fault.
type Told = (u64, Result<(String, String), String>);

fn read(bytes: &[u8]) -> Vec<Told> {
    let sheet = CsvReader::open(LegacyFile::Terminology, bytes).unwrap();
    let value = |fields: &super::FieldReader, column| fields.value(column).unwrap_or_default().to_owned();
    sheet.into_rows().map(|row| (row.line, row.fields.map(|f| (value(&f, "key"), value(&f, "label"))))).collect()
}

fn ok(line: u64, key: &str, label: &str) -> Told {
    (line, Ok((key.to_owned(), label.to_owned())))
}

#[test]
fn rows_come_out_with_their_lines_however_lines_end() {
    let text = "dso_id,key,label\nd,a,\"x,\n\"\"y\"\"\"\n\nd, b ,z\n";
    let expected = vec![ok(2, "a", "x,\n\"y\""), ok(5, "b", "z")];
    assert_eq!(read(text.as_bytes()), expected);
    assert_eq!(read(text.trim_end().as_bytes()), expected, "without a last line break");
    assert_eq!(read(format!("\u{feff}{text}").as_bytes()), expected, "with a byte order mark");
    let windows = vec![ok(2, "a", "x,\r\n\"y\""), ok(5, "b", "z")];
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes()), windows, "with CRLF");
}

#[test]
fn columns_are_found_by_name() {
    let text = " Label ,extra,KEY,dso_id\nx,?,a,d\n";
    let sheet = CsvReader::open(LegacyFile::Terminology, text.as_bytes()).unwrap();
    assert_eq!(sheet.extra, ["extra"]);
    assert_eq!(read(text.as_bytes()), [ok(2, "a", "x")]);
}

#[test]
fn a_header_tells_everything_that_it_lacks() {
    let problems = CsvReader::open(LegacyFile::Terminology, b"dso_id,dso_id,word\n").err().unwrap();
    assert_eq!(
        problems,
        [
            "`terminology.csv` has the column `dso_id` twice",
            "`terminology.csv` has no column `key`",
            "`terminology.csv` has no column `label`",
        ]
    );
}

#[test]
fn a_file_without_rows_is_fine() {
    for bytes in ["", "\u{feff}", "\n", "dso_id,key,label", "dso_id,key,label\r\n\r\n"] {
        assert!(read(bytes.as_bytes()).is_empty(), "{bytes:?}");
    }
}

#[test]
fn a_broken_row_costs_no_other() {
    let rows = read(b"dso_id,key,label\nd,a\nd,a,b,c\nd,\xff,b\nd,a\0,b\nd,c,e\n");
    let faults: Vec<_> = rows.iter().map(|(line, row)| (*line, row.as_ref().err().map(String::as_str))).collect();
    assert_eq!(
        faults,
        [
            (2, Some("the row has 2 fields, the header 3")),
            (3, Some("the row has 4 fields, the header 3")),
            (4, Some("the row is not UTF-8")),
            (5, Some("the row has a zero byte")),
            (6, None),
        ]
    );
}

#[test]
fn an_open_quote_swallows_no_line() {
    for end in ["\n", "\r\n"] {
        let text = ["dso_id,key,label", "d,a,x", "d,b,\"y", "d,c,z", "", "d,d,z", ""].join(end);
        for text in [text.as_str(), text.trim_end()] {
            let rows = read(text.as_bytes());
            let open = (3, Err("a quote is opened and never closed".to_owned()));
            assert_eq!(rows, [ok(2, "a", "x"), open, ok(4, "c", "z"), ok(6, "d", "z")], "{text:?}");
        }
    }
    assert_eq!(read(b"dso_id,key,label\nd,a,x\nd,b,\"y").len(), 2);
}
