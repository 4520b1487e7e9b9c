//! Hostile documents.
//!
//! Owns: their generation: deep, wide, long, hidden behind comments and strings, and almost valid. Invariant: the same
//! seed generates the same documents.

/// A generator of documents.
pub struct Hostile(u64);

/// Fragments of text with a special meaning in comments, strings and values.
const PIECES: [&str; 28] = [
    "[", "]", "{", "}", "(", ")", "#", "\"", "\"\"\"", "\\", "\\\\", "\\\"", "\\\"\"\"", "\r", "\n", "\u{feff}", "é",
    "a", ",", "...", "1", "$a", ":", "\\u0041", "\\ud83d", "@", "!", "\u{0}",
];

/// Nested lists with as many rows as possible; `§` is the placeholder for the fields of a row.
const ROWS: [&str; 5] = [
    "doctors(first: 100) { nodes { § } }",
    "doctors(first: 100) { edges { cursor node { § } } }",
    "dsos(first: 50) { nodes { doctors(first: 50) { nodes { § } } } }",
    "dsos(first: 50) { nodes { doctors(first: 50) { edges { cursor node { § } } } doctors(first: 50) { nodes { § } } } }",
    "activities(first: 100) { nodes { id doctor { § } } }",
];

impl Hostile {
    /// A generator with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which must not be 0 (SplitMix64).
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % end as u64).unwrap_or_default()
    }

    fn of<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.below(among.len())]
    }

    fn pieces(&mut self, most: usize) -> String {
        (0..self.below(most)).map(|_| self.of(&PIECES)).collect()
    }

    /// A number of levels: mostly small, sometimes as large as fits into a body.
    fn levels(&mut self) -> usize {
        match self.below(4) {
            0 => self.below(12),
            1 => self.below(70),
            2 => self.below(2_000),
            _ => self.below(40_000),
        }
    }

    /// Ignored text between two tokens that may hide the text after it.
    fn ignored(&mut self) -> String {
        match self.below(6) {
            0 => format!("#{}\r", self.pieces(6).replace(['\r', '\n'], "")),
            1 => format!("#{}\n", self.pieces(6).replace(['\r', '\n'], "")),
            2 => "\u{feff}".to_owned(),
            3 => ",".repeat(self.below(40) + 1),
            _ => " ".to_owned(),
        }
    }

    fn string(&mut self) -> String {
        match self.below(5) {
            0 => format!("\"{}\"", self.pieces(8)),
            1 => format!("\"\"\"{}\"\"\"", self.pieces(8)),
            2 => format!("\"\"\"{}\"\"\"", self.pieces(8).replace("\"\"\"", "\\\"\"\"")),
            3 => format!("\"{}\"", "\\u0041".repeat(self.below(4_000))),
            _ => format!("\"{}\"", "x".repeat(self.below(30_000))),
        }
    }

    fn value(&mut self) -> String {
        let (open, close) = [("[", "]"), ("{a:", "}"), ("[{a:[", "]}]"), ("[[],", "]")][self.below(4)];
        let levels = self.levels();
        let hidden = self.ignored();
        let inside = if self.below(2) == 0 { self.string() } else { "1".to_owned() };
        let closed = if self.below(4) == 0 { String::new() } else { close.repeat(levels) };
        format!("{hidden}{}{inside}{closed}", open.repeat(levels))
    }

    /// The next document.
    pub fn document(&mut self) -> String {
        match self.below(14) {
            0 => format!("{{a(b:{}{})}}", self.ignored(), self.value()),
            1 => format!("{{a(x:{},b:{})}}", self.string(), self.value()),
            2 => format!("query($x:Int={}){{a}}", self.value()),
            3 => {
                let levels = self.levels();
                format!("query($x:{}{}Int{}){{a}}", self.ignored(), "[".repeat(levels), "]".repeat(levels))
            }
            4 => format!("{{viewer{{name@include(if:{})}}}}", self.value()),
            5 => {
                let levels = self.levels();
                let part = self.of(&["{a", "{...on Query", "{viewer", "{b:a(x:1)"]);
                format!("{}{}{}", self.ignored(), part.repeat(levels), "}".repeat(levels))
            }
            6 => {
                let length = self.levels().min(3_000);
                let chain = (0..length).map(|link| format!("fragment f{link} on Query{{...f{}}}", link + 1));
                format!("{{...f0}}{}fragment f{length} on Query{{viewer{{name}}}}", chain.collect::<String>())
            }
            7 => {
                let key = "x".repeat([1, 60, 64, 65, 1_000, 30_000][self.below(6)]);
                let rows = self.of(&ROWS).replace('§', &format!("{key}: name"));
                format!("{{{rows}}}")
            }
            8 => {
                let aliases =
                    (0..=self.below(32)).map(|n| format!("{}{n}: notes ", "k".repeat(60))).collect::<Vec<_>>().concat();
                format!("{{{}}}", self.of(&ROWS).replace('§', &aliases))
            }
            9 => {
                let aliases =
                    (0..self.below(30)).map(|n| format!("{}{n}: name ", "k".repeat(60))).collect::<Vec<_>>().concat();
                let inner = self.of(&[
                    "",
                    "args { name type { name } }",
                    "type { fields { name } }",
                    "type { enumValues { name } }",
                ]);
                format!("{{__schema{{types{{name description fields{{name {aliases}{inner}}}}}}}}}")
            }
            10 => format!("{{{}}}", self.of(&ROWS).replace('§', "id name email phone")),
            11 => {
                let text = "query Q($n: Int = 3) { doctors(first: $n, filter: { text: \"a\" }) { nodes { id name } totalCount } }";
                let (at, piece) = (self.below(text.len()), self.pieces(12));
                format!("{}{piece}{}", &text[..at], &text[at..])
            }
            12 => format!("{{{}}}", "viewer{name}".repeat(self.levels().min(2_500))),
            _ => self.pieces(4_000),
        }
    }
}
