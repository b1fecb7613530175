//! The five views of a plan: plans and states made by hand, or resolved from a layout over an empty cluster.
//!
//! Not covered: that psql accepts the script, and that the server accepts the statements.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use pgmoat::layout::{self, SourceFile, resolve::resolve};
use pgmoat::model::{
    Acl, Database, DefaultKey, Future, Grantee, Holding, Kind, Membership, MembershipOptions, Name, Object, Presence,
    Retiring, Role, Server, SettingKey, Snapshot, State, has_hidden, is_hidden,
};
use pgmoat::plan::view::{self, SavedPlanError, Style};
use pgmoat::plan::{Action, Beyond, FORMAT, Hazard, Head, ObjectRef, Plan, Stage, Step, Target, current};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const PLAIN: Style = Style { color: false, verbose: false, width: None };

fn name(text: &str) -> Name {
    Name::of_server(text)
}

fn acl(items: &[&str]) -> Acl {
    Acl::parse(items.iter().copied()).expect("aclitems")
}

fn step(database: &str, action: Action, what: &str, sql: &[&str]) -> Step {
    Step {
        id: 0,
        stage: Stage::Converge,
        database: name(database),
        action,
        object: ObjectRef::database(&name(database)),
        objects: vec![],
        role: None,
        roles: vec![],
        service: Some(database.into()),
        sql: sql.iter().map(|sql| (*sql).into()).collect(),
        undo: vec![],
        hazards: vec![],
        code: vec![],
        what: what.into(),
        why: "the layout declares it".into(),
    }
}

fn plan(mut steps: Vec<Step>) -> Plan {
    let mut summary = BTreeMap::new();
    for (at, step) in steps.iter_mut().enumerate() {
        step.id = at + 1;
        *summary.entry(step.action).or_insert(0) += 1;
    }
    Plan {
        format: FORMAT,
        kind: "plan".into(),
        target: Target {
            system_identifier: "7".into(),
            server_version_num: 150_018,
            cluster: "shop".into(),
            acting_as: None,
        },
        from: "sha256:aa".into(),
        layout: "sha256:bb".into(),
        steps,
        out_of_reach: vec![],
        withheld: vec![],
        outlives: Default::default(),
        pending: vec![],
        notes: vec![],
        summary,
    }
}

fn small() -> Plan {
    let open = Step {
        stage: Stage::Database,
        hazards: vec![Hazard::OpensDatabase],
        ..step("postgres", Action::Alter, "database orders opens", &["REVOKE ALL", "ALTER DATABASE \"orders\""])
    };
    let role = Step {
        stage: Stage::Prepare,
        object: ObjectRef::shared("role", &name("x")),
        service: None,
        ..step("postgres", Action::Create, "role x", &["CREATE ROLE \"x\" NOLOGIN"])
    };
    let create = Step {
        stage: Stage::Database,
        ..step(
            "postgres",
            Action::Create,
            "database orders, closed",
            &["CREATE DATABASE \"orders\" TEMPLATE template0"],
        )
    };
    let revoke = Step {
        hazards: vec![Hazard::RevokesAccess, Hazard::MovesOwner],
        ..step("orders", Action::Revoke, "SELECT on table orders.jobs from bob", &["REVOKE SELECT"])
    };
    let grant = step("orders", Action::Grant, "SELECT on table orders.jobs to x", &["GRANT SELECT"]);
    let mut plan = plan(vec![role, create, open, grant, revoke]);
    plan.pending = vec!["orders.audit_log does not exist yet".into()];
    plan.notes = vec!["schema old belongs to nobody".into()];
    plan
}

/// A cluster on which nothing of the layout is there.
fn bare() -> Snapshot {
    let mut state = State::default();
    state.roles.insert(name("postgres"), Role { login: true, superuser: true, ..Role::PLAIN });
    let server = Server {
        version_num: 160_004,
        system_identifier: "7".into(),
        user: name("postgres"),
        superuser: true,
        login: None,
        superuser_parameters: BTreeSet::new(),
        user_parameters: BTreeSet::new(),
        bootstrap: name("postgres"),
        in_recovery: false,
    };
    Snapshot {
        server,
        state,
        available: BTreeMap::new(),
        contents: BTreeMap::new(),
        retiring: Retiring::default(),
        parameters: BTreeMap::new(),
        activity: Default::default(),
        look: None,
        maintenance: None,
    }
}

