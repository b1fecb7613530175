//! `[naming]`: how keys of the file become names on the server, by templates with `{service}`, `{login}` and `{env}`.

use super::names::{self, Kind, Named, Origin};
use super::read::{Placed, Sink, Table, Value};
use super::{At, Glob, Problem, Store};

/// What the placeholders stand for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words<'a> {
    pub(super) service: Option<&'a str>,
    pub(super) login: Option<&'a str>,
}

/// A text with placeholders, known to be right.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// None: it was refused, and its names are nobody's concern any more.
    text: Option<String>,
    at: Option<At>,
    kind: Kind,
}

/// The six templates.
#[derive(Debug)]
pub(super) struct Naming {
    pub(super) database: Template,
    pub(super) schema: Template,
    pub(super) ddl: Template,
    pub(super) dml: Template,
    pub(super) ro: Template,
    pub(super) login: Template,
    /// Of the entries in the store, where there is one.
    pub(super) secret: Option<(Store, Template)>,
    /// What `[secrets]` says for logins that say nothing themselves.
    pub(super) adopt: bool,
}

const OF_CLUSTER: &[&str] = &["env"];
const OF_SERVICE: &[&str] = &["service", "env"];
pub(super) const OF_LOGIN: &[&str] = &["service", "login", "env"];

impl Naming {
    pub(super) fn read(sink: &Sink<'_>, value: Option<Value<'_>>) -> Self {
        let mut table = value.and_then(|value| value.table("`[naming]`".to_owned()));
        let mut template = |kind, key: &'static str, default: &str| {
            let allowed = if key == "login" { OF_LOGIN } else { OF_SERVICE };
            Template::read(sink, table.as_mut().and_then(|table| table.get(key)), kind, allowed, default)
        };
        let naming = Self {
            database: template(Kind::Database, "database", "{service}"),
            schema: template(Kind::Schema, "schema", "{service}"),
            ddl: template(Kind::Role, "ddl", "{service}_ddl"),
            dml: template(Kind::Role, "dml", "{service}_dml"),
            ro: template(Kind::Role, "ro", "{service}_ro"),
            login: template(Kind::Role, "login", "{service}_{login}"),
            secret: None,
            adopt: false,
        };
        if let Some(table) = table {
            table.finish();
        }
        naming
    }
}

impl Template {
    /// What is written, else the default.
    pub(super) fn read(
        sink: &Sink<'_>,
        written: Option<Value<'_>>,
        kind: Kind,
        allowed: &[&str],
        default: &str,
    ) -> Self {
        let Some(value) = written else {
            return Self { text: Some(default.to_owned()), at: None, kind };
        };
        let text = value.string().filter(|text| is_template(sink, text, allowed));
        Self { text: text.map(|text| text.it), at: Some(value.at()), kind }
    }

    /// The text that it makes, if it isn't refused, and where it is written.
    pub(super) fn filled(&self, sink: &Sink<'_>, words: Words<'_>) -> Option<(String, Option<At>)> {
        Some((expand(sink, self.text.as_ref()?, words), self.at.clone()))
    }

    /// The name that it makes for what stands at `at`.
    pub(super) fn name(&self, sink: &Sink<'_>, words: Words<'_>, at: &At, what: String) -> Named {
        let origin = Origin { at: at.clone(), template: self.at.clone() };
        let name = match &self.text {
            Some(text) => names::name(sink, self.kind, &expand(sink, text, words), &origin),
            None => names::stand_in(),
        };
        Named { name, what, origin }
    }

    /// The names that it can make for a service, whatever the login's key.
    pub(super) fn pattern(&self, sink: &Sink<'_>, service: &str) -> Glob {
        let text = self.text.as_deref().unwrap_or_default();
        let mut parts = vec![String::new()];
        for piece in pieces(text) {
            let text = match piece {
                Piece::Literal(text) => text,
                Piece::Placeholder("service") => service,
                Piece::Placeholder("login") => {
                    parts.push(String::new());
                    continue;
                }
                Piece::Placeholder(_) => sink.env.unwrap_or_default(),
                Piece::Lone(_) => continue,
            };
            if let Some(part) = parts.last_mut() {
                part.push_str(text);
            }
        }
        Glob(parts)
    }

