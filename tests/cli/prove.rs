//! `prove`, `who`, and what apply refuses: on a cluster with a hole of each sort that leads over a wall.

use std::os::unix::fs::PermissionsExt;

use pgmoat::apply::{connect, survey_all};
use pgmoat::db::{Conninfo, Environment};
use pgmoat::layout::{self, SourceFile};
use pgmoat::proof::live::{Way, live};
use pgmoat::throwaway::Options;
use serde_json::Value;

use crate::cluster::Cluster;

const SHOP: &str = "
[service.orders]
database = \"shop\"
[service.orders.login]
app = \"dml\"
worker = \"dml\"
migrate = \"ddl\"
[service.orders.table.jobs]
writer = \"worker\"
[service.billing]
database = \"shop\"
[service.billing.login]
app = \"dml\"
migrate = \"ddl\"
";

fn shop() -> Cluster {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(SHOP);
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.sql("shop").run(
        "CREATE SCHEMA orders; CREATE TABLE orders.jobs (id int PRIMARY KEY, note text); \
         CREATE TABLE orders.items (id int PRIMARY KEY); CREATE SCHEMA billing; CREATE TABLE billing.t (id int PRIMARY KEY)",
    );
    cluster.converge();
    cluster
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn it_holds_after_apply_and_is_broken_by_a_hole() {
    let cluster = shop();
    let _ = cluster.pgmoat("prove").end().code(0).out_has(&["every one holds", "trusted with everything: postgres"]);
    let live = cluster.pgmoat("prove --live").env("PGPASSFILE", "/nowhere").end().code(0);
    assert_eq!(live.err.matches("warning: the password file /nowhere is ignored").count(), 1, "{live}");
    let _ = live.out_has(&["the server agrees with the catalog on all"]);
    cluster.sql("shop").run("GRANT orders_worker TO billing_app; GRANT USAGE ON SCHEMA orders TO billing_dml");
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&[
        "violated[foreign-role]: billing_app can act as orders_worker\n  billing_app —member of→ orders_worker\n",
        "violated[second-writer]: billing_app has INSERT, UPDATE, DELETE on shop.orders.jobs\n",
        "  claim: only orders_worker writes shop.orders.jobs\n",
    ]);
    let proof = json(&cluster.pgmoat("prove --live --format json").end().code(4).out);
    assert_eq!(proof["holds"], false);
    assert_eq!(proof["live"]["disagreements"], serde_json::json!([]), "{proof:#}");
    assert!(proof["live"]["tried"].as_u64() > Some(100), "{}", proof["live"]["tried"]);
    // the fix of each closes it
    for finding in proof["findings"].as_array().expect("findings") {
        for sql in finding["fix"].as_array().expect("a fix").iter().filter(|_| finding["severity"] == "error") {
            cluster.sql("shop").run(sql.as_str().expect("SQL"));
        }
    }
    let _ = cluster.pgmoat("prove").end().code(0);
}

#[test]
fn what_was_proven_needs_no_server() {
    let cluster = shop();
    cluster.sql("shop").run("GRANT UPDATE ON orders.jobs TO orders_app");
    let direct = cluster.pgmoat("prove --format json").end().code(4);
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    let offline = cluster.bare().args("prove --format json --snapshot snapshot.json").end().code(4);
    let [direct, offline] = [direct, offline].map(|proof| {
        let mut proof = json(&proof.out);
        (proof.as_object_mut().expect("a proof").remove("look").expect("a look"), proof)
    });
    assert_eq!((direct.1, &offline.0["snapshot"]), (offline.1, &Value::from("snapshot.json")));
    // one that an earlier pgmoat wrote says nothing of code
    let mut old = json(&cluster.read("snapshot.json"));
    for database in old["databases"].as_array_mut().expect("databases") {
        if let Some(inside) = database["inside"].as_object_mut() {
            inside.remove("code");
        }
    }
    cluster.write("old.json", old.to_string());
    let _ = cluster.bare().args("prove --snapshot old.json").end().code(1).err_has(&[
        "error: nothing can be proven",
        "in shop: it was written by an earlier pgmoat",
        "`pgmoat inspect`",
    ]);
}

