//! Real servers, and layouts made true on them. A scenario is a folder below tests/scenarios/:
//!
//! - `before.sql`: what is there already, run as the superuser. `\connect DATABASE [ROLE]` goes elsewhere; `\from 16` and
//!   `\before 16`, up to `\end`, are for some major versions alone. A statement ends with the line that ends with `;`.
//! - `layout.toml`, or a folder `layout/` of several files.
//! - `drift.sql`, if there is one: what happened to a server on which the layout was true. It is run after a first apply, so
//!   that the plan shows the way back and nothing else.
//! - `plan.txt`: the plan that must come out, or the problems that the layout has on this server. `plan.15.txt` is for
//!   15 and older, up to the next such file.
//! - `after.sql`, if there is one: what happens once the layout is true. It must leave nothing to plan.
//! - `attempts.txt`, if there is one: what logins try, each in a session of its own, rolled back:
//!   `orders_app@orders: INSERT INTO orders.jobs DEFAULT VALUES -> 42501`, or `-> ok`; `connect` only connects.
//!
//! The one runner makes a server, runs `before.sql`, plans, applies, plans again (nothing may be left), applies again
//! (nothing may change, down to the rows' xmin), and then asks three authorities who can do what: the layout's meaning,
//! the catalog as read, and the server's own `has_table_privilege` and its like. All must agree.
//!
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version; without it, the newest that this machine has. With
//! `PGMOAT_TEST_URL` it is that server, one scenario at a time. Everything on it is dropped, so it must be empty at first,
//! and is then marked as a test server by a comment on its database.
//!
//! To add a scenario, add a folder and its name below. `UPDATE_GOLDEN=1` writes the plans anew, beginning with 18.

mod support;

macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            support::scenario::run(stringify!($name));
        })+

        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

scenarios! {
    fresh_two_services,
}

/// A folder without a test would never run.
#[test]
fn every_folder_has_a_test() {
    let folders = support::scenario::folders();
    let missing: Vec<_> = folders.iter().filter(|folder| !NAMES.contains(&folder.as_str())).collect();
    assert!(missing.is_empty(), "add to tests/scenarios.rs: {missing:?}");
    assert_eq!(folders.len(), NAMES.len());
}
