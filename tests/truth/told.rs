//! From what a login told to the questions that the graph answers: what a change of one relation did to another.

use std::collections::BTreeSet;

use pgmoat::model::{Contents, Kind, Object};

/// Answers on which graph and server needn't agree: who may grant a role to the owner of a view lets the view do more than it could.
pub(crate) fn doubtful(told: &[String], contents: &Contents, fresh: &BTreeSet<String>) -> BTreeSet<String> {
    let doubtful: Vec<String> = told.iter().filter_map(|line| line.strip_prefix('?')).map(str::to_owned).collect();
    questions(&doubtful, contents, fresh)
}

/// The questions to which the server says yes.
pub(crate) fn questions(told: &[String], contents: &Contents, fresh: &BTreeSet<String>) -> BTreeSet<String> {
    let mut yes = BTreeSet::new();
    for line in told.iter().filter(|line| !line.starts_with('?')) {
        let parts: Vec<&str> = line.split('|').collect();
        match parts.as_slice() {
            ["explain", letter, name, privilege] => {
                yes.insert(line.clone());
                if matches!(*letter, "r" | "p") {
                    yes.insert(format!("reach|{name}|{privilege}"));
                }
                // a materialized view that its owner can't fill is old
                if *privilege == "SELECT" && (*letter != "m" || fresh.contains(*name)) {
                    let read = read_through(contents, name);
                    yes.extend(read.into_iter().map(|object| format!("reach|{}|SELECT", object.shown())));
                }
            }
            ["held", "r" | "p", name, "TRUNCATE"] => {
                yes.insert(line.clone());
                yes.insert(format!("reach|{name}|TRUNCATE"));
            }
            ["effect", _, name, statement, table, rows] => {
                let rows: i64 = rows.parse().expect("a number");
                let privilege = if *statement == "DELETE" && rows == 0 { "UPDATE" } else { statement };
                yes.insert(format!("reach|{table}|{privilege}"));
                // what has partitions has no rows of its own
                let whole = parents(contents, table).into_iter().filter(|whole| whole.kind == Kind::PartitionedTable);
                let through = read_through(contents, name);
                let whole = whole.filter(|whole| through.contains(whole));
                yes.extend(whole.map(|whole| format!("reach|{}|{privilege}", whole.shown())));
            }
            ["done", _] => {}
            _ => {
                yes.insert(line.clone());
            }
        }
    }
    yes
}

/// What a table is a part of, however far.
fn parents(contents: &Contents, table: &str) -> BTreeSet<Object> {
    let (mut found, mut open) = (BTreeSet::new(), vec![table.to_owned()]);
    while let Some(name) = open.pop() {
        let parents = contents.parents.iter().filter(|(part, _)| part.shown() == name).flat_map(|(_, of)| of);
        open.extend(parents.filter(|parent| found.insert((*parent).clone())).map(Object::shown));
    }
    found
}

/// The tables behind a view, and the parts of a table.
fn read_through(contents: &Contents, name: &str) -> BTreeSet<Object> {
    let (mut found, mut open) = (BTreeSet::new(), vec![name.to_owned()]);
    while let Some(name) = open.pop() {
        let views = contents.views.iter().filter(|(view, _)| view.shown() == name).flat_map(|(_, of)| &of.relations);
        let parts =
            contents.parents.iter().filter(|(_, of)| of.iter().any(|p| p.shown() == name)).map(|(part, _)| part);
        let copies = contents.code.iter().flat_map(|code| &code.copies).filter(|copy| copy.view.shown() == name);
        for next in views.chain(parts).chain(copies.flat_map(|copy| &copy.relations)) {
            if found.insert(next.clone()) {
                open.push(next.shown());
            }
        }
    }
    found.retain(|object: &Object| matches!(object.kind, Kind::Table | Kind::PartitionedTable));
    found
}
