//! A baseline: what is known is accepted, and what is new fails.

use super::{codes, holes, json, shop};

#[test]
fn what_is_known_is_accepted_and_what_is_new_fails() {
    let cluster = holes();
    let drift = cluster.pgmoat("drift --format json").end().code(4).err("").out;
    cluster.write("known.json", &drift);
    cluster.write("proof.json", cluster.pgmoat("prove --format json").end().code(4).out);
    let findings = json(&drift)["proof"]["findings"].as_array().expect("findings").clone();
    assert_eq!(codes(&json(&drift)), ["definer-function", "other-database", "second-writer", "unsafe-definer"]);
    let ids: Vec<&str> = findings.iter().map(|finding| finding["id"].as_str().expect("an id")).collect();
    cluster.write("ids.json", serde_json::to_string(&ids).expect("JSON"));
    for file in ["known.json", "proof.json", "ids.json"] {
        // what is pending stays so
        let accepted = cluster.pgmoat("drift --baseline").arg(file).end().code(3).err("");
        let _ = accepted.out_has(&[
            "every one holds\n",
            "accepted[second-writer]: orders_app can INSERT into orders.orders.jobs (",
            &format!("accepted by {file}\n"),
            &format!("\ndrift: 3 changes pending, {} findings accepted\n", ids.len()),
        ]);
    }
    let accepted = json(&cluster.pgmoat("drift --format json --baseline ids.json").end().code(3).out);
    assert_eq!(accepted["proof"], json(&drift)["proof"], "what is accepted is still shown");
    assert_eq!(accepted["accepted"], serde_json::json!(ids));

    // all but one
    cluster.write("fewer.json", serde_json::to_string(&ids[1..]).expect("JSON"));
    let _ = cluster.pgmoat("drift --baseline fewer.json").end().code(4).err("").out_has(&["drift: 1 claim violated, "]);
    // another right on the same table is another hole
    cluster.sql("orders").run("GRANT DELETE ON orders.jobs TO orders_app");
    let new = cluster.pgmoat("drift --baseline known.json").end().code(4);
    let _ = new.out_has(&["orders_app has INSERT, DELETE on orders.orders.jobs\n", "drift: 1 claim violated, "]);
}

#[test]
fn an_entry_in_vain_is_said() {
    let cluster = holes();
    cluster.write("known.json", cluster.pgmoat("drift --format json").end().code(4).out);
    cluster.write("ids.json", "[\"0123456789abcdef\"]");
    cluster.converge();
    cluster.sql("orders").run("ALTER FUNCTION orders.put() SECURITY INVOKER");
    let stale = cluster.pgmoat("drift --baseline known.json").end().code(0);
    let _ = stale.out_has(&["in sync"]).err_has(&[
        "warning: known.json accepts ",
        " (second-writer: orders_app, jobs), which is no longer found: take it out\n",
    ]);
    let _ = cluster.pgmoat("drift -q --baseline known.json").end().code(0).err("");
    let _ = cluster
        .pgmoat("drift --baseline ids.json")
        .end()
        .code(0)
        .err("warning: ids.json accepts 0123456789abcdef, which is no longer found: take it out\n");
}

#[test]
fn another_file_is_no_baseline() {
    let cluster = shop();
    cluster.write("plan.json", cluster.pgmoat("plan --format json").end().code(0).out);
    for (file, said) in [
        ("plan.json", "error: failed to read the baseline plan.json: the file holds a plan, not findings\nhint: "),
        ("pgmoat.toml", "error: failed to read the baseline pgmoat.toml: it isn't JSON: "),
        ("missing.json", "error: failed to read missing.json\n"),
    ] {
        let _ = cluster.pgmoat("drift --baseline").arg(file).end().code(1).out("").err_has(&[said]);
    }
}