#[test]
fn only_a_superuser_tries_it_live() {
    let mut cluster = shop();
    cluster.sql("postgres").run("CREATE ROLE someone LOGIN; GRANT CONNECT ON DATABASE shop TO someone");
    cluster.user = "someone";
    let _ =
        cluster.pgmoat("prove --live").end().code(5).out("").err_has(&["SET SESSION AUTHORIZATION", "someone is none"]);
}

#[test]
fn a_login_that_is_a_superuser_breaks_the_claims() {
    let cluster = shop();
    cluster.sql("postgres").run("ALTER ROLE billing_app SUPERUSER");
    let _ = cluster.pgmoat("prove").end().code(4).out("").err_has(&["error[trusted-role]", "billing_app"]);
    cluster.sql("postgres").run("ALTER ROLE billing_app NOSUPERUSER");
    cluster.sql("postgres").run("CREATE ROLE boss SUPERUSER NOLOGIN; GRANT boss TO billing_app");
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&["violated[superuser]: billing_app can act as boss"]);
}

/// The plan itself would open it: the table of another service changes with the rows of this one.
#[test]
fn apply_refuses_what_breaks_a_claim() {
    let cluster = shop();
    cluster.sql("shop").run("ALTER TABLE orders.jobs ADD invoice int REFERENCES billing.t ON DELETE SET NULL");
    cluster.layout(
        &SHOP.replace(
            "[service.billing.login]\napp = \"dml\"",
            "[service.billing.login]\napp = \"dml\"\nnight = \"dml\"",
        ),
    );
    let before = cluster.catalog();
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(4).err_has(&[
        "somebody would reach what isn't his, so nothing was changed",
        "cascade: billing_night can UPDATE shop.orders.jobs",
        "billing_night —member of→ billing_dml —granted DELETE by billing_ddl→ billing.t —carried over by jobs_invoice_fkey→",
        "hint: `pgmoat prove`",
    ]);
    let after: Vec<_> = cluster.catalog().into_iter().filter(|line| !line.starts_with("role billing_night")).collect();
    assert_eq!(after, before, "something was changed");
    cluster.sql("shop").run(
        "ALTER TABLE orders.jobs DROP CONSTRAINT jobs_invoice_fkey, ADD FOREIGN KEY (invoice) REFERENCES billing.t",
    );
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
}

/// What was open before stays the same hole, and is no reason to keep the rest from being closed.
#[test]
fn apply_goes_on_where_a_claim_was_broken_before() {
    let cluster = shop();
    cluster.sql("shop").run("ALTER TABLE orders.jobs ADD invoice int REFERENCES billing.t ON DELETE CASCADE");
    cluster.sql("shop").run("GRANT SELECT ON orders.items TO PUBLIC");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster
        .pgmoat("prove")
        .end()
        .code(4)
        .out_has(&["violated[cascade]: billing_app can DELETE from shop.orders.jobs"]);
}

#[test]
fn who_can() {
    let cluster = shop();
    cluster.sql("shop").run(
        "CREATE FUNCTION orders.take(int) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM orders.jobs WHERE id = $1'; \
         ALTER FUNCTION orders.take(int) OWNER TO orders_ddl",
    );
    let text = "DELETE on the table shop.orders.jobs\n\
        ├─ orders_ddl — owns\n│  └─ orders_migrate — member of\n\
        ├─ orders_worker — granted DELETE by orders_ddl\n\
        └─ postgres — has SUPERUSER\n\
        may, as far as code lets them:\n\
        └─ orders.take(integer) — acts as\n\
        \x20  ├─ orders_app — as PUBLIC, granted EXECUTE by orders_ddl\n\
        \x20  └─ orders_worker — as PUBLIC, granted EXECUTE by orders_ddl\n";
    let _ = cluster.pgmoat("who can delete shop.orders.jobs").end().code(0).out(text).err("");
    let answer = json(&cluster.pgmoat("who can EXECUTE shop.orders.take(integer) --format json").end().code(0).out);
    assert_eq!(answer["answers"][0]["object"]["name"], "take(integer)");
    let _ =
        cluster.pgmoat("who can CONNECT shop").end().code(0).out_has(&["billing_dml — granted CONNECT by postgres"]);
    for (args, code, words) in [
        ("who can SELECT shop.orders.nothing", 1, "there is no such object"),
        ("who can SELECT nowhere.orders.jobs", 1, "this server has no database nowhere"),
        ("who can CONNECT shop.orders.jobs", 2, "CONNECT is no privilege of a table, which has SELECT"),
        ("who can FLY shop", 2, "expected a privilege"),
        ("who can SELECT shop.orders.jobs.id", 1, "at most 3 parts"),
    ] {
        let _ = cluster.pgmoat(args).end().code(code).out("").err_has(&[words]);
    }
}

