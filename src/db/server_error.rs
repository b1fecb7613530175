//! What a server says: errors, and the notices that come beside an answer.

/// An error as the server reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerError {
    /// The five characters of the SQLSTATE.
    pub sqlstate: String,
    /// The message, in the server's language.
    pub message: String,
    /// More about it.
    pub detail: Option<String>,
    /// What the server advises.
    pub hint: Option<String>,
    /// The function of the server's source that reported it: what tells apart two errors of one SQLSTATE in any language.
    pub routine: Option<String>,
}

/// The longest text of a server that is kept, in bytes: twice the longest list of dependent objects that it writes itself.
const LONGEST: usize = 16 << 10;

/// The longest name of a function, or of a severity.
const NAME: usize = 64;

/// Returns the text, without what is beyond the longest that is kept.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}… ({} bytes more)", &text[..end], text.len() - end)
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (SQLSTATE {})", self.message, self.sqlstate)
    }
}

impl std::error::Error for ServerError {}

impl From<&tokio_postgres::error::DbError> for ServerError {
    fn from(error: &tokio_postgres::error::DbError) -> ServerError {
        ServerError {
            sqlstate: error.code().code().chars().take(5).collect(),
            message: cut(error.message()),
            detail: error.detail().map(cut),
            hint: error.hint().map(cut),
            routine: error.routine().map(|routine| routine.chars().take(NAME).collect()),
        }
    }
}

impl ServerError {
    /// The same error with each text passed through `change`.
    pub(super) fn map_texts(self, change: impl Fn(&str) -> String) -> ServerError {
        ServerError {
            message: change(&self.message),
            detail: self.detail.as_deref().map(&change),
            hint: self.hint.as_deref().map(&change),
            ..self
        }
    }
}

/// A notice: a GRANT that had no effect is told by nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`, never translated.
    pub severity: String,
    /// The SQLSTATE: `01007` is "privilege not granted".
    pub code: String,
    /// The message.
    pub message: String,
    /// More about it.
    pub detail: Option<String>,
    /// What the server advises.
    pub hint: Option<String>,
}

impl Notice {
    /// Whether it is a warning, as opposed to something to know.
    pub fn is_warning(&self) -> bool {
        self.severity == "WARNING"
    }
}

impl From<&tokio_postgres::error::DbError> for Notice {
    fn from(notice: &tokio_postgres::error::DbError) -> Notice {
        let ServerError { sqlstate, message, detail, hint, .. } = notice.into();
        let severity = match notice.parsed_severity() {
            Some(severity) => severity.to_string(),
            None => notice.severity().chars().take(NAME).collect(),
        };
        Notice { severity, code: sqlstate, message, detail, hint }
    }
}

impl Notice {
    /// The same notice with each text passed through `change`.
    pub(super) fn map_texts(self, change: impl Fn(&str) -> String) -> Notice {
        Notice {
            message: change(&self.message),
            detail: self.detail.as_deref().map(&change),
            hint: self.hint.as_deref().map(&change),
            ..self
        }
    }
}
