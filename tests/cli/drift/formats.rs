//! Every format of one scenario as golden files, `UPDATE_GOLDEN=1 PGMOAT_TEST_PG=18 cargo test --test cli drift` writes them anew;
//! and what those who read SARIF and JUnit insist on.

use std::path::Path;

use serde_json::{Value, json};

use super::xml::elements;
use super::{SHOP, holes, json, shop, undated};
use crate::cluster::Cluster;

const FORMATS: [(&str, &str); 6] = [
    ("text", "text.txt"),
    ("json", "json.json"),
    ("markdown", "markdown.md"),
    ("github", "github.txt"),
    ("sarif", "sarif.json"),
    ("junit", "junit.xml"),
];

/// With one finding accepted, so that every kind of line is there.
fn known(cluster: &Cluster) {
    let _ = cluster.pgmoat("drift --write-baseline known.json --until 2099-12-31 --reason old").end().code(4).err("");
    let mut known = json(&cluster.read("known.json"));
    let accepted = known["accepted"].as_array_mut().expect("entries");
    accepted.retain(|entry| entry["what"].as_str().is_some_and(|what| what.starts_with("unsafe-definer: orders_app")));
    cluster.write("known.json", known.to_string());
}

/// What differs between servers is made the same.
fn redacted(cluster: &Cluster, text: &str) -> String {
    let one = |sql: &str| cluster.sql("postgres").one(sql);
    let identity = one("SELECT system_identifier::text FROM pg_control_system()");
    let number: u32 = one("SHOW server_version_num").parse().expect("a number");
    let version = format!("PostgreSQL {}.{}", number / 10_000, number % 10_000);
    let text = undated(text).replace(cluster.server.socket_dir().to_str().expect("UTF-8"), "/socket");
    let text = text.replace(&format!("port {}", cluster.server.port()), "port 5432");
    let text = text.replace(&identity, "7000000000000000000").replace(&version, "PostgreSQL 18.4");
    let fingerprint = |line: &str| match line.split_once("\"from\": \"sha256:") {
        Some((indent, _)) => format!("{indent}\"from\": \"sha256:…\",\n"),
        None => line.replace(&format!("\"server_version_num\": {number}"), "\"server_version_num\": 180004"),
    };
    text.split_inclusive('\n').map(fingerprint).collect()
}

#[test]
fn every_format_is_as_before() {
    let cluster = holes();
    known(&cluster);
    for (format, file) in FORMATS {
        let run = || cluster.pgmoat("drift --baseline known.json --format").arg(format).end().code(4).err("").out;
        let out = run();
        assert_eq!(undated(&run()), undated(&out), "{format}: the same state gives the same bytes");
        let shown = redacted(&cluster, &out);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/drift/golden").join(file);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &shown).expect("written");
        }
        let golden = std::fs::read_to_string(&path).expect("a golden file");
        let changes = similar::TextDiff::from_lines(&golden, &shown).unified_diff().context_radius(2).to_string();
        assert!(golden == shown, "{} isn't the answer; UPDATE_GOLDEN=1 writes it anew\n{changes}", path.display());
    }
}

#[test]
fn a_green_run_is_not_empty() {
    let cluster = shop();
    for (format, said) in [
        ("markdown", "**in sync: nothing to change, and every claim holds**"),
        ("github", "in sync: nothing to change, and every claim holds\n"),
        ("sarif", "\"level\": \"note\""),
        ("junit", "<testsuite name=\"orders\" "),
    ] {
        let green = cluster.pgmoat("drift --format").arg(format).end().code(0).err("").out_has(&[said]);
        for bad in ["\"level\": \"error\"", "\"level\": \"warning\"", "::error", "::warning", "<failure"] {
            assert!(!green.out.contains(bad), "{green}");
        }
    }
}

/// Of a layout in a folder, it is the file that declares the service.
#[test]
fn a_finding_has_its_place_in_the_layout() {
    let cluster = holes();
    let (orders, billing) = SHOP.split_once("[service.billing.login]\n").expect("two services");
    let folder = cluster.folder.path().join("teams");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("a.toml"), orders).expect("written");
    std::fs::write(folder.join("b.toml"), format!("# billing\n\n[service.billing.login]\n{billing}")).expect("written");
    let _ = cluster.pgmoat("drift -l ./teams --format github").end().code(4).err("").out_has(&[
        "::error file=teams/a.toml,line=5,title=second-writer::orders_app can INSERT into orders.orders.jobs%0A",
        "::warning file=teams/b.toml,line=3,title=pending-change%3A billing::alter role billing_app",
    ]);
}

