//! `pg_catalog` and `information_schema`: the first is on every path, the second is what programs name.

use super::super::databases::Both;
use super::super::finding::{Certainty, Draft, Target};
use super::super::foreign::{Given, given};
use super::super::ground::Ground;
use crate::access::Hop;
use crate::model::{Acl, Grantee, Object, Privileges, SystemSchema};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, schemas: &[SystemSchema]) {
    for schema in schemas {
        ground.checked(1);
        let object = Object::schema(&schema.name);
        let what = Given {
            code: "shadowing",
            target: Target::object(both.name, &object),
            claim: format!("only superusers create in {}", Target::object(both.name, &object).shown()),
            on: Some(format!("SCHEMA {}", object.sql())),
            owner: &schema.owner,
        };
        let mut creating = Acl::default();
        for (grantee, grantor, granted) in schema.acl.entries() {
            creating.grant(grantee.clone(), grantor, granted.privileges.intersection(Privileges::CREATE));
        }
        given(ground, &what, &creating, |_| true);
        owned(ground, &what, schema);
    }
}

fn owned(ground: &Ground<'_>, what: &Given<'_>, schema: &SystemSchema) {
    let SystemSchema { name, owner, .. } = schema;
    if ground.is_trusted(owner) {
        return;
    }
    let find = |who: &Grantee, mut path: Vec<Hop>, severity| {
        path.push(Hop::Owner { role: owner.clone() });
        ground.find(Draft {
            code: what.code,
            who,
            privileges: Privileges::CREATE,
            object: what.target.clone(),
            claim: what.claim.clone(),
            path,
            fix: vec![format!("ALTER SCHEMA {} OWNER TO {}", name.quoted(), ground.server().bootstrap.quoted())],
            severity,
            certainty: Certainty::Conditional,
        });
    };
    let reaching = ground.actual.who_reaches(owner);
    for at in reaching.iter().filter(|at| ground.is_bound(**at)) {
        find(ground.who(*at), ground.actual.path_to(*at, owner), ground.severity(*at));
    }
    if reaching.is_empty() {
        find(&Grantee::Role(owner.clone()), Vec::new(), super::super::Severity::Error);
    }
}
