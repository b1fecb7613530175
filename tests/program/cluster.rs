//! A throwaway server with a folder for layouts, and SQL to look behind the program's back.

use std::path::PathBuf;

use pgmoat::db::{ConnectError, Conninfo, Environment, Session, StatementError, connect};
use pgmoat::throwaway::{Options, Places, Server, find_or_fetch};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::run::Run;

/// What plan and apply say when nothing is to do.
pub(crate) const NOTHING: &str = "nothing to do: the cluster is as the layout says\n";

/// The end of an apply.
pub(crate) const APPLIED: &str = "the cluster is as the layout says\n";

/// What an exchange that changes nothing must leave the same.
const CATALOG: &str = "
select concat_ws(' ', 'role', r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
                 r.rolreplication, r.rolbypassrls, r.rolconnlimit)
from pg_roles r where r.oid >= 16384 or r.oid = 10
union all
select concat_ws(' ', 'member', m.roleid::regrole, m.member::regrole, m.grantor, m.admin_option)
from pg_auth_members m where m.member >= 16384
union all
select concat_ws(' ', 'setting', s.setdatabase, s.setrole, s.setconfig) from pg_db_role_setting s
union all
select concat_ws(' ', 'database', d.datname, d.datdba::regrole, d.datallowconn, d.datacl) from pg_database d
union all
select concat_ws(' ', 'prepared', p.gid) from pg_prepared_xacts p
order by 1";

const INSIDE: &str = "
select concat_ws(' ', 'schema', n.nspname, n.nspowner::regrole, n.nspacl)
from pg_namespace n where n.nspname !~ '^pg_(toast|temp)'
union all
select concat_ws(' ', 'relation', c.oid::regclass, c.relowner::regrole, c.relacl)
from pg_class c where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select concat_ws(' ', 'column', a.attrelid::regclass, a.attname, a.attacl)
from pg_attribute a where a.attrelid >= 16384 and a.attacl is not null
union all
select concat_ws(' ', 'routine', p.oid::regprocedure, p.proowner::regrole, p.proacl)
from pg_proc p where p.oid >= 16384
union all
select concat_ws(' ', 'default', d.defaclrole::regrole, d.defaclnamespace, d.defaclobjtype, d.defaclacl)
from pg_default_acl d
order by 1";

/// As it should be before 15, too: everybody may create in `public` of the maintenance database there, which is a warning.
const CLOSED: &str = "DO $$ BEGIN IF current_setting('server_version_num')::int < 150000 THEN
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
END IF; END $$";

pub(crate) struct Cluster {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
    /// Whom the program connects as.
    pub(crate) user: &'static str,
}

