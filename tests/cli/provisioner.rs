//! A role that is no superuser, and logins that act as it.

use crate::cluster::{Cluster, NOTHING};
use crate::output::but_for_look;

/// On 14 the schema `public` belongs to the bootstrap superuser, and its REVOKE is out of reach: that is another test's.
const LAYOUT: &str = "[cluster]\nprovisioner = \"pgmoat_admin\"\ninspector = \"ci\"\n
[service.pay]\npublic_schema = \"open\"\n[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n";

const APPLIED: &str = "applied: ";

/// The group, and two people who may act as it.
fn cluster() -> Cluster {
    let mut cluster = Cluster::start();
    cluster.sql("postgres").run(
        "CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE ann LOGIN; CREATE ROLE ben LOGIN;
         CREATE ROLE stranger LOGIN; GRANT pgmoat_admin TO ann, ben",
    );
    cluster.user = "ann";
    cluster.layout(LAYOUT);
    cluster
}

#[test]
fn it_does_all_of_a_layout_of_its_own() {
    let cluster = cluster();
    let plan = cluster.pgmoat("plan -v").end().code(3).err("");
    let _ = plan.out_has(&[
        "~ borrow   the rights of pay_ddl  (pgmoat_admin is no superuser: it acts as the owner)",
        "GRANT \"pay_ddl\" TO \"pgmoat_admin\"",
        "~ return   the rights of pay_ddl",
    ]);
    let applied = cluster.pgmoat("apply --yes").end().code(0).err("");
    assert!(applied.out.contains(APPLIED), "{applied}");
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    let admin = cluster.sql("pay");
    assert_eq!(
        admin.one("SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'pay'"),
        "pgmoat_admin"
    );
    let acts =
        "SELECT count(*)::text FROM pg_roles WHERE rolname ~ '^pay_' AND pg_has_role('pgmoat_admin', oid, 'USAGE')";
    assert_eq!(admin.one(acts), "0", "nothing is borrowed any more");
    // what a migration makes is the service's, and drift is closed
    cluster
        .sql_as("pay_migrate", "pay")
        .run("SET ROLE pay_ddl; CREATE TABLE pay.t (id int); GRANT SELECT ON pay.t TO PUBLIC");
    cluster.sql_as("pay_app", "pay").run("INSERT INTO pay.t VALUES (1)");
    let _ = cluster.pgmoat("plan").end().code(3).out_has(&["- revoke   SELECT on table pay.t from PUBLIC"]);
    let _ = cluster.pgmoat("apply --yes --allow revokes-access").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

#[test]
fn a_plan_is_the_provisioners_whoever_makes_it() {
    let mut cluster = cluster();
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    cluster
        .sql_as("pay_migrate", "pay")
        .run("SET ROLE pay_ddl; CREATE TABLE pay.t (id int); GRANT SELECT ON pay.t TO PUBLIC");
    let by_ann = but_for_look(&cluster.pgmoat("plan --format json --out plan.json").end().code(3).out);
    for user in ["ben", "ci"] {
        cluster.user = user;
        assert_eq!(but_for_look(&cluster.pgmoat("plan --format json").end().code(3).out), by_ann, "{user}");
    }
    cluster.user = "ben";
    let _ = cluster.pgmoat("plan --format sql").end().code(3).out_has(&["SET role = \"pgmoat_admin\";"]);
    let _ = cluster.pgmoat("apply plan.json --yes --allow revokes-access").end().code(0);
    cluster.user = "ci";
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    let refused = cluster.pgmoat("apply --yes").end().code(1);
    let _ = refused.err(
        "error: ci logs in, and may not act as the provisioner pgmoat_admin\n\
         hint: connect as a member of it, or run once: GRANT \"pgmoat_admin\" TO \"ci\"\n",
    );
}

#[test]
fn what_is_out_of_reach_is_said_before_anything_runs() {
    let cluster = cluster();
    let admin = cluster.sql("postgres");
    admin.run("CREATE ROLE alice SUPERUSER");
    admin.run("CREATE DATABASE pay OWNER pgmoat_admin");
    cluster
        .sql("pay")
        .run("CREATE SCHEMA pay AUTHORIZATION alice; CREATE TABLE pay.t (id int); GRANT SELECT ON pay.t TO PUBLIC");
    let before = cluster.catalog();
    let plan = cluster.pgmoat("plan").end().code(3).out_has(&[
        "out of reach: alice is a superuser, as whom nobody else may act\n  ! own      schema pay: from alice to pay_ddl\n",
        "to be run once in database pay: ALTER SCHEMA \"pay\" OWNER TO \"pay_ddl\";",
        "out of reach: schema pay has to change hands first\n",
        "what is out of reach somebody else must run, best after `apply --allow partial`",
    ]);
    let refused = cluster.pgmoat("apply --yes --allow all").end().code(5).out(&plan.out);
    let _ = refused.err_has(&["steps are out of reach, and nothing was changed", "add --allow partial"]);
    assert_eq!(cluster.catalog(), before);
    let partial = cluster.pgmoat("apply --yes --allow all,partial").end().code(0);
    assert!(
        partial.out.contains("are out of reach, and weren't done; `pgmoat prove` shows what stays open"),
        "{partial}"
    );
    cluster.sql_as("pay_app", "pay").run("SELECT 1");
    let again = cluster.pgmoat("apply --yes --allow all,partial").end().code(0);
    assert!(!again.out.contains(APPLIED), "there is nothing left that it can do: {again}");
    // what the plan says, word for word
    let rest = cluster.pgmoat("plan").end().code(3).out;
    let once = rest.lines().filter_map(|line| line.trim().strip_prefix("to be run once in database pay: "));
    once.for_each(|sql| cluster.sql("pay").run(sql));
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

/// On 14 alone somebody else must close it.
#[test]
fn the_schema_public() {
    let cluster = cluster();
    cluster.layout(&LAYOUT.replace("open", "closed"));
    let version: u32 = cluster.sql("postgres").one("SHOW server_version_num").parse().expect("a number");
    if version >= 150_000 {
        let _ = cluster.pgmoat("apply --yes").end().code(0);
    } else {
        let _ = cluster.pgmoat("apply --yes").end().code(5).out_has(&["out of reach: postgres is a superuser"]);
        let _ = cluster.pgmoat("apply --yes --allow partial").end().code(0);
        let plan = cluster.pgmoat("plan").end().code(3).out;
        let once = plan.lines().filter_map(|line| line.trim().strip_prefix("to be run once in database pay: "));
        once.for_each(|sql| cluster.sql("pay").run(sql));
    }
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

#[test]
fn nobody_locks_himself_out() {
    let mut cluster = cluster();
    let admin = cluster.sql("postgres");
    let version: u32 = admin.one("SHOW server_version_num").parse().expect("a number");
    admin.run(if version >= 160_000 {
        "GRANT pgmoat_admin TO stranger WITH INHERIT FALSE, SET TRUE"
    } else {
        "ALTER ROLE stranger NOINHERIT; GRANT pgmoat_admin TO stranger"
    });
    cluster.user = "stranger";
    let before = cluster.catalog();
    let refused = cluster.pgmoat("apply --yes").end().code(1).out("");
    let _ = refused.err_has(&[
        "error[locked-out]: `stranger` would lose CONNECT on the databases that `pgmoat_admin` owns",
        "pgmoat.toml:2:15",
        "GRANT \"pgmoat_admin\" TO \"stranger\"",
    ]);
    assert_eq!(cluster.catalog(), before);
}

/// What a superuser of a cloud has in his place, and the cloud's way to log in.
#[test]
fn iam_and_extensions() {
    let cluster = cluster();
    let admin = cluster.sql("postgres");
    admin.run("CREATE ROLE rdsadmin SUPERUSER; CREATE ROLE rds_superuser; CREATE ROLE rds_iam");
    cluster.layout(&LAYOUT.replace("app = \"dml\"", "app = { role = \"dml\", auth = \"iam\" }"));
    let version: u32 = admin.one("SHOW server_version_num").parse().expect("a number");
    if version >= 160_000 {
        let _ = cluster.pgmoat("apply --yes").end().code(5).out_has(&[
            "out of reach: pgmoat_admin lacks ADMIN OPTION on rds_iam, which it didn't make\n  ! join     pay_app becomes member of rds_iam",
        ]);
        admin.run("GRANT rds_iam TO pgmoat_admin WITH ADMIN OPTION");
    }
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    assert_eq!(admin.one("SELECT pg_has_role('pay_app', 'rds_iam', 'MEMBER')::text"), "true");
    // postgres_fdw isn't trusted, pgcrypto is
    cluster.layout(&LAYOUT.replace("public_schema", "extensions = [\"postgres_fdw\", \"pgcrypto\"]\npublic_schema"));
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&[
        "+ create   extension pgcrypto",
        "out of reach: the extension postgres_fdw isn't trusted, so only a superuser may create it",
        "to be run once in database pay: CREATE EXTENSION \"postgres_fdw\" SCHEMA \"public\";",
    ]);
}

/// From 16 on a pair may have several memberships: one of somebody else's is none of ours, and of our own the options come back.
#[test]
fn what_was_there_before_the_loan_stays() {
    let cluster = cluster();
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    let admin = cluster.sql("postgres");
    let new = admin.one("SHOW server_version_num").parse::<u32>().expect("a number") >= 160_000;
    let memberships = if new {
        "SELECT concat_ws(' ', grantor::regrole, admin_option, inherit_option, set_option) FROM pg_auth_members
         WHERE roleid = 'pay_ddl'::regrole AND member = 'pgmoat_admin'::regrole ORDER BY 1"
    } else {
        "SELECT admin_option::text FROM pg_auth_members WHERE roleid = 'pay_ddl'::regrole AND member = 'pgmoat_admin'::regrole"
    };
    let given = if new {
        [
            "SET ROLE pgmoat_admin; GRANT pay_ddl TO pgmoat_admin WITH INHERIT FALSE, SET TRUE; RESET ROLE",
            "GRANT pay_ddl TO pgmoat_admin WITH INHERIT TRUE, SET TRUE",
        ]
    } else {
        ["SELECT 1", "GRANT pay_ddl TO pgmoat_admin"]
    };
    for (sql, borrows) in given.into_iter().zip([true, false]) {
        admin.run(sql);
        cluster
            .sql_as("pay_migrate", "pay")
            .run("SET ROLE pay_ddl; CREATE TABLE IF NOT EXISTS pay.t (id int); GRANT SELECT ON pay.t TO PUBLIC");
        let before = admin.rows(memberships);
        let plan = cluster.pgmoat("plan").end().code(3);
        assert_eq!(plan.out.contains("borrow"), borrows, "{plan}");
        let _ = cluster.pgmoat("apply --yes --allow revokes-access").end().code(0);
        assert_eq!(admin.rows(memberships), before);
        let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    }
}

/// ADMIN OPTION is inherited, and then the grantor is whom it is inherited from.
#[test]
fn rights_to_grant_that_are_inherited() {
    let cluster = cluster();
    cluster.sql("postgres").run(
        "CREATE ROLE boss; CREATE ROLE pay_dml; CREATE ROLE pay_ddl; GRANT pay_dml, pay_ddl TO boss WITH ADMIN OPTION;
         GRANT boss TO pgmoat_admin",
    );
    cluster.layout(&LAYOUT.replace("inspector", "admins = [\"boss\"]\ninspector"));
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    cluster.sql_as("pay_migrate", "pay").run("SET ROLE pay_ddl; CREATE TABLE pay.t (id int)");
    cluster.sql_as("pay_app", "pay").run("INSERT INTO pay.t VALUES (1)");
}

/// What it made itself leaves without anybody's help.
#[test]
fn a_service_of_its_own_leaves() {
    let cluster = cluster();
    let legacy = "[service.legacy]\npublic_schema = \"open\"\n[service.legacy.login]\napp = \"dml\"\n";
    cluster.layout(&[LAYOUT, legacy].concat());
    let _ = cluster.pgmoat("apply --yes").end().code(0);
    cluster.layout(&[LAYOUT, "[retire]\nservices = [{ name = \"legacy\", drop_database = true }]\n"].concat());
    let _ = cluster.pgmoat("apply --yes --allow revokes-access,moves-owner").end().code(5);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    assert!(cluster.sql("postgres").rows("SELECT rolname::text FROM pg_roles WHERE rolname ~ '^legacy'").is_empty());
    let _ = cluster.pgmoat("plan").end().code(0);
}
