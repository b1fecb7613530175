//! Not seen is not closed: snapshots of another layout, cluster or time, what the role that asks can't see, and databases that aren't there.

use serde_json::{Value, json};

use crate::cluster::Cluster;

const ORDERS: &str = "[cluster]\ninspector = \"pgmoat_ci\"\n[service.orders.login]\napp = \"dml\"\nmigrate = \"ddl\"\n";

const BILLING: &str = "[service.billing.login]\napp = \"dml\"\nmigrate = \"ddl\"\n";

fn shop() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(&format!("{ORDERS}{BILLING}"));
    cluster.converge();
    cluster
}

fn read(cluster: &Cluster, file: &str) -> Value {
    serde_json::from_str(&cluster.read(file)).expect("JSON")
}

/// Somebody gets into the database that the snapshot doesn't have.
#[test]
fn a_database_that_was_not_read_is_an_error() {
    let cluster = shop();
    cluster.sql("postgres").run("CREATE ROLE bob LOGIN; GRANT CONNECT ON DATABASE billing TO bob");
    cluster.layout(ORDERS);
    let _ = cluster.pgmoat("inspect --out narrow.json").end().code(0).err("");
    let _ = cluster.pgmoat("inspect --all-databases --out all.json").end().code(0).err("");
    cluster.layout(&format!("{ORDERS}{BILLING}"));
    let _ = cluster.pgmoat("inspect --out whole.json").end().code(0).err("");
    let mut cut = read(&cluster, "whole.json");
    for database in cut["databases"].as_array_mut().expect("databases") {
        if database["name"] == "billing" {
            database.as_object_mut().expect("a database").remove("inside");
        }
    }
    cluster.write("cut.json", cut.to_string());
    for command in ["plan", "prove", "drift"] {
        for file in ["narrow.json", "cut.json"] {
            let refused = cluster.bare().args(command).args("--snapshot").arg(file).end().code(1).out("");
            let _ = refused.err_has(&[
                &format!(
                    "error: the snapshot {file} lacks the inside of the database billing, which the layout names\n"
                ),
                "hint: run `pgmoat inspect` with this layout",
            ]);
        }
        let code = if command == "plan" { 3 } else { 4 };
        let _ = cluster.bare().args(command).args("--snapshot whole.json").end().code(code).err("");
        let all = cluster.bare().args(command).args("--snapshot all.json").end().code(code).err("");
        let _ = all.out_has(&[
            "databases read: billing, orders, postgres",
            "read for a layout of another text than this one\n",
        ]);
    }
}

/// What hangs on a role that leaves is asked for by the layout, too.
#[test]
fn a_role_that_was_not_asked_about_is_an_error() {
    let cluster = shop();
    cluster.sql("postgres").run("CREATE ROLE old; CREATE TABLE public.t (); ALTER TABLE public.t OWNER TO old");
    let _ = cluster.pgmoat("inspect --out before.json").end().code(0).err("");
    cluster
        .layout(&format!("{ORDERS}{BILLING}[retire]\nroles = [{{ name = \"old\", reassign_to = \"orders_ddl\" }}]\n"));
    let _ = cluster
        .bare()
        .args("plan --snapshot before.json")
        .end()
        .code(1)
        .out("")
        .err_has(&["error: the snapshot before.json lacks what hangs on the role old, which the layout names\n"]);
    let _ = cluster.pgmoat("inspect --out after.json").end().code(0).err("");
    let _ = cluster.bare().args("plan --snapshot after.json").end().code(3).err("").out_has(&["role old"]);
}

