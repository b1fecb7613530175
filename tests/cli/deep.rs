//! What users can nest as deeply as they like, and lead back to itself, ends no command: on a stack that is small, with the exit codes that
//! there are always.

use std::process::Command;

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;
use crate::run::{Output, Run};

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

fn shop() -> Cluster {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.converge();
    cluster.sql_as("orders_migrate", "shop").run("CREATE TABLE orders.t (a int PRIMARY KEY, b text)");
    cluster.converge();
    cluster
}

/// The program with a stack of so many kilobytes.
fn small(cluster: &Cluster, args: &str) -> Output {
    let mut shell = Command::new("/bin/sh");
    let program = env!("CARGO_BIN_EXE_pgmoat");
    shell.args(["-c", &format!("ulimit -s 2048; exec '{program}' {args}")]);
    cluster.aim(Run::of(shell, cluster.folder.path())).end()
}

/// Every command that follows what leads from one to another.
fn all(cluster: &Cluster, proof: i32) -> String {
    let text = small(cluster, "prove").code(proof).out;
    let _ = small(cluster, "prove --format json").code(proof);
    let _ = small(cluster, "plan").code(0);
    let _ = small(cluster, "drift").code(0);
    let _ = small(cluster, "apply --yes").code(0);
    let _ = small(cluster, "who can SELECT shop.orders.t").code(0);
    let _ = small(cluster, "who is orders_app").code(0);
    let adopted = small(cluster, "adopt");
    assert!([0, 3].contains(&adopted.code), "{adopted}");
    text
}

/// Each step in a transaction of its own, by so many.
fn chain(cluster: &Cluster, role: &str, count: usize, step: &dyn Fn(usize) -> String) {
    let sql = cluster.sql_as(role, "shop");
    // what a login makes for its service, the service's group owns
    sql.run(if role == "postgres" { "RESET ROLE" } else { "SET ROLE orders_ddl" });
    for first in (1..=count).step_by(200) {
        let steps: Vec<String> = (first..(first + 200).min(count + 1)).map(step).collect();
        sql.run(&format!("BEGIN; {}; COMMIT", steps.join(";")));
    }
}

#[test]
fn views_that_lead_back_to_themselves() {
    let cluster = shop();
    cluster.sql("shop").run(
        "CREATE ROLE stranger; CREATE SCHEMA s AUTHORIZATION stranger; SET ROLE stranger; \
         CREATE VIEW s.v AS SELECT 1 AS a; CREATE VIEW s.w AS SELECT a FROM s.v; CREATE OR REPLACE VIEW s.v AS SELECT a FROM s.w",
    );
    let ddl = cluster.sql_as("orders_migrate", "shop");
    ddl.run(
        "SET ROLE orders_ddl; CREATE VIEW orders.v AS SELECT 1 AS a; CREATE VIEW orders.w AS SELECT a FROM orders.v",
    );
    ddl.run("CREATE OR REPLACE VIEW orders.v AS SELECT a FROM orders.t WHERE a IN (SELECT a FROM orders.w)");
    let text = all(&cluster, 0);
    assert!(
        text.contains("note: shop: the views orders.v, orders.w read each other, and so nobody can read them"),
        "{text}"
    );
    assert!(text.contains("note: shop: the views s.v, s.w read each other, and so nobody can read them"), "{text}");
    // what the server lets through, the proof knows: an INSERT never looks at what the view reads besides
    cluster.sql("shop").run(
        "GRANT INSERT ON orders.w TO billing_dml; GRANT USAGE ON SCHEMA orders TO billing_dml; \
         SET SESSION AUTHORIZATION billing_app; INSERT INTO orders.w (a) VALUES (7)",
    );
    let proof = small(&cluster, "prove --format json").code(4).out;
    let proof: serde_json::Value = serde_json::from_str(&proof).expect("JSON");
    let mut through = proof["findings"].as_array().expect("findings").iter();
    let found = through.any(|f| f["code"] == "owner-view" && f["object"]["name"] == "t" && f["privilege"] == "INSERT");
    assert!(found, "{proof:#}");
}

