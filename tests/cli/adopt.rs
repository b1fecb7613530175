//! `pgmoat adopt`: a layout from a running cluster, and what is left to do.

use crate::cluster::{Cluster, NOTHING};

/// An application that owns its tables.
fn cluster() -> Cluster {
    let cluster = Cluster::start();
    let sql = cluster.sql("postgres");
    sql.run("CREATE ROLE \"Shop App\" LOGIN; CREATE ROLE bi LOGIN");
    sql.run("CREATE DATABASE shop");
    sql.run("CREATE DATABASE other");
    for database in ["shop", "other"] {
        cluster.sql(database).run(
            "CREATE SCHEMA app AUTHORIZATION \"Shop App\"; SET ROLE \"Shop App\"; CREATE TABLE app.orders (id int); \
             GRANT USAGE ON SCHEMA app TO bi; GRANT SELECT ON app.orders TO bi",
        );
    }
    cluster
}

#[test]
fn the_layout_can_be_checked_and_planned() {
    let cluster = cluster();
    let before = cluster.catalog();
    let adopted = cluster.pgmoat("adopt --out pgmoat.toml").end().code(3).out("");
    assert_eq!(cluster.catalog(), before, "adopt changes nothing");
    let text = cluster.read("pgmoat.toml");
    assert_eq!(cluster.pgmoat("adopt").end().code(3).out, text, "the same on stdout");
    let _ = cluster.bare().args("check").end().code(0).out("the layout is right: 2 services, 2 databases, 1 login\n");
    let plan: serde_json::Value =
        serde_json::from_str(&cluster.pgmoat("plan --format json").end().code(3).out).expect("JSON");
    let steps = plan["steps"].as_array().expect("steps");
    for (step, at) in steps.iter().zip(1..) {
        let what = step["what"].as_str().expect("what");
        assert!(text.contains(what) && adopted.err.contains(what), "step {at} isn't listed: {what}\n{text}");
        let takes = ["revoke", "leave"].contains(&step["action"].as_str().expect("action"));
        assert!(!takes, "{step}");
    }
    let listed = text.lines().filter(|line| line.starts_with("#   ")).count();
    assert_eq!(listed, steps.len(), "{text}");
    let _ = adopted.err_has(&[&format!("{listed} things aren't yet as the layout says:\n"), "moves-owner"]);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let again = cluster.pgmoat("adopt --out pgmoat.toml --force").end().code(0).out("").err("");
    assert_eq!(again.code, 0);
    let _ = cluster.pgmoat("plan").end().code(0).out_has(&[NOTHING]);
}

/// PostgREST's roles: anonymous visitors read one table of two, and the authenticator inherits nothing, and becomes who comes.
#[test]
fn nobody_gains_unsaid() {
    let cluster = Cluster::start();
    let sql = cluster.sql("postgres");
    sql.run("CREATE ROLE api_owner; CREATE ROLE web_anon; CREATE ROLE api_user");
    sql.run("CREATE ROLE authenticator LOGIN NOINHERIT; GRANT web_anon, api_user TO authenticator");
    sql.run("CREATE DATABASE api");
    cluster.sql("api").run(
        "CREATE SCHEMA api AUTHORIZATION api_owner; SET ROLE api_owner; \
         CREATE TABLE api.posts (id int); CREATE TABLE api.letters (id int); \
         GRANT USAGE ON SCHEMA api TO web_anon, api_user; GRANT SELECT ON api.posts TO web_anon; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON api.posts, api.letters TO api_user; \
         ALTER DEFAULT PRIVILEGES IN SCHEMA api GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO api_user",
    );
    let adopted = cluster.pgmoat("adopt --out pgmoat.toml").end().code(3);
    let text = cluster.read("pgmoat.toml");
    assert!(!text.contains("\nro = ") && text.contains("role = \"web_anon\"\non = \"api.api.posts\""), "{text}");
    // the authenticator is a member of the group that writes, and would inherit it
    let _ = adopted.err_has(&["widens-role"]);
    let _ =
        cluster.pgmoat("apply --yes --allow moves-owner,revokes-access,changes-role,changes-settings").end().code(5);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let reads = |role: &str, table: &str| {
        cluster.sql("api").one(&format!("SELECT has_table_privilege('{role}', 'api.{table}', 'SELECT')::text"))
    };
    assert_eq!([reads("web_anon", "posts"), reads("web_anon", "letters")], ["true", "false"]);
    cluster.sql("api").run("SET ROLE api_owner; CREATE TABLE api.later (id int)");
    assert_eq!(reads("web_anon", "later"), "false");
}

#[test]
fn only_some_databases() {
    let cluster = cluster();
    let one = cluster.pgmoat("adopt --database shop").end().code(3).out;
    assert!(one.contains("[service.shop]") && !one.contains("other"), "{one}");
    let two = cluster.pgmoat("adopt --database shop --database other").end().code(3).out;
    assert_eq!(two, cluster.pgmoat("adopt").end().code(3).out);
    let _ = cluster.pgmoat("adopt -q").end().code(3).err("").out(&two);
}

#[test]
fn what_it_refuses() {
    let cluster = Cluster::start();
    let refused = |args: &str, error: &str| cluster.pgmoat(args).end().code(1).out("").err_has(&[error]);
    let none = "error: failed to write a layout: no database holds what could be a service's\n";
    let _ = refused("adopt", none).err_has(&["hint: "]);
    let _ = refused("adopt --database gone", "error: failed to write a layout: there is no database gone\n");
    let maintenance = "error: failed to write a layout: the maintenance database postgres can't be a service's\n";
    let _ = refused("adopt --database postgres", maintenance);
    cluster.sql("postgres").run("CREATE TABLE public.mine (id int)");
    let _ = refused("adopt", none).err_has(&["  postgres: the maintenance database holds 1 table"]);
    let _ = cluster.pgmoat("adopt --out /nonexistent/file").end().code(1);
}

/// Whoever may connect may read; a database that lets him not in is named.
#[test]
fn somebody_without_rights() {
    let cluster = cluster();
    cluster.sql("postgres").run("REVOKE CONNECT ON DATABASE other FROM PUBLIC");
    let run = cluster.pgmoat("adopt").env("PGUSER", "bi").end().code(1).out("");
    let _ = run.err_has(&["error: failed to read the catalog", "other", "hint: name the databases that you may read"]);
    let boss = cluster.pgmoat("adopt --database shop").end().code(3).out;
    let bi = cluster.pgmoat("adopt --database shop").env("PGUSER", "bi").end().code(3).out;
    let layout = |text: &str| {
        let layout = text.split("\n# What this layout says").next();
        layout.and_then(|text| text.split_once("\n[cluster]\n")).map(|(_, body)| body.to_owned())
    };
    assert!(layout(&boss).is_some());
    assert_eq!(layout(&boss), layout(&bi));
}

/// The maintenance database is the one that the connection names, where there is no `postgres`.
#[test]
fn a_cluster_without_the_usual_database() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE DATABASE defaultdb");
    cluster.sql("defaultdb").run("DROP DATABASE postgres");
    let adopted = cluster.pgmoat("adopt -d dbname=defaultdb").end().code(3).out;
    assert!(adopted.contains("[cluster]\ndatabase = \"defaultdb\"\n"), "{adopted}");
}
