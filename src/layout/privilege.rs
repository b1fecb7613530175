//! Lists of privileges on tables.

use super::Problem;
use super::read::{Placed, Sink, Value};
use crate::model::Privileges;

/// What lets its holder change rows.
pub(super) const WRITES: Privileges =
    Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE).union(Privileges::TRUNCATE);

/// What a table rule or a `uses` may never give, and why.
const REFUSED: [(&str, &str); 5] = [
    ("TRIGGER", "its holder runs code as whoever writes to the table"),
    ("REFERENCES", "its holder can block deletes and updates by a foreign key"),
    ("MAINTAIN", "its holder can lock the table against everybody"),
    ("ALL", "it includes TRIGGER, REFERENCES and MAINTAIN: name the privileges"),
    ("ALL PRIVILEGES", "it includes TRIGGER, REFERENCES and MAINTAIN: name the privileges"),
];

/// A list of privileges with the place of each.
pub(super) struct List {
    pub(super) each: Vec<Placed<Privileges>>,
    /// Of the list as a whole.
    pub(super) at: super::At,
    /// No element was written, right or wrong.
    pub(super) is_empty: bool,
}

impl List {
    pub(super) fn read(value: Value<'_>, allowed: Privileges) -> Self {
        let texts = value.strings();
        let is_empty = matches!(value.raw(), toml::de::DeValue::Array(array) if array.is_empty());
        let each = texts.iter().filter_map(|text| one(value.sink, text, allowed)).collect();
        Self { each, at: value.at(), is_empty }
    }

    pub(super) fn all(&self) -> Privileges {
        self.each.iter().fold(Privileges::NONE, |all, privilege| all.union(privilege.it))
    }

    /// The first one that lets its holder change rows.
    pub(super) fn write(&self) -> Option<Placed<Privileges>> {
        self.each.iter().find(|privilege| WRITES.contains(privilege.it)).cloned()
    }
}

fn one(sink: &Sink<'_>, text: &Placed<String>, allowed: Privileges) -> Option<Placed<Privileges>> {
    let found = Privileges::of_keyword(&text.it).filter(|privilege| allowed.contains(*privilege));
    if let Some(it) = found {
        return Some(Placed { it, at: text.at.clone() });
    }
    let names = allowed.each().map(|(_, keyword)| keyword).collect::<Vec<_>>();
    let expected = format!("expected {}", names.join(", "));
    let capitals = text.it.to_uppercase();
    let refused = REFUSED.iter().find(|(keyword, _)| *keyword == capitals);
    let (code, label, help) = match refused {
        Some((_, why)) => ("privilege-refused", (*why).to_owned(), Some(expected)),
        None if Privileges::of_keyword(&text.it).is_some() => ("privilege-refused", expected, None),
        None => ("unknown-privilege", sink.suggest(&text.it, names), None),
    };
    let message = match code {
        "unknown-privilege" => format!("`{}` is no privilege on a table", text.it),
        _ => format!("`{capitals}` can't be given here"),
    };
    sink.push(Problem { code, message, at: text.at.clone(), label, also: None, help });
    None
}

/// The privileges of an exception; `what` is what they are held on.
pub(super) fn of_texts(sink: &Sink<'_>, texts: &[Placed<String>], what: &str, legal: Privileges) -> Option<Privileges> {
    let mut all = Privileges::NONE;
    let mut wrong = texts.is_empty();
    for text in texts {
        let known = Privileges::of_keyword(&text.it);
        if let Some(privilege) = known.filter(|privilege| legal.contains(*privilege)) {
            all = all | privilege;
            continue;
        }
        wrong = true;
        let names: Vec<&str> = legal.each().map(|(_, keyword)| keyword).collect();
        let every = matches!(text.it.to_uppercase().as_str(), "ALL" | "ALL PRIVILEGES");
        let (code, label) = match known {
            _ if every => {
                ("privilege-refused", "name the privileges: an exception is no wider than its words".to_owned())
            }
            Some(_) => ("privilege-refused", format!("expected {}", names.join(", "))),
            None => ("unknown-privilege", sink.suggest(&text.it, names)),
        };
        sink.report(code, &text.at, format!("`{}` is no privilege on {what}", text.it), label);
    }
    (!wrong).then_some(all)
}
