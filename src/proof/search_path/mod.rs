//! The search_path of each login: every schema on it is owned, and open for CREATE, within the login's own service or by the trusted, and
//! holds no code of anybody else. What stands there runs as whoever names it without its schema.
//! <https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS>

mod code;
mod lookers;
mod missing;
mod party;
mod schemas;
mod setting;
mod system;
mod through;

use super::databases::Both;
use super::ground::Ground;
use lookers::Lookers;
pub(super) use setting::leads_beyond;

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let Some(on_path) = both.contents.code.as_ref().and_then(|code| code.on_path.as_ref()) else { return };
    let lookers = Lookers::of(ground, both, &on_path.routines);
    schemas::claims(ground, both, &lookers);
    missing::claims(ground, both, &lookers);
    system::claims(ground, both, &on_path.system);
    code::claims(ground, both, (&lookers, &on_path.code));
    code::relations(ground, both, &lookers);
    through::claims(ground, both, &lookers);
}

/// The same of a database in which no service is at home; who may create schemas there is another claim.
pub(super) fn claims_elsewhere(ground: &Ground<'_>, both: &Both<'_>) {
    let Some(on_path) = both.contents.code.as_ref().and_then(|code| code.on_path.as_ref()) else { return };
    let lookers = Lookers::of(ground, both, &on_path.routines);
    schemas::claims(ground, both, &lookers);
    system::claims(ground, both, &on_path.system);
    code::claims(ground, both, (&lookers, &on_path.code));
}
