//! Databases and what is in them, with owners and ACLs by chance.

use super::dice::Dice;
use super::roles::anybody;

pub(crate) const DATABASES: [&str; 2] = ["one", "two"];

pub(crate) const SCHEMAS: [&str; 3] = ["s1", "s2", "public"];
const TABLE: &str = "id int DEFAULT 1, a int DEFAULT 1, b int DEFAULT 1";

/// Something that has an owner and an ACL.
struct Thing {
    /// In ALTER and in GRANT.
    keywords: [&'static str; 2],
    name: String,
    privileges: &'static [&'static str],
    columns: &'static [&'static str],
}

const ON_TABLES: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
const ON_COLUMNS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "REFERENCES"];

/// Who may enter a database, and do there.
pub(crate) fn database(dice: &mut Dice, major: u32, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    if !dice.once_in(3) {
        all.push(format!("ALTER DATABASE {name} OWNER TO {}", anybody(dice)));
    }
    if dice.once_in(2) {
        all.push(format!("REVOKE {} ON DATABASE {name} FROM PUBLIC", dice.one(&["CONNECT", "ALL", "TEMPORARY"])));
        for _ in 0..1 + dice.below(3) {
            all.push(grant(dice, major, &database_thing(name)));
        }
    }
    all
}

fn database_thing(name: &str) -> Thing {
    let privileges = &["CONNECT", "CONNECT", "CREATE", "TEMPORARY"];
    Thing { keywords: ["DATABASE", "DATABASE"], name: name.into(), privileges, columns: &[] }
}

/// May others than superusers enter the maintenance database?
pub(crate) fn maintenance(dice: &mut Dice) -> Vec<String> {
    let mut all = vec!["GRANT CONNECT ON DATABASE postgres TO PUBLIC".to_owned()];
    if !dice.once_in(3) {
        all.push("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC".into());
        if dice.once_in(2) {
            all.push(format!("GRANT CONNECT ON DATABASE postgres TO {}", anybody(dice)));
        }
    }
    all
}

/// Everything inside; the first list must be taken, of the second the server refuses some.
pub(crate) fn inside(dice: &mut Dice, major: u32) -> (Vec<String>, Vec<String>) {
    let (mut made, mut things) = (Vec::new(), Vec::new());
    for schema in SCHEMAS {
        if schema != "public" {
            made.push(format!("CREATE SCHEMA {schema}"));
        }
        let privileges = &["USAGE", "USAGE", "CREATE"];
        things.push(Thing { keywords: ["SCHEMA", "SCHEMA"], name: schema.into(), privileges, columns: &[] });
    }
    let tables = tables(dice, &mut made, &mut things);
    views(dice, major, (&mut made, &mut things), tables);
    others(dice, &mut made, &mut things);
    let mut given = Vec::new();
    for thing in &things {
        let [alter, _] = thing.keywords;
        let owner = if dice.once_in(12) { "pg_database_owner" } else { anybody(dice) };
        if thing.name != "public" || dice.once_in(2) {
            given.push(format!("ALTER {alter} {} OWNER TO {owner}", thing.name));
        }
        if alter == "FUNCTION" && dice.once_in(2) {
            given.push(format!("REVOKE ALL ON FUNCTION {} FROM PUBLIC", thing.name));
        }
        if alter == "SCHEMA" && dice.once_in(2) {
            given.push(format!("GRANT USAGE ON SCHEMA {} TO PUBLIC", thing.name));
        }
        for _ in 0..1 + dice.below(4) {
            given.push(grant(dice, major, thing));
        }
        if dice.once_in(6) {
            let privileges = if dice.once_in(2) { "ALL" } else { dice.one(thing.privileges) };
            given.push(format!("REVOKE {privileges} ON {} {} FROM {owner} CASCADE", thing.keywords[1], thing.name));
        }
    }
    (made, given)
}

fn add(things: &mut Vec<Thing>, dice: &mut Dice, made: &mut Vec<String>, name: &str, of: &str) -> String {
    let name = format!("{}.{name}", dice.one(&SCHEMAS));
    made.push(format!("CREATE TABLE {name} {of}"));
    let columns: &[&str] = match of {
        _ if of.contains("ref int") => &["id", "ref"],
        _ if of.contains("k int") || of.contains("PARTITION OF") => &["id", "k", "a"],
        _ => &["id", "a", "b"],
    };
    things.push(Thing { keywords: ["TABLE", "TABLE"], name: name.clone(), privileges: ON_TABLES, columns });
    name
}

