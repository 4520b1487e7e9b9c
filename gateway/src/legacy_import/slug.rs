//! An organization's name in addresses.
//!
//! Owns: one rule. May use: nothing. Invariant: the same name gives the same slug, by which a second import finds the
//! organization of the first.

/// Lower-case letters and digits of the name, a hyphen for whatever stands between them; none if fewer than 3 are left.
/// At most 48 characters.
pub(super) fn slug(name: &str) -> Option<String> {
    let spaced: String =
        name.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' }).collect();
    let joined: String = spaced.split_whitespace().collect::<Vec<_>>().join("-").chars().take(48).collect();
    let slug = joined.trim_matches('-').to_owned();
    (slug.len() >= 3).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_becomes_a_slug() {
        for (name, expected) in [
            ("CS12", Some("cs12")),
            ("AllSolutions", Some("allsolutions")),
            ("  Smile Partners, USA! ", Some("smile-partners-usa")),
            ("été", None),
            ("", None),
            ("ab", None),
        ] {
            assert_eq!(slug(name).as_deref(), expected, "{name}");
        }
        assert_eq!(slug(&"a".repeat(100)).map(|slug| slug.len()), Some(48));
    }
}
