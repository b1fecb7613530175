//! What must be random.

use super::SecretString;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// 190 bits; no client, URL, shell or configuration file needs one of these characters escaped.
const LENGTH: usize = 32;

/// A new password, from the operating system's generator.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn password() -> Result<SecretString, getrandom::Error> {
    loop {
        let text = letters()?;
        let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
        // some servers' password checks want one of each
        if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit) {
            return Ok(text.into());
        }
    }
}

/// Each character as likely as every other: a byte beyond the last whole multiple of the alphabet is thrown away.
fn letters() -> Result<String, getrandom::Error> {
    let mut text = String::with_capacity(LENGTH);
    let mut bytes = zeroize::Zeroizing::new([0_u8; 64]);
    while text.len() < LENGTH {
        getrandom::fill(bytes.as_mut())?;
        let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 / ALPHABET.len() * ALPHABET.len());
        let letters = fair.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        text.extend(letters.take(LENGTH - text.len()));
    }
    Ok(text)
}

/// The name of a new version of an entry: a UUID (version 4), as Secrets Manager wants it.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn version() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

#[cfg(test)]
mod tests {
    use super::super::ExposeSecret;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn passwords_differ_and_need_no_quoting() {
        let many: BTreeSet<String> =
            (0..500).map(|_| password().expect("random bytes").expose_secret().to_owned()).collect();
        assert_eq!(many.len(), 500);
        let used: BTreeSet<u8> = many.iter().flat_map(|password| password.bytes()).collect();
        assert_eq!(used, ALPHABET.iter().copied().collect());
        assert!(many.iter().all(|password| password.len() == LENGTH));
    }

    #[test]
    fn a_version_is_a_uuid() {
        let version = version().expect("random bytes");
        assert_eq!(version.len(), 36);
        assert_eq!(version.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&version.as_bytes()[19]));
    }
}