/// The properties that the schema of SARIF 2.1.0 requires, and those that code scanning does: a rule for each result, a place in a
/// file, a fingerprint.
#[test]
fn sarif_is_what_the_standard_says() {
    let cluster = holes();
    known(&cluster);
    let sarif = json(&cluster.pgmoat("drift --format sarif --baseline known.json").end().code(4).out);
    assert_eq!(sarif["version"], "2.1.0");
    let [run] = sarif["runs"].as_array().expect("runs").as_slice() else { panic!("one run") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "pgmoat");
    let rules = driver["rules"].as_array().expect("rules");
    let mut ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect();
    assert!(rules.iter().all(|rule| rule["shortDescription"]["text"].as_str().is_some_and(|text| !text.is_empty())));
    assert!(
        rules.iter().all(
            |rule| ["pending-change", "not-seen"].iter().any(|id| rule["id"] == *id) || rule["helpUri"].is_string()
        )
    );
    let results = run["results"].as_array().expect("results");
    for result in results {
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(result["ruleId"], ids[index]);
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let [location] = result["locations"].as_array().expect("locations").as_slice() else { panic!("one place") };
        let place = &location["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "pgmoat.toml");
        assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 0));
        assert!(result["partialFingerprints"]["pgmoat/v1"].as_str().is_some_and(|id| id.len() == 16));
        if let Some(suppressions) = result.get("suppressions") {
            assert_eq!((&result["ruleId"], &result["baselineState"]), (&json!("unsafe-definer"), &json!("unchanged")));
            assert_eq!(suppressions[0]["kind"], "external");
        }
    }
    assert_eq!(results.iter().filter(|result| result.get("suppressions").is_some()).count(), 1);
    let mut prints: Vec<&Value> = results.iter().map(|result| &result["partialFingerprints"]["pgmoat/v1"]).collect();
    let count = prints.len();
    prints.sort_by_key(|print| print.to_string());
    prints.dedup();
    assert_eq!(prints.len(), count, "two results with one fingerprint");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules.len(), "a rule twice");
    // beside the service that it is about
    let line = |rule: &str| {
        let result = results.iter().find(|result| result["ruleId"] == rule).expect("a result");
        result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().expect("a line")
    };
    let text = cluster.read("pgmoat.toml");
    let declared = |table: &str| text.lines().position(|line| line.starts_with(table)).expect("declared") as u64 + 1;
    assert_eq!(line("second-writer"), declared("[service.orders."));
}

#[test]
fn junit_is_well_formed_and_counts() {
    let cluster = holes();
    known(&cluster);
    let all = elements(&cluster.pgmoat("drift --format junit --baseline known.json").end().code(4).out);
    let of = |name: &str| all.iter().filter(|element| element.name == name).count();
    assert!(of("testsuites") == 1 && of("testsuite") >= 3);
    assert_eq!(all[0].number("tests"), of("testcase"));
    assert_eq!(all[0].number("failures"), of("failure"));
    assert_eq!(all[0].number("skipped"), of("skipped"));
    let suites = all.iter().filter(|element| element.name == "testsuite");
    assert_eq!(suites.map(|suite| suite.number("tests")).sum::<usize>(), of("testcase"));
    assert!(of("failure") >= 3);
    let green = shop();
    let all = elements(&green.pgmoat("drift --format junit").end().code(0).out);
    assert_eq!((all[0].number("failures"), all[0].number("skipped")), (0, 0));
    assert!(all[0].number("tests") > 70);
    // nobody has looked into a database that isn't there
    green.layout(&format!("{SHOP}\n[service.later.login]\napp = \"dml\"\n"));
    let all = elements(&green.pgmoat("drift --format junit").end().code(3).out);
    let later =
        all.iter().find(|suite| suite.name == "testsuite" && suite.attribute("name") == "later").expect("a suite");
    assert_eq!((later.number("failures"), later.number("skipped")), (1, later.number("tests") - 1));
}
