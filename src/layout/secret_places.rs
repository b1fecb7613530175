//! Whether each login's password has a place of its own in the store.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::{At, FileFormat, Login, Problem, Secrets, Store};
use crate::layout::read::Sink;

/// A login with an entry, as messages name it.
struct Entry<'a> {
    service: &'a str,
    login: &'a str,
    secret: &'a str,
    at: &'a At,
}

/// Reports logins whose passwords would live in one entry, or would be in one another's way.
pub(super) fn check<'a>(
    sink: &Sink<'_>,
    secrets: Option<&Secrets>,
    logins: impl Iterator<Item = (&'a str, &'a Login)>,
) {
    let entry = |(service, login): (&'a str, &'a Login)| {
        login.secret.as_deref().map(|secret| Entry { service, login: &login.key, secret, at: &login.at })
    };
    let mut own: Vec<Entry<'_>> = Vec::new();
    let mut first: BTreeMap<&str, &At> = BTreeMap::new();
    for entry in logins.filter_map(entry) {
        match first.get(entry.secret) {
            Some(at) => same(sink, at, &entry),
            None => {
                first.insert(entry.secret, entry.at);
                own.push(entry);
            }
        }
    }
    if let Some(secrets) = secrets {
        collisions(sink, secrets, &own);
    }
}

fn same(sink: &Sink<'_>, first: &At, entry: &Entry<'_>) {
    let Entry { service, login, secret, at } = entry;
    sink.push(Problem {
        code: "duplicate-secret",
        message: format!("two logins have the secret `{secret}`; `{login}` of `{service}` is the second"),
        at: (*at).clone(),
        label: "its password would overwrite the other's".to_owned(),
        also: Some((first.clone(), "the first".to_owned())),
        help: Some("`name` in `[secrets]` needs {service} and {login}; or give one its own `secret`".to_owned()),
    });
}

fn collisions(sink: &Sink<'_>, secrets: &Secrets, entries: &[Entry<'_>]) {
    let mut taken: BTreeMap<String, &Entry<'_>> = BTreeMap::new();
    let mut folders: BTreeMap<String, &Entry<'_>> = BTreeMap::new();
    for entry in entries.iter().filter(|_| secrets.store == Store::File) {
        let name = folded(entry.secret);
        for (at, _) in name.match_indices('/') {
            folders.entry(name[..at].to_owned()).or_insert(entry);
        }
    }
    for entry in entries {
        let places = places(secrets, entry.secret);
        let file =
            places.iter().find_map(|place| Some((*taken.get(place)?, "is the same file, or one of its versions")));
        let folder = || places.iter().find_map(|place| Some((*folders.get(place)?, "needs a folder of that name")));
        if let Some((other, how)) = file.or_else(folder) {
            let Entry { service, login, secret, at } = entry;
            sink.push(Problem {
                code: "secret-collision",
                message: format!("the secrets `{}` and `{secret}` can't both be in the store", other.secret),
                at: (*at).clone(),
                label: format!("the secret of `{login}` of `{service}`"),
                also: Some((other.at.clone(), format!("the secret of `{}` of `{}` {how}", other.login, other.service))),
                help: Some("capitals and normalisation don't tell names apart on every file system".to_owned())
                    .filter(|_| secrets.store == Store::File),
            });
        }
        taken.extend(places.into_iter().map(|place| (place, entry)));
    }
}

/// Every place that the entry's versions take, also while they are written, where capitals don't count if they may not.
fn places(secrets: &Secrets, name: &str) -> Vec<String> {
    match (secrets.store, secrets.format) {
        (Store::File, format) => {
            let extension = match format {
                FileFormat::Json => "json",
                FileFormat::Dotenv => "env",
            };
            let name = folded(name);
            let files = ["", ".pending", ".previous"].map(|version| format!("{name}{version}.{extension}"));
            files.into_iter().flat_map(|file| [format!("{file}.new"), file]).collect()
        }
        // `/shop/app` and `shop/app` have one ARN
        (Store::Ssm, _) => vec![name.trim_start_matches('/').to_owned()],
        (Store::SecretsManager, _) => vec![name.to_owned()],
    }
}

/// As a file system compares names that looks at neither capitals nor normalisation.
fn folded(name: &str) -> String {
    name.nfkd().collect::<String>().to_lowercase().nfkd().collect()
}
