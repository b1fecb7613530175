//! `[service.KEY.table.NAME]`: one table, or those that a pattern matches.

use super::privilege::{List, WRITES};
use super::read::{Placed, Sink, Value, path};
use super::{At, TablePattern, TableRule};
use crate::model::Privileges;

/// A rule whose writer is still a text.
pub(super) struct Draft {
    pub(super) rule: TableRule,
    pub(super) writer: Option<Placed<String>>,
    /// Without a writer: the first write privilege that dml gets.
    pub(super) dml_writes: Option<Placed<Privileges>>,
}

pub(super) fn read_all(sink: &Sink<'_>, service: &str, value: Value<'_>) -> Vec<Draft> {
    let Some(table) = value.table(format!("`[{}]`", path(&["service", service, "table"]))) else {
        return Vec::new();
    };
    let mut drafts: Vec<Draft> = table.entries().filter_map(|(key, value)| read(sink, service, &key, value)).collect();
    drafts.sort_by_key(|draft| (draft.rule.at.bytes.start, draft.rule.at.bytes.end));
    drafts
}

fn read(sink: &Sink<'_>, service: &str, key: &Placed<String>, value: Value<'_>) -> Option<Draft> {
    let pattern = pattern(sink, key);
    let mut table = value.table(format!("`[{}]`", path(&["service", service, "table", &key.it])))?;
    let has_writer = table.get("writer");
    let writer = has_writer.and_then(Value::string);
    let list = table.get("privileges");
    let allowed = if has_writer.is_some() { WRITES } else { WRITES.union(Privileges::SELECT) };
    let list = list.map(|value| List::read(value, allowed));
    match &list {
        None if has_writer.is_none() => {
            let message = format!("{} says nothing: it needs a `writer` or `privileges`", table.what());
            sink.report("missing-key", &key.at, message, "expected `writer`, or what dml may do: `privileges`");
        }
        Some(list) if has_writer.is_some() && list.is_empty => {
            sink.report(
                "empty-list",
                &list.at,
                "a writer without privileges writes nothing".to_owned(),
                "expected at least one privilege",
            );
        }
        _ => {}
    }
    table.finish();
    let default = Privileges::INSERT | Privileges::UPDATE | Privileges::DELETE;
    let privileges = list.as_ref().map_or(default, List::all);
    let dml_writes = list.filter(|_| has_writer.is_none()).and_then(|list| list.write());
    let rule = TableRule { table: pattern?, writer: None, privileges, at: key.at.clone() };
    Some(Draft { rule, writer, dml_writes })
}

/// A table's name as a pattern.
pub(super) fn pattern(sink: &Sink<'_>, text: &Placed<String>) -> Option<TablePattern> {
    let at: At = text.at.clone();
    TablePattern::parse(&text.it, at)
        .map_err(|error| {
            let label = "expected `name` or `schema.name`; `*` stands for any characters, and double quotes take dots and stars literally";
            sink.report("table-pattern", &text.at, format!("`{}` names no table: {error}", text.it), label);
        })
        .ok()
}