#[test]
fn who_is() {
    let cluster = shop();
    let _ = cluster.pgmoat("who is orders_migrate --database shop").end().code(0).err("").out_has(&[
        "orders_migrate: INHERIT, LOGIN\n",
        "  can act as orders_ddl: orders_migrate —member of→ orders_ddl\n",
        "  CONNECT, TEMPORARY on the database shop\n",
        "    orders_migrate —member of→ orders_ddl —owns→ it\n",
    ]);
    let _ = cluster
        .pgmoat("who is postgres --database shop")
        .end()
        .code(0)
        .out_has(&["can do everything: postgres has SUPERUSER"]);
    let answer = json(&cluster.pgmoat("who is PUBLIC --format json --database postgres").end().code(0).out);
    assert_eq!((&answer["role"], &answer["attributes"]), (&Value::from("PUBLIC"), &Value::Null));
    let _ = cluster.pgmoat("who is nobody").end().code(1).err_has(&["this server has no role nobody"]);
}

/// To plan a statement is to evaluate what its table's owner has put into a default, and from there SET SESSION AUTHORIZATION could be taken
/// back: `--live` would run it as the superuser.
#[test]
fn live_runs_nobodys_code() {
    let cluster = shop();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).expect("open to the server");
    let trace = folder.path().join("trace");
    let copy = format!("COPY (SELECT current_user) TO ''{}''", trace.display());
    let owner = cluster.sql_as("billing_migrate", "shop");
    owner.run(&format!(
        "SET ROLE billing_ddl; CREATE FUNCTION billing.inner() RETURNS int LANGUAGE plpgsql AS $$ BEGIN \
         EXECUTE 'RESET SESSION AUTHORIZATION'; EXECUTE '{copy}'; RETURN 1; END $$; \
         CREATE FUNCTION billing.outer() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE x int; BEGIN \
         SELECT billing.inner() INTO x; RETURN x; END $$; \
         ALTER TABLE billing.t ADD extra int; ALTER TABLE billing.t ALTER extra SET DEFAULT billing.outer()"
    ));
    let _ = cluster.pgmoat("prove --live").end().code(0).out_has(&["the server agrees with the catalog on all"]);
    assert!(!trace.exists(), "the code of a table's owner ran");
    // it would have
    let superuser = cluster.sql("shop");
    superuser.run("SET SESSION AUTHORIZATION billing_app");
    superuser.run("EXPLAIN INSERT INTO billing.t (id) VALUES (1)");
    assert_eq!(std::fs::read_to_string(&trace).expect("a trace"), "postgres\n");
}

/// A comparison that can't fail shows nothing. Here a membership isn't read that is there.
#[test]
fn what_was_misread_is_a_disagreement() {
    let cluster = shop();
    let source = SourceFile { name: "pgmoat.toml".into(), text: SHOP.into() };
    let layout = layout::parse(vec![source], None).expect("a layout");
    let there = format!("{} dbname=postgres", cluster.server.conninfo());
    let there = Conninfo::resolve(Some(&there), &Environment::default()).expect("valid");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let session = connect(&there, &layout).await.expect("connected");
        let mut seen = survey_all(&there, &layout, &session).await.expect("a survey");
        let tried = live(Way::Superuser(&there), &seen.snapshot, &seen.desired).await.expect("tried");
        assert!(tried.agrees(), "{tried:?}");
        seen.snapshot.state.memberships.retain(|membership, _| membership.member.as_str() != "orders_app");
        let tried = live(Way::Superuser(&there), &seen.snapshot, &seen.desired).await.expect("tried");
        let one = tried.disagreements.iter().find(|found| found.privilege == "INSERT").expect("a disagreement");
        assert_eq!((one.principal.as_str(), one.catalog, one.server), ("orders_app", false, true));
        assert_eq!(one.object.shown(), "shop.orders.items");
    });
}

