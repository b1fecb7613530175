//! What somebody puts into pg_catalog, so that our own questions run it.

use crate::cluster::{Cluster, NOTHING};

/// Who creates in pg_catalog makes a function whose argument types fit a question better than the server's own.
const PLANT: &str = "CREATE FUNCTION pg_catalog.acldefault(text, oid) RETURNS aclitem[] LANGUAGE plpgsql AS \
    $$BEGIN INSERT INTO pay.ran VALUES (current_user); RETURN NULL; END$$";

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout("[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n");
    cluster.converge();
    cluster.sql_as("pay_migrate", "pay").run("CREATE TABLE pay.ran (who text)");
    cluster.converge();
    cluster
}

#[track_caller]
fn refused(cluster: &Cluster, says: &[&str]) {
    for command in
        ["prove", "drift", "plan", "apply --yes --allow all", "inspect", "adopt", "who is pay_app", "prove --live"]
    {
        let _ = cluster.pgmoat(command).end().code(4).out("").err_has(says);
    }
    let ran = "SELECT who FROM pay.ran";
    assert_eq!(cluster.sql("pay").rows(ran), Vec::<String>::new());
}

#[test]
fn somebody_who_may_create_in_pg_catalog() {
    let cluster = cluster();
    cluster.sql("pay").run("GRANT CREATE ON SCHEMA pg_catalog TO pay_ddl");
    let may = "pay_ddl may create in schema pg_catalog";
    let revoke = "as a superuser, in database `pay`: REVOKE CREATE ON SCHEMA pg_catalog FROM pay_ddl CASCADE";
    refused(&cluster, &["pg_catalog of database `pay` isn't the server's own", may, revoke]);
    cluster.sql_as("pay_migrate", "pay").run(PLANT);
    refused(&cluster, &[may, "function pg_catalog.acldefault(pg_catalog.text,pg_catalog.oid) belongs to pay_migrate"]);
    // the right goes, and the function stays
    cluster.sql("pay").run("REVOKE CREATE ON SCHEMA pg_catalog FROM pay_ddl CASCADE");
    let drop = "hint: as a superuser, in database `pay`: DROP FUNCTION pg_catalog.acldefault(pg_catalog.text,pg_catalog.oid)\n";
    refused(&cluster, &[drop]);
    cluster.sql("pay").run("DROP FUNCTION pg_catalog.acldefault(pg_catalog.text,pg_catalog.oid)");
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

/// The maintenance database is asked first, and whoever is stopped there doesn't look elsewhere.
#[test]
fn in_the_maintenance_database() {
    let cluster = cluster();
    cluster.sql("postgres").run("GRANT CREATE ON SCHEMA pg_catalog TO PUBLIC");
    let revoke = "as a superuser, in database `postgres`: REVOKE CREATE ON SCHEMA pg_catalog FROM PUBLIC CASCADE";
    refused(&cluster, &["PUBLIC may create in schema pg_catalog", revoke]);
}

#[test]
fn operators_and_types_and_owners() {
    let cluster = cluster();
    let pay = cluster.sql("pay");
    pay.run(
        "CREATE FUNCTION pay.f(name, name) RETURNS bool LANGUAGE sql AS 'SELECT true'; \
         CREATE OPERATOR pg_catalog.!~ (FUNCTION = pay.f, LEFTARG = name, RIGHTARG = name); \
         ALTER OPERATOR pg_catalog.!~ (name, name) OWNER TO pay_ddl; \
         CREATE DOMAIN pg_catalog.texts AS text; ALTER DOMAIN pg_catalog.texts OWNER TO pay_ddl; \
         ALTER SCHEMA information_schema OWNER TO pay_ddl",
    );
    refused(
        &cluster,
        &[
            "schema information_schema belongs to pay_ddl",
            "operator pg_catalog.!~(pg_catalog.name,pg_catalog.name) belongs to pay_ddl",
            "type pg_catalog.texts belongs to pay_ddl",
            "ALTER SCHEMA information_schema OWNER TO CURRENT_USER",
            "DROP OPERATOR pg_catalog.!~(pg_catalog.name,pg_catalog.name); DROP TYPE pg_catalog.texts",
        ],
    );
    // the statements of the hint are complete
    pay.run(
        "DROP OPERATOR pg_catalog.!~(pg_catalog.name,pg_catalog.name); DROP TYPE pg_catalog.texts; \
         ALTER SCHEMA information_schema OWNER TO CURRENT_USER; DROP FUNCTION pay.f",
    );
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

/// Extensions put functions into pg_catalog, and superusers may.
#[test]
fn what_a_superuser_puts_there() {
    let cluster = cluster();
    cluster.sql("pay").run(
        "GRANT CREATE ON SCHEMA pg_catalog TO postgres; \
         CREATE FUNCTION pg_catalog.of_a_dba() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN pg_catalog.dba AS int",
    );
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
    let _ = cluster.pgmoat("prove").end().code(0);
}
