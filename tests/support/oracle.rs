//! Three authorities on who can do what: what the layout means, what was read, and what the server answers.

use std::collections::{BTreeMap, BTreeSet};

use pgmoat::access::{Access, Subject};
use pgmoat::model::{Desired, Kind, Name, Object, Privileges, Snapshot};
use tokio_postgres::Client;

use super::server::Server;

/// (kind of question, schema, name, arguments) of an object, (role) to the privileges that the server affirms.
type Answers = BTreeMap<(String, [String; 3], String), Privileges>;

/// Everything in a database, by what the functions of the server say, for every role.
/// Arguments of routines as in sql/routines.sql.
const QUESTIONS: &str = "
with role as (select oid, rolname::text as name from pg_roles)
select 'relation', n.nspname::text, c.relname::text, '', r.name,
       array(select p from unnest($1::text[]) p where has_table_privilege(r.oid, c.oid, p))
from pg_class c join pg_namespace n on n.oid = c.relnamespace, role r
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'columns', n.nspname::text, c.relname::text, '', r.name,
       array(select p from unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) p
             where has_any_column_privilege(r.oid, c.oid, p))
from pg_class c join pg_namespace n on n.oid = c.relnamespace, role r
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'sequence', n.nspname::text, c.relname::text, '', r.name,
       array(select p from unnest('{USAGE,SELECT,UPDATE}'::text[]) p where has_sequence_privilege(r.oid, c.oid, p))
from pg_class c join pg_namespace n on n.oid = c.relnamespace, role r
where c.relkind = 'S' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'schema', n.nspname::text, n.nspname::text, '', r.name,
       array(select p from unnest('{USAGE,CREATE}'::text[]) p where has_schema_privilege(r.oid, n.oid, p))
from pg_namespace n, role r
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'routine', n.nspname::text, p.proname::text,
       case p.prokind when 'p' then pg_get_function_identity_arguments(p.oid) else oidvectortypes(p.proargtypes) end,
       r.name, case when has_function_privilege(r.oid, p.oid, 'EXECUTE') then '{EXECUTE}'::text[] else '{}' end
from pg_proc p join pg_namespace n on n.oid = p.pronamespace, role r
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'type', n.nspname::text, t.typname::text, '', r.name,
       case when has_type_privilege(r.oid, t.oid, 'USAGE') then '{USAGE}'::text[] else '{}' end
from pg_type t join pg_namespace n on n.oid = t.typnamespace, role r
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'database', d.datname::text, d.datname::text, '', r.name,
       array(select p from unnest('{CONNECT,CREATE,TEMPORARY}'::text[]) p where has_database_privilege(r.oid, d.oid, p))
from pg_database d, role r
where d.datname = current_database()";

/// Whom a role may become and whose rights it has. Before 16 there is no question for SET: every membership gives it.
const ROLES: &str = "
select m.rolname::text, g.rolname::text,
       pg_has_role(m.oid, g.oid, $1), pg_has_role(m.oid, g.oid, 'USAGE')
from pg_roles m, pg_roles g";

/// What was read says the same as the server, for every role there is.
pub(crate) async fn check_read(server: &Server, snapshot: &Snapshot) {
    let access = Access::of(&snapshot.state, snapshot.server.version_num);
    let mut wrong = Vec::new();
    for database in snapshot.contents.keys() {
        let client = server.superuser(database.as_str()).await;
        // the search path decides how argument types are written
        client.batch_execute("set search_path = pg_catalog").await.expect("set");
        compare_roles(&client, snapshot, database, &mut wrong).await;
        let answers = answers(&client, snapshot).await;
        for ((question, path, role), answered) in &answers {
            let role = Name::of_server(role);
            let session = access.session(&role, database);
            let read = if question == "database" {
                session.held(Subject::Database)
            } else {
                let Some(object) = object(snapshot, database, question, path) else { continue };
                match question.as_str() {
                    "columns" => session.held_on_some_column(object),
                    _ => session.held(Subject::Object(object)),
                }
            };
            if read != *answered {
                wrong.push(format!("{database:?} {question} {path:?}: {role:?} has {answered:?}, we read {read:?}"));
            }
        }
        count(snapshot, database, &answers);
    }
    assert!(wrong.is_empty(), "the server says otherwise:\n{}", wrong.join("\n"));
}

