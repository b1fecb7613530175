//! Who says yes, and how.

use std::io::Write;
use std::process::Stdio;

use crate::cluster::{Cluster, NOTHING, wait_until};
use crate::run::Output;

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\n";

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster
}

#[test]
fn without_a_terminal_it_needs_yes() {
    let cluster = cluster();
    let before = cluster.catalog();
    let plan = cluster.pgmoat("plan").end().code(3).out;
    let refusal = "error: there is no terminal to ask on\nhint: add --yes to apply without being asked\n";
    let _ = cluster.pgmoat("apply").end().code(5).out(&plan).err(refusal);
    // a yes through a pipe is nobody's
    let mut running = cluster.pgmoat("apply").stdin(Stdio::piped()).start();
    let _ = running.stdin().write_all(b"y\n");
    let _ = running.end().code(5).err(refusal);
    assert_eq!(cluster.catalog(), before);
    let _ = cluster.pgmoat("apply --yes").end().code(0).err("");
    let _ = cluster.pgmoat("apply").end().code(0).out(NOTHING).err("");
}

/// A terminal by util-linux's `script`; the answer is typed when the question is there.
fn answered(cluster: &Cluster, args: &str, answer: &str) -> Output {
    let mut running = cluster.pgmoat_in(args).stdin(Stdio::piped()).start();
    let mut stdin = running.stdin();
    wait_until("it asks", || running.has_said("[y/N]"));
    let _ = stdin.write_all(answer.as_bytes());
    let output = running.end();
    drop(stdin);
    output
}

#[test]
fn on_a_terminal_it_asks() {
    let cluster = cluster();
    let before = cluster.catalog();
    for (answer, said) in
        [("n", "not confirmed, so nothing was changed"), ("\r", "not confirmed, so nothing was changed")]
    {
        let _ = answered(&cluster, "apply", answer).code(5).out_has(&["Apply these", "steps?", said]);
        assert_eq!(cluster.catalog(), before, "{answer:?}");
    }
    // a signal; whoever was started with it ignored, as `nohup` does, is told instead
    let end = answered(&cluster, "apply", "\u{3}");
    let told = end.out.contains("interrupted by SIGINT") || end.out.contains("so nothing was changed");
    assert!(told && [1, 5].contains(&end.code), "{end}");
    assert_eq!(cluster.catalog(), before, "Ctrl-C");
    let _ =
        answered(&cluster, "apply", "y").code(0).out_has(&["Apply these", "steps?", "applied: ", "as the layout says"]);
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}

#[test]
fn a_yes_is_for_what_was_shown() {
    let cluster = cluster();
    let mut running = cluster.pgmoat_in("apply").stdin(Stdio::piped()).start();
    let mut stdin = running.stdin();
    wait_until("it asks", || running.has_said("[y/N]"));
    cluster.sql("postgres").run("CREATE ROLE pay_app SUPERUSER LOGIN");
    stdin.write_all(b"y").expect("typed");
    let output = running.end().code(1).out_has(&["Apply these", "error[trusted-role]"]);
    drop((stdin, output));
    cluster.sql("postgres").run("DROP ROLE pay_app");

    let mut running = cluster.pgmoat_in("apply").stdin(Stdio::piped()).start();
    let mut stdin = running.stdin();
    wait_until("it asks", || running.has_said("[y/N]"));
    cluster.sql("postgres").run("CREATE ROLE pay_ro CREATEDB");
    let before = cluster.catalog();
    stdin.write_all(b"y").expect("typed");
    let _ = running.end().code(5).out_has(&["Apply these", "the plan is stale", "no longer needed: ", "new: "]);
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn every_hazard_needs_its_name() {
    let cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE alice; CREATE ROLE pay_ro LOGIN");
    cluster.sql("postgres").run("CREATE DATABASE pay OWNER alice");
    let before = cluster.catalog();
    let all = "moves-owner,revokes-access,changes-role";
    for (allow, missing) in [
        ("", "changes-role, moves-owner, revokes-access"),
        ("--allow moves-owner", "changes-role, revokes-access"),
        ("--allow moves-owner --allow changes-role", "revokes-access"),
        ("--allow changes-settings,opens-database", "changes-role, moves-owner, revokes-access"),
    ] {
        let run = cluster.pgmoat("apply --yes").args(allow).end().code(5);
        let _ = run.err(&format!(
            "error: the plan has hazards that weren't allowed: {missing}\n\
             hint: read these steps again, then add --allow changes-role,moves-owner,revokes-access\n"
        ));
    }
    assert_eq!(cluster.catalog(), before);
    let _ = cluster.pgmoat("apply --yes --allow").arg(all).end().code(0).err("");
    let _ = cluster.pgmoat("plan").end().code(0).out(NOTHING);
}