impl Cluster {
    /// A server that nobody else uses.
    pub(crate) fn with(options: &Options) -> Cluster {
        let var = std::env::var_os;
        let places =
            Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), std::env::temp_dir()).expect("places");
        let places = places.only_from(var("PGMOAT_TEST_BINARIES").as_deref()).expect("an origin");
        let major = var("PGMOAT_TEST_PG").map(|text| {
            let text = text.into_string().expect("PGMOAT_TEST_PG is text");
            text.parse().expect("PGMOAT_TEST_PG is a major version")
        });
        let binaries = find_or_fetch(major, &places, &mut |_| ()).expect("a server's binaries");
        let server = Server::start(&binaries, options, &places).expect("a server");
        let cluster = Cluster { server, folder: tempfile::tempdir().expect("a folder"), user: "postgres" };
        cluster.sql("postgres").run(CLOSED);
        cluster
    }

    /// Writes the layout that the program finds by default.
    pub(crate) fn layout(&self, text: &str) {
        self.write("pgmoat.toml", text);
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).expect("a file")
    }

    /// The program in the folder of the layout, knowing nothing of the server.
    pub(crate) fn bare(&self) -> Run {
        Run::new(self.folder.path())
    }

    /// The program where the server is.
    pub(crate) fn pgmoat(&self, args: &str) -> Run {
        self.aim(self.bare()).args(args)
    }

    /// The same on a terminal, which util-linux's `script` makes. Both streams come out as one.
    pub(crate) fn pgmoat_in(&self, args: &str) -> Run {
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &format!("'{}' {args}", env!("CARGO_BIN_EXE_pgmoat")), "/dev/null"]);
        self.aim(Run::of(script, self.folder.path())).env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh")
    }

    /// Tells a run by the environment where the server is.
    pub(crate) fn aim(&self, run: Run) -> Run {
        run.env("PGHOST", self.server.socket_dir())
            .env("PGPORT", self.server.port().to_string())
            .env("PGUSER", self.user)
    }

    /// Makes it so, whatever it takes, and checks that then nothing is to do.
    #[track_caller]
    pub(crate) fn converge(&self) {
        let applied = self.pgmoat("apply --yes --allow all").end().code(0);
        assert!(applied.out.ends_with(APPLIED) || applied.out.ends_with(NOTHING), "{applied}");
        let _ = self.pgmoat("plan").end().code(0).out(NOTHING).err("");
        assert_eq!(self.sql("postgres").rows("select gid::text from pg_prepared_xacts"), Vec::<String>::new());
    }

    pub(crate) fn sql(&self, database: &str) -> Sql {
        Sql::open(&format!(
            "{} application_name=test dbname='{}'",
            self.server.conninfo(),
            database.replace('\\', "\\\\").replace('\'', "\\'")
        ))
    }

    /// As another role, if it may connect.
    pub(crate) fn sql_as(&self, role: &str, database: &str) -> Sql {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
        let (role, database) = (quoted(role), quoted(database));
        Sql::open(&format!("{} application_name=test user='{role}' dbname='{database}'", self.server.conninfo()))
    }

    /// Roles, memberships, settings, owners and ACLs of the cluster and of everything in its databases.
    pub(crate) fn catalog(&self) -> Vec<String> {
        let cluster = self.sql("postgres");
        let mut lines = cluster.rows(CATALOG);
        for database in cluster.rows("select datname::text from pg_database where datallowconn order by 1") {
            lines.extend(self.sql(&database).rows(INSIDE).into_iter().map(|line| format!("{database}: {line}")));
        }
        lines
    }
}

/// A session of the test's own. What it holds, such as a lock, it holds until it is dropped.
pub(crate) struct Sql {
    runtime: Runtime,
    session: Session,
}

impl Sql {
    pub(crate) fn open(conninfo: &str) -> Sql {
        Sql::attempt_open(conninfo).unwrap_or_else(|error| panic!("{conninfo}: {error:?}"))
    }

    pub(crate) fn attempt_open(conninfo: &str) -> Result<Sql, ConnectError> {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let resolved = Conninfo::resolve(Some(conninfo), &Environment::default()).expect("valid");
        let session = runtime.block_on(connect(&resolved))?;
        Ok(Sql { runtime, session })
    }

    /// Several statements are one transaction, unless they say otherwise.
    #[track_caller]
    pub(crate) fn run(&self, sql: &str) {
        self.attempt(sql).unwrap_or_else(|error| panic!("{sql}: {error} {:?}", error.detail()));
    }

    pub(crate) fn attempt(&self, sql: &str) -> Result<(), StatementError> {
        self.runtime.block_on(self.session.execute(sql))
    }

    /// A query of one text column.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let rows = self.runtime.block_on(self.session.query(sql, &[]));
        rows.unwrap_or_else(|error| panic!("{sql}: {error}")).iter().map(|row| row.get(0)).collect()
    }

    #[track_caller]
    pub(crate) fn one(&self, sql: &str) -> String {
        self.rows(sql).pop().unwrap_or_else(|| panic!("{sql}: no row"))
    }
}

/// Asks until the answer is yes; a minute of no is the end of the test.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !is_so() {
        assert!(began.elapsed().as_secs() < 60, "waited in vain: {what}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
