//! A folder of files, one an entry: for development, and for other stores' tools to pick up.
//!
//! `NAME.json` is what clients get; `NAME.pending.json` and `NAME.previous.json` stand beside it. Each is written under
//! another name, synchronised and renamed, so that a reader sees a whole entry, the old or the new.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::private_folder::PrivateFolder;
use super::{Entry, EntryError, ExposeSecret, Held, SecretString, Stage, StoreError};

/// How an entry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Dotenv,
}

/// The folder.
#[derive(Debug)]
pub struct FileStore {
    folder: PrivateFolder,
    format: Format,
}

impl FileStore {
    /// The folder that `below` names, beside `base`. No link in `below` is followed, and none in the folder; and nobody else may write there.
    #[must_use]
    pub fn new(base: PathBuf, below: PathBuf, format: Format) -> Self {
        Self { folder: PrivateFolder::beneath(base, below), format }
    }

    /// The path of an entry's version.
    #[must_use]
    pub fn path(&self, name: &str, stage: Stage) -> PathBuf {
        self.folder.path(&self.file(name, stage))
    }

    /// The file of an entry's version, in the folder.
    fn file(&self, name: &str, stage: Stage) -> String {
        let infix = match stage {
            Stage::Current => "",
            Stage::Pending => ".pending",
            Stage::Previous => ".previous",
        };
        let extension = match self.format {
            Format::Json => "json",
            Format::Dotenv => "env",
        };
        format!("{name}{infix}.{extension}")
    }

    pub(super) fn describe(&self, name: &str) -> Result<Option<Held>, StoreError> {
        let version = |stage| Ok(self.text(name, stage)?.map(|text| self.version(&text)));
        let (current, pending) = (version(Stage::Current)?, version(Stage::Pending)?);
        if current.is_none() && pending.is_none() {
            return Ok(None);
        }
        let path = self.path(name, Stage::Current);
        Ok(Some(Held {
            since: self.stored(name, Stage::Current)?.and_then(|(_, since)| since),
            reference: path.display().to_string(),
            // a dead `create` had come as far as the mark
            current: Some(current.or_else(|| pending.clone()).unwrap_or_default()),
            pending,
            previous: version(Stage::Previous)?,
            foreign: None,
        }))
    }

    pub(super) fn read(&self, name: &str, stage: Stage) -> Result<Entry, StoreError> {
        let mut text = self.text(name, stage)?;
        if text.is_none() && stage == Stage::Current {
            text = self.text(name, Stage::Pending)?;
        }
        let text = text.ok_or_else(|| StoreError::NoVersion { name: name.to_owned(), stage })?;
        let entry = match self.format {
            Format::Json => Entry::from_json(&text),
            Format::Dotenv => from_dotenv(&text),
        };
        entry.map_err(|source| StoreError::Entry { name: name.to_owned(), source })
    }

    pub(super) fn create(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        if self.text(name, Stage::Current)?.is_some() || self.text(name, Stage::Pending)?.is_some() {
            return Err(StoreError::Changed { name: name.to_owned() });
        }
        let text = self.written(name, entry)?;
        self.put(name, Stage::Pending, &text)?;
        self.put(name, Stage::Current, &text)
    }

    pub(super) fn write_pending(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        if self.text(name, Stage::Pending)?.is_some() {
            return Err(StoreError::Changed { name: name.to_owned() });
        }
        self.put(name, Stage::Pending, &self.written(name, entry)?)
    }

    pub(super) fn doubt(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.unchanged(name, held)?;
        if held.pending.is_some() {
            return Err(StoreError::Changed { name: name.to_owned() });
        }
        let text = self.text(name, Stage::Current)?;
        let text = text.ok_or_else(|| StoreError::NoVersion { name: name.to_owned(), stage: Stage::Current })?;
        self.put(name, Stage::Pending, &text)
    }

    pub(super) fn promote(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.unchanged(name, held)?;
        let pending = self.text(name, Stage::Pending)?;
        let pending = pending.ok_or_else(|| StoreError::NoVersion { name: name.to_owned(), stage: Stage::Pending })?;
        if let Some(before) = self.text(name, Stage::Current)?.filter(|_| held.current != held.pending) {
            self.put(name, Stage::Previous, &before)?;
        }
        self.put(name, Stage::Current, &pending)
    }