fn tables(dice: &mut Dice, made: &mut Vec<String>, things: &mut Vec<Thing>) -> Vec<String> {
    let mut add = |dice: &mut Dice, made: &mut Vec<String>, name: &str, of: String| add(things, dice, made, name, &of);
    let t0 = add(dice, made, "t0", format!("({TABLE})"));
    let t1 = add(dice, made, "t1", format!("({TABLE})"));
    let p0 = add(dice, made, "p0", "(id int DEFAULT 1, k int DEFAULT 1, a int DEFAULT 1) PARTITION BY LIST (k)".into());
    add(dice, made, "p1", format!("PARTITION OF {p0} FOR VALUES IN (1)"));
    let p2 = add(dice, made, "p2", format!("PARTITION OF {p0} FOR VALUES IN (2, 3) PARTITION BY LIST (k)"));
    add(dice, made, "p3", format!("PARTITION OF {p2} FOR VALUES IN (2)"));
    add(dice, made, "p4", format!("PARTITION OF {p2} FOR VALUES IN (3)"));
    let i0 = add(dice, made, "i0", format!("({TABLE})"));
    let i1 = add(dice, made, "i1", format!("() INHERITS ({i0})"));
    let i2 = add(dice, made, "i2", format!("() INHERITS ({i1})"));
    let mut key = |dice: &mut Dice, made: &mut Vec<String>, name: &str, to: &str| {
        let mut action = || dice.one(&["CASCADE", "CASCADE", "SET NULL", "NO ACTION"]);
        let reference = format!("REFERENCES {to} ON DELETE {} ON UPDATE {}", action(), action());
        add(dice, made, name, format!("(id int DEFAULT 1 PRIMARY KEY, ref int {reference})"))
    };
    let q0 = format!("{}.q0", dice.one(&SCHEMAS));
    made.push(format!("CREATE TABLE {q0} ({TABLE}, PRIMARY KEY (id))"));
    let q1 = key(dice, made, "q1", &q0);
    let q3 = key(dice, made, "q3", &q1);
    things.push(Thing { keywords: ["TABLE", "TABLE"], name: q0.clone(), privileges: ON_TABLES, columns: &["id", "a"] });
    made.push(format!("INSERT INTO {p0} VALUES (50, 1, 5), (50, 2, 5), (50, 3, 5)"));
    for table in [&t0, &t1, &i0, &i1, &i2, &q0] {
        made.push(format!("INSERT INTO {table} VALUES (50, 5, 5)"));
    }
    made.push(format!("INSERT INTO {q1} VALUES (50, 50)"));
    made.push(format!("INSERT INTO {q3} VALUES (50, 50)"));
    vec![t0, t1, p0, i0, q0]
}

type Made<'a> = (&'a mut Vec<String>, &'a mut Vec<Thing>);

/// Views over tables, over views, over two of them; in any order of owners.
fn views(dice: &mut Dice, major: u32, (made, things): Made<'_>, mut over: Vec<String>) {
    for at in 0..6 {
        let name = format!("{}.v{at}", dice.one(&SCHEMAS));
        let last = at > 1 && dice.once_in(2);
        let base = over[if last { over.len() - 1 } else { dice.below(over.len()) }].clone();
        let other = over[dice.below(over.len())].clone();
        let with = if major >= 15 && dice.once_in(3) { " WITH (security_invoker = true)" } else { "" };
        let (query, columns): (String, &[&str]) = match dice.below(6) {
            0 => (format!("SELECT 1 AS id FROM {base} x, {other} y"), &["id"]),
            1 => (format!("SELECT id FROM {base} WHERE EXISTS (SELECT FROM {other})"), &["id"]),
            2 => (format!("SELECT id AS x, 1 AS one FROM {base}"), &["x", "one"]),
            3 => (format!("SELECT * FROM {base}"), &["id"]),
            _ => (format!("SELECT id FROM {base}"), &["id"]),
        };
        made.push(format!("CREATE VIEW {name}{with} AS {query}"));
        if columns == ["id"] {
            over.push(name.clone());
        }
        things.push(Thing { keywords: ["VIEW", "TABLE"], name, privileges: ON_TABLES, columns });
    }
    let name = format!("{}.m0", dice.one(&SCHEMAS));
    made.push(format!("CREATE MATERIALIZED VIEW {name} AS SELECT 1 FROM {}", over[dice.below(over.len())]));
    things.push(Thing { keywords: ["MATERIALIZED VIEW", "TABLE"], name, privileges: ON_TABLES, columns: &[] });
}

fn others(dice: &mut Dice, made: &mut Vec<String>, things: &mut Vec<Thing>) {
    let mut thing = |name: String, keyword, privileges| {
        things.push(Thing { keywords: [keyword, keyword], name, privileges, columns: &[] });
    };
    for at in 0..2 {
        let (sequence, function) = (format!("{}.n{at}", dice.one(&SCHEMAS)), format!("{}.f{at}", dice.one(&SCHEMAS)));
        made.push(format!("CREATE SEQUENCE {sequence}"));
        made.push(format!("CREATE FUNCTION {function}() RETURNS int LANGUAGE sql AS 'SELECT 1'"));
        thing(sequence, "SEQUENCE", &["USAGE", "SELECT", "UPDATE"]);
        thing(function, "FUNCTION", &["EXECUTE"]);
    }
    let domain = format!("{}.d0", dice.one(&SCHEMAS));
    made.push(format!("CREATE DOMAIN {domain} AS int"));
    made.push(format!("REVOKE ALL ON TYPE {domain} FROM PUBLIC"));
    thing(domain, "TYPE", &["USAGE"]);
}

/// By the owner, or by somebody who may or may not.
fn grant(dice: &mut Dice, major: u32, thing: &Thing) -> String {
    let mut privileges = dice.some(thing.privileges).join(", ");
    if !thing.columns.is_empty() && dice.once_in(3) {
        let column = dice.one(thing.columns);
        let on_column: Vec<String> = dice.some(&ON_COLUMNS).iter().map(|each| format!("{each} ({column})")).collect();
        privileges = on_column.join(", ");
    } else if major >= 17 && thing.privileges == ON_TABLES && dice.once_in(5) {
        privileges = "MAINTAIN".into();
    } else if dice.once_in(6) {
        privileges = "ALL".into();
    }
    let (to, option) = match dice.below(20) {
        0 | 1 => ("PUBLIC", ""),
        2 => ("pg_database_owner", dice.maybe(3, " WITH GRANT OPTION")),
        _ => (anybody(dice), dice.maybe(4, " WITH GRANT OPTION")),
    };
    let acting = if dice.once_in(4) { format!("SET ROLE {}; ", anybody(dice)) } else { String::new() };
    format!("{acting}GRANT {privileges} ON {} {} TO {to}{option}", thing.keywords[1], thing.name)
}
