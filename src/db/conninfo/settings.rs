//! Settings by keyword, each with where it came from.

use super::keyword::{self, KEYWORDS, Keyword, Support};
use crate::db::conninfo_error::{ConninfoError, Origin};
use crate::db::environment::Environment;
use std::collections::BTreeMap;

/// What one source, or all of them together, say.
#[derive(Default)]
pub(super) struct Settings(BTreeMap<&'static str, Setting>);

pub(super) struct Setting {
    pub(super) value: String,
    pub(super) origin: Origin,
}

impl Settings {
    /// Sets a keyword; what was there is replaced, as libpq does within one string.
    pub(super) fn set(&mut self, keyword: &'static Keyword, value: String, origin: &Origin) {
        self.0.insert(
            keyword.name,
            Setting {
                value,
                origin: origin.clone(),
            },
        );
    }

    /// Takes from a weaker source what isn't set yet. An empty value counts as set here, so `password=''` keeps
    /// PGPASSWORD out.
    pub(super) fn fill_from(&mut self, weaker: Settings) {
        for (name, setting) in weaker.0 {
            self.0.entry(name).or_insert(setting);
        }
    }

    /// The variables that libpq reads.
    pub(super) fn from_environment(environment: &Environment) -> Settings {
        let mut settings = Settings::default();
        for keyword in KEYWORDS {
            let Some(variable) = keyword.variable else { continue };
            if let Some(value) = environment.var(variable) {
                settings.set(keyword, value.to_owned(), &Origin::Variable(variable));
            }
        }
        settings
    }

    /// A setting that has a value; an empty value means the default.
    pub(super) fn get(&self, name: &'static str) -> Option<&str> {
        self.find(name).map(|setting| setting.value.as_str())
    }

    pub(super) fn find(&self, name: &'static str) -> Option<&Setting> {
        debug_assert!(keyword::find(name).is_some(), "{name}");
        self.0.get(name).filter(|setting| !setting.value.is_empty())
    }

    /// An error about a keyword's value, which never shows the value.
    pub(super) fn invalid(&self, keyword: &'static str, expected: impl Into<String>) -> ConninfoError {
        let origin = self
            .0
            .get(keyword)
            .map_or(Origin::Default, |setting| setting.origin.clone());
        ConninfoError::Invalid {
            keyword,
            expected: expected.into(),
            origin,
        }
    }

    /// Refuses what pgmoat can't do.
    pub(super) fn refuse_unsupported(&self) -> Result<(), ConninfoError> {
        for (name, setting) in &self.0 {
            let Some(Keyword {
                support: Support::Only(allowed, why),
                ..
            }) = keyword::find(name)
            else {
                continue;
            };
            if !setting.value.is_empty() && !allowed.contains(&setting.value.as_str()) {
                return Err(ConninfoError::Unsupported {
                    keyword: name,
                    why,
                    origin: setting.origin.clone(),
                });
            }
        }
        Ok(())
    }

    /// Refuses values that look like several settings run together, where they are shown to people: a password may be
    /// in there.
    pub(super) fn refuse_run_together(&self) -> Result<(), ConninfoError> {
        const SHOWN: [&str; 9] = [
            "host",
            "user",
            "dbname",
            "service",
            "servicefile",
            "passfile",
            "sslcert",
            "sslkey",
            "sslrootcert",
        ];
        for name in SHOWN {
            let value = self.get(name).unwrap_or_default().to_ascii_lowercase();
            if ["password=", "pwd=", "://"].iter().any(|mark| value.contains(mark)) {
                return Err(self.invalid(
                    name,
                    "one value; it looks like several settings, or a URL, run together",
                ));
            }
        }
        Ok(())
    }
}
