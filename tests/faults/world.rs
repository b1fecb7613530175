//! Five services, each with its database, in a state that is wrong in many ways, and the layout that sets it right.
//!
//! `keep` is as it should be, and nothing may happen to it. `a` and `c` are open to everybody; `b` isn't, but grants wrongly
//! inside; `fresh` isn't there. The logins of `a` and `b` are in use; that of `c` may not log in yet.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use pgmoat::apply::{connect, survey};
use pgmoat::db::{Conninfo, Environment};
use pgmoat::layout::{self, SourceFile};
use pgmoat::throwaway::Options;

use crate::actor::Actor;
use crate::cluster::{APPLIED, Cluster, NOTHING, Sql, wait_until};
use crate::oracle;
use crate::reach::{self, Law, Reach};
use crate::run::{Output, Run};
use crate::server::Server;

const KEEP: &str = "[service.keep.login]\napp = \"dml\"\n";

const LAYOUT: &str = "
[service.a.login]
app = \"dml\"
migrate = \"ddl\"
[service.b.login]
app = \"dml\"
worker = \"dml\"
bi = \"ro\"
[service.b.table.jobs]
writer = \"worker\"
[service.c.login]
app = \"dml\"
[service.fresh.login]
app = \"dml\"
[[service.a.uses]]
service = \"b\"
tables = [\"t\"]
[[service.c.uses]]
service = \"b\"
tables = [\"*\"]
";

/// On 14 the schema `public` is the bootstrap superuser's, so nobody else can close it.
pub(crate) fn text(actor: Actor, cluster: &Cluster, services: &str) -> String {
    let old = cluster.sql("postgres").one("SHOW server_version_num").starts_with("14");
    let open = |line: &str| match line.strip_suffix(".login]").filter(|_| old && actor == Actor::Provisioner) {
        Some(service) => format!("{service}]\npublic_schema = \"open\"\n{line}\n"),
        None => format!("{line}\n"),
    };
    std::iter::once(actor.head().to_owned()).chain(services.lines().map(open)).collect()
}

/// What an apply is to set right. In `b`, a_app has rights behind a closed door; c_app has them, and may not log in.
const WRONG: [(&str, &str); 3] = [
    (
        "a",
        "CREATE SCHEMA IF NOT EXISTS a; CREATE TABLE IF NOT EXISTS a.t (id int);
         GRANT USAGE ON SCHEMA a TO PUBLIC; GRANT ALL ON a.t TO PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE a TO PUBLIC",
    ),
    (
        "b",
        "CREATE SCHEMA IF NOT EXISTS b; CREATE TABLE IF NOT EXISTS b.t (id int); CREATE TABLE IF NOT EXISTS b.jobs (id int);
         GRANT USAGE ON SCHEMA b TO b_app, a_app; GRANT SELECT, INSERT ON b.t TO b_app; GRANT ALL ON b.jobs TO b_app;
         GRANT ALL ON b.t TO a_app; REVOKE ALL ON DATABASE b FROM PUBLIC; GRANT CONNECT ON DATABASE b TO b_app",
    ),
    (
        "c",
        "CREATE SCHEMA IF NOT EXISTS c; CREATE TABLE IF NOT EXISTS c.t (id int);
         GRANT USAGE ON SCHEMA c TO PUBLIC; GRANT SELECT ON c.t TO PUBLIC; GRANT ALL ON c.t TO c_app;
         GRANT CONNECT, TEMPORARY ON DATABASE c TO PUBLIC",
    ),
];

/// The roles that are there before.
const ROLES: &str = "CREATE ROLE alice LOGIN; CREATE ROLE a_app LOGIN; CREATE ROLE b_app LOGIN; CREATE ROLE c_app";

/// Those that an apply, or a part of it, has made; owners last, since DROP OWNED of an owner and then of those it granted to
/// finds default privileges gone.
const MADE: &str = "SELECT rolname::text FROM pg_roles WHERE oid >= 16384 AND rolname !~ '^(keep|pgmoat)_'
                    AND rolname NOT IN ('alice', 'a_app', 'b_app', 'c_app') ORDER BY rolname ~ '_ddl$', 1";

/// Sessions of the program that somebody might still wait for.
const SESSIONS: &str = "SELECT concat_ws(' ', pid, datname, state, query) FROM pg_stat_activity
                        WHERE application_name = 'pgmoat' AND backend_type = 'client backend'";

/// For a session on its way out the server waits 100 ms before it drops a database (`CountOtherDBBackends` in
/// src/backend/storage/ipc/procarray.c).
const IN_FRESH: &str = "SELECT pid::text FROM pg_stat_activity WHERE datname = 'fresh'";

/// What outlives an apply that was cut off.
const REMAINS: &str = "SELECT 'prepared: ' || gid FROM pg_prepared_xacts
                       UNION ALL SELECT 'lock: ' || concat_ws(' ', pid, database, classid, objid) FROM pg_locks
                       WHERE locktype = 'advisory'";

pub(crate) struct World {
    pub(crate) cluster: Cluster,
    pub(crate) actor: Actor,
    pub(crate) law: Law,
    /// The superuser's sessions, one a database: opening them costs more than what they are asked.
    sessions: RefCell<BTreeMap<String, Rc<Sql>>>,
}

impl World {
    /// With this many prepared transactions allowed, and other settings of the server.
    pub(crate) fn new(actor: Actor, prepared: usize, settings: &[(&str, &str)]) -> World {
        let world = World::wrong(actor, prepared, settings);
        world.cluster.layout(&text(actor, &world.cluster, KEEP));
        world.cluster.converge();
        world.cluster.sql("keep").run("SET ROLE keep_ddl; CREATE TABLE keep.t (id int)");
        world.cluster.layout(&text(actor, &world.cluster, &[KEEP, LAYOUT].concat()));
        let before = world.reach();
        let _ = world.apply().end().code(0).err("");
        let after = world.reach();
        let world = World { law: Law { before, after }, ..world };
        world.converged("undisturbed");
        world.reset();
        world
    }

    /// As it is before the first apply: nothing is kept yet, and the law is unknown.
    pub(crate) fn wrong(actor: Actor, prepared: usize, settings: &[(&str, &str)]) -> World {
        let prepared = prepared.to_string();
        let mut all = vec![("max_prepared_transactions", prepared.as_str())];
        all.extend(settings);
        let settings = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut cluster = Cluster::with(&Options { settings, ..Options::default() });
        actor.arrive(&mut cluster);
        cluster.layout(&text(actor, &cluster, &[KEEP, LAYOUT].concat()));
        actor.sql(&cluster, "postgres").run(ROLES);
        for (database, wrong) in WRONG {
            actor.sql(&cluster, "postgres").run(&format!("CREATE DATABASE {database}"));
            actor.sql(&cluster, database).run(wrong);
            cluster.sql(database).run("GRANT ALL ON SCHEMA public TO PUBLIC");
        }
        World { cluster, actor, law: Law::default(), sessions: RefCell::default() }
    }

    pub(crate) fn apply(&self) -> Run {
        self.cluster.pgmoat("apply --yes --allow all")
    }

    /// The same, wherever it connects.
    pub(crate) fn bare_apply(&self) -> Run {
        self.cluster.bare().args("apply --yes --allow all")
    }

    /// The superuser's session. What needs one for itself takes it from the cluster.
    pub(crate) fn admin(&self, database: &str) -> Rc<Sql> {
        let mut sessions = self.sessions.borrow_mut();
        let session = sessions.entry(database.to_owned()).or_insert_with(|| Rc::new(self.cluster.sql(database)));
        Rc::clone(session)
    }

    /// The server has ended all sessions, or those of a database.
    pub(crate) fn forget(&self, of: impl Fn(&str) -> bool) {
        self.sessions.borrow_mut().retain(|database, _| !of(database));
    }

    /// How long an apply takes when nothing happens.
    pub(crate) fn measure(&self) -> Duration {
        let times = (0..3).map(|_| {
            let began = Instant::now();
            let _ = self.apply().end().code(0);
            let took = began.elapsed();
            self.reset();
            took
        });
        times.max().unwrap_or_default()
    }

    pub(crate) fn reach(&self) -> Reach {
        let databases =
            "SELECT datname::text FROM pg_database WHERE datallowconn AND datname !~ '^(postgres|template.)$'";
        self.admin("postgres").rows(databases).iter().flat_map(|name| reach::of(&self.admin(name))).collect()
    }

    /// Nobody has more than before or after, and nobody less than before and after.
    #[track_caller]
    pub(crate) fn lawful(&self, when: &str) {
        let breaches = self.law.breaches(&self.reach(), None);
        assert!(breaches.is_empty(), "{}\n{when}", breaches.join("\n"));
    }

    /// Nothing has been given or taken.
    #[track_caller]
    pub(crate) fn untouched(&self, when: &str) {
        assert_eq!(self.reach(), self.law.before, "{when}");
        assert_eq!(self.admin("postgres").rows(REMAINS), [""; 0], "{when}");
    }

    /// If the program says that nothing was changed, nothing was, but what it names.
    #[track_caller]
    pub(crate) fn truthful(&self, end: &Output) {
        if !["nothing was changed", "has rolled back"].iter().any(|claim| end.err.contains(claim)) {
            return;
        }
        self.quiet();
        self.untouched(&end.to_string());
        let named = |name: &String| end.err.contains(&format!(" {name},")) || end.err.contains(&format!(" {name} ("));
        let roles = self.admin("postgres").rows(MADE);
        let databases = self.admin("postgres").rows("SELECT datname::text FROM pg_database WHERE datname = 'fresh'");
        let unnamed: Vec<&String> = roles.iter().chain(&databases).filter(|name| !named(name)).collect();
        assert!(unnamed.is_empty(), "it doesn't say that {unnamed:?} stay\n{end}");
    }

    /// Whatever has happened: the law holds, and the next apply makes all as the layout says.
    #[track_caller]
    pub(crate) fn recover(&self, when: &str) -> Output {
        self.lawful(when);
        let began = Instant::now();
        let end = loop {
            let end = self.apply().end();
            // as long as the server hasn't noticed that the other is dead
            if end.code != 5 || began.elapsed() > Duration::from_secs(20) {
                break end;
            }
            let _ = end.err_has(&["error: another apply or rotation is running on this cluster: "]);
        };
        let when = format!("{when}\n--- and then\n{end}");
        assert_eq!(end.code, 0, "{when}");
        assert!(end.out.contains(APPLIED) || end.out.ends_with(NOTHING), "{when}");
        self.converged(&when);
        end
    }

    /// All is as the layout says, by all authorities, and nothing of an apply is left.
    #[track_caller]
    pub(crate) fn converged(&self, when: &str) {
        self.nothing_remains(when);
        self.as_the_layout_says(when);
        assert_eq!(self.reach(), self.law.after, "{when}");
    }

    /// No session, no lock and no prepared transaction is left, after a moment.
    #[track_caller]
    pub(crate) fn nothing_remains(&self, when: &str) {
        let admin = self.admin("postgres");
        assert_eq!(admin.rows("SELECT gid::text FROM pg_prepared_xacts"), [""; 0], "{when}");
        self.quiet();
        assert_eq!(admin.rows(REMAINS), [""; 0], "{when}");
    }

    /// Waits until the server has noticed the end of every session of the program.
    #[track_caller]
    pub(crate) fn quiet(&self) {
        let admin = self.admin("postgres");
        wait_until("the sessions end", || admin.rows(SESSIONS).is_empty());
    }

    fn as_the_layout_says(&self, when: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let text = text(self.actor, &self.cluster, &[KEEP, LAYOUT].concat());
        let source = SourceFile { name: "pgmoat.toml".into(), text };
        let layout = layout::parse(vec![source], None).unwrap_or_else(|problems| panic!("{problems}"));
        let server = self.cluster.server.conninfo();
        let conninfo = format!("{server} application_name=test user={}", self.actor.login());
        let conninfo = Conninfo::resolve(Some(&conninfo), &Environment::default()).expect("a connection string");
        runtime.block_on(async {
            let session = connect(&conninfo, &layout).await.expect("connected");
            let survey = survey(&conninfo, &layout, &session).await.unwrap_or_else(|error| panic!("{error}\n{when}"));
            session.close().await;
            let steps: Vec<&str> = survey.plan.steps.iter().map(|step| step.what.as_str()).collect();
            assert!(steps.is_empty(), "left over: {steps:?}\n{when}");
            oracle::check_wanted(&survey.desired, &survey.snapshot);
            if when == "undisturbed" {
                oracle::check_read(&Server(server), &survey.snapshot).await;
            }
        });
    }

    /// Takes an apply back, as far as it came, without those noticing who use `a` and `b`.
    pub(crate) fn reset(&self) {
        let admin = self.admin("postgres");
        let made = admin.rows(MADE);
        let owner = self.actor.role();
        admin.run("ALTER ROLE c_app NOLOGIN");
        self.forget(|database| database == "fresh");
        wait_until("we have left it", || admin.rows(IN_FRESH).is_empty());
        admin.run("DROP DATABASE IF EXISTS fresh WITH (FORCE)");
        for (database, wrong) in WRONG {
            self.admin(database).run(&format!("{wrong}; GRANT ALL ON SCHEMA public TO PUBLIC"));
        }
        // only now, since it takes away what is granted on other databases, too
        let of_all = |what: fn(&str, &str) -> String| -> String { made.iter().map(|role| what(role, owner)).collect() };
        let moved = of_all(|role, owner| format!("REASSIGN OWNED BY {role} TO {owner};"));
        let dropped = of_all(|role, _| format!("DROP OWNED BY {role};"));
        for (database, _) in WRONG {
            self.admin(database).run(&format!("{moved}{dropped}"));
        }
        if !made.is_empty() {
            admin.run(&format!("DROP ROLE {}", made.join(", ")));
        }
        assert_eq!(self.reach(), self.law.before, "a reset must lead back");
    }
}
