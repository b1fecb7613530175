//! A standby shows its plan, and takes no changes.

use crate::cluster::Cluster;

/// A server on the data of a primary, waiting for one that never sends anything.
fn standby() -> Cluster {
    let mut primary = Cluster::start();
    primary.layout("[service.pay.login]\napp = \"dml\"\n");
    primary.converge();
    primary.sql("postgres").run("CREATE ROLE pay_ro_reader; GRANT pay_ro TO pay_ro_reader");
    primary.server.set(&[("hot_standby", "on"), ("restore_command", "false")]).expect("set");
    primary.server.write_file("standby.signal", b"").expect("written");
    primary.server.restart().expect("it starts as a standby");
    primary
}

#[test]
fn plan_works_and_apply_says_why_not() {
    let standby = standby();
    let is_standby = standby.sql("postgres").one("SELECT pg_is_in_recovery()::text");
    assert_eq!(is_standby, "true");
    let before = standby.catalog();
    let _ = standby.pgmoat("plan").end().code(3).err("").out_has(&["pay_ro_reader is no longer a member of pay_ro"]);
    let drift = standby.pgmoat("drift").end().code(3).err("");
    let _ = drift.out_has(&["pay_ro_reader is no longer a member of pay_ro", "\ndrift: 1 change pending"]);
    let _ = standby.pgmoat("inspect --out snapshot.json").end().code(0).err("");
    let run = standby.pgmoat("apply --yes --allow all").end().code(1).out("");
    let _ = run.err(
        "error: this server is a standby: it takes no changes\n\
         hint: connect to the primary; `plan` works on a standby\n",
    );
    assert_eq!(standby.catalog(), before);
}
