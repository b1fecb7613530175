//! Schemas on a path that somebody beyond the wall owns, or may create in.

use super::super::databases::Both;
use super::super::finding::{Certainty, Draft, Severity, Target};
use super::super::ground::Ground;
use super::lookers::{Looker, Lookers, first};
use super::missing::advice;
use super::party::Party;
use crate::access::{Hop, Subject};
use crate::model::{Grantee, Name, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, lookers: &Lookers<'_>) {
    for (schema, lookers) in lookers.schemas() {
        let object = Object::schema(schema);
        let Some(held) = both.actual.database.objects.get(&object) else { continue };
        // what a service's own schema is open to is claimed where everything in it is
        let wall = ground.wall_around(both.name, &object);
        let lookers: Vec<&Looker<'_>> =
            lookers.into_iter().filter(|looker| wall.is_none() || wall != looker.wall()).collect();
        ground.checked(lookers.len());
        let on_path = OnPath { ground, both, object: &object, declared: wall.is_some(), lookers: &lookers };
        for (principal, held) in both.actual.held(&object).iter() {
            if held.contains(Privileges::CREATE) && ground.is_bound(*principal) {
                on_path.open_to(*principal);
            }
        }
        on_path.owned_by(&held.owner);
    }
}

/// A schema, and who looks into it besides the service that declares it.
struct OnPath<'a, 'g> {
    ground: &'a Ground<'g>,
    both: &'a Both<'g>,
    object: &'a Object,
    declared: bool,
    lookers: &'a [&'a Looker<'g>],
}

impl OnPath<'_, '_> {
    fn beyond(&self, who: &Grantee) -> Option<&Looker<'_>> {
        first(self.lookers.iter().filter(|looker| looker.party.is_beyond(self.ground, who)).copied())
    }

    fn open_to(&self, principal: usize) {
        let Self { ground, both, object, .. } = *self;
        let Some(looker) = self.beyond(ground.who(principal)) else { return };
        let path = both.actual.path(principal, Subject::Object(object), Privileges::CREATE);
        let owner = &both.actual.database.objects[object].owner;
        let fix = ground.closing(principal, both.name, (Some(object), owner), (&path, Privileges::CREATE));
        let owns = matches!(path.last(), Some(Hop::Owner { .. }));
        let everybodys = matches!(path.last(), Some(Hop::Acl { grantee: Grantee::Public, .. }));
        // an exception keeps it, and has a reason
        let expected = both.expected.held(object);
        let kept = !owns && expected.get(&principal).is_some_and(|held| held.contains(Privileges::CREATE));
        let severity =
            if kept || everybodys && self.is_as_made() { Severity::Warning } else { self.severity(looker, owns) };
        let severity = severity.max(ground.severity(principal));
        self.find(looker, (ground.who(principal), path, fix), severity);
    }

    /// The owner itself, where nobody can be it.
    fn owned_by(&self, owner: &Name) {
        let Self { ground, .. } = *self;
        if ground.is_honoured(owner) || *owner == self.object.name || !ground.actual.who_reaches(owner).is_empty() {
            return;
        }
        let who = Grantee::Role(owner.clone());
        if let Some(looker) = self.beyond(&who) {
            let path = vec![Hop::Owner { role: owner.clone() }];
            self.find(looker, (&who, path, Vec::new()), Severity::Warning);
        }
    }

    /// Before 15 everybody may create in `public` of each new database, and where no service is at home no plan takes that away. What
    /// somebody makes of it is an error of its own.
    fn is_as_made(&self) -> bool {
        let managed = self.ground.desired.scope.databases.contains_key(self.both.name);
        !managed && self.object.name.as_str() == "public" && self.ground.server().major() < 15
    }

    /// Who owns a schema can let others use it; but as long as they may not, the server passes over it.
    fn severity(&self, looker: &Looker<'_>, owns: bool) -> Severity {
        let public = self.object.name.as_str() == "public" && !self.declared;
        // the layout says `open`
        let scope = self.ground.desired.scope.databases.get(self.both.name);
        let open = public && scope.is_some_and(|scope| !scope.public);
        match (public, looker.uses) {
            (true, _) if open && !owns => Severity::Warning,
            (true, _) => Severity::Error,
            // another service's, as the layout says
            (_, false) if self.declared => Severity::Note,
            (_, false) => Severity::Warning,
            // a service's own, named like somebody of none, as the layout says
            _ if self.declared && matches!(looker.party, Party::Trusted | Party::Guest(_)) => Severity::Warning,
            _ => Severity::Error,
        }
    }

    fn find(&self, looker: &Looker<'_>, (who, path, fix): (&Grantee, Vec<Hop>, Vec<String>), severity: Severity) {
        let Self { ground, both, object, .. } = *self;
        let target = Target::object(both.name, object);
        ground.find(Draft {
            code: "shadowing",
            who,
            privileges: Privileges::CREATE,
            claim: format!("nobody else creates in {}, where {} looks for names", target.shown(), looker.who),
            object: target,
            path,
            fix: if fix.is_empty() { advice(ground, looker) } else { fix },
            severity,
            certainty: Certainty::Conditional,
        });
    }
}