/// To be a member is one thing, to let others in another.
#[test]
fn admin_option_on_ones_own_role() {
    let cluster = shop();
    cluster.sql("postgres").run("GRANT orders_dml TO orders_app WITH ADMIN OPTION");
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&[
        "violated[changes-roles]: orders_app can let itself and others into orders_dml\n",
        "  fix: REVOKE ADMIN OPTION FOR \"orders_dml\" FROM \"orders_app\"",
    ]);
    cluster.sql_as("orders_app", "shop").run("GRANT orders_dml TO billing_app");
    cluster.sql_as("orders_app", "shop").run("REVOKE orders_dml FROM billing_app");
    let proof = json(&cluster.pgmoat("prove --format json").end().code(4).out);
    for sql in proof["findings"][0]["fix"].as_array().expect("a fix") {
        cluster.sql("postgres").run(sql.as_str().expect("SQL"));
    }
    let _ = cluster.pgmoat("prove").end().code(0);
}

/// A safe routine of the service itself may still write what one login alone is to write.
#[test]
fn code_within_one_wall() {
    let cluster = shop();
    cluster.sql("shop").run(
        "CREATE FUNCTION orders.take() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = orders, pg_temp \
         AS 'DELETE FROM orders.jobs'; ALTER FUNCTION orders.take() OWNER TO orders_ddl",
    );
    // it was there before, and this apply makes it no worse
    cluster.converge();
    let said = "[definer-function]: orders_app may act as another role through shop.orders.take()\n";
    let claim = "  claim: only orders_worker writes shop.orders.jobs\n";
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&[&format!("violated{said}"), claim]);
    cluster.layout(&format!("{SHOP}{VOUCHED}"));
    let _ = cluster.pgmoat("prove").end().code(0).out_has(&[&format!("warning{said}"), claim, "allowed: orders_dml"]);
    cluster.sql("shop").run("ALTER FUNCTION orders.take() RESET search_path");
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&["violated[unsafe-definer]", &format!("warning{said}")]);
}

const VOUCHED: &str =
    "[[allow]]\nrole = \"orders_dml\"\non = \"shop.orders.take\"\nprivileges = [\"EXECUTE\"]\nreason = \"read\"\n";

/// What comes into a service as it was made long ago is looked at before it may write as the service.
#[test]
fn code_that_comes_within_the_wall() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(SHOP);
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.sql("shop").run(
        "CREATE SCHEMA orders; CREATE TABLE orders.jobs (id int PRIMARY KEY); CREATE FUNCTION orders.take() RETURNS void \
         LANGUAGE sql SECURITY DEFINER SET search_path = orders, pg_temp AS 'DELETE FROM orders.jobs'",
    );
    let refused = cluster.pgmoat("apply --yes --allow all").end().code(4);
    let _ = refused.err_has(&["orders_app may act as another role through shop.orders.take()", "[[allow]]"]);
    cluster.layout(&format!("{SHOP}{VOUCHED}"));
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0);
    let _ = cluster.pgmoat("prove").end().code(0);
}

/// What leads nowhere else breaks nothing, whoever owns the schema `public` on this version.
#[test]
fn settings_that_change_nothing_are_warnings() {
    let cluster = shop();
    cluster.sql("postgres").run(
        "ALTER ROLE orders_app SET search_path = orders, public; ALTER ROLE orders_worker SET lo_compat_privileges = false; \
         ALTER DATABASE shop SET lo_compat_privileges = 'no'",
    );
    let _ =
        cluster.pgmoat("prove").end().code(0).out_has(&["warning[planted-setting]: orders_app: search_path is set"]);
}
