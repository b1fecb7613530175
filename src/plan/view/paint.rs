//! The few ANSI colours that the views use.

/// Colours, or none of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn wrapped(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into() }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrapped("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrapped("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.wrapped("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.wrapped("32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.wrapped("33", text)
    }

    pub(super) fn cyan(self, text: &str) -> String {
        self.wrapped("36", text)
    }
}
