//! A server for one scenario: a throwaway one, or the external one of `PGMOAT_TEST_URL`, emptied.

use std::env;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pgmoat::db::{Conninfo, Environment};
use pgmoat::throwaway::{Options, Places, Server as Throwaway, find_or_fetch};
use tokio_postgres::{Client, NoTls};

/// The mark on the database of the external server that says: everything here may go.
const MARK: &str = "pgmoat test server: tests drop everything on it";

/// An external server takes one scenario at a time.
static EXTERNAL: Mutex<()> = Mutex::new(());

/// A server with nothing on it.
pub(crate) struct Server {
    kind: Kind,
    pub(crate) config: tokio_postgres::Config,
    pub(crate) conninfo: Conninfo,
    pub(crate) major: u32,
}

enum Kind {
    Throwaway(Throwaway),
    External { _alone: MutexGuard<'static, ()> },
}

impl Server {
    pub(crate) async fn fresh() -> Server {
        match env::var_os("PGMOAT_TEST_URL") {
            Some(url) => Self::external(url.to_str().expect("UTF-8 in PGMOAT_TEST_URL")).await,
            None => Self::throwaway().await,
        }
    }

    async fn throwaway() -> Server {
        let wanted = env::var_os("PGMOAT_TEST_PG").map(|major| {
            let major = major.to_str().and_then(|major| major.parse().ok());
            major.expect("PGMOAT_TEST_PG is a major version: 14 … 18")
        });
        let var = env::var_os;
        let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), env::temp_dir()).expect("places");
        let places = places.only_from(var("PGMOAT_TEST_BINARIES").as_deref()).expect("an origin");
        let binaries = find_or_fetch(wanted, &places, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
        // with and without prepared transactions, across the majors: apply commits in either way
        let prepared = if binaries.major.is_multiple_of(2) { "10" } else { "0" };
        let settings = vec![("max_prepared_transactions".to_owned(), prepared.to_owned())];
        let options = Options { settings, ..Options::default() };
        let server = Throwaway::start(&binaries, &options, &places).unwrap_or_else(|error| panic!("{error}"));
        let conninfo = server.conninfo();
        Self::of(&conninfo, Kind::Throwaway(server)).await
    }

    async fn external(url: &str) -> Server {
        let guard = EXTERNAL.lock().unwrap_or_else(PoisonError::into_inner);
        let server = Self::of(url, Kind::External { _alone: guard }).await;
        server.empty().await;
        server
    }

    async fn of(text: &str, kind: Kind) -> Server {
        let conninfo = Conninfo::resolve(Some(text), &Environment::default()).expect("a connection string");
        let config: tokio_postgres::Config = text.parse().expect("a connection string");
        let mut server = Server { kind, config, conninfo, major: 0 };
        let client = server.superuser(server.conninfo.database()).await;
        let version: String = client.query_one("SHOW server_version_num", &[]).await.expect("a version").get(0);
        server.major = version.parse::<u32>().expect("a number") / 10_000;
        if server.major < 15 {
            // everybody may create there from the start, which is a warning
            let close = "REVOKE CREATE ON SCHEMA public FROM PUBLIC";
            client.batch_execute(close).await.expect(close);
        }
        server
    }

    /// A session with the driver alone, as the role itself has it: ours start with settings of their own.
    pub(crate) async fn connect(&self, database: &str, role: Option<&str>) -> Result<Client, tokio_postgres::Error> {
        let mut config = self.config.clone();
        config.dbname(database);
        if let Some(role) = role {
            config.user(role);
        }
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    pub(crate) async fn superuser(&self, database: &str) -> Client {
        self.connect(database, None).await.unwrap_or_else(|error| panic!("as superuser to {database}: {error:?}"))
    }

    /// Lets everybody in who may log in: on a throwaway server trust does, elsewhere all get the superuser's password; those
    /// who may not log in too, since the server asks for the password first.
    pub(crate) async fn admit_logins(&self) {
        let (Kind::External { .. }, Some(password)) = (&self.kind, self.config.get_password()) else { return };
        let client = self.superuser(self.conninfo.database()).await;
        let password = String::from_utf8_lossy(password).into_owned();
        let alter = "SELECT format('ALTER ROLE %I PASSWORD %L', rolname, $1::text) FROM pg_roles \
                     WHERE oid >= 16384 AND NOT rolsuper";
        for statement in texts(&client, alter, &[&password]).await {
            client.batch_execute(&statement).await.expect(&statement);
        }
    }

    /// What the server said, for a failure's message.
    pub(crate) fn log(&self) -> String {
        match &self.kind {
            Kind::Throwaway(server) => server.log().unwrap_or_default(),
            Kind::External { .. } => String::new(),
        }
    }

    async fn empty(&self) {
        let client = self.superuser(self.conninfo.database()).await;
        let strangers = "SELECT datname::text FROM pg_database \
             WHERE datname <> current_database() AND datname NOT IN ('postgres', 'template0', 'template1') \
             UNION ALL SELECT rolname::text FROM pg_roles WHERE oid >= 16384 AND rolname <> current_user";
        let marked = "SELECT description FROM pg_shdescription d JOIN pg_database b ON b.oid = d.objoid \
             WHERE d.classoid = 'pg_database'::regclass AND b.datname = current_database()";
        let is_marked = texts(&client, marked, &[]).await.iter().any(|mark| mark == MARK);
        let found = texts(&client, strangers, &[]).await;
        assert!(
            is_marked || found.is_empty(),
            "PGMOAT_TEST_URL: the server isn't empty ({}), and tests drop everything on it; they begin with an empty one",
            found.join(", ")
        );
        let mark = format!("COMMENT ON DATABASE \"{}\" IS '{MARK}'", self.conninfo.database().replace('"', "\"\""));
        client.batch_execute(&mark).await.expect("marked");
        self.drop_all(&client).await;
        let left = texts(&client, strangers, &[]).await;
        assert!(left.is_empty(), "couldn't drop {left:?}");
    }

    async fn drop_all(&self, client: &Client) {
        let databases = "SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database \
             WHERE datname <> current_database() AND datname NOT IN ('postgres', 'template0', 'template1')";
        for statement in texts(client, databases, &[]).await {
            client.batch_execute(&statement).await.expect(&statement);
        }
        let roles = "SELECT f FROM pg_roles, format('DROP OWNED BY %I CASCADE', rolname) f \
             WHERE oid >= 16384 AND rolname <> current_user \
             UNION ALL SELECT f FROM pg_roles, format('DROP ROLE %I', rolname) f \
             WHERE oid >= 16384 AND rolname <> current_user";
        // a role that granted to another goes after it: as often as there may be links in the chain
        for _ in 0..5 {
            for statement in texts(client, roles, &[]).await {
                let _ = client.batch_execute(&statement).await;
            }
        }
    }
}

/// The first column of all rows.
pub(crate) async fn texts(
    client: &Client,
    sql: &str,
    params: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Vec<String> {
    let rows = client.query(sql, params).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}