#[test]
fn long_chains() {
    let cluster = shop();
    let option =
        cluster.sql("shop").one("SELECT (current_setting('server_version_num')::int >= 150000)::text") == "true";
    chain(&cluster, "orders_migrate", 700, &|n| match n {
        1 => "CREATE VIEW orders.v1 AS SELECT a FROM orders.t".into(),
        n => format!("CREATE VIEW orders.v{n} AS SELECT a FROM orders.v{}", n - 1),
    });
    if option {
        chain(&cluster, "orders_migrate", 400, &|n| {
            let below = if n == 1 { "t".to_owned() } else { format!("i{}", n - 1) };
            format!("CREATE VIEW orders.i{n} WITH (security_invoker) AS SELECT a FROM orders.{below}")
        });
    }
    chain(&cluster, "postgres", 700, &|n| match n {
        1 => "CREATE ROLE r1".into(),
        n => format!("CREATE ROLE r{n}; GRANT r{} TO r{n} WITH ADMIN OPTION", n - 1),
    });
    chain(&cluster, "orders_migrate", 150, &|n| match n {
        1 => "CREATE TABLE orders.p1 (a int) PARTITION BY LIST (a)".into(),
        n => format!("CREATE TABLE orders.p{n} PARTITION OF orders.p{} DEFAULT PARTITION BY LIST (a)", n - 1),
    });
    cluster.sql("shop").run("CREATE ROLE stranger; GRANT r700 TO stranger");
    let _ = all(&cluster, 0);
    cluster
        .sql("shop")
        .run("GRANT USAGE ON SCHEMA orders TO billing_dml; GRANT SELECT, INSERT ON orders.v700 TO billing_dml");
    let text = small(&cluster, "prove").code(4).out;
    assert!(text.contains("violated[owner-view]: billing_app"), "{text}");
    assert!(text.contains("more hops"), "{text}");
    if option {
        cluster
            .sql("shop")
            .run("REVOKE SELECT, INSERT ON orders.v700 FROM billing_dml; GRANT SELECT ON orders.i400 TO billing_dml");
        let _ = small(&cluster, "prove").code(4);
    }
}

/// What the server says by itself, of views of every sort, is what was read; and of a long chain it isn't asked.
#[test]
fn what_the_server_says_of_views() {
    let cluster = shop();
    let sql = cluster.sql("shop");
    sql.run(
        "SET ROLE orders_ddl; SET search_path = orders; \
         CREATE VIEW plain AS SELECT * FROM t; CREATE VIEW over_plain AS SELECT b FROM plain; \
         CREATE VIEW counted AS SELECT count(*) FROM plain; CREATE VIEW over_counted AS SELECT * FROM counted; \
         CREATE VIEW computed AS SELECT upper(b) AS b FROM plain; CREATE VIEW over_computed AS SELECT b FROM computed; \
         CREATE VIEW limited AS SELECT * FROM plain LIMIT 1; CREATE VIEW joined AS SELECT plain.a FROM plain, t; \
         CREATE VIEW listed AS WITH x AS (SELECT 1) SELECT a FROM plain",
    );
    let text = small(&cluster, "inspect").code(0).out;
    let snapshot: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let read = snapshot.to_string();
    assert!(!read.contains("\"deep\":true"), "no chain is long");
    chain(&cluster, "orders_migrate", 100, &|n| match n {
        1 => "CREATE VIEW orders.v1 AS SELECT a FROM orders.t".into(),
        n => format!("CREATE VIEW orders.v{n} AS SELECT a FROM orders.v{}", n - 1),
    });
    let snapshot: serde_json::Value = serde_json::from_str(&small(&cluster, "inspect").code(0).out).expect("JSON");
    assert_eq!(snapshot.to_string().matches("\"deep\":true").count(), 36, "those over 64 others");
}
