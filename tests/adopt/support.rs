//! Reads a server, adopts, plans, and compares with golden layouts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pgmoat::adopt::{Adopted, Wish, adopt, to_read};
use pgmoat::apply::{Options, begin, connect, survey};
use pgmoat::catalog;
use pgmoat::db;
use pgmoat::layout::Layout;
use pgmoat::model::{Name, Snapshot};
use pgmoat::plan::Plan;

use crate::readme_support::Server;

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopt").join(name)
}

/// The cluster and every database of it, as the superuser or another role.
pub(crate) async fn read(server: &Server, role: Option<&str>, databases: Option<&Wish>) -> Snapshot {
    let password = server.config.get_password().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let conninfo = match role {
        Some(role) => server.conninfo.with_user(role, password.as_deref()),
        None => server.conninfo.clone(),
    };
    let session = db::connect(&conninfo).await.expect("connected");
    let cluster = catalog::read(&conninfo, &session, &[].into(), catalog::Depth::Rights).await.expect("read");
    let all = Wish { maintenance: Name::of_server(conninfo.database()), databases: None, day: String::new() };
    let databases = to_read(&cluster, databases.unwrap_or(&all)).expect("databases");
    let snapshot = catalog::read(&conninfo, &session, &databases, catalog::Depth::Rights).await.expect("read");
    session.close().await;
    snapshot
}

pub(crate) async fn adopted(server: &Server, role: Option<&str>) -> Adopted {
    let snapshot = read(server, role, None).await;
    let maintenance = Name::of_server(server.conninfo.database());
    let wish = Wish { maintenance, databases: None, day: "2026-11-24".into() };
    adopt(&snapshot, &wish).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) async fn plan(server: &Server, layout: &Layout) -> Plan {
    let session = connect(&server.conninfo, layout).await.expect("connected");
    let made = survey(&server.conninfo, layout, &session).await;
    session.close().await;
    made.unwrap_or_else(|error| panic!("{error}: {error:?}")).plan
}

pub(crate) async fn apply(server: &Server, layout: &Layout) {
    let ready = begin(&server.conninfo, layout).await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
    ready.run(Options::default(), &|_| ()).await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
}

/// Compares with the layout for this major version, or writes it; the server's version stands for every one.
pub(crate) fn compare(folder: &Path, major: u32, text: &str) {
    let text = steady(text);
    let older = (major..=17).map(|major| folder.join(format!("layout.{major}.toml")));
    let path = older.into_iter().find(|path| path.exists()).unwrap_or_else(|| folder.join("layout.toml"));
    let golden = fs::read_to_string(&path).unwrap_or_default();
    if golden == text {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_GOLDEN").is_some(),
        "{} isn't the layout; UPDATE_GOLDEN=1 writes it anew\n{}",
        path.display(),
        similar::TextDiff::from_lines(golden.as_str(), &text).unified_diff().context_radius(2)
    );
    let name = if major >= 18 { "layout.toml".to_owned() } else { format!("layout.{major}.toml") };
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(name), text).expect("written");
}

fn steady(text: &str) -> String {
    let Some(at) = text.find("PostgreSQL ").map(|at| at + "PostgreSQL ".len()) else { return text.to_owned() };
    let end = text[at..].find(".\n").map_or(text.len(), |end| at + end);
    format!("{}N{}", &text[..at], &text[end..])
}

/// Who can do what, by the server's own word: every role on every object of the databases, without superusers and owners of
/// databases by their office.
const ABLE: &str = "
with who as (select oid, rolname from pg_roles where not rolsuper and rolname !~ '^pg_'),
     place as (select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
select format('%s %s on table %s', w.rolname, p, c.oid::regclass)
from who w, place n, pg_class c, unnest(array['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) p
where c.relnamespace = n.oid and c.relkind in ('r','p','v','m','f') and has_table_privilege(w.oid, c.oid, p)
union all
select format('%s %s on a column of %s', w.rolname, p, c.oid::regclass)
from who w, place n, pg_class c, unnest(array['SELECT','INSERT','UPDATE']) p
where c.relnamespace = n.oid and c.relkind in ('r','p','v','m','f') and has_any_column_privilege(w.oid, c.oid, p)
union all
select format('%s %s on sequence %s', w.rolname, p, c.oid::regclass)
from who w, place n, pg_class c, unnest(array['SELECT','UPDATE','USAGE']) p
where c.relnamespace = n.oid and c.relkind = 'S' and has_sequence_privilege(w.oid, c.oid, p)
union all
select format('%s EXECUTE on %s', w.rolname, f.oid::regprocedure)
from who w, place n, pg_proc f where f.pronamespace = n.oid and has_function_privilege(w.oid, f.oid, 'EXECUTE')
union all
select format('%s %s on schema %s', w.rolname, p, n.nspname)
from who w, place n, unnest(array['USAGE','CREATE']) p where has_schema_privilege(w.oid, n.oid, p)
union all
select format('%s %s on database %s', w.rolname, p, current_database())
from who w, unnest(array['CONNECT','TEMPORARY','CREATE']) p where has_database_privilege(w.oid, current_database(), p)
union all
select format('%s may become %s', w.rolname, o.rolname)
from who w, pg_roles o where w.oid <> o.oid and o.rolname <> 'pg_database_owner' and pg_has_role(w.oid, o.oid, 'MEMBER')";

pub(crate) async fn able(server: &Server) -> BTreeSet<String> {
    let databases = "SELECT datname::text FROM pg_database WHERE datallowconn AND datname <> 'template1'";
    let client = server.superuser(server.conninfo.database()).await;
    let mut able = BTreeSet::new();
    for row in client.query(databases, &[]).await.expect("databases") {
        let database: String = row.get(0);
        let rows = server.superuser(&database).await.query(ABLE, &[]).await.expect("an answer");
        able.extend(rows.iter().map(|row| format!("{database}: {}", row.get::<_, String>(0))));
    }
    able
}
