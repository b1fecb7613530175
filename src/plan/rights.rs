//! Which rights each kind of change takes, on the server as it will be once what comes before it is done.

use super::authority::{Authority, Lack, once, step};
use super::reach::Verdict;
use crate::diff::{Change, Revoke, Target};
use crate::model::{Desired, Grantee, Kind, Membership, Name, Object, Presence, Privileges, Role, Snapshot};

/// Needs, by the rules of src/backend/commands and src/backend/catalog/aclchk.c.
pub(super) struct Rights<'a> {
    pub(super) authority: &'a Authority<'a>,
    pub(super) snapshot: &'a Snapshot,
    pub(super) desired: &'a Desired,
    /// Through whose hands an object goes so that this can be taken.
    pub(super) hands: &'a dyn Fn(&Revoke) -> Vec<Name>,
}

/// Superusers' parameters that pg_settings doesn't show to others (`GUC_SUPERUSER_ONLY` in src/backend/utils/misc/guc_tables.c).
const HIDDEN: [&str; 3] = ["session_preload_libraries", "dynamic_library_path", "extension_control_path"];

impl Rights<'_> {
    /// What must be borrowed for the change, or what is lacking.
    pub(super) fn needed(&self, change: &Change) -> Verdict {
        let authority = self.authority;
        match change {
            Change::CreateRole { .. } => authority.create_role().map(|()| vec![]),
            Change::AlterRole { name, from, to } => self.alter_role(name, from, to).map(|()| vec![]),
            Change::Join { membership, .. } => authority.administer(&membership.role).map(|()| vec![]),
            Change::AlterMembership { membership, .. } | Change::Leave { membership, .. } => self.leave(membership),
            Change::Set { key, .. } | Change::Reset { key, .. } => match (&key.role, &key.database) {
                (Some(role), _) => {
                    self.parameter(&key.parameter)?;
                    authority.create_role().and_then(|()| authority.administer(role)).map(|()| vec![])
                }
                (None, Some(database)) => self.own_database(database),
                (None, None) => Err(step("a setting for everybody is a superuser's to change".into())),
            },
            Change::OpenDatabase { owner, from: Presence::Absent, .. } => {
                authority.create_database()?;
                let already = authority.has_rights_of(owner);
                let needs = || step(format!("the database is to belong to {}", owner.shown()));
                if already { Ok(vec![]) } else { Err(needs()) }
            }
            Change::OpenDatabase { database, owner, .. } => self.open(database, owner),
            Change::CreateSchema { database, owner, .. } => self.create_in(database, [owner]),
            Change::CreateExtension { database, extension } => self.create_extension(database, extension),
            Change::Own { target, from, to } => self.own(target, from, to),
            Change::Move { database, thing, from, to } => {
                let mut loans = self.all([self.stands_for(database, from), to])?;
                loans.extend(thing.schema.as_ref().map_or(Ok(vec![]), |s| self.usage(database, s, &[from, to]))?);
                Ok(loans)
            }
            Change::Grant { target, owner, .. } => self.as_owner(target, owner),
            Change::Revoke(revoke) => self.revoke(revoke),
            Change::Retire(retirement) => self.to_retire(retirement),
            Change::GrantDefault { key, .. } | Change::RevokeDefault { key, .. } => self.all([&key.role]),
        }
    }

    /// Who opens a database must get in afterwards, when PUBLIC can't any more.
    fn open(&self, database: &Name, owner: &Name) -> Verdict {
        if self.authority.has_rights_of(owner) {
            return Ok(vec![]);
        }
        let user = self.snapshot.server.user.quoted();
        let statement = format!("ALTER DATABASE {} OWNER TO {user}", database.quoted());
        Err(once(format!("the closed database {} belongs to {}", database.shown(), owner.shown()), statement))
    }

    /// Parameters that are superusers' alone, and those that no module has declared yet
    /// (`validate_option_array_item` in src/backend/utils/misc/guc.c).
    fn parameter(&self, parameter: &str) -> Result<(), Lack> {
        let known = &self.snapshot.server.superuser_parameters;
        let theirs = known.contains(parameter) || HIDDEN.contains(&parameter);
        if theirs && !self.stands_in_for_superuser() || parameter.contains('.') {
            return Err(step(format!("only a superuser may set {parameter} for a role")));
        }
        Ok(())
    }

    /// Is it what a cloud gives its customers in place of a superuser?
    fn stands_in_for_superuser(&self) -> bool {
        let stand_ins = ["rds_superuser", "cloudsqlsuperuser", "azure_pg_admin", "alloydbsuperuser"];
        stand_ins.iter().any(|role| self.authority.has_rights_of(&Name::of_server(role)))
    }

    /// The rights of all these roles.
    pub(super) fn all<'n>(&self, roles: impl IntoIterator<Item = &'n Name>) -> Verdict {
        let mut loans = Vec::new();
        for role in roles {
            loans.extend(self.authority.be(role)?);
        }
        Ok(loans)
    }

    /// Attributes that only who has them may give or take; REPLICATION and BYPASSRLS were superusers' before 16
    /// (`AlterRole` in src/backend/commands/user.c).
    fn alter_role(&self, name: &Name, from: &Role, to: &Role) -> Result<(), Lack> {
        self.authority.create_role()?;
        self.authority.administer(name)?;
        let ours = self.authority.attributes();
        let options = self.snapshot.server.has_membership_options();
        let forbidden = [
            ("SUPERUSER", from.superuser != to.superuser),
            (
                "REPLICATION",
                if options { from.replication != to.replication && !ours.replication } else { from.replication },
            ),
            ("BYPASSRLS", from.bypass_rls != to.bypass_rls && !(options && ours.bypass_rls)),
            ("CREATEDB", options && from.create_db != to.create_db && !ours.create_db),
        ];
        let lacking = forbidden.iter().find(|(_, forbidden)| *forbidden);
        let needs = |keyword| step(format!("{keyword} of another role is a superuser's to change"));
        lacking.map_or(Ok(()), |(keyword, _)| Err(needs(keyword)))
    }

    /// From 16 on `GRANTED BY` takes the rights of the grantor; the bootstrap superuser's row, which the server makes for who
    /// creates a role, only a superuser can take.
    fn leave(&self, membership: &Membership) -> Verdict {
        if self.snapshot.server.has_membership_options() {
            // what a holder of ADMIN OPTION granted to somebody trusted is taken in his name, too
            let granted_on = |m: &Membership| m.role == membership.role && m.grantor == membership.member;
            let holder = self.snapshot.state.memberships.keys().any(granted_on).then_some(&membership.member);
            return self.all([&membership.grantor].into_iter().chain(holder));
        }
        self.authority.administer(&membership.role).map(|()| vec![])
    }

    /// What is there must be ours to give away, and ours to take as the new owner, who must be able to create in its schema:
    /// he owns it, since schemas come first.
    fn own(&self, target: &Target, from: &Name, to: &Name) -> Verdict {
        match target {
            Target::Database(_) => {
                self.authority.create_database()?;
                self.all([from, to])
            }
            Target::Object(database, object) if object.kind == Kind::Schema => {
                self.create_in(database, [from, self.stands_for(database, to)])
            }
            Target::Object(database, object) | Target::Column(database, object, _) => {
                let mut loans = self.all([self.stands_for(database, from), to])?;
                loans.extend(self.usage_of(database, object, &[from, to])?);
                Ok(loans)
            }
        }
    }

    /// Rights on an object, as its owner.
    fn as_owner(&self, target: &Target, owner: &Name) -> Verdict {
        match target {
            Target::Database(_) => self.all([owner]),
            Target::Object(database, object) | Target::Column(database, object, _) => {
                let mut loans = self.all([self.stands_for(database, owner)])?;
                loans.extend(self.usage_of(database, object, &[owner])?);
                Ok(loans)
            }
        }
    }

    fn revoke(&self, revoke: &Revoke) -> Verdict {
        let mut loans = self.as_owner(&revoke.target, &revoke.owner)?;
        let column = matches!(revoke.target, Target::Column(..));
        if revoke.grantor != revoke.owner && (!column || self.desired.scope.trusted.contains(&revoke.grantor)) {
            loans.extend(self.authority.be(&revoke.grantor)?);
        }
        for hand in (self.hands)(revoke) {
            loans.extend(self.authority.be(&hand)?);
        }
        Ok(loans)
    }

    /// Nobody becomes pg_database_owner; whoever owns the database has its rights.
    pub(super) fn stands_for<'n>(&'n self, database: &'n Name, owner: &'n Name) -> &'n Name {
        let wanted = self.desired.state.databases.get(database);
        match wanted {
            Some(wanted) if owner.as_str() == "pg_database_owner" => &wanted.held.owner,
            _ => owner,
        }
    }

    /// To name an object takes USAGE on its schema: its owner has it, else somebody whose rights we have must.
    fn usage_of(&self, database: &Name, object: &Object, with: &[&Name]) -> Verdict {
        if object.kind == Kind::Schema { Ok(vec![]) } else { self.usage(database, &object.schema, with) }
    }

    fn usage(&self, database: &Name, schema: &Name, with: &[&Name]) -> Verdict {
        let schema = Object::schema(schema);
        let wanted = self.desired.state.databases.get(database).and_then(|d| d.objects.get(&schema));
        let Some(held) = wanted.or_else(|| self.snapshot.state.databases.get(database)?.objects.get(&schema)) else {
            return Ok(vec![]);
        };
        let ours = |role: &Name| with.contains(&role) || self.authority.has_rights_of(role);
        let granted = |grantee: &Grantee| grantee.role().is_none_or(ours);
        let by_acl = held.acl.entries().any(|(g, _, p)| granted(g) && p.privileges.contains(Privileges::USAGE));
        if ours(&held.owner) || by_acl { Ok(vec![]) } else { self.all([self.stands_for(database, &held.owner)]) }
    }

    fn own_database(&self, database: &Name) -> Verdict {
        match self.desired.state.databases.get(database) {
            Some(wanted) => self.all([&wanted.held.owner]),
            None => Err(step(format!("{} isn't a database of this layout", database.shown()))),
        }
    }

    /// CREATE on a database, of which the owner can't be deprived for long.
    fn create_in<'n>(&self, database: &'n Name, roles: impl IntoIterator<Item = &'n Name>) -> Verdict {
        let mut loans = self.own_database(database)?;
        loans.extend(self.all(roles)?);
        Ok(loans)
    }

    /// A trusted extension takes CREATE on the database; any other a superuser, or what a cloud has in his place.
    /// <https://www.postgresql.org/docs/current/extend-extensions.html>
    fn create_extension(&self, database: &Name, extension: &Name) -> Verdict {
        let untrusted = self.snapshot.available.get(extension).is_some_and(|known| known.superuser);
        if untrusted && !self.stands_in_for_superuser() {
            return Err(step(format!(
                "the extension {} isn't trusted, so only a superuser may create it",
                extension.shown()
            )));
        }
        self.own_database(database)
    }
}
