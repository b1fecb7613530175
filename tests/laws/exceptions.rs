//! Thousands of exceptions by exact name, over thousands of tables: each finds its own. What it costs shows in the test's time.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use pgmoat::diff::{Change, diff};
use pgmoat::layout::resolve::resolve;
use pgmoat::layout::{SourceFile, parse};
use pgmoat::model::{Acl, Database, Grantee, Holding, Kind, Object, Privileges, Role, State};

use super::states::{name, snapshot};

const TABLES: usize = 4000;

fn table(at: usize) -> Object {
    Object { kind: Kind::Table, schema: name("s"), name: name(&format!("t{at}")), args: "".into() }
}

/// Everybody may read and write every table, and the notes of every hundredth.
fn cluster() -> State {
    let everybody = |privileges| {
        let mut acl = Acl::default();
        acl.grant(Grantee::Public, &name("d_ddl"), privileges);
        Arc::new(acl)
    };
    let mut database = Database::new(name("postgres"), Acl::default());
    database.objects.insert(Object::schema(&name("s")), Holding::new(name("d_ddl"), Acl::default()));
    for at in 0..TABLES {
        let acl = everybody(Privileges::SELECT | Privileges::INSERT);
        database.objects.insert(table(at), Holding { owner: name("d_ddl"), acl, follows: None });
        if at % 100 == 0 {
            database.columns.insert((table(at), name("note")), everybody(Privileges::SELECT | Privileges::UPDATE));
        }
    }
    let mut state = State::default();
    state.databases.insert(name("d"), database);
    state.roles.insert(name("d_ddl"), Role::PLAIN);
    state.roles.insert(name("postgres"), Role { superuser: true, login: true, ..Role::PLAIN });
    state
}

fn layout() -> String {
    let mut text =
        "[service.d]\nschemas = [\"s\"]\npublic_schema = \"open\"\n[service.d.login]\napp = \"dml\"\n".to_owned();
    for at in 0..TABLES {
        _ = writeln!(
            text,
            "[[allow]]\nrole = \"public\"\non = \"d.s.t{at}\"\nprivileges = [\"SELECT\"]\nreason = \"x\""
        );
    }
    text
}

#[test]
fn each_of_thousands_keeps_its_own() {
    let layout = parse(vec![SourceFile { name: "layout.toml".into(), text: layout() }], None).expect("a layout");
    let snapshot = snapshot(cluster());
    let desired = resolve(&layout, &snapshot).expect("a state");
    let changes = diff(&desired.current(&snapshot), &desired.state);
    let revoked: Vec<_> = changes
        .iter()
        .filter_map(|change| if let Change::Revoke(revoke) = change { Some(revoke) } else { None })
        .filter(|revoke| revoke.grantee == Grantee::Public)
        .collect();
    let taken: BTreeSet<Privileges> = revoked.iter().map(|revoke| revoke.privileges).collect();
    assert_eq!(taken, BTreeSet::from([Privileges::INSERT, Privileges::UPDATE]));
    assert_eq!(revoked.len(), TABLES + TABLES / 100);
}
