//! `[secrets]`: where the passwords of the logins live, and what services connect to.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::names::Kind;
use super::naming::{OF_LOGIN, Template, Words, filled};
use super::read::{Sink, Table, Value};
use super::{Engine, FileFormat, Layout, Login, Secrets, Service, ServiceSslMode, Store};

const STORES: &[(&str, Store)] =
    &[("aws-secretsmanager", Store::SecretsManager), ("aws-ssm", Store::Ssm), ("file", Store::File)];
const FORMATS: &[(&str, FileFormat)] = &[("json", FileFormat::Json), ("dotenv", FileFormat::Dotenv)];
const ENGINES: &[(&str, Engine)] = &[("postgres", Engine::Postgres), ("aurora-postgresql", Engine::Aurora)];
const SSL_MODES: &[(&str, ServiceSslMode)] = &[
    ("disable", ServiceSslMode::Disable),
    ("require", ServiceSslMode::Require),
    ("verify-ca", ServiceSslMode::VerifyCa),
    ("verify-full", ServiceSslMode::VerifyFull),
];

/// The section, and the template of the entries' names.
pub(super) struct Draft {
    pub(super) secrets: Secrets,
    pub(super) name: Template,
}

pub(super) fn read(sink: &Sink<'_>, value: Option<Value<'_>>) -> Option<Draft> {
    let mut table = value?.table("`[secrets]`".to_owned())?;
    let why = "expected `store = \"aws-secretsmanager\"`, `\"aws-ssm\"` or `\"file\"`";
    let store = table.need("store", why).and_then(|value| value.one_of(STORES));
    let name = Template::read(sink, table.get("name"), Kind::Role, OF_LOGIN, "{service}/{login}");
    let mut secrets = Secrets {
        store: store.unwrap_or(Store::File),
        path: of_store(&mut table, "path", store, &[Store::File]).and_then(|value| text(sink, value)),
        format: of_store(&mut table, "format", store, &[Store::File])
            .and_then(|value| value.one_of(FORMATS))
            .unwrap_or(FileFormat::Json),
        kms_key: of_store(&mut table, "kms_key", store, AWS).and_then(|value| text(sink, value)),
        region: of_store(&mut table, "region", store, AWS).and_then(|value| text(sink, value)),
        tags: of_store(&mut table, "tags", store, AWS).map(|value| tags(sink, value)).unwrap_or_default(),
        engine: table.get("engine").and_then(|value| value.one_of(ENGINES)).unwrap_or(Engine::Postgres),
        host: table.get("host").and_then(|value| text(sink, value)),
        port: table.get("port").and_then(port),
        sslmode: table.get("sslmode").and_then(|value| value.one_of(SSL_MODES)),
        adopt: table.get("adopt").and_then(Value::boolean).unwrap_or(false),
    };
    if secrets.store == Store::File {
        secrets.path.get_or_insert_with(|| "secrets".to_owned());
    }
    table.finish();
    Some(Draft { secrets, name })
}

const AWS: &[Store] = &[Store::SecretsManager, Store::Ssm];

/// The value of a key that only some stores know.
fn of_store<'a>(table: &mut Table<'a>, key: &'static str, store: Option<Store>, knows: &[Store]) -> Option<Value<'a>> {
    let value = table.get(key)?;
    let store = store?;
    if knows.contains(&store) {
        return Some(value);
    }
    let word = STORES.iter().find(|(_, one)| *one == store).map_or("", |(word, _)| word);
    let message = format!("`{key}` has no meaning for the store `{word}`");
    let knows: Vec<String> =
        STORES.iter().filter(|(_, one)| knows.contains(one)).map(|(word, _)| format!("`{word}`")).collect();
    value.sink.report("secrets-key", &value.key_at(), message, format!("it belongs to {}", knows.join(" and ")));
    None
}

/// A text that isn't empty, with `{env}`.
fn text(sink: &Sink<'_>, value: Value<'_>) -> Option<String> {
    let text = filled(sink, &value.string()?, Words::default())?;
    if text.it.is_empty() || text.it.contains(char::is_control) {
        let message = "the text is empty, or holds a control character".to_owned();
        sink.report("secrets-value", &text.at, message, "no store or client can use it");
        return None;
    }
    Some(text.it)
}

fn port(value: Value<'_>) -> Option<u16> {
    let DeValue::Integer(integer) = value.raw() else {
        value.wrong_type("a port's number");
        return None;
    };
    let port = u16::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|port| *port > 0);
    if port.is_none() {
        value.sink.report("secrets-value", &value.at(), format!("no port is {integer}"), "expected 1 to 65535");
    }
    port
}

