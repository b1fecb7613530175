//! Code that a text names, in what a service's objects are made of: no dependency shows whose it is.

use super::code::{Plants, by_owner, wall_over};
use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use crate::access::Hop;
use crate::model::{ByName, Grantee, Kind, Name, Object, Privileges};

pub(super) fn looked_up(ground: &Ground<'_>, both: &Both<'_>, call: &ByName) {
    let trusted = ground.is_trusted(&call.owner) || ground.desired.admins.contains(&call.owner);
    let Some(wall) = wall_over(ground, both, &call.user).filter(|_| !trusted) else { return };
    let target = Target::object(both.name, &call.user);
    let claim = format!("only its own service's code runs in {}", target.shown());
    match call.names.as_deref().map(meant) {
        // what a path leads to is the path's matter
        Some(Meant::Unqualified) => {}
        Some(Meant::In(schema, name)) => {
            let (schema, name) = (Name::of_server(&schema), Name::of_server(&name));
            let own = ground.desired.schemas.get(&(both.name.clone(), schema.clone())).is_some_and(|of| of == wall);
            if own || is_system(&schema) {
                return;
            }
            let objects = &both.actual.database.objects;
            let domain = Object { kind: Kind::Domain, schema: schema.clone(), name, args: "".into() };
            let there = [Kind::Domain, Kind::Type].map(|kind| objects.get(&Object { kind, ..domain.clone() }));
            // who may put another there
            let place = objects.get(&Object::schema(&schema));
            let mut owners: Vec<&Name> = there.into_iter().flatten().chain(place).map(|held| &held.owner).collect();
            owners.dedup();
            for owner in owners.into_iter().filter(|owner| ground.wall_of(owner) != Some(wall)) {
                let plants = Plants { code: &domain, owner, part: &call.part, relation: &call.user };
                let finding = ("foreign-code", target.clone(), claim.clone(), Vec::new(), Severity::Error);
                by_owner(ground, Some(wall), &plants, finding);
            }
        }
        Some(Meant::Unknown) | None => {
            let (code, part, relation) = (call.code.clone(), call.part.clone(), call.user.clone());
            ground.find(Draft {
                code: "foreign-code",
                who: &Grantee::Role(call.owner.clone()),
                privileges: Privileges::NONE,
                object: target,
                claim,
                path: vec![Hop::Plants { code, part, relation }],
                fix: Vec::new(),
                severity: if names_others(ground, both, wall) { Severity::Error } else { Severity::Warning },
                certainty: Certainty::Conditional,
            });
        }
    }
}

fn is_system(schema: &Name) -> bool {
    schema.as_str().starts_with("pg_") || schema.as_str() == "information_schema"
}

/// May a login of the service name what stands in a schema of somebody else, whose code the layout doesn't trust?
fn names_others(ground: &Ground<'_>, both: &Both<'_>, wall: &str) -> bool {
    let own: Vec<usize> = (0..ground.actual.principals().len()).filter(|at| ground.wall(*at) == Some(wall)).collect();
    let schemas = both.actual.database.objects.iter().filter(|(object, _)| object.kind == Kind::Schema);
    let mut others = schemas.filter(|(object, held)| {
        let of = ground.wall_around(both.name, object);
        of != Some(wall) && !is_system(&object.schema) && !(of.is_none() && ground.is_trusted(&held.owner))
    });
    others.any(|(object, _)| {
        let held = both.actual.held(object);
        let uses = |at: usize| held.get(&at).is_some_and(|held| held.contains(Privileges::USAGE));
        let trusts = |at: usize| {
            ground.wall_around(both.name, object).is_some_and(|provider| ground.trusts_code(at, wall, provider))
        };
        own.iter().any(|at| (uses(*at) || uses(0)) && !trusts(*at))
    })
}

/// What the name of a type says.
#[derive(Debug, PartialEq, Eq)]
enum Meant {
    Unqualified,
    In(String, String),
    Unknown,
}

/// Reads it as `parseTypeString` does, as far as that is easy.
fn meant(text: &str) -> Meant {
    let (mut names, mut rest) = (Vec::new(), text.trim_start());
    while let Some((name, after)) = identifier(rest) {
        names.push(name);
        rest = after.trim_start();
        let Some(after) = rest.strip_prefix('.') else { break };
        rest = after.trim_start();
    }
    match names.as_slice() {
        [.., schema, name] if !rest.starts_with('%') => Meant::In(schema.clone(), name.clone()),
        // a quoted name of Unicode escapes, or a comment
        [_] if !rest.contains(['.', '"', '&', '/', '-']) => Meant::Unqualified,
        _ => Meant::Unknown,
    }
}

/// A name at the start of a text, and what follows it.
fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_ascii_lowercase(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        let Some(more) = after.strip_prefix('"') else { return Some((name, after)) };
        name.push('"');
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::{Meant, meant};

    #[test]
    fn names_of_types() {
        let within = |schema: &str, name: &str| Meant::In(schema.into(), name.into());
        for (text, expected) in [
            ("shared.d", within("shared", "d")),
            (" Shared . \"D\"\"x\"[] ", within("shared", "D\"x")),
            ("shop.shared.d", within("shared", "d")),
            ("integer", Meant::Unqualified),
            ("numeric(10,2)", Meant::Unqualified),
            ("timestamp with time zone", Meant::Unqualified),
            ("U&\"d\"", Meant::Unknown),
            ("shared/**/.d", Meant::Unknown),
            ("", Meant::Unknown),
        ] {
            assert_eq!(meant(text), expected, "{text}");
        }
    }
}
