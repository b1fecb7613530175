//! A baseline: what is known is accepted for a reason, until a day, on one cluster; what is new fails, and so does an entry in vain.

use serde_json::{Value, json};

use super::{codes, holes, json as read, shop};
use crate::cluster::Cluster;

const WRITE: &str = "drift --write-baseline known.json --until 2099-12-31 --reason";

fn entries(cluster: &Cluster) -> Value {
    read(&cluster.read("known.json"))["accepted"].clone()
}

/// The baseline with other entries.
fn with(cluster: &Cluster, file: &str, accepted: &Value) {
    let mut baseline = read(&cluster.read("known.json"));
    baseline["accepted"] = accepted.clone();
    cluster.write(file, baseline.to_string());
}

#[test]
fn what_is_known_is_accepted_and_what_is_new_fails() {
    let cluster = holes();
    let drift = cluster.pgmoat("drift --format json").end().code(4).err("").out;
    assert_eq!(codes(&read(&drift)), ["definer-function", "other-database", "second-writer", "unsafe-definer"]);
    let _ = cluster.pgmoat(WRITE).arg("until the new release").end().code(4).err("");
    let entries = entries(&cluster);
    let count = entries.as_array().expect("entries").len();
    for entry in entries.as_array().expect("entries") {
        assert_eq!((&entry["reason"], &entry["until"]), (&json!("until the new release"), &json!("2099-12-31")));
        assert!(!entry["what"].as_str().expect("what").starts_with("other-database"), "a note needs no acceptance");
    }
    // what is pending stays so
    let accepted = cluster.pgmoat("drift --baseline known.json").end().code(3).err("");
    let _ = accepted.out_has(&[
        "every one holds\n",
        "accepted[second-writer]: orders_app can INSERT into orders.orders.jobs (",
        "  accepted by known.json until 2099-12-31: until the new release\n",
        &format!("\ndrift: 3 changes pending, {count} findings accepted\n"),
    ]);
    let accepted = read(&cluster.pgmoat("drift --format json --baseline known.json").end().code(3).out);
    assert_eq!(accepted["proof"], read(&drift)["proof"], "what is accepted is still shown");
    assert_eq!(accepted["accepted"].as_array().map(Vec::len), Some(count));

    // all but one
    let fewer: Vec<&Value> = entries.as_array().expect("entries").iter().collect();
    let errors = |entry: &&&Value| !entry["what"].as_str().is_some_and(|what| what.starts_with("second-writer"));
    with(&cluster, "fewer.json", &json!(fewer.iter().filter(errors).collect::<Vec<_>>()));
    let _ = cluster.pgmoat("drift --baseline fewer.json").end().code(4).err("").out_has(&["drift: 1 claim violated, "]);
    // one that is written anew keeps the reasons of before
    let again = "drift --baseline fewer.json --write-baseline known.json --until 2098-01-01 --reason new";
    let _ = cluster.pgmoat(again).end().code(4).err("");
    let reasons =
        |entry: &Value| (entry["reason"].clone(), entry["what"].as_str().is_some_and(|w| w.starts_with("second")));
    let new: Vec<_> = self::entries(&cluster).as_array().expect("entries").iter().map(reasons).collect();
    assert_eq!(new.len(), count);
    assert!(new.iter().all(|(reason, second)| (*reason == "new") == *second), "{new:?}");
    // another right on the same table is another hole
    cluster.sql("orders").run("GRANT DELETE ON orders.jobs TO orders_app");
    let new = cluster.pgmoat("drift --baseline known.json").end().code(4);
    let _ = new
        .out_has(&["orders_app has INSERT, DELETE on orders.orders.jobs\n", "drift: 1 claim violated, "])
        .err_has(&["warning: known.json accepts ", ", which isn't found on this cluster: take it out\n"]);
}

