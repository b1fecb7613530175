//! A password that can't be printed by accident.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A password. It has no Display, and its Debug shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Password(String);

/// So many bytes of a password in a row are a piece of it; fewer, it has in common with anything.
const PIECE: usize = 8;

/// Passwords that are shorter are looked for as they are alone.
const SHORT: usize = 6;

impl Password {
    pub(super) fn new(text: impl Into<String>) -> Password {
        Password(text.into())
    }

    /// The password itself, for the driver alone.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// `text`, unless a piece of the password occurs in it, as it is or encoded: a server that was sent a password may repeat it in
    /// its answer. A piece that `known` names have, such as the user's, is no secret.
    pub(super) fn withhold_from(&self, text: &str, known: &[&str]) -> String {
        if self.is_repeated_by(text, known) {
            "(not shown: it repeats the password)".to_owned()
        } else {
            text.to_owned()
        }
    }

    fn is_repeated_by(&self, text: &str, known: &[&str]) -> bool {
        let password = self.0.as_bytes();
        let shares = |text: &[u8], secret: &[u8], piece| shares(text, secret, piece, known);
        let plain = [text.as_bytes().to_vec(), undone(text, b'%'), undone(text, b'\\')];
        let hex: String = password.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let turns = |text: &[u8]| text.iter().rev().copied().collect::<Vec<u8>>();
        if plain.iter().any(|text| shares(text, password, PIECE) || shares(&turns(text), password, PIECE)) {
            return true;
        }
        // of fewer, too little is left to be told from anything else
        password.len() >= SHORT && {
            let sixes = text.replace('-', "+").replace('_', "/");
            shares(text.to_ascii_lowercase().as_bytes(), hex.as_bytes(), 2 * PIECE)
                || (0..3).any(|before| shares(sixes.as_bytes(), &base64(password, before), PIECE * 4 / 3))
        }
    }
}

/// Whether both have a piece in common, or the text has the whole of a password that is shorter than one.
fn shares(text: &[u8], secret: &[u8], piece: usize, known: &[&str]) -> bool {
    let length = piece.min(secret.len());
    let is_known =
        |piece: &&[u8]| known.iter().any(|name| name.as_bytes().windows(piece.len()).any(|part| part == *piece));
    let pieces: BTreeSet<&[u8]> = secret.windows(length.max(1)).filter(|piece| !is_known(piece)).collect();
    length > 0 && text.windows(length).any(|part| pieces.contains(part))
}

/// The bytes of a text in which some are written as the mark, perhaps an x, and two hexadecimal digits.
fn undone(text: &str, mark: u8) -> Vec<u8> {
    let mut bytes = text.as_bytes();
    let mut undone = Vec::with_capacity(bytes.len());
    while let [first, rest @ ..] = bytes {
        let digits = rest.strip_prefix(b"x").unwrap_or(rest);
        let value = match digits {
            [high, low, ..] if *first == mark => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low)
            }
            _ => None,
        };
        (bytes, _) = match value {
            Some(value) => (&digits[2..], undone.push(value)),
            None => (rest, undone.push(*first)),
        };
    }
    undone
}

/// Base64 of the password behind so many other bytes, without the characters that depend on them or on what follows. Both
/// alphabets are written as the first.
fn base64(password: &[u8], before: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = before * 8..(before + password.len()) * 8;
    let bit = |at: usize| (password[at / 8 - before] >> (7 - at % 8)) & 1;
    let whole = bits.start.div_ceil(6)..bits.end / 6;
    whole.map(|at| ALPHABET[usize::from((at * 6..at * 6 + 6).fold(0, |value, at| value << 1 | bit(at)))]).collect()
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_and_an_echo_is_withheld() {
        let password = Password::new("hunter2");
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert!(!password.withhold_from("bad password hunter2", &[]).contains("hunter2"));
        assert_eq!(Password::new("").withhold_from("fine", &[]), "fine");
    }

    /// Made with `printf … | base64` and `xxd -p`.
    #[test]
    fn an_echo_in_pieces_or_encoded_is_withheld() {
        let password = Password::new("tr0ub4dor&3-correct-horse");
        for said in [
            "no: tr0ub4do… and …r&3-correct",
            "tr0ub4dor%263-",
            r"b4dor\x263-corr",
            "747230756234646F72",
            "dHIwdWI0ZG9yJjMtY29ycmVjdC1ob3JzZQ==",
            "eHRyMHViNGRvciYzLWNvcnJlY3QtaG9yc2U=",
            "eHh0cjB1YjRkb3ImMy1jb3JyZWN0LWhvcnNl",
            "esroh-tcerroc",
        ] {
            assert!(password.withhold_from(said, &[]).starts_with("(not shown"), "{said}");
        }
        for harmless in ["tr0ub4d", "the password is incorrect", "relation \"horses\" does not exist", "%zz %2", r"\x"]
        {
            assert_eq!(password.withhold_from(harmless, &[]), harmless);
        }
        let password = Password::new("postgres1");
        let said = "no role \"postgres\"";
        assert_eq!(password.withhold_from(said, &["postgres"]), said);
        assert!(password.withhold_from("no: postgres1", &["postgres"]).starts_with("(not shown"));
    }
}
