//! `pgmoat adopt` on real servers: clusters as one finds them, below tests/adopt (`cluster.sql` makes one, and `pg_dumpall.N.sql` is
//! what the real pg_dumpall wrote of it), and clusters that pgmoat made itself, the examples below plans/.
//!
//! Of each: the layout is the golden one, its plan is what it lists as left, nothing in it takes anything from anybody but what
//! is said here to be beyond a layout (the server itself is asked before and after), and a second look gives the same bytes. Not covered: options and exit codes on the
//! command line, which tests/cli/adopt.rs has.
//!
//! To add a cluster, add a folder and its name below, and run `UPDATE_GOLDEN=1 PGMOAT_TEST_PG=18 cargo test --test adopt`, then the
//! same with 17 … 14. Read what it wrote. `UPDATE_DUMPS=/usr/lib/postgresql/15/bin/pg_dumpall` writes the dumps anew
//! with `PGMOAT_TEST_PG=14` and 15, and the pg_dumpall of 16 with 16; 18's says nothing else than 16's. The tests themselves need
//! neither pg_dumpall nor psql. No dump is tried on 14: pg_dumpall of 15 speaks to it, and writes what it doesn't take.

#[path = "adopt/support.rs"]
mod adopt_support;
#[path = "adopt/dump.rs"]
mod dump;
mod readme_support;

use std::fs;

use adopt_support::{able, adopted, apply, compare, folder, plan};
use pgmoat::adopt::{AdoptError, Wish, adopt, rest, to_read};
use pgmoat::layout::{self, SourceFile};
use pgmoat::model::Name;
use pgmoat::plan::{Action, Hazard, Plan};
use readme_support::{Server, psql, run};

/// A cluster as one finds it: as its `cluster.sql` makes it, and as it is once each dump of it is restored. `beyond` are the
/// hazards that no layout can do without there, `lost` what somebody can't do any more once it is applied.
async fn found(name: &str, beyond: &[Hazard], lost: &[&str]) {
    let made = make(name).await;
    dump::update(&made, &folder(name));
    let major = made.major;
    taken_over(&made, major, name, beyond, lost).await;
    drop(made);
    for dump in dump::for_server(&folder(name), major) {
        let server = Server::fresh().await;
        // the superuser is there already
        assert_eq!(dump::restore(&server, &dump.script).await, ["role \"postgres\" already exists"]);
        // pg_dump keeps who schema public belongs to, and what everybody may do in it
        let like = if dump.major < 15 { dump.major } else { major };
        taken_over(&server, like, name, beyond, lost).await;
    }
}

async fn make(name: &str) -> Server {
    let server = Server::fresh().await;
    let script = fs::read_to_string(folder(name).join("cluster.sql")).expect("cluster.sql");
    assert_eq!(dump::restore(&server, &script).await, Vec::<String>::new());
    server
}

/// Adopted, applied, adopted again; `like` is the major version that the cluster is like.
async fn taken_over(server: &Server, like: u32, name: &str, beyond: &[Hazard], lost: &[&str]) {
    let first = adopted(server, None).await;
    assert!(!first.text.contains("SCRAM"), "a password\n{}", first.text);
    // GRANT ALL is all that the server knows which takes it
    let text =
        if like < 17 { first.text.replace(", \"MAINTAIN\"", "").replace(", MAINTAIN", "") } else { first.text.clone() };
    compare(&folder(name), like, &text);
    assert_eq!(first.text, adopted(server, None).await.text, "a second look is another layout");
    let now = plan(server, &first.layout).await;
    assert_eq!(rest(&now), listed(&first.text), "what is left isn't what the file lists");
    assert!(!now.is_empty(), "a cluster like this one has no groups yet");
    takes_nothing(&now, beyond);
    // what is left can be done, and then nothing is
    let before = able(server).await;
    apply(server, &first.layout).await;
    let after = able(server).await;
    // before 15 schema public is the superuser's, and everybody may create in it
    let lost: Vec<_> = lost.iter().filter(|lost| like >= 15 || !lost.contains("CREATE on schema public")).collect();
    assert_eq!(before.difference(&after).collect::<Vec<_>>(), lost, "somebody loses what he could do");
    let left = plan(server, &first.layout).await;
    assert!(left.is_empty(), "after apply there is left: {:#?}", rest(&left));
    let again = adopted(server, None).await;
    assert!(again.plan.is_empty(), "the layout of what was applied leaves {:#?}\n{}", rest(&again.plan), again.text);
}

