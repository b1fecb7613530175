//! Who owns what is asked of the server, not of a list of kinds: on a server on which a stranger owns one object of every class that can
//! have an owner, each of them is found by `prove`, by its identity, and what stands in a service's schema is moved by `apply`.
//!
//! The classes are those of pg_shdepend on that server: one that a later major adds fails here until something owns one of it.
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version.

#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod cluster;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod run;

use std::collections::BTreeSet;

use cluster::Cluster;
use pgmoat::throwaway::Options;
use serde_json::Value;

const LAYOUT: &str = r#"
[service.orders]
database = "shop"
[service.orders.login]
app = "dml"
migrate = "ddl"
[service.billing]
database = "shop"
[service.billing.login]
app = "dml"
"#;

/// One of each that has an owner: in the service's schema where it stands in one.
const EVERYTHING: &str = r#"
CREATE ROLE stranger;
CREATE ROLE was_superuser SUPERUSER;
CREATE TABLE orders.t (id int, note text);
ALTER TABLE orders.t OWNER TO stranger;
CREATE FUNCTION orders.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION orders.f() OWNER TO stranger;
CREATE TYPE orders.mood AS ENUM ('good');
ALTER TYPE orders.mood OWNER TO stranger;
CREATE COLLATION orders.plain FROM "C";
ALTER COLLATION orders.plain OWNER TO stranger;
CREATE CONVERSION orders.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
ALTER CONVERSION orders.conv OWNER TO stranger;
CREATE OPERATOR orders.=== (leftarg = int, rightarg = int, function = int4eq);
ALTER OPERATOR orders.=== (int, int) OWNER TO stranger;
CREATE OPERATOR FAMILY orders.family USING btree;
ALTER OPERATOR FAMILY orders.family USING btree OWNER TO stranger;
CREATE OPERATOR CLASS orders.class FOR TYPE int4 USING btree FAMILY orders.family AS STORAGE int4;
ALTER OPERATOR CLASS orders.class USING btree OWNER TO stranger;
CREATE STATISTICS orders.st ON id, note FROM orders.t;
ALTER STATISTICS orders.st OWNER TO stranger;
CREATE TEXT SEARCH CONFIGURATION orders.words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION orders.words OWNER TO stranger;
CREATE TEXT SEARCH DICTIONARY orders.dictionary (TEMPLATE = simple);
ALTER TEXT SEARCH DICTIONARY orders.dictionary OWNER TO stranger;
ALTER SCHEMA billing OWNER TO stranger;
SELECT lo_create(4711);
ALTER LARGE OBJECT 4711 OWNER TO stranger;
GRANT CREATE ON DATABASE shop TO stranger;
CREATE PUBLICATION news;
ALTER PUBLICATION news OWNER TO stranger;
CREATE FOREIGN DATA WRAPPER plain;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER plain;
ALTER SERVER elsewhere OWNER TO stranger;
CREATE FUNCTION public.et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
GRANT CREATE ON SCHEMA public TO stranger;
SET ROLE stranger;
CREATE EXTENSION citext SCHEMA public;
RESET ROLE;
SET ROLE was_superuser;
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.et();
CREATE LANGUAGE words HANDLER plpgsql_call_handler;
CREATE SUBSCRIPTION feed CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false, slot_name = NONE);
RESET ROLE;
ALTER ROLE was_superuser NOSUPERUSER;
"#;

/// The classes of what is owned, as the server has it, and what it calls each.
const OWNED: &str = "
select distinct s.classid::regclass::text || ': ' ||
       i.type || ' ' || i.identity
