//! What the server is told instead of a password.

use std::fmt;

use super::{ExposeSecret, SecretString};

/// A SCRAM-SHA-256 verifier: who has it can't log in with it, but can check guesses, so it has no Debug either.
/// <https://www.postgresql.org/docs/current/catalog-pg-authid.html>
#[derive(Clone)]
pub struct Verifier(String);

/// The text isn't a verifier. The server would take it for a password in the clear, and hash it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that isn't a SCRAM-SHA-256 verifier")]
pub struct VerifierError;

impl Verifier {
    /// Of a password, with a fresh salt and the server's own number of iterations.
    ///
    /// # Errors
    /// Never, unless the library changes what it writes.
    pub fn of(password: &SecretString) -> Result<Self, VerifierError> {
        Self::parse(&postgres_protocol::password::scram_sha_256(password.expose_secret().as_bytes()))
    }

    /// Checks the whole form: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (`parse_scram_secret` in
    /// src/backend/libpq/auth-scram.c).
    ///
    /// # Errors
    /// [`VerifierError`] for everything else.
    pub fn parse(text: &str) -> Result<Self, VerifierError> {
        let parts = || {
            let (iterations, rest) = text.strip_prefix("SCRAM-SHA-256$")?.split_once(':')?;
            let (salt, keys) = rest.split_once('$')?;
            let (stored, server) = keys.split_once(':')?;
            let number = iterations.bytes().all(|b| b.is_ascii_digit()) && iterations.parse::<u32>().ok()? > 0;
            (number && is_base64(salt, None) && is_base64(stored, Some(44)) && is_base64(server, Some(44)))
                .then_some(())
        };
        parts().map(|()| Self(text.to_owned())).ok_or(VerifierError)
    }

    /// As SQL and pgbouncer's userlist.txt write it. No character of it needs quoting.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

fn is_base64(text: &str, length: Option<usize>) -> bool {
    let letters = text.trim_end_matches('=');
    let padding = text.len() - letters.len();
    let fits = length.map_or(!letters.is_empty(), |length| text.len() == length);
    fits && padding < 3
        && text.len().is_multiple_of(4)
        && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_verifier_is_refused() {
        let good = Verifier::of(&"hunter2".to_owned().into()).expect("a verifier");
        assert_eq!(good.text().len(), 133);
        assert_eq!(format!("{good:?}"), "Verifier(…)");
        for bad in [
            "",
            "hunter2",
            "SCRAM-SHA-256$4096:abc$def:ghi",
            &good.text()[..132],
            &format!("{}=", good.text()),
            &good.text().replace("4096", "0"),
            &good.text().replace("4096", "4k"),
            &good.text().replace("SCRAM-SHA-256", "SCRAM-SHA-1"),
            &good.text().replace(':', "'"),
            &format!("{}'", good.text()),
        ] {
            assert!(Verifier::parse(bad).is_err(), "{bad}");
        }
    }
}