/// The lines at the end of the file.
fn listed(text: &str) -> Vec<String> {
    let end = text.split_once("\n# What this layout says and the cluster isn't yet").map_or("", |(_, end)| end);
    end.lines().skip(1).filter_map(|line| line.strip_prefix("#   ")).map(str::to_owned).collect()
}

fn takes_nothing(plan: &Plan, beyond: &[Hazard]) {
    for step in &plan.steps {
        // who gets more, loses nothing
        let taking = |hazard: &&Hazard| **hazard != Hazard::WidensRole && !beyond.contains(hazard);
        let hazards: Vec<_> = step.hazards.iter().filter(taking).collect();
        assert!(hazards.is_empty(), "{hazards:?} in a layout that describes what is there: {step:#?}");
        let takes = matches!(step.action, Action::Revoke | Action::Leave) && !beyond.contains(&Hazard::RevokesAccess);
        assert!(!takes, "it takes: {step:#?}");
    }
}

/// The login owns all: a group comes in its place. And it may create databases, which no layout gives.
#[test]
fn apps_that_own() {
    run(found("apps_that_own", &[Hazard::MovesOwner, Hazard::ChangesRole], &[]));
}

/// Each database is its owner's, and a layout gives it to the provisioner: as whose owner he could create in schema public.
#[test]
fn owner_reader_writer() {
    let lost = [
        "billing: billing_owner CREATE on schema public",
        "billing: billing_owner_user CREATE on schema public",
        "billing: team_admin CREATE on schema public",
        "orders: orders_owner CREATE on schema public",
        "orders: orders_owner_user CREATE on schema public",
        "orders: team_admin CREATE on schema public",
    ];
    run(found("owner_reader_writer", &[Hazard::MovesOwner], &lost));
}

/// What bob granted on is granted by the owner instead; alice's tables change hands; default privileges without a schema are
/// beyond every exception.
#[test]
fn ten_years() {
    let lost = ["REFERENCES", "TRIGGER"].map(|right| format!("Common DB: alice {right} on table sales.alices_copy"));
    let beyond = [Hazard::MovesOwner, Hazard::RevokesAccess];
    run(found("ten_years", &beyond, &lost.each_ref().map(String::as_str)));
}

/// The way of docs/adopt.md: first only add, then close. On either part of it nobody loses more than is beyond a layout.
#[test]
fn step_by_step() {
    run(async {
        let server = make("ten_years").await;
        let adopted = adopted(&server, None).await;
        let text = adopted.text.replace("[cluster]\n", "[cluster]\nmode = \"additive\"\n");
        let additive = layout::parse(vec![SourceFile { name: "pgmoat.toml".into(), text }], None);
        let additive = additive.unwrap_or_else(|problems| panic!("{problems}"));
        let before = able(&server).await;
        takes_nothing(&plan(&server, &additive).await, &[]);
        apply(&server, &additive).await;
        assert_eq!(before.difference(&able(&server).await).collect::<Vec<_>>(), Vec::<&String>::new());
        apply(&server, &adopted.layout).await;
        let lost =
            ["REFERENCES", "TRIGGER"].map(|right| format!("Common DB: alice {right} on table sales.alices_copy"));
        assert_eq!(before.difference(&able(&server).await).collect::<Vec<_>>(), lost.iter().collect::<Vec<_>>());
        assert!(plan(&server, &adopted.layout).await.is_empty());
    });
}

