//! Exceptions that count and that have ended, and layouts that only add: what is said where.

use crate::cluster::{Cluster, NOTHING};

const BEFORE: &str = "CREATE ROLE metabase LOGIN; CREATE ROLE cron LOGIN";

const INSIDE: &str = "
    CREATE SCHEMA pay; GRANT USAGE ON SCHEMA pay TO PUBLIC; CREATE TABLE pay.bill (id int);
    GRANT SELECT ON pay.bill TO metabase, cron";

const ALLOWS: &str = "
[[allow]]
role       = \"metabase\"
on         = \"pay.pay.*\"
privileges = [\"SELECT\"]
reason     = \"dashboards\"
until      = 2000-01-01

[[allow]]
role       = \"cron\"
on         = \"pay.pay.bill\"
privileges = [\"SELECT\"]
reason     = \"the [nightly] job\"
until      = 9999-12-31
";

fn cluster(layout: &str) -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(layout);
    cluster.sql("postgres").run(BEFORE);
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run(INSIDE);
    cluster
}

#[test]
fn an_ended_exception_is_an_error_to_check_and_a_warning_to_others() {
    let cluster = cluster(&format!("[service.pay.login]\napp = \"dml\"\n{ALLOWS}"));
    let ended = "[expired-allow]: the exception for metabase: SELECT on pay.pay.* ended on 2000-01-01";
    let place = "--> pgmoat.toml:9:14";
    let _ = cluster.bare().args("check").end().code(1).out("").err_has(&[
        "error",
        ended,
        place,
        "until      = 2000-01-01",
        "the layout has 1 problem",
    ]);
    let plan = cluster.pgmoat("plan").end().code(3).err_has(&["warning", ended, place]);
    let _ = plan.out_has(&[
        "SELECT on table pay.bill from metabase [revokes-access]  (the exception for metabase ended on 2000-01-01)",
        "note: allowed: cron: SELECT on pay.pay.bill (the [nightly] job, until 9999-12-31)",
    ]);
    let json = cluster.pgmoat("plan --format json").end().code(3).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let note = "allowed: cron: SELECT on pay.pay.bill (the [nightly] job, until 9999-12-31)";
    assert_eq!(json["notes"], serde_json::json!([note]));
    let markdown = cluster.pgmoat("plan --format markdown").end().code(3);
    let _ = markdown.out_has(&["**Notes**", "- allowed: cron: SELECT on pay.pay.bill (the \\[nightly\\] job"]);
    let _ = cluster.pgmoat("plan -q").end().code(3).err("");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0).err_has(&["warning", ended, place]);
    let _ = cluster.pgmoat("plan -q").end().code(0).out_has(&[NOTHING.trim(), "note: allowed: cron"]);
    assert_eq!(cluster.sql_as("cron", "pay").one("SELECT count(*)::text FROM pay.bill"), "0");
    assert_eq!(
        cluster.sql("postgres").one("SELECT has_database_privilege('metabase', 'pay', 'CONNECT')::text"),
        "false"
    );
}

#[test]
fn what_is_withheld_is_shown_and_never_done() {
    let cluster = cluster("[cluster]\nmode = \"additive\"\n[service.pay.login]\napp = \"dml\"\n");
    let withheld = "withheld: mode is additive; an exclusive layout would also:";
    let revoke = "- revoke   SELECT on table pay.bill from cron [revokes-access]  (the layout doesn't know cron)";
    let plan = cluster.pgmoat("plan").end().code(3).err("");
    let _ = plan.out_has(&[
        "\npay (database pay)\n  + create",
        withheld,
        "\npay (database pay)\n  ~ own",
        revoke,
        "to grant",
    ]);
    // no step can hurt, so nothing need be allowed
    let applied = cluster.pgmoat("apply --yes").end().code(0).err("");
    let _ = applied.out_has(&[withheld, "the cluster has all that the layout gives, and what is withheld stays\n"]);
    let plan = cluster.pgmoat("plan").end().code(0).err("");
    let _ = plan.out_has(&["nothing to add: the cluster has all that the layout gives\n", withheld, revoke]);
    let _ = cluster.pgmoat("plan --format diff").end().code(0).out("");
    let sql = cluster.pgmoat("plan --format sql").end().code(0).out;
    assert!(sql.contains("-- withheld: mode is additive") && sql.contains("--     REVOKE SELECT ON TABLE"), "{sql}");
    assert!(sql.lines().all(|line| line.is_empty() || line.starts_with("--")), "{sql}");
    let markdown = cluster.pgmoat("plan --format markdown").end().code(0);
    let _ =
        markdown.out_has(&["Nothing to add", "**Withheld**: mode is additive", "- revoke `SELECT on table pay.bill"]);
    let json = cluster.pgmoat("plan --format json --out plan.json").end().code(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["steps"], serde_json::json!([]));
    assert!(json["withheld"].as_array().is_some_and(|steps| steps.iter().any(|step| step["role"] == "cron")));
    let _ = cluster.pgmoat("apply plan.json").end().code(0).err("");
    assert_eq!(cluster.sql_as("cron", "pay").one("SELECT count(*)::text FROM pay.bill"), "0");
    cluster.layout("[cluster]\nmode = \"exclusive\"\n[service.pay.login]\napp = \"dml\"\n");
    cluster.converge();
    assert_eq!(cluster.sql("postgres").one("SELECT has_database_privilege('cron', 'pay', 'CONNECT')::text"), "false");
}