/// The layout's roles have what the layout means, neither less nor more, on everything that it speaks of.
pub(crate) fn check_wanted(desired: &Desired, snapshot: &Snapshot) {
    let version = snapshot.server.version_num;
    let (wanted, found) = (Access::of(&desired.state, version), Access::of(&snapshot.state, version));
    let mut wrong = Vec::new();
    for role in desired.scope.roles.iter() {
        if wanted.may_become(role) != found.may_become(role) {
            wrong.push(format!("{role:?} may become {:?}, not {:?}", found.may_become(role), wanted.may_become(role)));
        }
        for (database, inside) in &desired.state.databases {
            let objects = inside.objects.keys().map(Subject::Object);
            for subject in std::iter::once(Subject::Database).chain(objects) {
                let as_it_is = |access: &Access<'_>| access.session(role, database).with_ownership(subject);
                let reachable = |access: &Access<'_>| access.reachable(role, database, subject);
                if as_it_is(&wanted) != as_it_is(&found) || reachable(&wanted) != reachable(&found) {
                    let (want, has) = (as_it_is(&wanted), as_it_is(&found));
                    wrong.push(format!("{database:?} {subject:?}: {role:?} has {has:?}, the layout means {want:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "the layout means something else:\n{}", wrong.join("\n"));
}

async fn compare_roles(client: &Client, snapshot: &Snapshot, database: &Name, wrong: &mut Vec<String>) {
    let access = Access::of(&snapshot.state, snapshot.server.version_num);
    let set = if snapshot.server.has_membership_options() { "SET" } else { "MEMBER" };
    let mut become_: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    let mut usage = become_.clone();
    for row in client.query(ROLES, &[&set]).await.expect("roles") {
        let (member, role) = (Name::of_server(row.get(0)), Name::of_server(row.get(1)));
        if row.get(2) {
            become_.entry(member.clone()).or_default().insert(role.clone());
        }
        if row.get(3) {
            usage.entry(member).or_default().insert(role);
        }
    }
    // nobody becomes pg_database_owner, whatever pg_has_role says
    let owner = Name::of_server("pg_database_owner");
    for (role, attributes) in &snapshot.state.roles {
        if attributes.superuser {
            continue;
        }
        let (acts, may) = (access.session(role, database).acts_with().clone(), access.may_become(role));
        let server = become_[role].iter().filter(|other| **other != owner || *other == role).cloned().collect();
        if may != server {
            wrong.push(format!("{role:?} may become {server:?}, we read {may:?}"));
        }
        if acts != usage[role] {
            wrong.push(format!("{role:?} has the rights of {:?}, we read {acts:?}", usage[role]));
        }
    }
}

async fn answers(client: &Client, snapshot: &Snapshot) -> Answers {
    let privileges = Kind::Table.privileges(snapshot.server.version_num);
    let privileges: Vec<&str> = privileges.each().map(|(_, keyword)| keyword).collect();
    let rows = client.query(QUESTIONS, &[&privileges]).await.unwrap_or_else(|error| panic!("{error:?}"));
    let mut answers = Answers::new();
    for row in rows {
        let held: Vec<&str> = row.get(5);
        let held = held.into_iter().map(|keyword| Privileges::of_keyword(keyword).expect("known"));
        let held = held.fold(Privileges::NONE, Privileges::union);
        answers.insert((row.get(0), [row.get(1), row.get(2), row.get(3)], row.get(4)), held);
    }
    answers
}

/// None: it belongs to an extension, or is a row type or an array, and isn't read.
fn object<'a>(
    snapshot: &'a Snapshot,
    database: &Name,
    question: &str,
    [schema, name, args]: &[String; 3],
) -> Option<&'a Object> {
    let kinds: &[Kind] = match question {
        "relation" | "columns" => {
            &[Kind::Table, Kind::PartitionedTable, Kind::View, Kind::MaterializedView, Kind::ForeignTable]
        }
        "sequence" => &[Kind::Sequence],
        "schema" => &[Kind::Schema],
        "routine" => &[Kind::Function, Kind::Procedure, Kind::Aggregate],
        _ => &[Kind::Type, Kind::Domain],
    };
    kinds.iter().find_map(|kind| {
        let (schema, name) = (Name::of_server(schema), Name::of_server(name));
        let key = Object { kind: *kind, schema, name, args: args.as_str().into() };
        snapshot.state.databases[database].objects.get_key_value(&key).map(|(object, _)| object)
    })
}

/// Nothing that was read is unknown to the server: else a misspelt name would pass as equal.
fn count(snapshot: &Snapshot, database: &Name, answers: &Answers) {
    let asked = answers.keys().filter(|(question, _, _)| question != "database" && question != "columns");
    let known: BTreeSet<&Object> =
        asked.filter_map(|(question, path, _)| object(snapshot, database, question, path)).collect();
    let read: BTreeSet<&Object> = snapshot.state.databases[database].objects.keys().collect();
    assert!(known == read, "read, but not there: {:?}", read.difference(&known).collect::<Vec<_>>());
}
