//! Is a cluster as it was, as far as the script that led back promises?

use pgmoat::model::{Acl, Database, Granted, Grantee, Hold, Holding, Name, Privileges, Retiring, Snapshot, State};

/// What differs. Where the script says that something can't be undone exactly, grants may come from the owner.
pub(crate) fn difference(before: &Snapshot, after: &Snapshot, script: &str) -> Option<String> {
    let exact = !script.contains("-- cannot be undone exactly");
    let (was, is) = (comparable(before, before, exact), comparable(after, before, exact));
    let (was, is) = ((was, hung(before, exact, script)), (is, hung(after, exact, script)));
    if was == is {
        return None;
    }
    let (was, is) = (format!("{was:#?}"), format!("{is:#?}"));
    Some(similar::TextDiff::from_lines(&was, &is).unified_diff().context_radius(4).to_string())
}

/// Without the databases that weren't there, and without grantors where they can't come back.
fn comparable(snapshot: &Snapshot, before: &Snapshot, exact: bool) -> State {
    let mut state = snapshot.state.clone();
    state.databases.retain(|name, _| before.state.databases.contains_key(name));
    state.databases.values_mut().for_each(|database| plain(database, exact));
    if !exact || !snapshot.server.has_membership_options() {
        let nobody = Name::of_server("");
        let memberships = std::mem::take(&mut state.memberships).into_iter();
        state.memberships = memberships
            .map(|(mut membership, options)| {
                membership.grantor = nobody.clone();
                (membership, options)
            })
            .collect();
    }
    state
}

/// What hung on the roles that leave, in all databases; but for user mappings, whose passwords no plan knows, and databases where
/// the script says that it all stays with the heir.
fn hung(snapshot: &Snapshot, exact: bool, script: &str) -> Retiring {
    let mut hung = snapshot.retiring.clone();
    let acl = |acl: &Acl, owner: &Name| if exact { acl.clone() } else { from(acl, owner) };
    let dependents = std::mem::take(&mut hung.dependents).into_iter();
    let stays = |database: &Name| {
        let mut undone = script.lines().zip(script.lines().skip(1));
        let all = format!(" in database {}: from ", database.shown());
        undone
            .any(|(of, said)| of.contains("own: everything of ") && of.contains(&all) && said == "-- cannot be undone")
    };
    hung.databases.retain(|(database, _)| !stays(database));
    hung.code.retain(|database, _| !stays(database));
    // an ACL that says of the owner alone what is so without it
    let plain = |hold: &Hold| match hold {
        Hold::Rights { owner, acl } => acl.entries().all(|(grantee, _, _)| grantee.role() == Some(owner)),
        _ => false,
    };
    let dependents = dependents.filter(|dependent| !plain(&dependent.hold)).filter(|dependent| {
        !matches!(dependent.hold, Hold::Mapping { .. }) && !dependent.database.as_ref().is_some_and(stays)
    });
    hung.dependents = dependents
        .map(|mut dependent| {
            if let Hold::Rights { owner, acl: rights } = &mut dependent.hold {
                *rights = acl(rights, owner);
            }
            dependent
        })
        .collect();
    hung
}

fn plain(database: &mut Database, exact: bool) {
    let acl = |acl: &Acl, owner: &Name| if exact { acl.clone() } else { from(acl, owner) };
    let held = |held: &mut Holding| held.acl = acl(&held.acl, &held.owner).into();
    held(&mut database.held);
    database.objects.values_mut().for_each(held);
    for ((object, _), column) in &mut database.columns {
        *column = acl(column, &database.objects[object].owner).into();
    }
    database.columns.retain(|_, acl| **acl != Acl::default());
    database.defaults.retain(|key, acl| {
        let own = |grantee: &Grantee, _: &Name| grantee.role() == Some(&key.role);
        acl.without(own) != key.built_in()
    });
}

/// As if the owner had granted everything.
fn from(acl: &Acl, owner: &Name) -> Acl {
    let mut all = Acl::default();
    for (grantee, _, granted) in acl.entries() {
        // the owner has every option whatever the ACL says
        let options = if grantee.role() == Some(owner) { Privileges::NONE } else { granted.grantable };
        all.add(grantee.clone(), owner.clone(), Granted { grantable: options, ..granted });
    }
    all
}
