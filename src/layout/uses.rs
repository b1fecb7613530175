//! `[[service.KEY.uses]]`: what a service may touch of another one.

use super::privilege::List;
use super::read::{Placed, Sink, Table, Value, path};
use super::table_rule::pattern;
use super::{UsedTables, Uses};
use crate::model::Privileges;

const ALLOWED: Privileges = super::privilege::WRITES.union(Privileges::SELECT);

/// A `uses` whose service and logins are still texts.
pub(super) struct Draft {
    pub(super) uses: Uses,
    pub(super) service: Placed<String>,
    pub(super) logins: Vec<Placed<String>>,
    /// The first write privilege.
    pub(super) writes: Option<Placed<Privileges>>,
}

pub(super) fn read_all(sink: &Sink<'_>, consumer: &str, value: Value<'_>) -> Vec<Draft> {
    let toml::de::DeValue::Array(_) = value.raw() else {
        value.wrong_type(&format!("an array of tables, written `[[{}]]`", path(&["service", consumer, "uses"])));
        return Vec::new();
    };
    value.list().into_iter().flatten().filter_map(|value| read(sink, consumer, value)).collect()
}

fn read(sink: &Sink<'_>, consumer: &str, value: Value<'_>) -> Option<Draft> {
    let mut table = value.table(format!("`[[{}]]`", path(&["service", consumer, "uses"])))?;
    let service = table.need("service", "expected `service = \"…\"`: whose tables?").and_then(Value::string);
    let tables = tables(sink, &mut table);
    let privileges = table.get("privileges").map(|value| List::read(value, ALLOWED));
    if let Some(list) = privileges.as_ref().filter(|list| list.is_empty) {
        sink.report("empty-list", &list.at, "`privileges` is empty".to_owned(), "expected at least one privilege");
    }
    let logins = table.get("logins");
    let names = logins.map(Value::strings);
    let trusts_code = table.get("trusts_code").and_then(Value::boolean).unwrap_or(false);
    table.finish();
    if let Some(value) = logins.filter(is_empty) {
        let label = "expected the keys of logins; without `logins` it's the dml role";
        sink.report("empty-list", &value.at(), "`logins` is empty".to_owned(), label);
    }
    let writes = privileges.as_ref().and_then(List::write);
    if let (Some(UsedTables::All), Some(write)) = (&tables, &writes) {
        let message = "`tables = [\"*\"]` gives SELECT alone".to_owned();
        sink.report("write-on-all", &write.at, message, "to write, name the tables");
    }
    let service = service?;
    let uses = Uses {
        service: service.it.clone(),
        tables: tables.unwrap_or(UsedTables::All),
        privileges: privileges.map_or(Privileges::SELECT, |list| list.all()),
        logins: names.as_ref().map(|names| keys(names)),
        trusts_code,
        at: service.at.clone(),
    };
    Some(Draft { uses, service, logins: names.unwrap_or_default(), writes })
}

/// Each key once, in the order of the file.
fn keys(names: &[Placed<String>]) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    names.iter().filter(|name| seen.insert(&name.it)).map(|name| name.it.clone()).collect()
}

fn is_empty(value: &Value<'_>) -> bool {
    matches!(value.raw(), toml::de::DeValue::Array(array) if array.is_empty())
}

fn tables(sink: &Sink<'_>, table: &mut Table<'_>) -> Option<UsedTables> {
    let value = table.need("tables", "expected `tables = [\"…\"]`, or `[\"*\"]` for every table")?;
    let texts = value.strings();
    if is_empty(&value) {
        sink.report("empty-list", &value.at(), "`tables` is empty".to_owned(), "expected at least one table");
    }
    match texts.as_slice() {
        [only] if only.it == "*" => Some(UsedTables::All),
        _ => Some(UsedTables::Named(texts.iter().filter_map(|text| pattern(sink, text)).collect())),
    }
}