from pg_shdepend s cross join lateral pg_identify_object(s.classid, s.objid, 0) i
where s.deptype = 'o' and s.refobjid in ('stranger'::regrole, 'was_superuser'::regrole)
order by 1";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Every `foreign-owner` and its like: kind and name, with the schema where there is one.
fn found(proof: &Value) -> BTreeSet<String> {
    let findings = proof["findings"].as_array().expect("findings");
    let owned = ["foreign-owner", "schema-owner", "database-owner", "login-owns"];
    let owned = findings.iter().filter(|finding| owned.contains(&finding["code"].as_str().unwrap_or_default()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let named = |finding: &Value| {
        let object = &finding["object"];
        let schema = object["schema"].as_str().map(|schema| format!("{schema}.")).unwrap_or_default();
        format!("{} {schema}{}", text(&object["kind"]), text(&object["name"]))
    };
    owned.map(named).collect()
}

#[test]
fn whatever_a_stranger_owns_is_found_and_moved() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.converge();
    let shop = cluster.sql("shop");
    for statement in EVERYTHING.split_inclusive(";\n") {
        shop.run(statement.trim());
    }
    cluster.sql("postgres").run("ALTER DATABASE shop OWNER TO stranger");
    let owned = shop.rows(OWNED);
    let classes: BTreeSet<&str> = owned.iter().filter_map(|line| line.split(": ").next()).collect();
    for class in [
        "pg_class",
        "pg_collation",
        "pg_conversion",
        "pg_database",
        "pg_event_trigger",
        "pg_extension",
        "pg_foreign_data_wrapper",
        "pg_foreign_server",
        "pg_language",
        "pg_largeobject",
        "pg_namespace",
        "pg_opclass",
        "pg_operator",
        "pg_opfamily",
        "pg_proc",
        "pg_publication",
        "pg_statistic_ext",
        "pg_subscription",
        "pg_ts_config",
        "pg_ts_dict",
        "pg_type",
    ] {
        assert!(classes.contains(class), "{class}: {owned:#?}");
    }
    let before = cluster.pgmoat("prove --format json").end();
    let found_before = found(&json(&before.out));
    for line in &owned {
        let thing = line.split_once(": ").expect("a class").1;
        assert!(found_before.contains(thing), "{thing} isn't found: {found_before:#?}");
    }
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let left = shop.rows(OWNED);
    let inside: Vec<&String> = left.iter().filter(|line| line.contains(" orders.")).collect();
    assert_eq!(inside, Vec::<&String>::new(), "not moved");
}

/// What healthy applications make for themselves, and what an administrator gave them.
const HEALTHY: &str = r#"
CREATE EXTENSION citext SCHEMA public;
CREATE EXTENSION pg_trgm SCHEMA public;
GRANT CREATE ON DATABASE shop TO orders_ddl;
CREATE FOREIGN DATA WRAPPER plain;
GRANT USAGE ON FOREIGN DATA WRAPPER plain TO orders_ddl;
SET ROLE orders_ddl;
CREATE COLLATION orders.plain FROM "C";
CREATE TYPE orders.span AS RANGE (subtype = int4);
CREATE TABLE orders.t (id int, mail public.citext COLLATE orders.plain, during orders.span DEFAULT orders.span(1, 2));
CREATE INDEX ON orders.t USING gin ((mail::text) public.gin_trgm_ops);
CREATE STATISTICS orders.st ON id, mail FROM orders.t;
CREATE TEXT SEARCH CONFIGURATION orders.words (COPY = simple);
CREATE INDEX ON orders.t USING gin (to_tsvector('orders.words', mail::text));
CREATE PUBLICATION news FOR TABLE orders.t;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER plain;
CREATE FOREIGN TABLE orders.far (id int) SERVER elsewhere;
SELECT lo_create(4711);
RESET ROLE;
REVOKE CREATE ON DATABASE shop FROM orders_ddl;
CREATE TABLE billing.t (mail public.citext);
ALTER TABLE billing.t OWNER TO billing_ddl;
"#;

#[test]
fn nothing_is_said_of_what_is_healthy() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.converge();
    let shop = cluster.sql("shop");
    HEALTHY.split_inclusive(";\n").for_each(|statement| shop.run(statement.trim()));
    let proof = cluster.pgmoat("prove --format json").end().code(0);
    let findings = json(&proof.out)["findings"].as_array().cloned().unwrap_or_default();
    // that somebody may connect elsewhere is a note
    assert_eq!(findings.iter().find(|finding| finding["code"] != "other-database"), None, "{proof}");
    let plan = cluster.pgmoat("plan").end();
    assert!(!plan.out.contains("moves-owner"), "{plan}");
    cluster.converge();
    // a role that replicates has a publication of its own, with nobody's table
    shop.run("CREATE ROLE replicator");
    shop.run("GRANT CREATE ON DATABASE shop TO replicator");
    shop.run("CREATE PUBLICATION empty");
    shop.run("ALTER PUBLICATION empty OWNER TO replicator");
    let proof = cluster.pgmoat("prove --format json").end().code(0);
    assert_eq!(found(&json(&proof.out)), BTreeSet::from(["publication empty".to_owned()]), "{proof}");
    shop.run("DROP PUBLICATION empty");
    // and one of a service's tables, of which it says what they may still do
    shop.run("ALTER PUBLICATION news OWNER TO replicator");
    shop.run("REVOKE CREATE ON DATABASE shop FROM replicator");
    let proof = cluster.pgmoat("prove --format json").end().code(4);
    assert_eq!(found(&json(&proof.out)), BTreeSet::from(["publication news".to_owned()]), "{proof}");
}

/// Each class that can have an owner, by pg_shdepend's own code: one that this test doesn't know is new.
#[test]
fn no_class_is_unknown() {
    let cluster = Cluster::with(&Options::default());
    // every catalog with a column that says who owns a row
    let owners = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relkind = 'r' and c.relnamespace = 'pg_catalog'::regnamespace and a.attnum > 0 and not a.attisdropped
          and a.atttypid = 'oid'::regtype and (a.attname ~ 'owner$' or a.attname = 'datdba')
        order by 1";
    let known = [
        "pg_class",
        "pg_collation",
        "pg_conversion",
        "pg_database",
        "pg_event_trigger",
        "pg_extension",
        "pg_foreign_data_wrapper",
        "pg_foreign_server",
        "pg_language",
        "pg_largeobject_metadata",
        "pg_namespace",
        "pg_opclass",
        "pg_operator",
        "pg_opfamily",
        "pg_proc",
        "pg_publication",
        "pg_statistic_ext",
        "pg_subscription",
        "pg_tablespace",
        "pg_ts_config",
        "pg_ts_dict",
        "pg_type",
    ];
    assert_eq!(cluster.sql("postgres").rows(owners), known);
}