fn resolved(text: String) -> (Snapshot, pgmoat::model::Desired, Plan) {
    let file = SourceFile { name: "shop.toml".into(), text };
    let layout = layout::parse(vec![file], None).unwrap_or_else(|problems| panic!("{problems}"));
    let snapshot = bare();
    let desired = resolve(&layout, &snapshot).expect("resolves");
    let head = Head { cluster: &layout.cluster.name, layout: &layout.digest };
    let plan = Plan::between(&snapshot, &desired, head);
    (snapshot, desired, plan)
}

fn services(n: usize) -> String {
    let mut layout = String::new();
    for i in 1..=n {
        writeln!(layout, "[service.s{i:03}.login]\napp = \"dml\"\nmigrate = \"ddl\"").unwrap();
    }
    layout
}

#[test]
fn text_of_a_small_plan() {
    let expected = "\
cluster shop, PostgreSQL 15.18

cluster
  + create   role x  (the layout declares it)

orders (database orders)
  + grant    SELECT on table orders.jobs to x  (the layout declares it)
  - revoke   SELECT on table orders.jobs from bob [revokes-access, moves-owner]  (the layout declares it)

postgres (database postgres)
  + create   database orders, closed  (the layout declares it)
  ~ alter    database orders opens [opens-database]  (the layout declares it)

pending: orders.audit_log does not exist yet
note: schema old belongs to nobody
2 to create, 1 to alter, 1 to grant, 1 to revoke; hazards: revokes-access (1), moves-owner (1), opens-database (1)
2 steps can hurt; to allow them: --allow moves-owner,opens-database,revokes-access
";
    assert_eq!(view::text(&small(), PLAIN), expected);
    let verbose = view::text(&small(), Style { verbose: true, ..PLAIN });
    assert!(verbose.contains("\n             REVOKE SELECT;\n"), "{verbose}");
    let narrow = view::text(&small(), Style { width: Some(50), ..PLAIN });
    assert!(narrow.contains("role x  (the layout"), "{narrow}");
    assert!(narrow.contains("to x\n             (the layout declares it)\n"), "{narrow}");
    assert_eq!(uncolored(&view::text(&small(), Style { color: true, ..PLAIN })), expected);
}

fn uncolored(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('m').expect("a colour ends with m").1)
}

#[test]
fn nothing_to_do() {
    let mut empty = plan(vec![]);
    empty.pending = vec!["orders.jobs\nis not there".into()];
    let text = view::text(&empty, PLAIN);
    assert_eq!(text, "nothing to do: the cluster is as the layout says\npending: orders.jobs\\u{a}is not there\n");
    let sql = view::sql(&empty, &name("postgres"));
    assert!(sql.lines().all(|line| line.starts_with("--")), "{sql}");
    let markdown = view::markdown(&empty);
    assert!(markdown.contains("Nothing to do") && !markdown.contains("details"), "{markdown}");
}

#[test]
fn two_hundred_services_are_a_few_lines() {
    let (_, _, plan) = resolved(services(200));
    assert!(plan.steps.len() > 2000, "{}", plan.steps.len());
    let text = view::text(&plan, PLAIN);
    assert!(text.contains("s001 … s200 (200 services): + "), "{text}");
    assert!(text.lines().count() < 20, "{text}");
    assert!(view::markdown(&plan).len() < 65_536);
    let verbose = view::text(&plan, Style { verbose: true, ..PLAIN });
    assert_eq!(verbose.matches("CREATE ROLE").count(), 200 * 5);
}