/// Whoever makes a hole elsewhere, and has its identity accepted beforehand, fails until there is the hole; and a hole that comes back is news.
#[test]
fn an_entry_in_vain_fails() {
    let cluster = holes();
    let _ = cluster.pgmoat(WRITE).arg("known").end().code(4).err("");
    let one = json!({ "id": "0123456789abcdef", "reason": "known", "until": "2099-12-31" });
    cluster.converge();
    cluster.sql("orders").run("ALTER FUNCTION orders.put() SECURITY INVOKER");
    let _ = cluster.pgmoat("drift").end().code(0).err("");
    let stale = cluster.pgmoat("drift --baseline known.json").end().code(1);
    let _ = stale.out_has(&["in sync"]).err_has(&[
        "error: the baseline accepts what isn't so any more, or never was\n  known.json accepts ",
        " (second-writer: orders_app can INSERT into orders.orders.jobs), which isn't found on this cluster: take it out\n",
    ]);
    with(&cluster, "one.json", &json!([one]));
    let _ = cluster
        .pgmoat("drift -q --baseline one.json")
        .end()
        .code(1)
        .err_has(&["  one.json accepts 0123456789abcdef, which isn't found on this cluster: take it out\nhint: "]);
    // one that is written anew leaves it out
    let again = "drift --baseline one.json --write-baseline known.json --until 2099-12-31 --reason known";
    let _ = cluster.pgmoat(again).end().code(0).err_has(&["warning: one.json accepts 0123456789abcdef, "]);
    assert_eq!(entries(&cluster), json!([]));
    let _ = cluster.pgmoat("drift --baseline known.json").end().code(0).err("");
}

#[test]
fn an_entry_ends() {
    let cluster = shop();
    cluster.sql("orders").run("GRANT INSERT ON orders.jobs TO orders_app");
    let _ = cluster.pgmoat(WRITE).arg("known").end().code(4).err("");
    let _ = cluster.pgmoat("drift --baseline known.json").end().code(3).err("");
    let mut ended = entries(&cluster);
    ended[0]["until"] = json!("2026-01-31");
    with(&cluster, "ended.json", &ended);
    let ended = cluster.pgmoat("drift --baseline ended.json").end().code(4);
    let _ = ended
        .out_has(&["violated[second-writer]"])
        .err_has(&["warning: ended.json accepts ", ", which ended on 2026-01-31: close it, or accept it anew\n"]);
    for args in [
        "drift --write-baseline x.json --until 2026-01-31 --reason known",
        "drift --write-baseline x.json --until 2099-02-29 --reason known",
        "drift --write-baseline x.json --until 2099-12-31",
        "drift --write-baseline x.json --reason known",
        "drift --until 2099-12-31 --reason known",
    ] {
        let _ = cluster.pgmoat(args).end().code(2).out("");
    }
    let _ = cluster.pgmoat("drift --write-baseline x.json --until 2099-12-31 --reason").arg(" ").end().code(2).out("");
}

#[test]
fn another_file_is_no_baseline() {
    let cluster = shop();
    cluster.write("plan.json", cluster.pgmoat("plan --format json").end().code(0).out);
    cluster.write("drift.json", cluster.pgmoat("drift --format json").end().code(0).out);
    cluster.write("ids.json", "[\"0123456789abcdef\"]");
    let _ = cluster.pgmoat(WRITE).arg("known").end().code(0).err("");
    let mut foreign = read(&cluster.read("known.json"));
    foreign["system_identifier"] = json!("7000000000000000001");
    cluster.write("foreign.json", foreign.to_string());
    let old = "it says neither why each id is accepted, nor until when, nor on which cluster\nhint: `pgmoat drift --write-baseline";
    for (file, said) in [
        ("plan.json", "error: failed to read the baseline plan.json: the file holds a plan, not a baseline\nhint: "),
        ("drift.json", &format!("error: failed to read the baseline drift.json: {old}")),
        ("ids.json", &format!("error: failed to read the baseline ids.json: {old}")),
        (
            "foreign.json",
            "error: the baseline foreign.json is of another cluster: of 7000000000000000001, and this one is ",
        ),
        ("pgmoat.toml", "error: failed to read the baseline pgmoat.toml: it isn't JSON: "),
        ("missing.json", "error: failed to read missing.json\n"),
    ] {
        let _ = cluster.pgmoat("drift --baseline").arg(file).end().code(1).out("").err_has(&[said]);
    }
}
