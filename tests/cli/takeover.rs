//! Code and schemas that roles beyond the wall made: taking them over is agreed to by name, after reading them.

use serde_json::Value;

use crate::cluster::{APPLIED, Cluster, NOTHING, wait_until};
use crate::output::but_for_look;

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n";

/// What a hostile body may hold: ends of comments and fences, a line of psql, colours, and what turns text around.
const BODY: &str =
    "select 1; -- */\n```\n\\! touch /tmp/owned\n\u{1b}[31mred\u{202e}\r\nDROP TABLE pay.secret; -- ````\n";

/// A service's database in which a stranger could create.
fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE ROLE stranger LOGIN");
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster.sql("pay").run(
        "CREATE SCHEMA pay; CREATE TABLE pay.secret (id int); GRANT CREATE, USAGE ON SCHEMA pay TO stranger;
         GRANT ALL ON pay.secret TO stranger",
    );
    cluster
}

/// A function with the hostile body, which is kept as text.
fn plant(cluster: &Cluster) {
    let stranger = cluster.sql_as("stranger", "pay");
    let quoted = format!("'{}'", BODY.replace('\'', "''"));
    stranger.run("SET check_function_bodies = off");
    stranger.run(&format!("CREATE FUNCTION pay.run() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS {quoted}"));
}

#[test]
fn it_takes_a_yes_of_its_own() {
    let cluster = cluster();
    let stranger = cluster.sql_as("stranger", "pay");
    stranger.run(
        "CREATE VIEW pay.more AS SELECT * FROM pay.secret; CREATE TABLE pay.plain (id int DEFAULT 1 CHECK (id > 0));
         CREATE TABLE pay.loud (id int); CREATE RULE r AS ON INSERT TO pay.loud DO INSTEAD NOTHING",
    );
    let before = cluster.catalog();
    let plan = cluster.pgmoat("plan").end().code(3).out_has(&[
        "~ own      table pay.plain: from stranger to pay_ddl [moves-owner]",
        "code of table pay.loud, by stranger:\n             | CREATE RULE r AS\n",
        "~ own      view pay.more: from stranger to pay_ddl [moves-owner, adopts-code]",
        "(stranger, which the layout doesn't know, wrote the code, and it belongs to pay_ddl from then on; \
         the same plan grants ",
        "code of view pay.more, by stranger:\n             | view as\n             |  SELECT ",
        "--allow adopts-code,moves-owner,revokes-access",
    ]);
    assert!(!plan.out.contains("code of table pay.plain"), "{plan}");
    let refused = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access").end().code(5);
    let _ = refused.err_has(&["the plan has hazards that weren't allowed: adopts-code\n"]);
    assert_eq!(cluster.catalog(), before);
    let done = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access,adopts-code").end().code(0);
    assert!(done.out.ends_with(APPLIED), "{done}");
    // the stranger is connected still
    let _ = cluster.pgmoat("plan").end().code(0).out_has(&[NOTHING]);
}