#[test]
fn a_hazard_is_never_counted_away() {
    let (_, _, mut plan) = resolved(services(200));
    let of_70 = |step: &&mut Step| step.service.as_deref() == Some("s070");
    let step = plan.steps.iter_mut().rfind(of_70).expect("steps of s070");
    step.hazards = vec![Hazard::RevokesAccess];
    let what = step.what.clone();
    for text in [view::text(&plan, PLAIN), view::markdown(&plan)] {
        assert!(text.contains("s001 … s069 (69 services)"), "{text}");
        assert!(text.contains("s071 … s200 (130 services)"), "{text}");
        assert!(text.contains(&what) && text.contains("revokes-access"), "{text}");
    }
    let text = view::text(&plan, PLAIN);
    assert!(text.ends_with("1 step can hurt; to allow it: --allow revokes-access\n"), "{text}");
}

#[test]
fn sql_of_a_small_plan() {
    let expected = "\
-- pgmoat: cluster shop, PostgreSQL 15.18, system identifier 7
-- from:   sha256:aa
-- layout: sha256:bb
-- pending: orders.audit_log does not exist yet
-- note: schema old belongs to nobody
-- Run it with: psql -X -d postgres -f THIS_FILE
-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.
\\set ON_ERROR_STOP on
\\set AUTOCOMMIT on

-- in database postgres
\\encoding UTF8
SET role = none; SET search_path = pg_catalog;

-- prepare: roles without rights
BEGIN;
-- 1 create: role x (the layout declares it)
CREATE ROLE \"x\" NOLOGIN;
COMMIT;

-- databases: each opens only when PUBLIC can't connect any more
-- 2 create: database orders, closed (the layout declares it)
CREATE DATABASE \"orders\" TEMPLATE template0;

BEGIN;
-- 3 alter: database orders opens [opens-database] (the layout declares it)
REVOKE ALL;
ALTER DATABASE \"orders\";
COMMIT;

-- converge: a transaction for each database
\\connect orders
-- in database orders
\\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 4 grant: SELECT on table orders.jobs to x (the layout declares it)
GRANT SELECT;
-- 5 revoke: SELECT on table orders.jobs from bob [revokes-access, moves-owner] (the layout declares it)
REVOKE SELECT;
COMMIT;
";
    assert_eq!(view::sql(&small(), &name("postgres")), expected);
}

#[test]
fn the_way_back_of_a_small_plan() {
    let mut plan = small();
    let undo: [&[&str]; 5] = [
        &["DROP ROLE \"x\""],
        &["DROP DATABASE \"orders\""],
        &["ALTER DATABASE \"orders\" ALLOW_CONNECTIONS false"],
        &["REVOKE SELECT"],
        &[],
    ];
    for (step, undo) in plan.steps.iter_mut().zip(undo) {
        step.undo = undo.iter().map(|sql| (*sql).into()).collect();
    }
    let expected = "\
-- pgmoat: cluster shop, PostgreSQL 15.18, system identifier 7
-- from:   sha256:aa
-- layout: sha256:bb
-- The way back from this plan, for a cluster on which it was applied, and nothing else since.
-- Run it with: psql -X -d orders -f THIS_FILE
-- Each transaction commits on its own, and none is verified: run `pgmoat plan` afterwards.
\\set ON_ERROR_STOP on
\\set AUTOCOMMIT on

\\connect orders
-- in database orders
\\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- undoes 5 revoke: SELECT on table orders.jobs from bob [revokes-access, moves-owner] (the layout declares it)
-- cannot be undone
-- undoes 4 grant: SELECT on table orders.jobs to x (the layout declares it)
REVOKE SELECT;
COMMIT;

\\connect postgres
-- in database postgres
\\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- undoes 3 alter: database orders opens [opens-database] (the layout declares it)
ALTER DATABASE \"orders\" ALLOW_CONNECTIONS false;
COMMIT;

-- undoes 2 create: database orders, closed (the layout declares it)
-- look into it first, then by hand: DROP DATABASE \"orders\";

BEGIN;
-- undoes 1 create: role x (the layout declares it)
DROP ROLE \"x\";
COMMIT;
";
    assert_eq!(view::undo(&plan), expected);
}