    /// The name that a key of the table spells out, else the one that the template makes.
    pub(super) fn name_or_written(
        &self,
        (table, key): (&mut Table<'_>, &'static str),
        words: Words<'_>,
        at: &At,
        what: String,
    ) -> Named {
        let Some(value) = table.get(key) else {
            return self.name(table.sink, words, at, what);
        };
        let name = value.string().map(|text| filled_name(table.sink, self.kind, &text, words));
        Named { name: name.unwrap_or_else(names::stand_in), what, origin: Origin::written(&value.at()) }
    }
}

/// A text as it stands in `[cluster]`, a service or a login, with the placeholders that have a meaning there.
pub(super) fn filled(sink: &Sink<'_>, text: &Placed<String>, words: Words<'_>) -> Option<Placed<String>> {
    let allowed = match (words.service, words.login) {
        (_, Some(_)) => OF_LOGIN,
        (Some(_), None) => OF_SERVICE,
        (None, None) => OF_CLUSTER,
    };
    is_template(sink, text, allowed).then(|| Placed { it: expand(sink, &text.it, words), at: text.at.clone() })
}

/// A written name, with placeholders.
pub(super) fn filled_name(sink: &Sink<'_>, kind: Kind, text: &Placed<String>, words: Words<'_>) -> crate::model::Name {
    filled(sink, text, words).map_or_else(names::stand_in, |text| names::written(sink, kind, &text))
}

enum Piece<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
    /// Without its other half.
    Lone(char),
}

/// `{{` and `}}` are the braces themselves.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(brace) = rest.find(['{', '}']) {
        found.push(Piece::Literal(&rest[..brace]));
        let from = &rest[brace..];
        let (piece, length) = if from.starts_with("{{") || from.starts_with("}}") {
            (Piece::Literal(&from[..1]), 2)
        } else if from.starts_with('}') {
            (Piece::Lone('}'), 1)
        } else {
            from.find('}').map_or((Piece::Lone('{'), 1), |end| (Piece::Placeholder(&from[1..end]), end + 1))
        };
        found.push(piece);
        rest = &from[length..];
    }
    found.push(Piece::Literal(rest));
    found
}

fn is_template(sink: &Sink<'_>, text: &Placed<String>, allowed: &[&str]) -> bool {
    let mut fine = true;
    for piece in pieces(&text.it) {
        match piece {
            Piece::Literal(_) => continue,
            Piece::Lone(brace) => {
                let message = format!("a `{brace}` stands alone in `{}`", text.it);
                sink.report("lone-brace", &text.at, message, "expected a placeholder, or the brace twice");
            }
            Piece::Placeholder("env") if sink.env.is_some() => continue,
            Piece::Placeholder("env") => sink.push(Problem {
                code: "env-missing",
                message: "`{env}` stands for an environment that wasn't given".to_owned(),
                at: text.at.clone(),
                label: "no value for `{env}`".to_owned(),
                also: None,
                help: Some("give it with `--env NAME` or in PGMOAT_ENV".to_owned()),
            }),
            Piece::Placeholder(word) if allowed.contains(&word) => continue,
            Piece::Placeholder(word) => {
                let braced: Vec<String> = allowed.iter().map(|word| format!("{{{word}}}")).collect();
                let label = sink.suggest(&format!("{{{word}}}"), braced.iter().map(String::as_str));
                let message = format!("the placeholder `{{{word}}}` has no meaning here");
                sink.report("unknown-placeholder", &text.at, message, label);
            }
        }
        fine = false;
    }
    fine
}

fn expand(sink: &Sink<'_>, text: &str, words: Words<'_>) -> String {
    let filled = pieces(text).into_iter().map(|piece| match piece {
        Piece::Literal(text) => text,
        Piece::Placeholder("service") => words.service.unwrap_or_default(),
        Piece::Placeholder("login") => words.login.unwrap_or_default(),
        Piece::Placeholder("env") => sink.env.unwrap_or_default(),
        Piece::Placeholder(_) | Piece::Lone(_) => "",
    });
    filled.collect()
}
