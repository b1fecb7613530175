//! `drift`: plan and proof in one pass, in every format, by whoever may only look.
//!
//! Not covered: what is found of which hole (the proof's own tests), and how GitHub or GitLab show it.

#[path = "drift/formats.rs"]
mod formats;
#[path = "drift/inspector.rs"]
mod inspector;
#[path = "drift/known.rs"]
mod known;
#[path = "drift/read_only.rs"]
mod read_only;
#[path = "drift/xml.rs"]
mod xml;

use crate::cluster::Cluster;

const SHOP: &str = include_str!("drift/shop.toml");

/// The layout's tables, and the layout made true.
fn shop() -> Cluster {
    shop_on(Cluster::start())
}

fn shop_on(cluster: Cluster) -> Cluster {
    cluster.layout(SHOP);
    cluster.sql("postgres").run("CREATE DATABASE orders");
    cluster.sql("orders").run(
        "CREATE SCHEMA orders; CREATE TABLE orders.orders (id int PRIMARY KEY, note text); \
         CREATE TABLE orders.jobs (id int PRIMARY KEY DEFAULT 1, note text)",
    );
    cluster.converge();
    cluster
}

/// The same with a claim that is broken, one that is about to be, and changes that are pending.
fn holes() -> Cluster {
    let cluster = shop();
    cluster.sql("postgres").run("CREATE ROLE \"<b>@x|%\" LOGIN; ALTER ROLE billing_app CONNECTION LIMIT 3");
    cluster.sql("orders").run(
        "GRANT INSERT ON orders.jobs TO orders_app; GRANT SELECT ON orders.orders TO \"<b>@x|%\";
         CREATE FUNCTION orders.put() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT';
         ALTER FUNCTION orders.put() OWNER TO orders_ddl; REVOKE ALL ON FUNCTION orders.put() FROM PUBLIC;
         GRANT EXECUTE ON FUNCTION orders.put() TO orders_dml, orders_ro",
    );
    cluster
}

/// The same whenever it was read.
fn undated(text: &str) -> String {
    let is_moment = |at: usize| {
        let part = text.get(at..at + 19).unwrap_or_default();
        let form = part.chars().map(|c| if c.is_ascii_digit() { '0' } else { c });
        ["0000-00-00 00:00:00", "0000-00-00T00:00:00"].contains(&form.collect::<String>().as_str())
    };
    let (mut out, mut rest) = (String::new(), 0);
    for at in text.char_indices().map(|(at, _)| at) {
        if at >= rest && is_moment(at) {
            out += &text[rest..at];
            out += "2026-11-29 16:40:03";
            rest = at + 19;
        }
    }
    out + &text[rest..]
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The findings' codes, each once.
fn codes(drift: &serde_json::Value) -> Vec<String> {
    let findings = drift["proof"]["findings"].as_array().expect("findings").iter();
    let mut codes: Vec<String> = findings.map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

const IN_SYNC: &str = "in sync: nothing to change, and every claim holds\n";

#[test]
fn exit_codes() {
    let cluster = shop();
    let _ = cluster.pgmoat("drift").end().code(0).err("").out_has(&["nothing to do: ", "every one holds\n", IN_SYNC]);
    let synced = json(&cluster.pgmoat("drift --format json").end().code(0).err("").out);
    assert_eq!((&synced["format"], &synced["kind"], &synced["in_sync"]), (&1.into(), &"drift".into(), &true.into()));
    assert!(synced.get("accepted").is_none());

    cluster.sql("postgres").run("ALTER ROLE billing_app CONNECTION LIMIT 3");
    let pending = cluster.pgmoat("drift").end().code(3).err("");
    let _ = pending.out_has(&["role billing_app", "every one holds\n", "\ndrift: 1 change pending\n"]);
    assert_eq!(json(&cluster.pgmoat("drift --format json").end().code(3).out)["in_sync"], false);

    cluster.sql("orders").run("GRANT INSERT ON orders.jobs TO orders_app");
    let broken = cluster.pgmoat("drift").end().code(4).err("");
    let _ = broken.out_has(&[
        "revoke   INSERT on table orders.jobs from orders_app",
        "violated[second-writer]: orders_app can INSERT into orders.orders.jobs\n",
        "\ndrift: 1 claim violated, 2 changes pending\n",
    ]);

    let _ = cluster.pgmoat("drift -l missing.toml").end().code(1).out("");
    let _ = cluster.pgmoat("drift --format yaml").end().code(2).out("");
}

/// What it says is what `plan` and `prove` say.
#[test]
fn it_is_plan_and_proof() {
    let cluster = holes();
    let drift = json(&cluster.pgmoat("drift --format json").end().code(4).err("").out);
    for (part, command, code) in [("plan", "plan --format json", 3), ("proof", "prove --format json", 4)] {
        let mut other = json(&cluster.pgmoat(command).end().code(code).out);
        let look = other.as_object_mut().expect("a document").remove("look").expect("a look");
        assert_eq!((&drift[part], &drift["look"]["host"]), (&other, &look["host"]));
    }
}

#[test]
fn a_snapshot_replaces_the_server() {
    let cluster = holes();
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0).err("");
    for format in ["text", "json", "markdown", "github", "sarif", "junit"] {
        let live = undated(&cluster.pgmoat("drift --format").arg(format).end().code(4).err("").out);
        let bare = cluster.bare().env("PGHOST", "/nowhere").args("drift --snapshot snapshot.json --format").arg(format);
        // it says besides where it comes from
        let offline = bare.end().code(4).err("").out.replace(" (snapshot.json)", "");
        let lines = offline.split_inclusive('\n').filter(|line| line.trim() != "\"snapshot\": \"snapshot.json\",");
        assert_eq!(undated(&lines.collect::<String>()), live);
    }
    // one that an earlier pgmoat wrote doesn't say what acts for another
    let mut snapshot = json(&cluster.read("snapshot.json"));
    let databases = snapshot["databases"].as_array_mut().expect("databases").iter_mut();
    let read = databases.filter_map(|database| database["inside"].as_object_mut());
    let codes: Vec<_> = read.filter_map(|inside| inside.remove("code")).collect();
    assert_eq!(codes.len(), 2);
    cluster.write("old.json", snapshot.to_string());
    let old = cluster.bare().args("drift --snapshot old.json").end().code(1).out("");
    let _ = old.err_has(&["error: nothing can be proven", "hint: run `pgmoat inspect` again"]);
}