#[test]
fn an_old_snapshot_is_an_error() {
    let cluster = shop();
    let _ = cluster.pgmoat("inspect --out now.json").end().code(0).err("");
    let now = read(&cluster, "now.json");
    let dated = |file: &str, at: &str| {
        let mut snapshot = now.clone();
        snapshot["look"]["at"] = at.into();
        cluster.write(file, snapshot.to_string());
    };
    dated("old.json", "2026-01-02T03:04:05Z");
    dated("later.json", "2199-01-02T03:04:05Z");
    for command in ["plan", "prove", "drift"] {
        let run = |args: &str| cluster.bare().args(command).args(args).end();
        let _ = run("--snapshot now.json")
            .code(0)
            .err("")
            .out_has(&[" (now.json) from ", "as postgres (superuser), system identifier "]);
        let _ = run("--snapshot old.json").code(1).out("").err_has(&[
            "error: the snapshot old.json is too old: it is of 2026-01-02 03:04:05 UTC, ",
            " d ago; --max-age is 2 d\nhint: run `pgmoat inspect` again",
        ]);
        let _ = run("--snapshot old.json --max-age 9999d")
            .code(0)
            .err("")
            .out_has(&["read 2026-01-02 03:04:05 UTC (old.json) from "]);
        let _ = run("--snapshot later.json --max-age 9999d")
            .code(1)
            .out("")
            .err_has(&["is of 2199-01-02 03:04:05 UTC, and now it is "]);
        let _ = run("--max-age 1h").code(2).out("");
        // one that doesn't say when
        let mut undated = now.clone();
        undated.as_object_mut().expect("a snapshot").remove("look");
        cluster.write("undated.json", undated.to_string());
        let undated = run("--snapshot undated.json").code(if command == "plan" { 0 } else { 6 });
        let _ = undated.err_has(&["warning: undated.json doesn't say when it was read"]);
    }
}

#[test]
fn another_cluster_is_an_error() {
    let cluster = shop();
    let identifier = cluster.sql("postgres").one("SELECT system_identifier::text FROM pg_control_system()");
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0).err("");
    let bound = |identifier: &str| {
        cluster.layout(
            &format!("{ORDERS}{BILLING}")
                .replace("[cluster]\n", &format!("[cluster]\nsystem_identifier = \"{identifier}\"\n")),
        );
    };
    bound(&identifier);
    let _ = cluster.pgmoat("drift").end().code(0).err("");
    let _ = cluster.bare().args("drift --snapshot snapshot.json").end().code(0).err("");
    bound("7000000000000000001");
    let said = format!("error[other-cluster]: this is another cluster: its system identifier is {identifier}\n");
    for args in ["plan", "prove", "drift", "inspect", "apply --yes"] {
        let _ = cluster.pgmoat(args).end().code(1).out("").err_has(&[&said, "the layout is for 7000000000000000001"]);
    }
    for args in ["plan", "prove", "drift"] {
        let run = cluster.bare().args(args).args("--snapshot snapshot.json").end().code(1).out("");
        let _ = run.err_has(&[&said, "the layout is for 7000000000000000001"]);
    }
}

/// What a proof says of a database that isn't there, or lets nobody in: not that its claims hold.
#[test]
fn a_database_that_is_not_there_is_not_proven() {
    let cluster = shop();
    cluster.layout(&format!("{ORDERS}{BILLING}[service.later.login]\napp = \"dml\"\n"));
    let proof = cluster.pgmoat("prove").end().code(6).err("");
    let proof = proof.out_has(&[
        "\nnot seen: the inside of database later\n  why: it doesn't exist yet\n  to do: run `pgmoat apply`",
        " checked, none violated; 1 thing not seen\n",
    ]);
    assert!(!proof.out.contains("every one holds"), "{proof}");
    // it is the plan that makes it
    let _ = cluster.pgmoat("drift").end().code(3).err("").out_has(&["drift: 1 thing not seen, "]);

    cluster.layout(&format!("{ORDERS}{BILLING}"));
    cluster.sql("postgres").run("ALTER DATABASE billing ALLOW_CONNECTIONS false");
    let proof = cluster.pgmoat("prove --format json").end().code(6).err("");
    let proof: Value = serde_json::from_str(&proof.out).expect("JSON");
    assert_eq!((&proof["holds"], &proof["unseen"][0]["kind"]), (&json!(false), &json!("closed-database")), "{proof:#}");
    let _ = cluster.pgmoat("drift").end().code(6).err("").out_has(&["not everything was seen: 1 thing not seen, "]);
    // what is known to be open wins
    cluster
        .sql("orders")
        .run("CREATE TABLE orders.t (); CREATE ROLE bob LOGIN; GRANT CONNECT ON DATABASE orders TO bob");
    let _ = cluster.pgmoat("prove").end().code(4).err("");
    let _ = cluster.pgmoat("drift").end().code(4).err("");
}

