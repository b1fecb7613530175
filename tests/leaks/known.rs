//! What must not be seen, in each form in which it could be.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aho_corasick::AhoCorasick;

/// Each form, and what it is one of.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<String, &'static str>);

/// Shorter pieces would be found by chance.
const ENOUGH: usize = 12;

impl Known {
    pub(crate) fn learn(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= ENOUGH, "{what}: too short to be looked for");
        for form in forms(secret) {
            let _ = self.0.insert(form, what);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// For many texts.
    pub(crate) fn search(&self) -> Search<'_> {
        let builder = &mut AhoCorasick::builder();
        let automaton = builder.ascii_case_insensitive(true).build(self.0.keys()).expect("an automaton");
        Search { automaton, what: self.0.values().copied().collect(), forms: self.0.keys().collect() }
    }
}

pub(crate) struct Search<'a> {
    automaton: AhoCorasick,
    what: Vec<&'static str>,
    forms: Vec<&'a String>,
}

impl Search<'_> {
    /// What of it is in there, and what stands around it.
    pub(crate) fn found(&self, bytes: &[u8]) -> Vec<String> {
        let found = self.automaton.find_iter(bytes).map(|hit| {
            let (from, to) = (hit.start().saturating_sub(100), (hit.end() + 40).min(bytes.len()));
            let around = String::from_utf8_lossy(&bytes[from..to]).into_owned();
            format!("{} ({}) in {around:?}", self.what[hit.pattern()], self.forms[hit.pattern()])
        });
        found.take(3).collect()
    }
}

/// As it is, as URLs, JSON, SQL and base64 have it, and each half of it.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).expect("JSON");
    let mut url = String::new();
    for byte in secret.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => url.push(byte.into()),
            other => write!(url, "%{other:02X}").expect("written"),
        }
    }
    let whole = vec![
        secret.to_owned(),
        url,
        json.trim_matches('"').to_owned(),
        secret.replace('\'', "''"),
        secret.replace('\\', "\\\\").replace('\'', "\\'"),
        base64(secret.as_bytes()),
    ];
    let halves = |form: &String| {
        let half = (0..=form.len() / 2).rev().find(|at| form.is_char_boundary(*at)).unwrap_or(0);
        [form[..half].to_owned(), form[half..].to_owned()]
    };
    let pieces: Vec<String> = whole.iter().flat_map(halves).filter(|piece| piece.len() >= ENOUGH).collect();
    whole.into_iter().chain(pieces).collect()
}

/// Of the whole groups of three bytes: what follows depends on what stands behind the secret.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits >> shift & 63]))
    };
    bytes.as_chunks::<3>().0.iter().flat_map(|three| group(three)).collect()
}

#[test]
fn each_form_is_found() {
    let mut known = Known::default();
    known.learn("a password", "it's \"a\\b\" s3ntinel/of:ours@home");
    let search = known.search();
    for text in [
        "x it's \"a\\b\" s3ntinel/of:ours@home x",
        "postgresql://u:it%27s%20%22a%5Cb%22%20s3ntinel%2Fof%3Aours%40home@h",
        r#"{"password":"it's \"a\\b\" s3ntinel/of:ours@home"}"#,
        "PASSWORD 'it''s \"a\\b\" s3ntinel/of:ours@home'",
        "IT'S \"A\\B\" S3NTINEL",
        "aXQncyAiYVxiIiBzM250aW5lbC9vZjpvdXJzQGhvbWU=",
        "ntinel/of:ours@home",
    ] {
        assert!(!search.found(text.as_bytes()).is_empty(), "{text}");
    }
    assert!(search.found(b"s3nt/of:her@home").is_empty());
}
