//! A state as SQL, one statement a line. For reading and comparing: the owner's own rights aren't shown.

use crate::diff::Target;
use crate::model::{
    Acl, Database, DefaultKey, Grantee, Holding, Kind, Membership, MembershipOptions, Name, Object, Presence,
    Privileges, Role, SettingKey, Thing, escaped,
};
use crate::plan::{retire_sql, sql};

/// `CREATE ROLE "x" LOGIN CONNECTION LIMIT 5;`
pub(super) fn role(name: &Name, role: &Role) -> String {
    let attributes = sql::attributes(&Role::PLAIN, role);
    let space = if attributes.is_empty() { "" } else { " " };
    line(&format!("CREATE ROLE {}{space}{attributes};", name.quoted()))
}

/// `GRANT "orders_dml" TO "orders_app";`, with the options that aren't plain.
pub(super) fn membership(membership: &Membership, options: MembershipOptions, by: bool) -> String {
    let differs = [(options.admin, "ADMIN OPTION"), (!options.inherit, "INHERIT FALSE"), (!options.set, "SET FALSE")];
    let words: Vec<&str> = differs.iter().filter(|(differs, _)| *differs).map(|(_, word)| *word).collect();
    let with = if words.is_empty() { String::new() } else { format!(" WITH {}", words.join(", ")) };
    let by = if by { granted_by(&membership.grantor) } else { String::new() };
    line(&format!("GRANT {} TO {}{with};{by}", membership.role.quoted(), membership.member.quoted()))
}

/// `ALTER ROLE "m" SET "statement_timeout" TO '30s';`
pub(super) fn setting(key: &SettingKey, value: &str) -> String {
    line(&format!("{};", sql::setting(key, Some(value))))
}

/// The database itself, without what it holds; nothing of one that isn't there.
pub(super) fn database(name: &Name, database: &Database) -> Vec<String> {
    if database.presence == Presence::Absent {
        return vec![];
    }
    let target = Target::Database(name.clone());
    let mut lines = vec![line(&format!("CREATE DATABASE {};", name.quoted()))];
    if database.presence == Presence::Closed {
        lines.push(line(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS false;", name.quoted())));
    }
    lines.push(line(&format!("{};", sql::owner(&target, &database.held.owner))));
    lines.extend(grants(&target, &database.held.owner, &database.held.acl));
    lines
}

/// `CREATE EXTENSION "pgcrypto";`
pub(super) fn extension(name: &Name) -> String {
    line(&format!("CREATE EXTENSION {};", name.quoted()))
}

/// An object with its owner, its ACL, and those of its columns.
pub(super) fn object(database: &Name, object: &Object, held: &Holding, columns: &[(&Name, &Acl)]) -> Vec<String> {
    let target = Target::Object(database.clone(), object.clone());
    let mut lines = Vec::new();
    if object.kind == Kind::Schema {
        lines.push(line(&format!("CREATE SCHEMA {};", object.name.quoted())));
    }
    lines.push(line(&format!("{};", sql::owner(&target, &held.owner))));
    lines.extend(grants(&target, &held.owner, &held.acl));
    for (column, acl) in columns {
        let target = Target::Column(database.clone(), object.clone(), (*column).clone());
        lines.extend(grants(&target, &held.owner, acl));
    }
    lines
}

/// `ALTER COLLATION orders.c OWNER TO "orders_ddl";`
pub(super) fn thing(thing: &Thing, owner: &Name) -> String {
    line(&format!("{};", retire_sql::owner(thing, owner)))
}

/// What default privileges add to what the server has built in, and take from it.
pub(super) fn default(key: &DefaultKey, acl: &Acl) -> Vec<String> {
    let (head, on) = (sql::default_of(key), key.future.keyword());
    let built_in = key.built_in();
    let mut lines = Vec::new();
    for (grantee, grantor, _) in built_in.entries() {
        let gone = built_in.granted(grantee, grantor).privileges.minus(acl.granted(grantee, grantor).privileges);
        if !gone.is_empty() {
            lines.push(line(&format!("{head} REVOKE {} ON {on} FROM {};", gone.keywords(), grantee.sql())));
        }
    }
    for (grantee, grantor, granted) in acl.entries().filter(|(grantee, ..)| grantee.role() != Some(&key.role)) {
        let added = granted.privileges.minus(built_in.granted(grantee, grantor).privileges.minus(granted.grantable));
        for (privileges, option) in split(added, granted.grantable) {
            lines.push(line(&format!("{head} GRANT {} ON {on} TO {}{option};", privileges.keywords(), grantee.sql())));
        }
    }
    lines
}

/// One GRANT for each grantee and grantor; two where only a part may be granted on.
fn grants(target: &Target, owner: &Name, acl: &Acl) -> Vec<String> {
    let on = sql::on(target);
    let mut lines = Vec::new();
    for (grantee, grantor, granted) in foreign(owner, acl) {
        let by = if grantor == owner { String::new() } else { granted_by(grantor) };
        for (privileges, option) in split(granted.privileges, granted.grantable) {
            let rights = sql::rights(target, privileges);
            lines.push(line(&format!("GRANT {rights} ON {on} TO {}{option};{by}", grantee.sql())));
        }
    }
    lines
}

/// The entries that are compared: everybody's but the owner's.
pub(super) fn foreign<'a>(
    owner: &'a Name,
    acl: &'a Acl,
) -> impl Iterator<Item = (&'a Grantee, &'a Name, crate::model::Granted)> {
    acl.entries().filter(move |(grantee, ..)| grantee.role() != Some(owner))
}

fn split(privileges: Privileges, grantable: Privileges) -> impl Iterator<Item = (Privileges, &'static str)> {
    let parts = [(privileges.minus(grantable), ""), (privileges.intersection(grantable), " WITH GRANT OPTION")];
    parts.into_iter().filter(|(privileges, _)| !privileges.is_empty())
}

fn granted_by(grantor: &Name) -> String {
    format!(" -- granted by {}", grantor.shown())
}

/// A name with a line break must not make two lines, nor a colour of its own.
fn line(statement: &str) -> String {
    escaped(statement)
}
