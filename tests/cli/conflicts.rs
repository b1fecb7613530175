//! What is there already, and meant for something else.

use crate::cluster::Cluster;

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\n";

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster
}

/// Refused or done, a run without consent changes nothing.
#[track_caller]
fn needs(cluster: &Cluster, hazards: &str, shown: &[&str]) {
    let before = cluster.catalog();
    let run = cluster.pgmoat("apply --yes").end().code(5).out_has(shown);
    let _ = run.err(&format!(
        "error: the plan has hazards that weren't allowed: {}\nhint: read these steps again, then add --allow {hazards}\n",
        hazards.replace(',', ", ")
    ));
    assert_eq!(cluster.catalog(), before);
    let applied = cluster.pgmoat(&format!("apply --yes --allow {hazards}")).end().code(0).err("");
    assert!(applied.out.ends_with("the cluster is as the layout says\n"), "{applied}");
    cluster.converge();
}

#[test]
fn a_superuser_bears_the_name() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE pay_app SUPERUSER LOGIN; CREATE ROLE pay_dml SUPERUSER");
    let before = cluster.catalog();
    for command in ["plan", "apply --yes --allow all"] {
        let run = cluster.pgmoat(command).end().code(1).out("");
        let _ = run.err_has(&[
            "error[trusted-role]: the role `pay_app` is a superuser",
            "pgmoat.toml:2:1",
            "app = \"dml\"",
            "help: choose another name",
            "error[trusted-role]: the role `pay_dml` is a superuser",
            "pgmoat.toml:1:10",
        ]);
    }
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn a_login_bears_the_name_of_a_group() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE pay_ro LOGIN CREATEDB");
    needs(&cluster, "changes-role", &["role pay_ro:", "[changes-role]"]);
}

#[test]
fn a_group_with_members_bears_the_name_of_a_login() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE pay_app; CREATE ROLE alice; GRANT pay_app TO alice");
    needs(
        &cluster,
        "revokes-access",
        &["alice is no longer a member of pay_app [revokes-access]", "role pay_app: LOGIN"],
    );
}

#[test]
fn a_login_is_a_member_of_something_else() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE pay_app LOGIN; GRANT pg_read_all_data TO pay_app");
    let lost = "pay_app is no longer a member of pg_read_all_data [revokes-access]";
    needs(&cluster, "changes-settings,revokes-access,widens-role", &[lost]);
}

#[test]
fn somebody_else_owns_the_database_and_its_insides() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE alice");
    cluster.sql("postgres").run("CREATE DATABASE pay OWNER alice");
    cluster.sql("pay").run("SET ROLE alice; CREATE SCHEMA pay; CREATE TABLE pay.bill (id serial)");
    needs(
        &cluster,
        "moves-owner,revokes-access",
        &["database pay: from alice to postgres [moves-owner]", "from alice to pay_ddl [moves-owner]"],
    );
    let owner = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'pay.bill'::regclass";
    assert_eq!(cluster.sql("pay").one(owner), "pay_ddl");
}

#[test]
fn a_closed_database_opens_only_with_consent() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE DATABASE pay");
    cluster
        .sql("postgres")
        .run("ALTER DATABASE pay ALLOW_CONNECTIONS false; GRANT CONNECT ON DATABASE pay TO pg_monitor");
    let before = cluster.catalog();
    let _ = cluster.pgmoat("apply --yes").end().code(5).err_has(&["weren't allowed: ", "opens-database"]);
    assert_eq!(cluster.catalog(), before);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
}
