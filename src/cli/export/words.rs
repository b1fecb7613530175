//! Keys of a layout as identifiers of other languages: legal, distinct, and the same tomorrow.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// A word of each key, in their order. Keys that would have one word between them all get a mark made of the key itself, so
/// that a key that comes later changes no word but of those it is confused with.
pub(super) fn distinct(keys: &[String], word: impl Fn(&str) -> String) -> Vec<String> {
    let words: Vec<String> = keys.iter().map(|key| word(key)).collect();
    let mut count = BTreeMap::<&str, usize>::new();
    for word in &words {
        *count.entry(word).or_default() += 1;
    }
    let mut taken: BTreeSet<String> =
        count.iter().filter(|(_, n)| **n == 1).map(|(word, _)| (*word).to_owned()).collect();
    let each = words.iter().zip(keys).map(|(word, key)| {
        if count[word.as_str()] == 1 {
            return word.clone();
        }
        let mut marked = format!("{word}_{}", mark(key));
        while !taken.insert(marked.clone()) {
            marked.push('_');
        }
        marked
    });
    each.collect()
}

/// Digits alone, so that capitals make no difference.
fn mark(key: &str) -> u32 {
    let digest = Sha256::digest(key.as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// ASCII letters, digits and `_`, and no digit first: legal as an environment variable and in Terraform.
pub(super) fn identifier(text: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let word: String = text.chars().map(legal).collect();
    if word.starts_with(|c: char| c.is_ascii_digit()) || word.is_empty() { format!("_{word}") } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(keys: &[&str]) -> Vec<String> {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        distinct(&keys, identifier)
    }

    #[test]
    fn keys_become_identifiers() {
        assert_eq!(words(&["app", "read-only", "2nd", "", "naïve"]), ["app", "read_only", "_2nd", "_", "na_ve"]);
    }

    #[test]
    fn keys_that_look_alike_stay_apart() {
        let both = words(&["a-b", "a.b", "c"]);
        assert!(both[0].starts_with("a_b_") && both[1].starts_with("a_b_") && both[0] != both[1], "{both:?}");
        assert_eq!(both[2], "c");
        // whatever else is there, and even if a key looks like a word with a mark
        let more = words(&["a", "a-b", "a.b", &both[0], "z"]);
        assert_eq!(more[2], both[1]);
        assert_eq!(more.iter().collect::<BTreeSet<_>>().len(), 5, "{more:?}");
    }
}
