//! What isn't a table of the service, and leads to it or to the server all the same: subscriptions, large objects,
//! languages, the system's own functions.

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::fix::revoke;
use super::ground::Ground;
use super::objects::WRITES;
use crate::access::Hop;
use crate::model::{Acl, Grantee, Name, Subscription};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let Some(code) = &both.contents.code else { return };
    code.subscriptions.iter().for_each(|subscription| written(ground, both, subscription));
    for large in &code.large_objects {
        let name = match large.count {
            1 => large.example.to_string(),
            count => format!("{} and {} more", large.example, count - 1),
        };
        let on = format!("LARGE OBJECT {}", large.example);
        let what = Given {
            code: "large-object",
            target: Target::other("large object", Some(both.name), &name),
            claim: format!("large objects of {} are its own service's", large.owner.shown()),
            on: (large.count == 1).then_some(on),
            owner: &large.owner,
        };
        let wall = ground.wall_of(&large.owner);
        if wall.is_some() {
            given(ground, &what, &large.acl, |principal| ground.is_beyond(principal, wall));
        }
    }
    for language in &code.languages {
        let what = Given {
            code: "untrusted-language",
            target: Target::other("language", Some(both.name), language.name.as_str()),
            claim: format!("only superusers write {}", language.name.shown()),
            on: Some(format!("LANGUAGE {}", language.name.quoted())),
            owner: &language.owner,
        };
        given(ground, &what, &language.acl, |_| true);
    }
    for right in &code.system_rights {
        let on = format!("{} {}", right.object.kind.grant_keyword(), right.object.sql());
        let what = Given {
            code: "system-right",
            target: Target::object(both.name, &right.object),
            claim: "the system's own catalogs and functions, and extensions', are as they were made".into(),
            on: right.column.is_none().then_some(on),
            owner: &ground.server().bootstrap,
        };
        given(ground, &what, &added(&right.acl, &right.initial), |_| true);
    }
}

fn added(acl: &Acl, initial: &Acl) -> Acl {
    let mut added = Acl::default();
    for (grantee, grantor, granted) in acl.entries() {
        let more = granted.privileges.minus(initial.held_by(grantee));
        added.grant(grantee.clone(), grantor, more);
    }
    added
}

/// What a subscription writes, its owner does.
fn written(ground: &Ground<'_>, both: &Both<'_>, subscription: &Subscription) {
    let wall = ground.wall_around(both.name, &subscription.table);
    if wall.is_none() || wall == ground.wall_of(&subscription.owner) {
        return;
    }
    let target = Target::object(both.name, &subscription.table);
    let hop = Hop::Owner { role: subscription.owner.clone() };
    let may = both.actual.as_role(&subscription.owner, &subscription.table).0.intersection(WRITES);
    if subscription.run_as_owner && may.is_empty() {
        return;
    }
    ground.find(Draft {
        code: "subscription",
        who: &Grantee::Role(subscription.owner.clone()),
        privileges: if subscription.run_as_owner { may } else { WRITES },
        claim: format!("no other service's subscription writes {}", target.shown()),
        object: target,
        path: vec![hop],
        fix: vec![format!("ALTER SUBSCRIPTION {} DISABLE", subscription.name.quoted())],
        // else it writes only what its owner may become the owner of
        severity: if subscription.run_as_owner { Severity::Error } else { Severity::Warning },
        certainty: Certainty::Conditional,
    });
}

/// Something with an ACL of its own.
pub(super) struct Given<'a> {
    pub(super) code: &'static str,
    pub(super) target: Target,
    pub(super) claim: String,
    /// How GRANT names it.
    pub(super) on: Option<String>,
    pub(super) owner: &'a Name,
}

/// A finding for everybody who has a right on it and shouldn't.
pub(super) fn given(ground: &Ground<'_>, what: &Given<'_>, acl: &Acl, beyond: impl Fn(usize) -> bool) {
    for (grantee, grantor, granted) in acl.entries() {
        let reaching = match grantee.role() {
            None => [0].into(),
            Some(role) if role == what.owner || ground.is_trusted(role) => continue,
            Some(role) => ground.actual.who_reaches(role),
        };
        let bound = |at: &usize| ground.is_bound(*at) && (grantee.role().is_none() || beyond(*at));
        for at in reaching.into_iter().filter(bound) {
            let mut path = grantee.role().map(|role| ground.actual.path_to(at, role)).unwrap_or_default();
            path.push(Hop::Acl { grantee: grantee.clone(), grantor: grantor.clone(), privileges: granted.privileges });
            let keywords = granted.privileges.keywords();
            let fix = what.on.as_ref().map(|on| revoke(&keywords, on, grantee, (grantor, what.owner)));
            ground.find(Draft {
                code: what.code,
                who: ground.who(at),
                privileges: granted.privileges,
                object: what.target.clone(),
                claim: what.claim.clone(),
                path,
                fix: fix.unwrap_or_default(),
                severity: ground.severity(at),
                certainty: Certainty::Certain,
            });
        }
    }
}