#[test]
fn every_format_shows_the_body_and_nothing_of_it_works() {
    let cluster = cluster();
    plant(&cluster);
    let defined = cluster.sql("pay").one("SELECT pg_get_functiondef('pay.run'::regproc)");
    let text = cluster.pgmoat("plan").end().code(3).out;
    let lines = [
        "             | AS $function$select 1; -- */\n",
        "             | ```\n",
        "             | \\! touch /tmp/owned\n",
        "             | \\u{1b}[31mred\\u{202e}\\u{d}\n",
        "             | DROP TABLE pay.secret; -- ````\n",
    ];
    assert!(lines.iter().all(|line| text.contains(line)), "{text}");

    let json: Value = serde_json::from_str(&cluster.pgmoat("plan --format json").end().code(3).out).expect("JSON");
    let steps = json["steps"].as_array().expect("steps");
    let code: Vec<&Value> = steps.iter().filter_map(|step| step["code"].as_array()).flatten().collect();
    assert_eq!(code.len(), 1);
    assert_eq!(code[0]["definition"], Value::String(defined));
    assert_eq!((&code[0]["owner"], &code[0]["object"]["name"]), (&"stranger".into(), &"run()".into()));

    let script = cluster.pgmoat("plan --format sql").end().code(3).out;
    assert!(script.contains("--   | DROP TABLE pay.secret; -- ````\n"), "{script}");
    let alive = |line: &&str| line.contains("touch") || line.contains("DROP TABLE") || line.contains("red");
    assert!(script.lines().filter(alive).all(|line| line.starts_with("--   | ")), "{script}");
    assert!(!script.contains(['\u{1b}', '\u{202e}', '\r']), "{script}");

    let markdown = cluster.pgmoat("plan --format markdown").end().code(3).out;
    let body = markdown.split("`````").nth(1).unwrap_or_else(|| panic!("a longer fence: {markdown}"));
    assert!(body.starts_with("sql\nCREATE OR REPLACE FUNCTION pay.run()") && body.contains("\n```\n"), "{markdown}");
    assert_eq!(markdown.matches("DROP TABLE pay.secret").count(), 1, "{markdown}");
}

#[test]
fn a_long_body_is_cut_and_says_so() {
    let cluster = cluster();
    let body: String = (1..=100).map(|n| format!("-- line {n}\n")).collect();
    let wide = format!("-- {}", "x".repeat(1000));
    cluster.sql_as("stranger", "pay").run(&format!(
        "CREATE FUNCTION pay.long() RETURNS int LANGUAGE plpgsql AS $$\n{wide}\n{body}BEGIN RETURN 1; END$$"
    ));
    let text = cluster.pgmoat("plan").end().code(3).out;
    assert!(text.contains(" lines are not shown; -v shows all\n") && !text.contains("-- line 99"), "{text}");
    assert!(text.contains("x… ") && text.contains(" more characters\n"), "{text}");
    let verbose = cluster.pgmoat("plan -v").end().code(3).out;
    assert!(verbose.contains("| -- line 100\n") && verbose.contains(&wide), "{verbose}");
}

