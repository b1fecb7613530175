//! What a service's login can nest until the server's own stack doesn't suffice to write it out stops nobody's plan, proof or apply.

use crate::cluster::{Cluster, Sql};
use pgmoat::throwaway::Options;

const LAYOUT: &str = "
[service.orders]
database = \"shop\"
[service.orders.login]
app = \"dml\"
migrate = \"ddl\"
[service.billing]
database = \"shop\"
[service.billing.login]
app = \"dml\"
";

/// Before, opening, inside, closing, after: what opens and closes is there as often as the server takes it.
type Nested = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Each class whose definition the server writes out from a tree.
const DEEP: &[Nested] = &[
    ("CREATE VIEW orders.called AS SELECT ", "abs(", "1", ")", " AS x"),
    ("CREATE VIEW orders.negated AS SELECT ", "not ", "true", "", " AS x"),
    ("CREATE VIEW orders.collated AS SELECT ", "", "'a'", " collate \"C\"", " AS x"),
    ("CREATE TABLE orders.checked (total int CHECK (", "abs(", "total", ")", " > 0))"),
    ("CREATE TABLE orders.defaulted (total int DEFAULT ", "abs(", "1", ")", ")"),
    ("CREATE TABLE orders.generated (total int GENERATED ALWAYS AS (", "abs(", "1", ")", ") STORED)"),
    ("CREATE INDEX ON orders.t ((", "abs(", "total", ")", "))"),
    ("CREATE TABLE orders.parted (total int) PARTITION BY LIST ((", "abs(", "total", ")", "))"),
    ("CREATE RULE r AS ON UPDATE TO orders.t DO ALSO SELECT ", "abs(", "1", ")", ""),
    ("CREATE POLICY p ON orders.t USING (", "abs(", "1", ")", " > 0)"),
    ("CREATE FUNCTION orders.bound() RETURNS int SECURITY DEFINER BEGIN ATOMIC SELECT ", "abs(", "1", ")", "; END"),
    ("CREATE FUNCTION orders.argued(a int DEFAULT ", "abs(", "1", ")", ") RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    ("CREATE DOMAIN orders.bounded AS int CHECK (", "abs(", "value", ")", " > 0)"),
    ("CREATE STATISTICS orders.s ON total, (", "abs(", "total", ")", ") FROM orders.t"),
];

/// The deepest that the server still takes.
fn make(sql: &Sql, (before, open, inside, close, after): Nested) {
    let mut depths = [6000, 5000, 4500, 4000, 3700, 3400, 3100, 2800, 2500, 2000, 500, 20].into_iter();
    let made = depths.any(|depth| {
        let nested = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
        sql.attempt(&format!("{before}{nested}{after}")).is_ok()
    });
    assert!(made, "{before}");
}

fn all(cluster: &Cluster) {
    let _ = cluster.pgmoat("prove --format json").end().code(4);
    for command in ["plan", "plan --format json", "drift", "adopt"] {
        let end = cluster.pgmoat(command).end();
        assert!([0, 3, 4].contains(&end.code), "{command}: {end}");
        assert!(!end.err.contains("stack depth"), "{end}");
    }
}

#[test]
fn too_deep_to_be_written_out() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.converge();
    let sql = cluster.sql_as("orders_migrate", "shop");
    // as itself, so that there is something to take over
    sql.run("SET ROLE NONE");
    sql.run("CREATE TABLE orders.t (total int)");
    DEEP.iter().for_each(|object| make(&sql, *object));
    all(&cluster);
    cluster.sql("shop").run("CREATE ROLE stranger; REASSIGN OWNED BY orders_migrate TO stranger");
    all(&cluster);
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan
        .out_has(&["code of view orders.called, by stranger:\n             | view as\n             | a tree of md5 "]);
    cluster.converge();
    let _ = cluster.pgmoat("drift").end().code(0);
}

/// Nor does what is long.
#[test]
fn too_long_to_be_shown() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.converge();
    cluster.sql("shop").run(
        "CREATE ROLE stranger; DO $$ BEGIN EXECUTE 'CREATE FUNCTION orders.long() RETURNS int LANGUAGE sql AS ''SELECT 1 --' \
         || repeat('x', 5000000) || ''''; END $$; ALTER FUNCTION orders.long OWNER TO stranger",
    );
    let plan = cluster.pgmoat("plan --format json").end().code(3);
    let length = plan.out_has(&["\"in sql, a body of md5 "]).out.len();
    assert!(length < 100_000, "{length}");
    cluster.converge();
}
