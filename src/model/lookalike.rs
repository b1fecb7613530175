//! Names that a reader takes for one another: the same letters in another case, normalisation, width or script, or with
//! characters between them that aren't seen.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{MixedScript as _, RestrictionLevel, RestrictionLevelDetection as _, skeleton};

use super::hidden::is_hidden;

/// Returns the pairs of names that look alike, each name with the first one that it looks like, in the order given.
/// Two names of ASCII alone, such as `modem` and `modern`, are told apart by whoever reads them: there the case counts.
#[must_use]
pub fn alike<T>(names: &[T], text: impl Fn(&T) -> &str) -> Vec<(&T, &T)> {
    let plain = names.iter().all(|name| text(name).is_ascii());
    let mut first: BTreeMap<String, Vec<&T>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for name in names {
        let shape = if plain { letters(text(name)) } else { skeleton(&letters(text(name))).collect() };
        let others = first.entry(shape).or_default();
        if others.iter().any(|other| text(other) == text(name)) {
            continue;
        }
        match others.iter().find(|other| look_alike(text(other), text(name))) {
            Some(other) => pairs.push((*other, name)),
            None => others.push(name),
        }
    }
    pairs
}

/// Returns whether two different names look alike.
fn look_alike(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    a == b || (!(a.is_ascii() && b.is_ascii()) && skeleton(&a).eq(skeleton(&b)))
}

/// What is seen of a name, in one case, width and normalisation.
fn letters(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
        return text.to_ascii_lowercase();
    }
    // a no-break space becomes a space, and an ideographic one too, before what is hidden goes
    let seen: String = text.nfkc().filter(|c| !is_hidden(*c)).collect();
    seen.trim().to_lowercase().nfkc().collect()
}

/// Returns in what two names that look alike differ: the characters in which they do, or, where one has more than the other,
/// what is between that with which both begin and end.
#[must_use]
pub fn difference(a: &str, b: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() == b.len() {
        let (a, b): (Vec<char>, Vec<char>) = a.iter().zip(&b).filter(|(a, b)| a != b).unzip();
        return (code_points(&a), code_points(&b));
    }
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = |all: &[char]| all[start..].to_vec();
    let (a, b) = (rest(&a), rest(&b));
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    (code_points(&a[..a.len() - end]), code_points(&b[..b.len() - end]))
}

/// More characters than these say nothing more.
const SHOWN: usize = 6;

/// `U+0430`, `U+0065 U+0301`, `nothing`.
fn code_points(chars: &[char]) -> String {
    if chars.is_empty() {
        return "nothing".to_owned();
    }
    let mut shown: Vec<String> = chars.iter().take(SHOWN).map(|c| code_point(*c)).collect();
    if chars.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(" ")
}

/// `U+200B`
#[must_use]
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Returns the first word of a name whose letters are of scripts that nobody writes in one word, such as Latin and
/// Cyrillic. What stands between `_`, `-`, `.` and blanks is a word: `заказы_ddl` has two.
#[must_use]
pub fn mixed_word(text: &str) -> Option<&str> {
    if text.is_ascii() {
        return None;
    }
    text.split(['_', '-', '.', ' ', '/', ':', '@']).find(|word| {
        // Japanese, Chinese and Korean are written with Latin letters in between
        !word.is_single_script() && word.detect_restriction_level() > RestrictionLevel::HighlyRestrictive
    })
}

/// Returns the characters of a word with their code points, those of ASCII apart: `U+0430 а`.
#[must_use]
pub fn beyond_ascii(word: &str) -> String {
    let mut seen: Vec<char> = Vec::new();
    for c in word.chars().filter(|c| !c.is_ascii() && !is_hidden(*c)) {
        if !seen.contains(&c) {
            seen.push(c);
        }
    }
    seen.iter().map(|c| format!("{} {c}", code_point(*c))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(names: &[&str]) -> Vec<(String, String)> {
        alike(names, |name| name).into_iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn what_a_reader_takes_for_one_another() {
        for (a, b) in [
            ("admin", "\u{430}dmin"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("admin", "ad\u{200b}min"),
            ("admin", "\u{ff41}\u{ff44}\u{ff4d}\u{ff49}\u{ff4e}"),
            ("admin", "ADMIN"),
            ("admin", "\u{410}DMIN"),
            ("admin", "admin "),
            ("scope", "\u{455}\u{441}\u{43e}\u{440}\u{435}"),
            ("stra\u{df}e", "STRA\u{1e9e}E"),
            ("a b", "a\u{a0}b"),
            ("jobs", "j\u{3bf}bs"),
            ("ord\u{131}nary", "ord\u{456}nary"),
        ] {
            assert_eq!(pairs(&[a, b]), [(a.to_owned(), b.to_owned())], "{a:?} {b:?}");
            assert_eq!(pairs(&["orders", b, "заказы", a]).len(), 1, "{a:?} {b:?}");
        }
    }

    #[test]
    fn and_what_he_does_not() {
        let names = ["modem", "modern", "app1", "appl", "app0", "appo", "orders_app", "orders-app", "заказы", "заказ"];
        assert_eq!(pairs(&names), []);
        assert_eq!(pairs(&["a", "a", "a"]), [], "the same name is no other");
        assert_eq!(pairs(&["日本", "日木", "caf\u{e9}", "cafe"]), []);
    }

    #[test]
    fn the_difference_is_shown() {
        let of = |a, b| difference(a, b);
        assert_eq!(of("admin", "\u{430}dmin"), ("U+0061".into(), "U+0430".into()));
        assert_eq!(of("admin", "ad\u{200b}min"), ("nothing".into(), "U+200B".into()));
        assert_eq!(of("e\u{301}x", "\u{e9}x"), ("U+0065 U+0301".into(), "U+00E9".into()));
        assert_eq!(of("Orders_App", "orders_app"), ("U+004F U+0041".into(), "U+006F U+0061".into()));
        assert_eq!(of("aa", "aaa"), ("nothing".into(), "U+0061".into()));
    }

    #[test]
    fn words_of_two_scripts() {
        for word in ["\u{430}dmin", "orders_\u{430}dmin", "j\u{3bf}bs"] {
            assert!(mixed_word(word).is_some(), "{word:?}");
        }
        for word in
            ["заказы_ddl", "注文_app", "API\u{30ad}\u{30fc}", "caf\u{e9}", "orders", "\u{1f680}", "a\u{202e}b", "größe"]
        {
            assert_eq!(mixed_word(word), None, "{word:?}");
        }
    }
}