/// What pgmoat made is described without rest, twice in the same bytes, and by everybody who may connect.
async fn made(example: &str) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("plans").join(example);
    let read = |file: &str| fs::read_to_string(root.join(file)).expect("readable");
    let source = SourceFile { name: "layout.toml".into(), text: read("layout.toml") };
    let layout = layout::parse(vec![source], Some("prod")).unwrap_or_else(|problems| panic!("{problems}"));
    let server = Server::fresh().await;
    psql(&server.config, &read("before.sql")).await;
    apply(&server, &layout).await;
    let first = adopted(&server, None).await;
    assert!(first.plan.is_empty(), "{example} leaves {:#?}\n{}", rest(&first.plan), first.text);
    assert_eq!(listed(&first.text), Vec::<String>::new());
    let now = plan(&server, &first.layout).await;
    assert!(now.is_empty(), "{:#?}", rest(&now));
    apply(&server, &first.layout).await;
    assert_eq!(first.text, adopted(&server, None).await.text);
    let services = |layout: &layout::Layout| {
        let each = layout.services.iter();
        each.map(|(key, s)| (key.clone(), s.database.clone(), s.ddl.clone(), s.dml.clone(), s.ro.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(services(&first.layout), services(&layout), "other services\n{}", first.text);
    compare(&folder("made").join(example), server.major, &first.text);
}

#[test]
fn made_common_database() {
    run(made("common-database"));
}

#[test]
fn made_everything() {
    run(made("everything"));
}

#[test]
fn made_open_cluster() {
    run(made("open-cluster"));
}

#[test]
fn made_single_writer() {
    run(made("single-writer"));
}

#[test]
fn made_two_services() {
    run(made("two-services"));
}

/// Reading the catalogs takes no rights: the layout is the same, whoever reads.
#[test]
fn anybody_may_read() {
    run(async {
        let server = make("apps_that_own").await;
        psql(&server.config, "CREATE ROLE nobody LOGIN;\nGRANT CONNECT ON DATABASE shop_production TO nobody;\n").await;
        server.admit_logins().await;
        let (boss, nobody) = (adopted(&server, None).await, adopted(&server, Some("nobody")).await);
        // what is left to do is planned as the one who asks
        let body = |text: &str| {
            let layout = text.split("\n# What this layout says").next();
            layout.and_then(|text| text.split_once("\n[cluster]\n")).map(|(_, body)| body.to_owned())
        };
        assert!(body(&boss.text).is_some());
        assert_eq!(body(&boss.text), body(&nobody.text));
    });
}

#[test]
fn what_cannot_be_adopted() {
    run(async {
        let server = Server::fresh().await;
        psql(&server.config, "CREATE DATABASE closed ALLOW_CONNECTIONS false;\nCREATE TABLE public.mine (id int);\n")
            .await;
        let snapshot = adopt_support::read(&server, None, None).await;
        let wish = |name: Option<&str>| Wish {
            maintenance: Name::of_server(server.conninfo.database()),
            databases: name.map(|name| [Name::of_server(name)].into()),
            day: "2026-11-24".into(),
        };
        assert!(matches!(to_read(&snapshot, &wish(Some("gone"))), Err(AdoptError::NoDatabase(_))));
        assert!(matches!(to_read(&snapshot, &wish(Some("closed"))), Err(AdoptError::Closed(_))));
        assert!(matches!(to_read(&snapshot, &wish(Some("template1"))), Err(AdoptError::Reserved(_))));
        let maintenance = server.conninfo.database();
        assert!(matches!(to_read(&snapshot, &wish(Some(maintenance))), Err(AdoptError::Maintenance(_))));
        let Err(AdoptError::NoService(notes)) = adopt(&snapshot, &wish(None)) else { panic!("there is no service") };
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains("the maintenance database holds 1 table"), "{notes:?}");
    });
}
