//! Reads media types and lists of media ranges as RFC 9110 §5.6, §8.3.1 and §12.5.1 write them.
//!
//! Owns: the grammar. May use: nothing. Invariant: a member that breaks the grammar is no member; it never changes what
//! its neighbours mean.

/// `type/subtype;name=value`, where a range may have `*` for the subtype or for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaRange {
    /// Type and subtype, lower case.
    essence: String,
    /// Names in lower case; without the weight and what follows it.
    parameters: Vec<(String, String)>,
    weight: Weight,
}

const CHARSET: &str = "charset";

/// What clients call UTF-8, and ASCII.
const UTF_8: [&str; 4] = ["utf-8", "utf8", "us-ascii", "ascii"];

/// How much a range is wanted, in thousandths; 0 = not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight(u16);

impl Weight {
    pub(super) const FULL: Self = Self(1000);
    pub(super) const NONE: Self = Self(0);

    /// A decimal number. RFC 9110 §12.4.2 wants at most three decimals between 0 and 1; clients also write `.2`, `0.3333` and `5`: what is
    /// above 1 counts as 1, and no weight above 0 is cut down to it.
    fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let are_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && decimals.is_empty()) || !are_digits(whole) || !are_digits(decimals) {
            return None;
        }
        if whole.bytes().any(|digit| digit != b'0') {
            return Some(Self::FULL);
        }
        let thousandths: u16 = format!("{decimals:0<3}").get(..3)?.parse().ok()?;
        let is_zero = decimals.bytes().all(|digit| digit == b'0');
        Some(if is_zero { Self::NONE } else { Self(thousandths.max(1)) })
    }
}

/// How closely a range names a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Specificity {
    /// `*/*`
    Anything,
    /// `application/*`
    Type,
    /// By name.
    Named,
    /// By name and parameters.
    Parameters,
}

impl MediaRange {
    /// One media type, as in `Content-Type`: a range that names and weighs nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = split(text, b';').into_iter();
        // Java's own client writes `*` for `*/*`.
        let essence = parts.next().map(|essence| if essence == "*" { "*/*" } else { essence })?;
        let (main, sub) = essence.split_once('/')?;
        let is_range = sub == "*" || main != "*";
        if !is_token(main) || !is_token(sub) || !is_range {
            return None;
        }
        let mut range = Self { essence: essence.to_ascii_lowercase(), parameters: Vec::new(), weight: Weight::FULL };
        for part in parts {
            // Empty ones are allowed: `text/html;`.
            if part.is_empty() {
                continue;
            }
            let (name, value) = part.split_once('=')?;
            let value = unquote(value)?;
            if !is_token(name) {
                return None;
            }
            if name.eq_ignore_ascii_case("q") {
                // What follows the weight belonged to an extension that RFC 9110 has withdrawn.
                range.weight = Weight::parse(&value)?;
                break;
            }
            range.parameters.push((name.to_ascii_lowercase(), value));
        }
        Some(range)
    }

    /// Every sound member of a list.
    pub(super) fn list(text: &str) -> impl Iterator<Item = Self> {
        split(text, b',').into_iter().filter_map(Self::parse)
    }

    pub(super) fn essence(&self) -> &str {
        &self.essence
    }

    pub(super) fn weight(&self) -> Weight {
        self.weight
    }

    /// Whether it names no other encoding than UTF-8 or its subset ASCII. JSON knows no other parameter, so any other means nothing here.
    pub(super) fn is_in_utf8(&self) -> bool {
        let mut charsets = self.parameters.iter().filter(|(name, _)| name == CHARSET);
        charsets.all(|(_, value)| UTF_8.iter().any(|name| value.eq_ignore_ascii_case(name)))
    }

    /// How closely the range names `essence`, of which we write only UTF-8; none if it does not.
    pub(super) fn specificity(&self, essence: &str) -> Option<Specificity> {
        if !self.is_in_utf8() {
            return None;
        }
        if self.essence == essence {
            return Some(if self.parameters.is_empty() { Specificity::Named } else { Specificity::Parameters });
        }
        match self.essence.strip_suffix("/*")? {
            "*" => Some(Specificity::Anything),
            main => (essence.split_once('/')?.0 == main).then_some(Specificity::Type),
        }
    }
}

/// Splits at `separator` outside of quotes, without blanks around the parts. An open quote runs to the end.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(trim(&text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(trim(&text[start..]));
    parts
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The value of a token, or of a quoted string without its quotes and escapes.
fn unquote(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix('"') else { return is_token(text).then(|| text.to_owned()) };
    let (mut value, mut letters) = (String::with_capacity(inner.len()), inner.chars());
    loop {
        match letters.next()? {
            '"' => return letters.next().is_none().then_some(value),
            '\\' => value.push(letters.next()?),
            letter => value.push(letter),
        }
    }
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
