//! `[service.KEY.login]`: the roles that processes connect as.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::names::{self, Kind, Named};
use super::naming::{Naming, Words, filled};
use super::read::{Placed, Sink, Table, Value, path};
use super::secrets::name_fits;
use super::{At, Auth, Group, Login, Problem, Rotation};

const GROUPS: &[(&str, Group)] = &[("ddl", Group::Ddl), ("dml", Group::Dml), ("ro", Group::Ro)];
const AUTHS: &[(&str, Auth)] = &[("password", Auth::Password), ("iam", Auth::Iam), ("external", Auth::External)];

const ROTATIONS: &[(&str, bool)] = &[("single", false), ("alternating", true)];

/// A login, and its roles' names with their place.
pub(super) struct Draft {
    pub(super) login: Login,
    /// Its own, then its slots'.
    pub(super) named: Vec<Named>,
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
    let (mut named, mut own) = (None, Own::default());
    let mut login = Login {
        key: key.it.clone(),
        name: names::stand_in(),
        group: Group::Dml,
        connection_limit: None,
        settings: BTreeMap::new(),
        auth: Auth::Password,
        secret: None,
        rotation: Rotation::Single,
        adopt: naming.adopt,
        at: key.at.clone(),
    };
    match value.raw() {
        DeValue::String(_) => login.group = value.one_of(GROUPS).unwrap_or(login.group),
        DeValue::Table(_) => {
            named = long_form((naming, words, &what), &mut login, &mut own, value);
        }
        _ => value.wrong_type("`ddl`, `dml`, `ro` or a table"),
    }
    let named = named.unwrap_or_else(|| naming.login.name(sink, words, &key.at, what));
    login.name = named.name.clone();
    login.secret = match (own.secret, login.auth) {
        (Some(secret), _) => Some(secret),
        (None, Auth::Password) => by_template(sink, naming, words, &login.at),
        (None, _) => None,
    };
    let mut named = vec![named];
    if own.alternating {
        let slots = ["a", "b"].map(|suffix| slot(sink, &named[0], suffix));
        login.rotation =
            Rotation::Alternating { slots: slots.each_ref().map(|slot| slot.name.clone()), keep_login: own.keep_login };
        named.extend(slots);
    }
    Draft { login, named }
}

/// What the long form says of the password.
#[derive(Default)]
struct Own {
    secret: Option<String>,
    alternating: bool,
    keep_login: bool,
}

/// One of the two roles that take turns.
fn slot(sink: &Sink<'_>, login: &Named, suffix: &str) -> Named {
    let name = match names::is_stand_in(&login.name) {
        true => names::stand_in(),
        false => names::name(sink, Kind::Role, &format!("{}_{suffix}", login.name.as_str()), &login.origin),
    };
    Named { name, what: format!("the slot {suffix} of {}", login.what), origin: login.origin.clone() }
}

fn long_form(
    (naming, words, what): (&Naming, Words<'_>, &str),
    login: &mut Login,
    own: &mut Own,
    value: Value<'_>,
) -> Option<Named> {
    let title = format!("`[{}]`", path(&["service", words.service.unwrap_or_default(), "login", &login.key]));
    let mut table = value.table(title)?;
    let role = table.need("role", "expected `role = \"ddl\"`, `\"dml\"` or `\"ro\"`");
    login.group = role.and_then(|value| value.one_of(GROUPS)).unwrap_or(login.group);
    login.connection_limit = table.get("connection_limit").and_then(connection_limit);
    login.settings = table.get("settings").map(settings).unwrap_or_default();
    login.auth = table.get("auth").and_then(|value| value.one_of(AUTHS)).unwrap_or(login.auth);
    own.secret = secret(&mut table, naming, login.auth, words);
    rotation(&mut table, login.auth, own);
    login.adopt = table.get("adopt").and_then(Value::boolean).unwrap_or(naming.adopt);
    let named = naming.login.name_or_written((&mut table, "name"), words, &login.at, what.to_owned());
    table.finish();
    Some(named)
}

fn rotation(table: &mut Table<'_>, auth: Auth, own: &mut Own) {
    let value = table.get("rotation");
    own.alternating = value.and_then(|value| value.one_of(ROTATIONS)).unwrap_or(false);
    let keep_login = table.get("keep_login");
    own.keep_login = keep_login.and_then(Value::boolean).unwrap_or(false);
    if let (true, Some(value)) = (auth != Auth::Password, value) {
        let message = "`rotation` is about a password that this login doesn't have".to_owned();
        table.sink.report("rotation-without-password", &value.at(), message, "expected `auth = \"password\"` with it");
        own.alternating = false;
    } else if let (false, Some(value)) = (own.alternating, keep_login) {
        let message = "`keep_login` is about the change to two slots".to_owned();
        let label = "expected `rotation = \"alternating\"` with it";
        table.sink.report("rotation-without-password", &value.at(), message, label);
    }
}

fn secret(table: &mut Table<'_>, naming: &Naming, auth: Auth, words: Words<'_>) -> Option<String> {
    let text = table.get("secret")?.string()?;
    let secret = filled(table.sink, &text, words)?;
    if secret.it.is_empty() {
        let message = "`secret` is empty".to_owned();
        table.sink.report("empty-secret", &secret.at, message, "expected the name of an entry in the secret store");
        return None;
    }
    if auth != Auth::Password {
        let message = "`secret` names a place for a password that this login doesn't have".to_owned();
        table.sink.report("secret-without-password", &secret.at, message, "expected `auth = \"password\"` with it");
    }
    is_fit(table.sink, naming, &secret.it, (&secret.at, None)).then_some(secret.it)
}

/// The entry that `[secrets]` names.
fn by_template(sink: &Sink<'_>, naming: &Naming, words: Words<'_>, at: &At) -> Option<String> {
    let (secret, template) = naming.secret.as_ref()?.1.filled(sink, words)?;
    let also = template.map(|at| (at, "made of this template".to_owned()));
    is_fit(sink, naming, &secret, (at, also)).then_some(secret)
}

/// Can the store have an entry of this name?
fn is_fit(sink: &Sink<'_>, naming: &Naming, secret: &str, (at, also): (&At, Option<(At, String)>)) -> bool {
    let Some((store, _)) = naming.secret else { return true };
    let Err(why) = name_fits(store, secret) else { return true };
    let message = format!("the store `{}` can't have an entry named `{secret}`", store.word());
    sink.push(Problem { code: "secret-name", message, at: at.clone(), label: why.to_owned(), also, help: None });
    false
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
