//! A password that can't be printed by accident.

/// A password. It has no Display, and its Debug shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Password(String);

impl Password {
    pub(super) fn new(text: impl Into<String>) -> Password {
        Password(text.into())
    }

    /// The password itself, for the driver alone.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// `text`, unless the password occurs in it: a server that was sent a password may repeat it in its answer.
    pub(super) fn withhold_from(&self, text: &str) -> String {
        if !self.0.is_empty() && text.contains(&self.0) {
            "(not shown: it repeats the password)".to_owned()
        } else {
            text.to_owned()
        }
    }
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
        assert!(!password.withhold_from("bad password hunter2").contains("hunter2"));
        assert_eq!(Password::new("").withhold_from("fine"), "fine");
    }
}
