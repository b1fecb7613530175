//! The statements. Every name goes through `quoted`, every text through `literal`.

use crate::diff::Target;
use crate::model::{
    DefaultKey, Granted, Grantee, Membership, MembershipOptions, Name, Object, Privileges, Role, SettingKey,
    setting_sql,
};

/// How many objects one GRANT lists: enough to save round trips, few enough to read in a log.
pub(super) const CHUNK: usize = 500;

/// `TABLE "orders"."jobs"`, as GRANT and REVOKE want it.
pub(super) fn on(target: &Target) -> String {
    match target {
        Target::Database(name) => format!("DATABASE {}", name.quoted()),
        Target::Object(_, object) | Target::Column(_, object, _) => {
            format!("{} {}", object.kind.grant_keyword(), object.sql())
        }
    }
}

/// `TABLE "orders"."a", "orders"."b"`; all of one keyword.
pub(super) fn on_all(objects: &[&Object]) -> String {
    let names: Vec<String> = objects.iter().map(|object| object.sql()).collect();
    format!("{} {}", objects[0].kind.grant_keyword(), names.join(", "))
}

/// `SELECT, INSERT`, or for a column `SELECT ("note"), UPDATE ("note")`.
pub(super) fn rights(target: &Target, privileges: Privileges) -> String {
    match target {
        Target::Column(_, _, column) => {
            let column = column.quoted();
            privileges.each().map(|(_, keyword)| format!("{keyword} ({column})")).collect::<Vec<_>>().join(", ")
        }
        _ => privileges.keywords(),
    }
}

/// GRANT of what one grantee gets: without the grant option, and with it.
pub(super) fn grant(target: &Target, to: &Grantee, granted: Granted) -> Vec<String> {
    let parts =
        [(granted.privileges.minus(granted.grantable), ""), (granted.grantable, " WITH GRANT OPTION")].into_iter();
    let parts = parts.filter(|(privileges, _)| !privileges.is_empty());
    let (on, who) = (on(target), to.sql());
    parts.map(|(privileges, option)| format!("GRANT {} ON {on} TO {who}{option}", rights(target, privileges))).collect()
}

/// REVOKE, or `GRANT OPTION FOR `, from one grantee.
pub(super) fn revoke(target: &Target, option: &str, privileges: Privileges, from: &Grantee) -> String {
    format!("REVOKE {option}{} ON {} FROM {}", rights(target, privileges), on(target), from.sql())
}

pub(super) fn grantees(grantees: &[Grantee]) -> String {
    grantees.iter().map(Grantee::sql).collect::<Vec<_>>().join(", ")
}

/// `ALTER MATERIALIZED VIEW "orders"."m" OWNER TO "orders_ddl"`
pub(super) fn owner(target: &Target, to: &crate::model::Name) -> String {
    let what = match target {
        Target::Database(name) => format!("DATABASE {}", name.quoted()),
        Target::Object(_, object) | Target::Column(_, object, _) => {
            format!("{} {}", object.kind.alter_keyword(), object.sql())
        }
    };
    format!("ALTER {what} OWNER TO {}", to.quoted())
}

/// The attributes that differ from `from`: `LOGIN NOCREATEDB CONNECTION LIMIT 5`. Only those: on a managed server naming
/// SUPERUSER is refused even when it doesn't change.
pub(super) fn attributes(from: &Role, to: &Role) -> String {
    let flags = from.flags().into_iter().zip(to.flags()).filter(|(before, after)| before != after);
    let mut words: Vec<String> =
        flags.map(|(_, (keyword, on))| if on { keyword.into() } else { format!("NO{keyword}") }).collect();
    if from.connection_limit != to.connection_limit {
        words.push(format!("CONNECTION LIMIT {}", to.connection_limit));
    }
    words.join(" ")
}

/// `GRANT "orders_dml" TO "orders_app"`; from 16 on with the options, since the member's NOINHERIT would decide else.
pub(super) fn join(membership: &Membership, options: MembershipOptions, has_options: bool) -> String {
    let (role, member) = (membership.role.quoted(), membership.member.quoted());
    if !has_options {
        let admin = if options.admin { " WITH ADMIN OPTION" } else { "" };
        return format!("GRANT {role} TO {member}{admin}");
    }
    let word = |on: bool| if on { "TRUE" } else { "FALSE" };
    let admin = if options.admin { "ADMIN OPTION, " } else { "" };
    let (inherit, set) = (word(options.inherit), word(options.set));
    format!("GRANT {role} TO {member} WITH {admin}INHERIT {inherit}, SET {set}")
}

/// The same for a membership that stands, or stood: from 16 on another grantor's would be another membership.
pub(super) fn join_again(membership: &Membership, options: MembershipOptions, has_options: bool) -> String {
    let grant = join(membership, options, has_options);
    if has_options { format!("{grant} GRANTED BY {}", membership.grantor.quoted()) } else { grant }
}

/// A REVOKE of a membership, or of one of its options; from 16 on it must name the grantor, else it does nothing and
/// says so only in a warning (`plan_single_revoke` in src/backend/commands/user.c).
pub(super) fn leave(membership: &Membership, option: &str, has_options: bool) -> String {
    let (role, member) = (membership.role.quoted(), membership.member.quoted());
    let by = if has_options { format!(" GRANTED BY {}", membership.grantor.quoted()) } else { String::new() };
    format!("REVOKE {option}{role} FROM {member}{by}")
}

/// `ALTER ROLE "m" IN DATABASE "d" SET "role" TO 'x'`, or RESET without a value.
pub(super) fn setting(key: &SettingKey, value: Option<&str>) -> String {
    let whose = match (&key.role, &key.database) {
        (Some(role), Some(database)) => format!("ROLE {} IN DATABASE {}", role.quoted(), database.quoted()),
        (Some(role), None) => format!("ROLE {}", role.quoted()),
        (None, Some(database)) => format!("DATABASE {}", database.quoted()),
        (None, None) => "ROLE ALL".into(),
    };
    // a custom parameter is two names: "myapp"."tenant"
    let parameter: Vec<String> = key.parameter.split('.').map(|part| Name::of_server(part).quoted()).collect();
    let parameter = parameter.join(".");
    match value {
        Some(value) => format!("ALTER {whose} SET {parameter} TO {}", setting_sql(&key.parameter, value)),
        None => format!("ALTER {whose} RESET {parameter}"),
    }
}

/// `ALTER DEFAULT PRIVILEGES FOR ROLE "x" IN SCHEMA "s" `
pub(super) fn default_of(key: &DefaultKey) -> String {
    let schema = key.schema.as_ref().map(|schema| format!(" IN SCHEMA {}", schema.quoted())).unwrap_or_default();
    format!("ALTER DEFAULT PRIVILEGES FOR ROLE {}{schema}", key.role.quoted())
}
