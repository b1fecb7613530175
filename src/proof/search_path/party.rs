//! Whose names are looked up: a service's, those of somebody whom pgmoat has to trust, or of a guest.

use super::super::ground::Ground;
use crate::model::{Grantee, Name};

/// Who shares what is found on a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Party<'a> {
    Service(&'a str),
    /// Superusers, admins, the provisioner, and who may become one of these: what is theirs harms none of them.
    Trusted,
    /// A SECURITY DEFINER routine of one of those: it says itself where it looks.
    TrustedCode,
    /// Of no service, and let in by an exception or by a right that nobody compares.
    Guest(Name),
}

impl Party<'_> {
    /// Whoever is meant isn't of this party. Of those who are trusted nobody asks.
    pub(super) fn is_beyond(&self, ground: &Ground<'_>, who: &Grantee) -> bool {
        let Some(role) = who.role() else { return true };
        match self {
            Self::Service(wall) => ground.wall_of(role) != Some(*wall),
            Self::Trusted | Self::TrustedCode => true,
            Self::Guest(guest) => {
                let acts_as = |one: &Name, other: &Name| ground.graph.may_become(one).contains(other);
                role != guest && !acts_as(role, guest) && !acts_as(guest, role)
            }
        }
    }
}
