//! What a login sets for itself, again and again, keeps no apply back.

use crate::cluster::{Cluster, NOTHING};

const LAYOUT: &str = "
[cluster]
inspector = \"pgmoat_ci\"
[service.pay.login.app]
role     = \"dml\"
settings = { statement_timeout = \"30s\" }
[service.ship.login.app]
role = \"dml\"
";

/// What any login may set for itself, and that decides nothing of whom it is or what it runs.
const HARMLESS: &[&str] = &[
    "application_name = 'x'",
    "work_mem = '64kB'",
    "idle_in_transaction_session_timeout = '1ms'",
    "statement_timeout = 0",
    "default_transaction_read_only = on",
    "\"DateStyle\" = 'German'",
    "plpgsql.extra_errors = 'all'",
];

fn applied() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    cluster
}

/// As the role itself.
fn set(cluster: &Cluster, role: &str, setting: &str) {
    let load = "DO $$ BEGIN PERFORM 1; END $$";
    cluster.sql("postgres").run(&format!(
        "SET SESSION AUTHORIZATION {role}; {load}; ALTER ROLE {role} SET {setting}; RESET SESSION AUTHORIZATION"
    ));
}

#[test]
fn harmless_ones_go_without_a_hazard() {
    let cluster = applied();
    for role in ["pay_app", "pgmoat_ci"] {
        for setting in HARMLESS {
            set(&cluster, role, setting);
        }
        set(&cluster, role, "work_mem = '1MB'");
    }
    cluster.sql("postgres").run("ALTER ROLE pay_app IN DATABASE pay SET statement_timeout = 0");
    let plan = cluster.pgmoat("plan").end().code(3);
    assert!(!plan.out.contains("changes-settings") && plan.out.contains("a login may set it for itself"), "{plan}");
    let _ = cluster.pgmoat("drift").end().code(3);
    // the other service's new login isn't kept waiting
    cluster.layout(
        &LAYOUT
            .replace("[service.ship.login.app]", "[service.ship.login.later]\nrole = \"ro\"\n[service.ship.login.app]"),
    );
    let _ = cluster.pgmoat("apply --yes").end().code(0).err("");
    let left = cluster.sql("postgres").rows("SELECT DISTINCT unnest(setconfig) FROM pg_db_role_setting ORDER BY 1");
    let path = |service| format!("search_path={service}, public");
    assert_eq!(left, [path("pay"), path("ship"), "statement_timeout=30s".to_owned()]);
}

#[test]
fn what_steers_and_what_a_superuser_sets_is_agreed_to() {
    let cluster = applied();
    let since_15 = cluster.sql("postgres").one("SHOW server_version_num").parse::<u32>().expect("a number") >= 150_000;
    for (make, is_so) in [
        ("ALTER ROLE pay_app SET search_path = 'ship'", true),
        ("ALTER ROLE pay_app IN DATABASE pay SET search_path = 'ship'", true),
        ("ALTER ROLE pay_app SET role = 'none'", true),
        ("ALTER ROLE pay_app SET local_preload_libraries = 'x'", true),
        ("ALTER ROLE pay_app SET row_security = off", true),
        ("ALTER ROLE pay_app SET app.tenant = 'x'", true),
        ("ALTER ROLE pay_app SET log_statement = 'all'", true),
        ("ALTER ROLE pay_app SET session_preload_libraries = 'x'", true),
        ("ALTER DATABASE pay SET role = 'none'", true),
        ("ALTER ROLE pgmoat_ci SET search_path = 'ship'", true),
        ("GRANT SET ON PARAMETER log_statement TO pay_app; ALTER ROLE pay_app SET log_statement = 'all'", since_15),
    ] {
        if !is_so {
            continue;
        }
        cluster.sql("postgres").run(make);
        let _ = cluster.pgmoat("apply --yes").end().code(5).err_has(&["changes-settings"]);
        let _ = cluster.pgmoat("apply --yes --allow changes-settings").end().code(0);
    }
    let _ = cluster.pgmoat("plan").end().out(NOTHING);
}

/// What was there when pgmoat came somebody may have set on purpose.
#[test]
fn what_was_there_before() {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE ROLE pay_app LOGIN; ALTER ROLE pay_app SET work_mem = '64MB'");
    let _ = cluster.pgmoat("plan").end().code(3).out_has(&["work_mem is no longer 64MB", "changes-settings"]);
}
