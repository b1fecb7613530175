//! Rights that a role without SUPERUSER borrows to act as an owner: taken first and given back last in one transaction, so that
//! nobody ever sees them, and never a membership that was there before.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::Loan;
use super::build::{Context, Draft};
use super::place::Place;
use super::sql;
use super::step::{Action, ObjectRef};
use crate::model::{MembershipOptions, Name};

pub(super) fn add(loans: &BTreeMap<Place, BTreeMap<Name, Loan>>, context: &Context<'_>, drafts: &mut Vec<Draft>) {
    for (place, loans) in loans {
        let loans: Vec<&Loan> = loans.values().collect();
        let (take, give): (Vec<_>, Vec<_>) =
            loans.iter().map(|loan| (take(loan, context), give(loan, context))).unzip();
        drafts.push(draft(context, place, &loans, (Action::Borrow, take.clone(), give.clone())));
        drafts.push(draft(context, place, &loans, (Action::Return, give, take)));
    }
}

/// The way back takes rights that the way there didn't: who granted what fell with somebody else's word grants it again. They
/// are taken first and given back last there, too.
pub(super) fn add_back(loans: &BTreeMap<Place, BTreeMap<Name, Loan>>, context: &Context<'_>, drafts: &mut [Draft]) {
    if context.snapshot.server.superuser {
        return;
    }
    for transaction in drafts.chunk_by_mut(|a, b| a.place == b.place) {
        let borrowed = loans.get(&transaction[0].place);
        let undo = transaction.iter().flat_map(|draft| &draft.undo);
        let become_them: BTreeSet<&str> = undo.filter_map(|sql| sql.strip_prefix("SET LOCAL ROLE ")).collect();
        let roles = context.snapshot.state.roles.keys().chain(context.desired.state.roles.keys());
        let roles: BTreeSet<&Name> = roles.filter(|role| become_them.contains(role.quoted().as_str())).collect();
        let roles = roles.into_iter().filter(|role| borrowed.is_none_or(|loans| !loans.contains_key(*role)));
        let more: Vec<Loan> = roles.filter_map(|role| context.authority().be(role).ok().flatten()).collect();
        if let ([first, ..], false) = (&mut *transaction, more.is_empty()) {
            first.undo.extend(more.iter().map(|loan| give(loan, context)));
        }
        if let [.., last] = transaction {
            last.undo.splice(0..0, more.iter().map(|loan| take(loan, context)));
        }
    }
}

fn draft(
    context: &Context<'_>,
    place: &Place,
    loans: &[&Loan],
    (action, sql, undo): (Action, Vec<String>, Vec<String>),
) -> Draft {
    let user = context.snapshot.server.user.shown();
    let names: Vec<String> = loans.iter().map(|loan| loan.membership.role.shown()).collect();
    let names = names.join(", ");
    let (what, why) = match action {
        Action::Borrow => (format!("the rights of {names}"), format!("{user} is no superuser: it acts as the owner")),
        _ => (format!("the rights of {names}"), "nothing of them is left when the transaction ends".into()),
    };
    Draft {
        roles: vec![context.snapshot.server.user.as_str().into()],
        service: context.service_of_role(&loans[0].membership.role),
        sql,
        undo,
        what,
        why,
        ..Draft::empty(place.clone(), action, ObjectRef::shared("role", &loans[0].membership.role))
    }
}

fn take(loan: &Loan, context: &Context<'_>) -> String {
    let has_options = context.has_options();
    if has_options {
        sql::join_again(&loan.membership, MembershipOptions::PLAIN, has_options)
    } else {
        sql::join(&loan.membership, MembershipOptions::PLAIN, has_options)
    }
}

/// Before 16 there is one membership a pair, and it is only borrowed where there is none.
fn give(loan: &Loan, context: &Context<'_>) -> String {
    match loan.before {
        Some(before) => {
            sql::join_again(&loan.membership, MembershipOptions { admin: false, ..before }, context.has_options())
        }
        None => sql::leave(&loan.membership, "", context.has_options()),
    }
}