#[test]
fn a_saved_plan_is_stale_once_the_code_is_another() {
    let cluster = cluster();
    let stranger = cluster.sql_as("stranger", "pay");
    stranger.run("CREATE FUNCTION pay.run() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    stranger.run("CREATE OR REPLACE FUNCTION pay.run() RETURNS int LANGUAGE sql AS 'SELECT 2'");
    let before = cluster.catalog();
    let _ = cluster
        .pgmoat("apply plan.json --yes --allow all")
        .end()
        .code(5)
        .err_has(&["error: the plan is stale", "pay: the code of function pay.run() isn't what the plan shows"]);
    assert_eq!(cluster.catalog(), before);
    // who edits the saved plan is told, too
    let edited = cluster.read("plan.json").replace("SELECT 1", "SELECT 2");
    let _ = cluster.write("plan.json", edited);
    let _ = cluster.pgmoat("apply plan.json --yes --allow all").end().code(5).err_has(&["error: the plan is stale"]);
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    let _ = cluster.pgmoat("apply plan.json --yes --allow all").end().code(0);
}

/// Between the last reading and the lock of ALTER … OWNER.
fn within_the_window(cluster: &Cluster, hold: &str, replace: &str, named: &str) {
    let stranger = cluster.sql_as("stranger", "pay");
    stranger.run(&format!("BEGIN; {hold}"));
    let before = cluster.catalog();
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 30s").start();
    let admin = cluster.sql("postgres");
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'pay' AND wait_event_type = 'Lock'";
    wait_until("it waits", || !admin.rows(waiting).is_empty());
    stranger.run(replace);
    stranger.run("COMMIT");
    let _ = running.end().code(5).err_has(&["error: the plan is stale", named]);
    let after: Vec<String> = cluster.catalog().into_iter().filter(|line| !line.starts_with("role pay_")).collect();
    assert_eq!(after, before, "nothing but roles without rights");
}

#[test]
fn a_view_is_replaced_while_apply_waits() {
    let cluster = cluster();
    cluster.sql_as("stranger", "pay").run("CREATE VIEW pay.more AS SELECT 1 AS id");
    let replace = "CREATE OR REPLACE VIEW pay.more AS SELECT 2 AS id";
    within_the_window(&cluster, "LOCK TABLE pay.more IN ROW EXCLUSIVE MODE", replace, "the code of view pay.more");
}

#[test]
fn a_table_gets_a_trigger_while_apply_waits() {
    let cluster = cluster();
    let stranger = cluster.sql_as("stranger", "pay");
    stranger.run("CREATE TABLE pay.plain (id int)");
    cluster.sql("pay").run(
        "CREATE SCHEMA lair AUTHORIZATION stranger;
         CREATE FUNCTION lair.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    );
    let trigger = "CREATE TRIGGER t BEFORE INSERT ON pay.plain FOR EACH ROW EXECUTE FUNCTION lair.fire()";
    within_the_window(&cluster, "LOCK TABLE pay.plain IN ROW EXCLUSIVE MODE", trigger, "the code of table pay.plain");
}

/// The server itself refuses here, or the new body is seen: in no case is it taken over.
#[test]
fn a_function_is_replaced_while_apply_waits() {
    let cluster = cluster();
    let stranger = cluster.sql_as("stranger", "pay");
    stranger.run("CREATE FUNCTION pay.run() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    stranger.run("BEGIN; CREATE OR REPLACE FUNCTION pay.run() RETURNS int LANGUAGE sql AS 'SELECT 2'");
    let running = cluster.pgmoat("apply --yes --allow all --lock-timeout 30s").start();
    let admin = cluster.sql("postgres");
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'pay' AND wait_event_type = 'Lock'";
    wait_until("it waits", || !admin.rows(waiting).is_empty());
    stranger.run("COMMIT");
    let end = running.end();
    assert_ne!(end.code, 0, "{end}");
    let owner = "SELECT proowner::regrole::text FROM pg_proc WHERE oid = 'pay.run'::regproc";
    assert_eq!(cluster.sql("pay").one(owner), "stranger", "{end}");
}

#[test]
fn a_schema_of_a_neighbour_is_taken_only_when_somebody_says_so() {
    let cluster = Cluster::start();
    let billing = "[service.billing]\ndatabase = \"shop\"\ncreate_schemas = true\nlogin = { migrate = \"ddl\" }\n";
    let orders = "[service.orders]\ndatabase = \"shop\"\nlogin = { app = \"dml\" }\n";
    cluster.layout(billing);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    cluster.sql_as("billing_migrate", "shop").run("SET ROLE billing_ddl; CREATE SCHEMA orders");
    cluster.layout(&format!("{billing}{orders}"));
    let _ = cluster
        .pgmoat("plan")
        .end()
        .code(3)
        .out_has(&["~ own      schema orders: from billing_ddl to orders_ddl [moves-owner, takes-schema]"]);
    let refused = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access,adopts-code").end().code(5);
    let _ = refused.err_has(&["weren't allowed: takes-schema\n"]);
    let _ = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access,takes-schema").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

#[test]
fn what_a_service_or_the_trusted_made_needs_no_such_yes() {
    let cluster = Cluster::start();
    cluster.layout(&format!("[cluster]\nadmins = [\"dba\"]\n{LAYOUT}"));
    cluster.sql("postgres").run("CREATE ROLE dba LOGIN");
    cluster.sql("postgres").run("CREATE DATABASE pay OWNER dba");
    cluster.sql_as("dba", "pay").run(
        "CREATE SCHEMA pay; CREATE TABLE pay.bill (id int);
         CREATE FUNCTION pay.run() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW pay.v AS SELECT 1",
    );
    let _ = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access").end().code(0);
    cluster.sql("pay").run(
        "CREATE FUNCTION pay.app() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION pay.app() OWNER TO pay_app",
    );
    let _ = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

#[test]
fn an_older_snapshot_says_that_it_lacks_the_code() {
    let cluster = cluster();
    cluster.sql_as("stranger", "pay").run("CREATE VIEW pay.more AS SELECT 1 AS id");
    let _ = cluster.pgmoat("inspect --out now.json").end().code(0);
    let live = cluster.pgmoat("plan").end().code(3).out;
    assert_eq!(but_for_look(&cluster.pgmoat("plan --snapshot now.json").end().code(3).out), live);
    let mut file: Value = serde_json::from_str(&cluster.read("now.json")).expect("JSON");
    for database in file["databases"].as_array_mut().expect("databases") {
        if let Some(inside) = database["inside"].as_object_mut() {
            let _ = inside.remove("adoptable");
        }
    }
    let _ = cluster.write("old.json", file.to_string());
    let _ = cluster.pgmoat("plan --snapshot old.json").end().code(3).out_has(&[
        "view pay.more: from stranger to pay_ddl [moves-owner, adopts-code]",
        "note: what was read doesn't hold the definitions of the code behind adopts-code",
    ]);
}

#[test]
fn code_of_a_role_that_leaves() {
    let cluster = cluster();
    let retire = "[retire]\nroles = [{ name = \"stranger\", reassign_to = \"pay_ddl\" }]\n";
    cluster.layout(&format!("{LAYOUT}{retire}"));
    cluster.sql("pay").run("CREATE SCHEMA lair AUTHORIZATION stranger");
    cluster.sql_as("stranger", "pay").run(
        "CREATE FUNCTION lair.run() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 42';
         CREATE FUNCTION pay.run() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 43'; CREATE TABLE lair.plain (id int)",
    );
    let _ = cluster.pgmoat("plan").end().code(3).out_has(&[
        "function lair.run() in database pay: from stranger to pay_ddl [moves-owner, adopts-code]  (stranger is retired)",
        "SELECT 42",
        "table lair.plain in database pay: from stranger to pay_ddl [moves-owner]  (stranger is retired)",
        "function pay.run(): from stranger to pay_ddl [moves-owner, adopts-code]",
        "SELECT 43",
    ]);
    let refused = cluster.pgmoat("apply --yes --allow moves-owner,revokes-access,takes-schema").end().code(5);
    let _ = refused.err_has(&["weren't allowed: adopts-code\n"]);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out_has(&[NOTHING]);
}

/// A step out of reach on one table says nothing of another table of the same name.
#[test]
fn what_is_out_of_reach_hides_no_other() {
    let mut cluster = Cluster::start();
    let admin = cluster.sql("postgres");
    admin.run(
        "CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE ann LOGIN; GRANT pgmoat_admin TO ann;
         CREATE ROLE alice SUPERUSER",
    );
    admin.run("CREATE DATABASE pay OWNER pgmoat_admin");
    let ann = cluster.sql_as("ann", "pay");
    ann.run(
        "SET ROLE pgmoat_admin; CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.parent (id int PRIMARY KEY);
         CREATE TABLE b.t (id int PRIMARY KEY REFERENCES b.parent ON DELETE CASCADE)",
    );
    cluster.sql("pay").run("CREATE TABLE a.t (id int); ALTER TABLE a.t OWNER TO alice");
    cluster.user = "ann";
    cluster.layout(
        "[cluster]\nprovisioner = \"pgmoat_admin\"\n[service.pay]\nschemas = [\"a\", \"b\"]\npublic_schema = \"open\"\n\
         [service.pay.login]\napp = \"dml\"\nworker = \"dml\"\n[service.pay.table.\"b.t\"]\nwriter = \"app\"\n",
    );
    let _ = cluster.pgmoat("plan").end().code(3).out_has(&["! own      table a.t: from alice to pay_ddl"]);
    let broken = cluster.pgmoat("apply --yes --allow all,partial").end().code(4);
    let _ = broken.err_has(&["nothing was changed", "pay.b.t"]);
}