/// The mapping makes a service's login somebody else; the server shows it to superusers alone.
#[test]
fn what_the_inspector_may_not_see_is_not_closed() {
    let mut cluster = shop();
    cluster.sql("postgres").run("CREATE ROLE boss SUPERUSER");
    cluster.sql("orders").run(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER loop FOREIGN DATA WRAPPER w;
         CREATE USER MAPPING FOR orders_app SERVER loop OPTIONS (\"user\" 'boss', password 'sesame')",
    );
    let _ = cluster.pgmoat("prove").end().code(4).err("").out_has(&["violated[foreign-server]: orders_app may act as"]);
    let _ = cluster.pgmoat("drift").end().code(4).err("");
    let by_superuser = cluster.pgmoat("inspect").end().code(0).out;
    cluster.user = "pgmoat_ci";
    let unseen =
        "\nnot seen: the options of the user mapping of orders_app for server loop in database orders\n  why: ";
    let _ = cluster.pgmoat("prove").end().code(6).err("").out_has(&[
        "as pgmoat_ci, system identifier ",
        "\nhidden from that role: options of user mappings: 1\n",
        unseen,
        "none violated; 1 thing not seen\n",
    ]);
    let _ = cluster
        .pgmoat("drift")
        .end()
        .code(6)
        .err("")
        .out_has(&[unseen, "\nnot everything was seen: 1 thing not seen\n"]);
    for (format, said) in [
        ("json", "\"hidden\": [\n      {\n        \"what\": \"options of user mappings\",\n        \"count\": 1"),
        ("markdown", "#### Not seen\n\n- the options of the user mapping of orders"),
        ("github", "::error title=not seen::the options of the user mapping of orders_app"),
        ("sarif", "\"ruleId\": \"not-seen\""),
        ("junit", "name=\"everything was seen\">\n      <failure message=\"the options of the user mapping"),
    ] {
        let _ = cluster.pgmoat("drift --format").arg(format).end().code(6).err("").out_has(&[said]);
    }
    // a snapshot says who looked
    let _ = cluster.pgmoat("inspect --out by_inspector.json").end().code(0).err("");
    let _ = cluster.bare().args("prove --snapshot by_inspector.json").end().code(6).err("").out_has(&[unseen]);
    cluster.write("by_superuser.json", by_superuser);
    let _ = cluster.bare().args("prove --snapshot by_superuser.json").end().code(4).err("");
    // accepted, for a reason and until a day
    let write = "drift --write-baseline known.json --until 2099-12-31 --reason";
    let _ = cluster.pgmoat(write).arg("read by the DBA").end().code(6).err("");
    let accepted = cluster.pgmoat("drift --baseline known.json").end().code(0).err("");
    let _ = accepted
        .out_has(&["accepted, not seen: the options of", "accepted by known.json until 2099-12-31: read by the DBA\n"]);
    // one that is of no service's business is counted, and no more
    cluster.user = "postgres";
    cluster.sql("orders").run("DROP USER MAPPING FOR orders_app SERVER loop; CREATE USER MAPPING FOR boss SERVER loop");
    cluster.user = "pgmoat_ci";
    let _ =
        cluster.pgmoat("prove").end().code(0).err("").out_has(&["options of user mappings: 1\n", "every one holds\n"]);
    cluster.sql("orders").run("CREATE USER MAPPING FOR PUBLIC SERVER loop OPTIONS (\"user\" 'boss')");
    let _ = cluster.pgmoat("prove").end().code(6).err("").out_has(&["the user mapping of PUBLIC for server loop"]);
}