#[test]
fn odd_names_reach_psql_as_they_are() {
    let connect = |database: &str| {
        let script = view::sql(&plan(vec![step(database, Action::Grant, "x", &["GRANT"])]), &name("postgres"));
        script.lines().find(|line| line.starts_with("\\connect")).map(str::to_owned).expect("connects")
    };
    assert_eq!(connect("orders_1"), "\\connect orders_1");
    assert_eq!(connect("Or ders"), r#"\connect -reuse-previous=on "dbname='Or ders'""#);
    assert_eq!(connect("a=b`c"), r#"\connect -reuse-previous=on "dbname='a=b`c'""#);
    assert_eq!(connect(r#"it's "a\b""#), r#"\connect -reuse-previous=on "dbname='it\'s ""a\\b""'""#);
    assert_eq!(connect("\u{202e}a"), r#"\connect -reuse-previous=on '"dbname=\'\xE2\x80\xAEa\'"'"#);
    assert_eq!(connect("a\n'\"\\"), r#"\connect -reuse-previous=on '"dbname=\'a\x0A\\\'""\\\\\'"'"#);
}

#[test]
fn the_shell_takes_odd_names_as_they_are() {
    let shell = |database: &str| {
        let script = view::sql(&plan(vec![step("d", Action::Grant, "x", &["GRANT"])]), &name(database));
        let line = script.lines().find_map(|line| line.strip_prefix("-- Run it with: psql -X -d ")).map(str::to_owned);
        line.and_then(|line| line.strip_suffix(" -f THIS_FILE").map(str::to_owned)).expect("says how to run it")
    };
    assert_eq!(shell("orders_1"), "orders_1");
    assert_eq!(shell("it's $x `y`"), r"'dbname='\''it\'\''s $x `y`'\'''");
    assert_eq!(shell("a'\u{e0041}\\"), r"$'dbname=\'a\\\'\xF3\xA0\x81\x81\\\\\''");
}

/// Texts of any characters, those that are hidden among them more often than by chance.
fn texts() -> impl Strategy<Value = String> {
    // of private use and of the planes without letters some are enough
    let some = |c: &char| is_hidden(*c) && (u32::from(*c) < 0xe000 || u32::from(*c) & 0xff < 2);
    let hidden = select(('\0'..=char::MAX).filter(some).collect::<Vec<_>>());
    let special = select(vec!['"', '\'', '\\', '$', '-', '\n', '*', '/', 'E', 'U', '&', ' ']);
    vec(prop_oneof![hidden, special, any::<char>()], 1..12).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_hidden_in_any_view(texts in vec(texts(), 12)) {
        let [cluster, database, role, what, why, raw, service, needs, pending, acting, parameter, value]: [String; 12] =
            texts.try_into().expect("twelve");
        let object = table(&what);
        let sql = format!("GRANT SELECT ON TABLE {} TO {} /* {raw} */", object.sql(), name(&role).quoted());
        let mut odd = step(&database, Action::Grant, &what, &[&sql, &raw]);
        odd.undo = vec![sql.clone(), raw.clone(), format!("-- {raw}")];
        odd.why = why.clone();
        odd.service = Some(service);
        let mut plan = plan(vec![odd.clone(), Step { object: ObjectRef::of(&name(&database), &object), ..odd.clone() }]);
        plan.withheld = vec![odd.clone()];
        plan.out_of_reach = vec![Beyond { step: odd, needs, once: vec![sql, raw] }];
        plan.target.cluster = cluster;
        plan.target.acting_as = Some(name(&acting));
        plan.pending = vec![pending.clone()];
        plan.notes = vec![pending];
        let mut state = with_table(&role, &[]);
        state.roles.insert(name(&role), Role::PLAIN);
        state.settings.insert(SettingKey { database: Some(name(&database)), role: Some(name(&role)), parameter }, value);
        let views = [
            view::text(&plan, Style { verbose: true, ..PLAIN }),
            view::sql(&plan, &name(&why)),
            view::undo(&plan),
            view::markdown(&plan),
            view::json(&plan),
            view::diff(&State::default(), &state, false),
        ];
        for view in views {
            prop_assert!(!has_hidden(&view.replace('\n', "")), "{:?}", view);
        }
        prop_assert_eq!(view::from_json(&view::json(&plan)).expect("reads back"), plan);
    }
}

#[test]
fn no_name_breaks_out_of_its_place() {
    let evil = "x\nDROP TABLE y; --\r\u{1b}[31m";
    let mut odd = step("d", Action::Grant, evil, &["GRANT `` ``` ````"]);
    odd.service = Some(format!("s|<b>@all`{evil}"));
    odd.why = evil.into();
    odd.object = ObjectRef::database(&name(evil));
    let mut plan = plan(vec![odd]);
    plan.target.cluster = evil.into();
    plan.notes = vec![format!("<script>|`@someone {evil}")];
    let script = view::sql(&plan, &name(evil));
    assert!(!script.contains("\nDROP") && !script.contains(['\r', '\u{1b}']), "{script}");
    let script = view::undo(&plan);
    assert!(!script.contains("\nDROP") && !script.contains(['\r', '\u{1b}']), "{script}");
    let text = view::text(&plan, Style { verbose: true, ..PLAIN });
    assert!(!text.contains("\nDROP") && !text.contains(['\r', '\u{1b}']), "{text}");
    let markdown = view::markdown(&plan);
    assert!(!markdown.contains("\nDROP") && !markdown.contains(['\r', '\u{1b}', '@']), "{markdown}");
    assert!(markdown.contains("\\<script\\>\\|\\`&#64;someone"), "{markdown}");
    assert!(markdown.contains("\n`````sql\n") && markdown.contains("\n`````\n"), "{markdown}");
}

#[test]
fn markdown_of_a_small_plan() {
    let markdown = view::markdown(&small());
    let expected = "\
### pgmoat: plan for cluster shop

5 steps on PostgreSQL 15.18: 2 to create, 1 to alter, 1 to grant, 1 to revoke; hazards: revokes-access (1), \
moves-owner (1), opens-database (1).

**Needs consent:** `--allow moves-owner,opens-database,revokes-access`

**cluster**

- create `role x`: the layout declares it

**orders (database orders)**

- grant `SELECT on table orders.jobs to x`: the layout declares it
- revoke `SELECT on table orders.jobs from bob` **revokes-access** **moves-owner**: the layout declares it
";
    assert!(markdown.starts_with(expected), "{markdown}");
    assert!(markdown.contains("\n<details><summary>SQL</summary>\n\n```sql\n-- in database postgres\n"), "{markdown}");
    assert!(
        markdown.ends_with(
            "**Pending**\n\n- orders.audit\\_log does not exist yet\n\n**Notes**\n\n- schema old belongs to nobody\n"
        ),
        "{markdown}"
    );
    let tick = view::markdown(&plan(vec![step("d", Action::Grant, "SELECT on \"a`b``c`\"", &["G"])]));
    assert!(tick.contains("- grant ```SELECT on \"a`b``c`\"```"), "{tick}");
}

#[test]
fn a_saved_plan_comes_back_as_it_was() {
    let (_, _, large) = resolved(services(3));
    let mut odd = small();
    odd.steps[0].what = "\u{202e}\n\"`'\\".into();
    odd.steps[0].database = name("a\nb\"c");
    for plan in [plan(vec![]), small(), odd, large] {
        let text = view::json(&plan);
        assert!(text.ends_with("}\n"));
        let back = view::from_json(&text).expect("reads back");
        assert_eq!(back, plan);
        assert_eq!(view::json(&back), text);
    }
}

#[test]
fn what_is_not_a_plan_says_so() {
    let error = |text: &str| view::from_json(text).expect_err(text);
    assert!(matches!(error("not json"), SavedPlanError::NotJson(_)));
    assert!(matches!(error(""), SavedPlanError::NotJson(_)));
    for foreign in ["[]", "7", "{}", "{\"format\": 1}", "{\"format\": \"1\", \"kind\": \"plan\"}"] {
        assert!(matches!(error(foreign), SavedPlanError::Foreign), "{foreign}");
    }
    let proof = error("{\"format\": 1, \"kind\": \"proof\", \"holds\": true}");
    assert_eq!(proof.to_string(), "read the plan: the file holds a proof, not a plan");
    let later = error("{\"format\": 2, \"kind\": \"plan\", \"anything\": []}");
    assert!(later.to_string().contains("format 2, and this pgmoat reads format 1"), "{later}");
    let broken = error("{\"format\": 1, \"kind\": \"plan\"}");
    assert!(matches!(broken, SavedPlanError::Broken(_)));
    let unknown = view::json(&small()).replace("\"revokes-access\"", "\"eats-data\"");
    let unknown = error(&unknown);
    let source = std::error::Error::source(&unknown).expect("has a source").to_string();
    assert!(source.contains("eats-data") && source.contains("line"), "{source}");
}

fn table(table: &str) -> Object {
    Object { kind: Kind::Table, schema: name("orders"), name: name(table), args: Arc::from("") }
}

fn with_table(owner: &str, items: &[&str]) -> State {
    let mut database = Database::new(name("postgres"), Acl::default());
    database.objects.insert(table("jobs"), Holding::new(name(owner), acl(items)));
    State { databases: [(name("orders"), database)].into(), ..State::default() }
}

#[test]
fn the_diff_of_equal_states_is_empty() {
    let state = with_table("ddl", &["ddl=arwd/ddl", "ro=r/ddl"]);
    assert_eq!(view::diff(&state, &state, true), "");
    // the owner's own entry isn't compared
    assert_eq!(view::diff(&state, &with_table("ddl", &["ro=r/ddl"]), false), "");
}

#[test]
fn the_diff_shows_options_grantors_columns_and_public() {
    let mut today = with_table("ddl", &["=r/ddl", "ro=r/ddl", "bob=r*w/ddl", "eve=r/bob"]);
    let database = today.databases.get_mut(&name("orders")).expect("orders");
    database.columns.insert((table("jobs"), name("no te")), Arc::new(acl(&["bob=w/ddl"])));
    let mut layout = with_table("ddl", &["ro=r/ddl", "dml=rw/ddl"]);
    let database = layout.databases.get_mut(&name("orders")).expect("orders");
    database.held.acl = Arc::new(acl(&["=c/postgres"]));
    let expected = r#"--- orders: today
+++ orders: layout
@@ -1,2 +1,3 @@ database
 CREATE DATABASE "orders";
 ALTER DATABASE "orders" OWNER TO "postgres";
+GRANT CONNECT ON DATABASE "orders" TO PUBLIC;
@@ -3,7 +4,3 @@ table orders.jobs
 ALTER TABLE "orders"."jobs" OWNER TO "ddl";
-GRANT SELECT ON TABLE "orders"."jobs" TO PUBLIC;
-GRANT UPDATE ON TABLE "orders"."jobs" TO "bob";
-GRANT SELECT ON TABLE "orders"."jobs" TO "bob" WITH GRANT OPTION;
-GRANT SELECT ON TABLE "orders"."jobs" TO "eve"; -- granted by bob
+GRANT SELECT, UPDATE ON TABLE "orders"."jobs" TO "dml";
 GRANT SELECT ON TABLE "orders"."jobs" TO "ro";
-GRANT UPDATE ("no te") ON TABLE "orders"."jobs" TO "bob";
"#;
    assert_eq!(view::diff(&today, &layout, false), expected);
    let colored = view::diff(&today, &layout, true);
    assert!(colored.contains("\u{1b}[31m-GRANT SELECT") && colored.contains("\u{1b}[32m+GRANT"), "{colored}");
    assert_eq!(uncolored(&colored), expected);
}

#[test]
fn the_diff_shows_owners_defaults_and_the_cluster() {
    let mut today = with_table("alice", &["ro=r/alice"]);
    let mut layout = with_table("ddl", &["ro=r/ddl"]);
    let key = |future, schema: Option<&str>| DefaultKey { role: name("ddl"), schema: schema.map(name), future };
    let database = layout.databases.get_mut(&name("orders")).expect("orders");
    database.defaults.insert(key(Future::Functions, None), Acl::default());
    database.defaults.insert(key(Future::Tables, Some("orders")), acl(&["ro=r/ddl"]));
    let member = |grantor| Membership { role: name("dml"), member: name("a\nb"), grantor: name(grantor) };
    today.memberships.insert(member("bob"), MembershipOptions { admin: true, ..MembershipOptions::PLAIN });
    layout.memberships.insert(member("postgres"), MembershipOptions::PLAIN);
    layout.roles.insert(name("app"), Role { login: true, connection_limit: 5, ..Role::PLAIN });
    let setting = SettingKey { database: None, role: Some(name("app")), parameter: "work_mem".into() };
    layout.settings.insert(setting, "4MB".into());
    let expected = r#"--- cluster: today
+++ cluster: layout
@@ -0,0 +1,1 @@ roles
+CREATE ROLE "app" LOGIN CONNECTION LIMIT 5;
@@ -1,1 +2,1 @@ memberships
-GRANT "dml" TO U&"a\000Ab" WITH ADMIN OPTION; -- granted by bob
+GRANT "dml" TO U&"a\000Ab"; -- granted by postgres
@@ -1,0 +3,1 @@ settings
+ALTER ROLE "app" SET "work_mem" TO '4MB';
--- orders: today
+++ orders: layout
@@ -1,2 +1,2 @@ table orders.jobs
-ALTER TABLE "orders"."jobs" OWNER TO "alice";
+ALTER TABLE "orders"."jobs" OWNER TO "ddl";
 GRANT SELECT ON TABLE "orders"."jobs" TO "ro";
@@ -2,0 +3,2 @@ default privileges
+ALTER DEFAULT PRIVILEGES FOR ROLE "ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
+ALTER DEFAULT PRIVILEGES FOR ROLE "ddl" IN SCHEMA "orders" GRANT SELECT ON TABLES TO "ro";
"#;
    assert_eq!(view::diff(&today, &layout, false), expected);
}

#[test]
fn the_diff_of_a_new_database_begins_with_nothing() {
    let (snapshot, desired, _) = resolved(services(1));
    let diff = view::diff(&current(&snapshot, &desired), &desired.state, false);
    assert!(diff.contains("+CREATE ROLE \"s001_app\" LOGIN;\n"), "{diff}");
    assert!(diff.contains("+CREATE DATABASE \"s001\";\n"), "{diff}");
    assert!(diff.contains("+CREATE SCHEMA \"s001\";\n+ALTER SCHEMA \"s001\" OWNER TO \"s001_ddl\";\n"), "{diff}");
    assert!(!diff.contains("-CREATE"), "{diff}");
}

#[test]
fn the_diff_of_a_closed_database_opens_it() {
    let mut today = with_table("ddl", &[]);
    let layout = today.clone();
    today.databases.get_mut(&name("orders")).expect("orders").presence = Presence::Closed;
    let diff = view::diff(&today, &layout, false);
    assert!(diff.contains("-ALTER DATABASE \"orders\" ALLOW_CONNECTIONS false;\n"), "{diff}");
}

/// Owners and ACLs are values of their own on both sides, as after reading and resolving.
#[test]
fn the_diff_of_many_equal_tables_is_quick() {
    let tables = |n: usize, items: &[&str]| {
        let mut state = with_table("ddl", items);
        let objects = &mut state.databases.get_mut(&name("orders")).expect("orders").objects;
        let held = objects.values().next().cloned().expect("a table");
        objects.extend((0..n).map(|i| (table(&format!("t{i:05}")), held.clone())));
        objects.insert(table("zz"), Holding::new(name("ddl"), Acl::default()));
        state
    };
    let items = ["ddl=arwd/ddl", "dml=arwd/ddl", "ro=r/ddl", "bi=r/ddl"];
    let mut layout = tables(50_000, &items);
    let grantee = Grantee::Role(name("ro"));
    let objects = &mut layout.databases.get_mut(&name("orders")).expect("orders").objects;
    let mut wider = Acl::default();
    wider.grant(grantee, &name("ddl"), pgmoat::model::Privileges::SELECT);
    objects.insert(table("zz"), Holding::new(name("ddl"), wider));
    let today = tables(50_000, &items);
    let diff = view::diff(&today, &layout, false);
    assert_eq!(diff.lines().count(), 5, "{diff}");
    // and of as many that all differ, or are new
    let diff = view::diff(&tables(10_000, &[]), &today, false);
    assert!(diff.lines().count() > 200_000);
}
