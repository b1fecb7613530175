//! `[service.KEY.login]`: the roles that processes connect as.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::names::{self, Named};
use super::naming::{Naming, Words, filled};
use super::read::{Placed, Sink, Table, Value, path};
use super::{Auth, Group, Login};

const GROUPS: &[(&str, Group)] = &[("ddl", Group::Ddl), ("dml", Group::Dml), ("ro", Group::Ro)];
const AUTHS: &[(&str, Auth)] = &[("password", Auth::Password), ("iam", Auth::Iam), ("external", Auth::External)];

/// A login, and its name with its place.
pub(super) struct Draft {
    pub(super) login: Login,
    pub(super) named: Named,
}

pub(super) fn read_all(sink: &Sink<'_>, naming: &Naming, service: &str, value: Value<'_>) -> Vec<Draft> {
    let Some(table) = value.table(format!("`[{}]`", path(&["service", service, "login"]))) else {
        return Vec::new();
    };
    table.entries().map(|(key, value)| read(sink, naming, service, &key, value)).collect()
}

fn read(sink: &Sink<'_>, naming: &Naming, service: &str, key: &Placed<String>, value: Value<'_>) -> Draft {
    let words = Words { service: Some(service), login: Some(&key.it) };
    let what = format!("the login `{}` of `{service}`", key.it);
    let mut named = None;
    let mut login = Login {
        key: key.it.clone(),
        name: names::stand_in(),
        group: Group::Dml,
        connection_limit: None,
        settings: BTreeMap::new(),
        auth: Auth::Password,
        secret: None,
        at: key.at.clone(),
    };
    match value.raw() {
        DeValue::String(_) => login.group = value.one_of(GROUPS).unwrap_or(login.group),
        DeValue::Table(_) => named = long_form(naming, &mut login, words, &what, value),
        _ => value.wrong_type("`ddl`, `dml`, `ro` or a table"),
    }
    let named = named.unwrap_or_else(|| naming.login.name(sink, words, &key.at, what));
    login.name = named.name.clone();
    Draft { login, named }
}

fn long_form(naming: &Naming, login: &mut Login, words: Words<'_>, what: &str, value: Value<'_>) -> Option<Named> {
    let title = format!("`[{}]`", path(&["service", words.service.unwrap_or_default(), "login", &login.key]));
    let mut table = value.table(title)?;
    let role = table.need("role", "expected `role = \"ddl\"`, `\"dml\"` or `\"ro\"`");
    login.group = role.and_then(|value| value.one_of(GROUPS)).unwrap_or(login.group);
    login.connection_limit = table.get("connection_limit").and_then(connection_limit);
    login.settings = table.get("settings").map(settings).unwrap_or_default();
    login.auth = table.get("auth").and_then(|value| value.one_of(AUTHS)).unwrap_or(login.auth);
    login.secret = secret(&mut table, login.auth, words);
    let named = naming.login.name_or_written((&mut table, "name"), words, &login.at, what.to_owned());
    table.finish();
    Some(named)
}

fn secret(table: &mut Table<'_>, auth: Auth, words: Words<'_>) -> Option<String> {
    let text = table.get("secret")?.string()?;
    let secret = filled(table.sink, &text, words)?;
    if secret.it.is_empty() {
        let message = "`secret` is empty".to_owned();
        table.sink.report("empty-secret", &secret.at, message, "expected the name of an entry in the secret store");
    }
    if auth != Auth::Password {
        let message = "`secret` names a place for a password that this login doesn't have".to_owned();
        table.sink.report("secret-without-password", &secret.at, message, "expected `auth = \"password\"` with it");
    }
    Some(secret.it)
}

fn connection_limit(value: Value<'_>) -> Option<i32> {
    let DeValue::Integer(integer) = value.raw() else {
        value.wrong_type("an integer");
        return None;
    };
    let limit = i32::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|limit| *limit >= -1);
    if limit.is_none() {
        let message = format!("a connection limit can't be {integer}");
        let label = format!("expected -1 (no limit) or 0 to {}", i32::MAX);
        value.sink.report("connection-limit", &value.at(), message, label);
    }
    limit
}

fn settings(value: Value<'_>) -> BTreeMap<String, String> {
    let Some(table) = value.table("`settings`".to_owned()) else {
        return BTreeMap::new();
    };
    let mut settings = BTreeMap::new();
    let mut seen: BTreeMap<String, Placed<String>> = BTreeMap::new();
    for (key, value) in table.entries() {
        if !may_set(value.sink, &key) {
            continue;
        }
        if let Some(first) = seen.insert(key.it.to_ascii_lowercase(), key.clone()) {
            let message = format!("`{}` and `{}` are the same parameter", first.it, key.it);
            value.sink.report("duplicate-setting", &key.at, message, "PostgreSQL ignores capitals here");
        }
        if let Some(text) = setting_text(value) {
            settings.insert(key.it, text);
        }
    }
    settings
}

fn may_set(sink: &Sink<'_>, key: &Placed<String>) -> bool {
    let mut chars = key.it.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') {
        let message = format!("`{}` can't be the name of a parameter", key.it);
        sink.report("setting-name", &key.at, message, "expected letters, digits, `_` and `.`");
        return false;
    }
    if ["role", "session_authorization"].contains(&key.it.to_ascii_lowercase().as_str()) {
        let message = format!("`{}` can't be set for a login", key.it);
        sink.report("setting-refused", &key.at, message, "pgmoat decides which role a login acts as");
        return false;
    }
    true
}

/// A TOML value as the text that PostgreSQL takes for a parameter.
fn setting_text(value: Value<'_>) -> Option<String> {
    let text = match value.raw() {
        DeValue::String(text) => text.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => number.to_string(),
            Err(_) => integer.as_str().to_owned(),
        },
        DeValue::Table(_) => {
            value.wrong_type("a string, a number or a boolean (a parameter with a dot in its name needs quotes)");
            return None;
        }
        DeValue::Array(_) | DeValue::Datetime(_) => {
            value.wrong_type("a string, a number or a boolean");
            return None;
        }
    };
    if text.contains('\0') {
        let message = "the value of a parameter holds a NUL byte".to_owned();
        value.sink.report("setting-value", &value.at(), message, "no PostgreSQL text can hold it");
        return None;
    }
    Some(text)
}
