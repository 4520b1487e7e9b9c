//! A generator of broken exports: the same seed breaks in the same way.

use crate::legacy_import::{Export, LegacyFile};

/// Small and repeatable; no quality is asked of it.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Values that some column does not want.
const VALUES: [&[u8]; 22] = [
    b"",
    b"   ",
    b"0",
    b"13",
    b"-1",
    b"120",
    b"1e9",
    b"maybe",
    b"SMS",
    b"fax",
    b"nobody",
    b"NULL",
    b"a@b@c",
    b"A@X.example ",
    b"2026-02-25",
    b"2026-13-01 00:00:00Z",
    b"2026-02-25 11:47:30",
    b"0000-01-01T00:00:00Z",
    b"00000000-0000-0000-0000-000000000000",
    b"d1ba5c0f-afdb-491d-8376-099813199de0",
    b"\xff\xfe",
    b"a\0b",
];

/// The export with about one row in ten broken, columns in another order, and strange line ends.
pub(super) fn broken(export: &Export, seed: u64) -> Export {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
    Export::from_files(LegacyFile::ALL.iter().map(|file| (*file, broken_file(export.bytes(*file), *file, &mut dice))))
}

fn broken_file(bytes: &[u8], file: LegacyFile, dice: &mut Dice) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut rows: Vec<Vec<Vec<u8>>> =
        reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect();
    // Somebody must stay to own the organization.
    let first = if file == LegacyFile::Users { 2 } else { 1 };
    let width = rows[0].len();
    for _ in 0..(rows.len() / 10).max(3) {
        let at = first + dice.below((rows.len() - first).max(1));
        let Some(row) = rows.get(at).cloned() else { continue };
        match dice.below(6) {
            0 => rows.insert(at, row),
            1 => rows[at].truncate(dice.below(width)),
            2 => rows[at].push(b"more".to_vec()),
            _ if row.is_empty() => {}
            3 => rows[at][dice.below(row.len())] = "ü".repeat(25_000).into_bytes(),
            4 => rows.insert(at, changed(row, dice)),
            _ => rows[at] = changed(row, dice),
        }
    }
    let turn = dice.below(width);
    for row in rows.iter_mut().filter(|row| row.len() == width) {
        row.rotate_left(turn);
        row.push(b"?".to_vec());
    }
    let ends = if dice.below(2) == 0 { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(ends).from_writer(Vec::new());
    for row in rows.iter().filter(|row| !row.is_empty()) {
        writer.write_byte_record(&row.iter().map(Vec::as_slice).collect()).unwrap();
    }
    let mut text = if dice.below(2) == 0 { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
    text.extend(writer.into_inner().unwrap());
    if dice.below(3) == 0 {
        text.extend_from_slice(b"\"never closed");
    }
    text
}

fn changed(mut row: Vec<Vec<u8>>, dice: &mut Dice) -> Vec<Vec<u8>> {
    let column = dice.below(row.len());
    row[column] = dice.one(&VALUES).to_vec();
    row
}
