//! What `expected.toml` says.

use serde::Deserialize;

/// A route.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// What the hole is, for the reader.
    #[serde(rename = "about")]
    _about: String,
    /// The first and the last major on which the walk arrives; `[]` if it never does.
    #[serde(default = "all")]
    open: Vec<u32>,
    /// What stops the walk where the route isn't open: a SQLSTATE, or `no effect`.
    pub(crate) refused: Option<String>,
    /// What stops the walk once the hole is closed, if that is something else.
    pub(crate) closed: Option<String>,
    pub(crate) close: Close,
    pub(crate) finding: Option<Finding>,
    /// Codes of errors that `prove` rightly still says when the hole is closed.
    #[serde(default)]
    pub(crate) left: Vec<String>,
    /// Parameters of the server.
    #[serde(default)]
    pub(crate) settings: Vec<(String, String)>,
    /// Does the server listen on 127.0.0.1, too, and ask for a password there?
    #[serde(default)]
    pub(crate) tcp: bool,
}

/// What closes the hole.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Close {
    /// `apply --allow all`.
    Plan,
    /// The SQL that the finding names; `close.sql`, if there is one, on majors where it names none.
    Fix,
    /// `close.sql`.
    Hand,
    /// Nothing can, or nothing need.
    Nothing,
}

/// What `prove` says on the majors `on`, and doesn't on others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Finding {
    pub(crate) code: String,
    pub(crate) principal: String,
    /// Among the finding's privileges.
    pub(crate) privilege: Option<String>,
    #[serde(default = "certain")]
    pub(crate) certainty: String,
    #[serde(default = "error")]
    pub(crate) severity: String,
    /// As `open`, which it is by default.
    on: Option<Vec<u32>>,
}

impl Expected {
    pub(crate) fn is_open(&self, major: u32) -> bool {
        within(&self.open, major)
    }

    /// Nothing is open on any major, and nothing may be found.
    pub(crate) fn is_harmless(&self) -> bool {
        self.open.is_empty() && self.finding.is_none()
    }

    /// The finding, and whether it must be there.
    pub(crate) fn finding_on(&self, major: u32) -> Option<(&Finding, bool)> {
        let finding = self.finding.as_ref()?;
        Some((finding, within(finding.on.as_ref().unwrap_or(&self.open), major)))
    }

    /// What stops the walk when we have closed the hole.
    pub(crate) fn when_closed(&self) -> &str {
        self.closed.as_ref().or(self.refused.as_ref()).expect("`refused` or `closed`")
    }
}

fn within(majors: &[u32], major: u32) -> bool {
    match majors {
        [] => false,
        [first, last] => (*first..=*last).contains(&major),
        _ => panic!("{majors:?}: the first major and the last, or nothing"),
    }
}

fn all() -> Vec<u32> {
    vec![14, 18]
}

fn certain() -> String {
    "certain".to_owned()
}

fn error() -> String {
    "error".to_owned()
}
