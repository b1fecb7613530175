//! `[cluster]`: the server as a whole.

use std::collections::BTreeSet;

use super::names::{self, Kind, Named, Origin};
use super::naming::{Words, filled, filled_name};
use super::read::{Placed, Sink, Table, Value};
use super::{Cluster, Mode};
use crate::model::Name;

/// The cluster, and its roles with their places for the checks.
pub(super) struct Draft {
    pub(super) cluster: Cluster,
    /// Provisioner and admins: no service may have a role of these names.
    pub(super) trusted: Vec<Named>,
    pub(super) inspector: Option<Named>,
}

const MODES: &[(&str, Mode)] = &[("exclusive", Mode::Exclusive), ("additive", Mode::Additive)];

pub(super) fn read(sink: &Sink<'_>, value: Option<Value<'_>>) -> Draft {
    let Some(mut table) = value.and_then(|value| value.table("`[cluster]`".to_owned())) else {
        return Draft { cluster: Cluster::default(), trusted: Vec::new(), inspector: None };
    };
    let default = Cluster::default();
    let name = table.get("name").and_then(Value::string).and_then(|text| filled(sink, &text, Words::default()));
    let database = named(&mut table, "database", Kind::MaintenanceDatabase);
    let provisioner = named(&mut table, "provisioner", Kind::Role);
    let inspector = named(&mut table, "inspector", Kind::Role);
    let admins = admins(&mut table);
    let mode = table.get("mode").and_then(|value| value.one_of(MODES));
    let identifier = identifier(sink, &mut table);
    table.finish();
    let cluster = Cluster {
        name: name.map_or(default.name, |name| name.it),
        database: database.map_or(default.database, |named| named.name),
        provisioner: provisioner.as_ref().map(|named| named.name.clone()),
        provisioner_at: provisioner.as_ref().map(|named| named.origin.at.clone()),
        admins: admins.iter().map(|named| named.name.clone()).collect(),
        mode: mode.unwrap_or(default.mode),
        inspector: inspector.as_ref().map(|named| named.name.clone()),
        inspector_at: inspector.as_ref().map(|named| named.origin.at.clone()),
        system_identifier: identifier.as_ref().map(|text| text.it.clone()),
        system_identifier_at: identifier.map(|text| text.at),
    };
    Draft { cluster, trusted: provisioner.into_iter().chain(admins).collect(), inspector }
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            name: "cluster".to_owned(),
            database: Name::of_server("postgres"),
            provisioner: None,
            provisioner_at: None,
            admins: BTreeSet::new(),
            mode: Mode::Exclusive,
            inspector: None,
            inspector_at: None,
            system_identifier: None,
            system_identifier_at: None,
        }
    }
}

fn named(table: &mut Table<'_>, key: &'static str, kind: Kind) -> Option<Named> {
    let text = table.get(key)?.string()?;
    let name = filled_name(table.sink, kind, &text, Words::default());
    Some(Named { name, what: format!("the {key}"), origin: Origin::written(&text.at) })
}

/// A number of 64 bits, as text, since TOML's integers end at half of them.
fn identifier(sink: &Sink<'_>, table: &mut Table<'_>) -> Option<Placed<String>> {
    let text = table.get("system_identifier")?.string()?;
    let known = text.it.parse::<u64>().is_ok_and(|number| number.to_string() == text.it);
    if !known {
        let label = "`SELECT system_identifier FROM pg_control_system()` shows it";
        let message = "`system_identifier` must be the number of a cluster, as text".to_owned();
        sink.report("system-identifier", &text.at, message, label);
    }
    known.then_some(text)
}

fn admins(table: &mut Table<'_>) -> Vec<Named> {
    let texts = table.get("admins").map(Value::strings).unwrap_or_default();
    let admin = |text| {
        let name = filled_name(table.sink, Kind::TrustedRole, &text, Words::default());
        Named { name, what: "an admin".to_owned(), origin: Origin::written(&text.at) }
    };
    texts.into_iter().map(admin).filter(|named| !names::is_stand_in(&named.name)).collect()
}