    pub(super) fn settle(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.unchanged(name, held)?;
        if self.text(name, Stage::Current)?.is_none() {
            self.promote(name, held)?;
        }
        let removed = self.folder.remove(&self.file(name, Stage::Pending));
        removed.map_err(|error| refused("the removal", &self.path(name, Stage::Pending), &error))
    }

    /// Compares, as far as files can: who changes an entry holds the cluster's lock, so this is for those who don't ask.
    fn unchanged(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        let now = self.describe(name)?;
        match now.is_some_and(|now| (now.current, now.pending) == (held.current.clone(), held.pending.clone())) {
            true => Ok(()),
            false => Err(StoreError::Changed { name: name.to_owned() }),
        }
    }

    fn written(&self, name: &str, entry: &Entry) -> Result<SecretString, StoreError> {
        let version = super::version().map_err(|error| StoreError::Unreachable(error.to_string()))?;
        match self.format {
            Format::Json => with_version(&entry.to_json(), &version)
                .map_err(|source| StoreError::Entry { name: name.to_owned(), source }),
            Format::Dotenv => Ok(to_dotenv(entry, &version)),
        }
    }

    fn version(&self, text: &SecretString) -> String {
        let text = text.expose_secret();
        let found = match self.format {
            Format::Json => serde_json::from_str::<serde_json::Value>(text)
                .ok()
                .and_then(|value| value.get(VERSION)?.as_str().map(str::to_owned)),
            Format::Dotenv => {
                text.lines().find_map(|line| line.strip_prefix("# version: ")).map(|version| version.trim().to_owned())
            }
        };
        found.unwrap_or_default()
    }

    fn text(&self, name: &str, stage: Stage) -> Result<Option<SecretString>, StoreError> {
        Ok(self.stored(name, stage)?.map(|(text, _)| text.into()))
    }

    fn stored(&self, name: &str, stage: Stage) -> Result<Option<(String, Option<SystemTime>)>, StoreError> {
        let read = self.folder.read(&self.file(name, stage));
        read.map_err(|error| refused("the reading", &self.path(name, stage), &error))
    }

    fn put(&self, name: &str, stage: Stage, text: &SecretString) -> Result<(), StoreError> {
        let written = self.folder.replace(&self.file(name, stage), text.expose_secret());
        written.map_err(|error| refused("the writing", &self.path(name, stage), &error))
    }
}

impl fmt::Display for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the folder {}", self.folder.path("").display())
    }
}

fn refused(action: &'static str, path: &Path, error: &io::Error) -> StoreError {
    StoreError::Refused { action, name: path.display().to_string(), reason: error.to_string() }
}

const VERSION: &str = "version";

fn with_version(json: &SecretString, version: &str) -> Result<SecretString, EntryError> {
    let mut value: serde_json::Value = serde_json::from_str(json.expose_secret()).map_err(|_| EntryError::NotJson)?;
    if let Some(object) = value.as_object_mut() {
        object.insert(VERSION.to_owned(), version.into());
    }
    serde_json::to_string_pretty(&value).map(|text| format!("{text}\n").into()).map_err(|_| EntryError::NotJson)
}

/// libpq's own variables, and DATABASE_URL, which many frameworks look for. The values have no quote and no line end:
/// what they are made of is percent-encoded in the URL, and in quotes elsewhere.
fn to_dotenv(entry: &Entry, version: &str) -> SecretString {
    let mut lines = vec![format!("# version: {version}")];
    let mut put = |key: &str, value: &str| {
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n");
        lines.push(format!("{key}=\"{escaped}\""));
    };
    put("PGHOST", &entry.host);
    put("PGPORT", &entry.port.to_string());
    put("PGDATABASE", &entry.dbname);
    put("PGUSER", &entry.username);
    put("PGPASSWORD", entry.password.expose_secret());
    if let Some(mode) = &entry.sslmode {
        put("PGSSLMODE", mode);
    }
    put("DATABASE_URL", entry.url().expose_secret());
    format!("{}\n", lines.join("\n")).into()
}

fn from_dotenv(text: &SecretString) -> Result<Entry, EntryError> {
    let prefix = "DATABASE_URL=";
    let line = text.expose_secret().lines().find_map(|line| line.strip_prefix(prefix));
    let url = line.ok_or(EntryError::Missing("DATABASE_URL"))?.trim_matches('"').to_owned();
    Entry::from_url(&url.into(), "postgres")
}
