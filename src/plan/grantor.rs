//! Whose word takes a grant back. A REVOKE by the owner or a superuser doesn't touch what another granted, and says
//! nothing; GRANTED BY another is refused (0A000).

use super::build::Context;
use super::kept::{self, Given, Kept};
use super::sql;
use crate::diff::{Revoke, Target};
use crate::model::{Granted, Grantee, Name, Object, Privileges};

/// The statements that take it, and whom they spare.
pub(super) fn statements(context: &Context<'_>, revoke: &Revoke, given: &mut Given) -> (Vec<String>, Vec<Kept>) {
    let (target, grantee) = (&revoke.target, &revoke.grantee);
    if revoke.grantor != revoke.owner && matches!(target, Target::Column(..)) && !keeps_option(context, revoke) {
        let grantor = Grantee::Role(revoke.grantor.clone());
        return sparing(context, (target, &grantor, all(revoke)), given, through_option(context, revoke));
    }
    let cascade = if revoke.grantable.is_empty() { "" } else { " CASCADE" };
    let mut sql = Vec::new();
    if !revoke.privileges.is_empty() {
        sql.push(format!("{}{cascade}", sql::revoke(target, "", revoke.privileges, grantee)));
    }
    if !revoke.options.is_empty() {
        sql.push(format!("{} CASCADE", sql::revoke(target, "GRANT OPTION FOR ", revoke.options, grantee)));
    }
    if revoke.grantor != revoke.owner {
        sql = acting(context, &revoke.grantor, target, sql);
    }
    sparing(context, (target, grantee, revoke.grantable), given, sql)
}

/// With what the owner gives before, so that the trusted keep what hung on the grant options that go.
fn sparing(
    context: &Context<'_>,
    (target, grantee, grantable): (&Target, &Grantee, Privileges),
    given: &mut Given,
    sql: Vec<String>,
) -> (Vec<String>, Vec<Kept>) {
    let Some(thing) = context.standing(target) else { return (sql, vec![]) };
    let kept = given.anew(&thing, kept::by_the_trusted(context, &thing, grantee, grantable));
    (kept::statements(&kept, &thing).into_iter().chain(sql).collect(), kept)
}

fn all(revoke: &Revoke) -> Privileges {
    revoke.privileges | revoke.options
}

/// As somebody else, for the rest of the session's statements about this thing. Whoever may not use its schema can't name
/// what is in it, and is lent that.
pub(super) fn acting(context: &Context<'_>, who: &Name, target: &Target, sql: Vec<String>) -> Vec<String> {
    let schema = schema_to_lend(context, who, target);
    let who = Grantee::Role(who.clone());
    let usage = Granted { privileges: Privileges::USAGE, ..Granted::default() };
    let mut all = schema.as_ref().map(|schema| sql::grant(schema, &who, usage)).unwrap_or_default();
    all.push(format!("SET LOCAL ROLE {}", who.sql()));
    all.extend(sql);
    all.push(context.snapshot.server.set_role_back());
    all.extend(schema.map(|schema| sql::revoke(&schema, "", Privileges::USAGE, &who)));
    all
}

/// The schema, unless the role itself may use it: what it has through others may go before. What somebody gave to a trusted
/// role who loses it himself, the owner has given again by now, since the schema comes before what is in it.
fn schema_to_lend(context: &Context<'_>, who: &Name, target: &Target) -> Option<Target> {
    let (Target::Object(database, object) | Target::Column(database, object, _)) = target else { return None };
    let schema = Target::Object(database.clone(), Object::schema(&object.schema));
    let thing = context.standing(&schema).filter(|_| schema != *target)?;
    let has = thing.owner == *who || thing.held(who).privileges.contains(Privileges::USAGE);
    (!has).then_some(schema)
}

/// A trusted grantor keeps what he has on the table or the column, and with it the word that takes back; and those whom he
/// gave the same, and who are trusted too, keep it.
fn keeps_option(context: &Context<'_>, revoke: &Revoke) -> bool {
    let Target::Column(database, table, _) = &revoke.target else { return false };
    let options = |target: &Target| context.standing(target).map(|thing| thing.options(&revoke.grantor));
    let on_table = options(&Target::Object(database.clone(), table.clone())).unwrap_or_default();
    let grantable = on_table | options(&revoke.target).unwrap_or_default();
    context.is_trusted(&revoke.grantor) && grantable.contains(all(revoke))
}

/// The owner gives the grantor of a column's right the grant option, of which he need hold nothing himself, takes it back
/// with all that hangs on it, and leaves him what he had, if it is his to keep: of a column, nobody else keeps anything.
fn through_option(context: &Context<'_>, revoke: &Revoke) -> Vec<String> {
    let grantor = Grantee::Role(revoke.grantor.clone());
    let all = all(revoke);
    let had = context
        .standing(&revoke.target)
        .filter(|_| context.is_trusted(&revoke.grantor))
        .map(|thing| thing.acl.granted(&grantor, &thing.owner))
        .unwrap_or_default();
    let option = |privileges| Granted { privileges, grantable: privileges };
    let mut sql = sql::grant(&revoke.target, &grantor, option(all));
    sql.push(format!("{} CASCADE", sql::revoke(&revoke.target, "GRANT OPTION FOR ", all, &grantor)));
    sql.extend(sql::grant(&revoke.target, &grantor, option(had.grantable.intersection(all))));
    // an exception may keep him the right itself
    let wanted = context.standing(&revoke.target).map(|thing| context.wanted(&thing, &grantor)).unwrap_or_default();
    let gone = all.minus(had.privileges | wanted);
    if !gone.is_empty() {
        sql.push(sql::revoke(&revoke.target, "", gone, &grantor));
    }
    sql
}
