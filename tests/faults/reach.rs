//! The law of every moment: what a login reaches both before an apply and after it, it reaches all the while; and what it
//! reaches neither before nor after, it never does. The server says who reaches what.

use std::collections::BTreeSet;

use crate::cluster::Sql;

/// Lines such as `a_app: SELECT on a.t in a`.
pub(crate) type Reach = BTreeSet<String>;

/// What every login can do in this database, as itself or as a role that it may become; nothing where it can't connect. Whoever
/// applies isn't asked for, and neither are tables named `extra`.
///
/// Who may connect is asked twice: `has_database_privilege` remembers an ACL until it hears of its change, and a COMMIT PREPARED
/// shows what it did before it says so (`FinishPreparedTransaction` in src/backend/access/transam/twophase.c): in that moment a
/// session sees the new login in pg_roles, and remembers the old ACL. Who logs in then remembers nothing.
const QUESTION: &str = "
with login as (
  select r.rolname, g.oid as role
  from pg_roles r join pg_roles g on pg_has_role(r.oid, g.oid, 'MEMBER')
  where r.oid >= 16384 and r.rolcanlogin and not r.rolsuper and r.rolname !~ '^pgmoat_'
    and has_database_privilege(r.oid, current_database(), 'CONNECT')
    and exists (
      select from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
      where d.datname = current_database() and x.privilege_type = 'CONNECT'
        and (x.grantee = 0 or pg_has_role(r.oid, x.grantee, 'USAGE'))))
select format('%s: %s in %s', l.rolname, p, current_database())
from login l, unnest('{CONNECT,CREATE,TEMPORARY}'::text[]) p
where has_database_privilege(l.role, current_database(), p)
union
select format('%s: %s on schema %s in %s', l.rolname, p, n.nspname, current_database())
from login l, pg_namespace n, unnest('{USAGE,CREATE}'::text[]) p
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(l.role, n.oid, p)
union
select format('%s: %s on %s.%s in %s', l.rolname, p, n.nspname, c.relname, current_database())
from login l, pg_class c join pg_namespace n on n.oid = c.relnamespace,
     unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relname <> 'extra'
  and has_schema_privilege(l.role, n.oid, 'USAGE') and has_table_privilege(l.role, c.oid, p)";

/// In the database of this session.
pub(crate) fn of(sql: &Sql) -> Reach {
    sql.rows(QUESTION).into_iter().collect()
}

/// What is reached before and after.
#[derive(Debug, Clone, Default)]
pub(crate) struct Law {
    pub(crate) before: Reach,
    pub(crate) after: Reach,
}

impl Law {
    /// What breaks it now, in a database, or in all.
    pub(crate) fn breaches(&self, now: &Reach, database: Option<&str>) -> Vec<String> {
        let here = |line: &&String| database.is_none_or(|name| line.ends_with(&format!(" in {name}")));
        let more = now.iter().filter(|line| !self.before.contains(*line) && !self.after.contains(*line));
        let less = self.before.intersection(&self.after).filter(here).filter(|line| !now.contains(*line));
        more.map(|line| format!("more: {line}")).chain(less.map(|line| format!("less: {line}"))).collect()
    }
}
