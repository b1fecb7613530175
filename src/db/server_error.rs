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

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (SQLSTATE {})", self.message, self.sqlstate)
    }
}

impl std::error::Error for ServerError {}

impl From<&tokio_postgres::error::DbError> for ServerError {
    fn from(error: &tokio_postgres::error::DbError) -> ServerError {
        ServerError {
            sqlstate: error.code().code().to_owned(),
            message: error.message().to_owned(),
            detail: error.detail().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
            routine: error.routine().map(str::to_owned),
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
            None => notice.severity().to_owned(),
        };
        Notice { severity, code: sqlstate, message, detail, hint }
    }
}
