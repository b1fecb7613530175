//! Real servers, and layouts made true on them. A scenario is a folder below tests/scenarios/:
//!
//! - `before.sql`: what is there already, run as the superuser. `\connect DATABASE [ROLE]` goes elsewhere; `\from 16` and
//!   `\before 16`, up to `\end`, are for some major versions alone. A statement ends with the line that ends with `;`.
//! - `layout.toml`, or a folder `layout/` of several files.
//! - `drift.sql`, if there is one: what happened to a server on which the layout was true. It is run after a first apply, so
//!   that the plan shows the way back and nothing else.
//! - `first.toml`, if there is one: another layout, which is applied before `drift.sql` instead of it.
//! - `plan.txt`: the plan that must come out, or the problems that the layout has on this server. `plan.15.txt` is for
//!   15 and older, up to the next such file.
//! - `findings.txt`: what a proof finds before, and after the apply; `findings.15.txt` likewise.
//! - `after.sql`, if there is one: what happens once the layout is true. It must leave nothing to plan.
//! - `attempts.txt`, if there is one: what logins try, each in a session of its own, rolled back:
//!   `orders_app@orders: INSERT INTO orders.jobs DEFAULT VALUES -> 42501`, or `-> ok`; `connect` only connects.
//!
//! The one runner makes a server, runs `before.sql`, plans, applies, plans again (nothing may be left), applies again
//! (nothing may change, down to the rows' xmin), and then asks three authorities who can do what: the layout's meaning,
//! the catalog as read, and the server's own `has_table_privilege` and its like. All must agree. Of a
//! layout with `mode = "additive"` nobody may have lost anything, down to each item of each ACL on the server.
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

        /// The same, applied by a role that is no superuser.
        mod as_provisioner {
            $(#[test]
            fn $name() {
                super::support::scenario::run_as_provisioner(stringify!($name));
            })+
        }

        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

scenarios! {
    additive_on_a_messy_cluster,
    additive_on_nothing,
    additive_with_roles_in_use,
    admins_left_alone,
    allow_by_another_grantor,
    allow_later_objects,
    allow_membership,
    allow_of_columns,
    allow_of_families,
    allow_on_database,
    allow_on_schema,
    allow_on_tables,
    allow_public,
    allow_that_ended,
    alternating_after_single,
    alternating_slots,
    another_maintenance_database,
    application_tables_reference_each_other,
    attributes,
    awkward_names,
    cloud_roles,
    column_grants,
    column_grants_by_holders_of_the_table,
    column_grants_of_an_admin,
    ddl_login_creates,
    exclusive_after_additive,
    existing_messy,
    extensions,
    fresh_two_services,
    grant_option_chains,
    grantor_in_the_owning_role,
    grantors_who_count_as_others,
    grants_by_a_superuser,
    grants_by_an_admin,
    grants_by_an_admin_without_usage,
    grants_in_a_ring,
    grants_through_others_to_an_admin,
    half_created_database,
    inspector,
    login_that_was_locked,
    memberships,
    memberships_by_an_admin,
    memberships_in_the_way,
    memberships_of_admins_by_others,
    neighbours_schema,
    new_tables_none,
    new_tables_read,
    no_temporary_tables,
    null_and_empty_acls,
    objects_made_under_own_name,
    owned_sequences,
    owners_of_every_class,
    partition_in_another_schema,
    planted_defaults,
    problem_membership_circle,
    problem_no_provisioner,
    problem_retire,
    problem_table_without_writer,
    problem_trusted_role,
    problem_two_writers,
    public_grants,
    public_schema_as_the_services_own,
    public_schema_open,
    public_schema_usage,
    relation_kinds,
    retire_default_privileges,
    retire_foreign,
    retire_gone,
    retire_heir_had_rights,
    retire_memberships,
    retire_owner_of_every_class,
    retire_policies,
    retire_role,
    retire_second_grantors,
    retire_service,
    retire_service_and_database,
    routines_and_types,
    rules_without_a_writer,
    second_grantors,
    services_in_one_database,
    single_after_alternating,
    settings,
    single_writer,
    single_writer_everywhere,
    single_writer_of_another_service,
    strangers_code,
    unmanaged_schemas,
    uses_all_tables,
    uses_by_group_and_by_login,
    uses_insert_on_serial,
    wrong_owners,
}

/// A folder without a test would never run.
#[test]
fn every_folder_has_a_test() {
    let folders = support::scenario::folders();
    let missing: Vec<_> = folders.iter().filter(|folder| !NAMES.contains(&folder.as_str())).collect();
    assert!(missing.is_empty(), "add to tests/scenarios.rs: {missing:?}");
    assert_eq!(folders.len(), NAMES.len());
}
