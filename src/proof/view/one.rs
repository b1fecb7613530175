//! A single finding in words, for views that aren't a proof's alone.

use super::text;
use crate::proof::Finding;

/// `billing_app can INSERT on orders.orders.jobs`
#[must_use]
pub fn sentence(finding: &Finding) -> String {
    text::sentence(finding, 1)
}

/// The way that leads there, from the principal to the object.
#[must_use]
pub fn path(finding: &Finding) -> String {
    text::arrow(&finding.shown, &finding.path, finding.rights, &finding.object.shown())
}