/// Of each entry in an AWS store, besides our own.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
fn tags(sink: &Sink<'_>, value: Value<'_>) -> BTreeMap<String, String> {
    let Some(table) = value.table("`tags`".to_owned()) else { return BTreeMap::new() };
    let mut tags = BTreeMap::new();
    for (key, value) in table.entries() {
        let Some(text) = value.string().and_then(|text| filled(sink, &text, Words::default())) else { continue };
        let ours = key.it == MANAGED_BY;
        if ours || key.it.is_empty() || key.it.starts_with("aws:") || key.it.len() > 128 || text.it.len() > 256 {
            let message = format!("`{}` can't be a tag with this value", key.it);
            let label =
                if ours { "pgmoat sets it itself" } else { "expected 1 to 128 bytes without `aws:`, and 0 to 256" };
            sink.report("secrets-value", &key.at, message, label);
        } else {
            tags.insert(key.it, text.it);
        }
    }
    tags
}

/// The tag by which pgmoat knows its own entries; the value is `pgmoat`.
pub const MANAGED_BY: &str = "managed-by";

/// A file's name has up to 255 bytes, and `.previous.json.new` is the longest end of one.
const LONGEST_PART: usize = 230;

/// What a store takes as the name of an entry.
///
/// # Errors
/// Why it doesn't, for a message.
pub(super) fn name_fits(store: Store, name: &str) -> Result<(), &'static str> {
    if name.ends_with(".pending") || name.ends_with(".previous") {
        return Err("pgmoat keeps these endings for itself");
    }
    let parts = || name.trim_start_matches('/').split('/');
    match store {
        Store::SecretsManager => secrets_manager_name(name),
        Store::Ssm if name.len() > 900 || parts().count() > 15 => Err("a parameter has up to 15 parts and 900 bytes"),
        Store::Ssm if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte)) => {
            Err("a parameter's name has letters, digits and `/_.-`")
        }
        Store::Ssm if parts().any(str::is_empty) => Err("a part between two slashes is empty"),
        Store::Ssm if starts_reserved(name) => Err("AWS keeps names that start with `aws` or `ssm` for itself"),
        Store::File if name.starts_with('/') => Err("it is a path inside the folder, without a slash before it"),
        Store::File if parts().any(|part| part.is_empty() || part.starts_with('.')) => {
            Err("a part between two slashes may not be empty, nor start with a dot")
        }
        Store::File if parts().any(|part| part.len() > LONGEST_PART) => {
            Err("a part between two slashes has up to 230 bytes, since versions of an entry have longer names")
        }
        Store::File if name.contains(['\0', '\\']) || name.contains(char::is_control) => {
            Err("a file's name here has no backslash and no control character")
        }
        Store::Ssm | Store::File => Ok(()),
    }
}

fn starts_reserved(name: &str) -> bool {
    let first = name.trim_start_matches('/').to_ascii_lowercase();
    first.starts_with("aws") || first.starts_with("ssm")
}

/// An ARN ends in the name, a hyphen and six characters: a name that looks so itself would be taken for another's ARN.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
fn secrets_manager_name(name: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte);
    if name.len() > 512 || !name.bytes().all(allowed) {
        return Err("a secret's name has up to 512 letters, digits and `/_+=.@-`");
    }
    let suffix =
        name.rsplit_once('-').is_some_and(|(_, end)| end.len() == 6 && end.bytes().all(|b| b.is_ascii_alphanumeric()));
    if suffix {
        Err("AWS confuses a name that ends in a hyphen and six characters with the end of an ARN")
    } else {
        Ok(())
    }
}

impl Store {
    /// As the layout writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        STORES.iter().find(|(_, store)| *store == self).map_or("", |(word, _)| word)
    }
}

impl Engine {
    /// As an entry says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        ENGINES.iter().find(|(_, engine)| *engine == self).map_or("", |(word, _)| word)
    }
}

impl ServiceSslMode {
    /// As libpq writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        SSL_MODES.iter().find(|(_, mode)| *mode == self).map_or("", |(word, _)| word)
    }
}

impl Layout {
    /// The logins whose password lives in the store, with their services, in the order of their keys.
    pub fn with_secret(&self) -> impl Iterator<Item = (&Service, &Login)> {
        let logins = self.services.values().flat_map(|s| s.logins.values().map(move |login| (s, login)));
        logins.filter(|(_, login)| self.secrets.is_some() && login.secret.is_some())
    }
}
