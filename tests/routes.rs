//! The ways past the wall that PostgreSQL offers, each found by `prove`, really walked by a login that has no business there, closed, and
//! walked no longer; and those that it doesn't offer, which the walk must meet closed and `prove` must not claim. A route is a folder
//! below tests/routes/, a number for what opens it and a letter for its variants:
//!
//! - `expected.toml`: on which majors the route is open, what `prove` says of it, and what closes it; see `expected.rs`.
//! - `breach.sql`: what opens the hole; `walk.sql`: the way through it, by the logins that it names.
//! - `check.sql`: a query of one text, which the walk changes if it arrives. A walk arrives as often as it is walked.
//! - `layout.toml`; `setup.sql`: what the services' logins make for themselves once it is applied, and `more.sql` besides.
//! - `close.sql`: what closes a hole that neither the plan nor the finding's own fix closes; `reset.sql`: takes away what the first walk
//!   left behind, where it would be in the second one's way.
//!
//! What a folder lacks of `layout.toml`, `setup.sql` and `check.sql` it has from tests/routes/ itself: two services, svc_a and svc_b, in
//! one database, as they often are. SQL is as in the scenarios' `before.sql`, and `{data}`, `{socket}` and `{port}` are the server's.
//! Roles are real: each session is one of the role that `\connect` names, with the settings that it has.
//!
//! Before the breach every claim must hold, and after the closing again. Where a route is closed, by the server itself or by us, the
//! walk must meet the SQLSTATE that `expected.toml` names, and `check.sql` must say what it said.
//!
//! `PGMOAT_TEST_PG=14` … `18` chooses the server's version. Not covered: routes that only a superuser's mistake in the catalog itself
//! opens, and what a password's finder can do, which no catalog knows (18c, 19c).
//!
//! To add a route, add a folder and its name below.

#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod cluster;
#[path = "routes/expected.rs"]
mod expected;
#[path = "routes/proof.rs"]
mod proof;
#[path = "routes/route.rs"]
mod route;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod run;
#[path = "support/script.rs"]
mod script;
#[path = "routes/sessions.rs"]
mod sessions;

macro_rules! routes {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            route::run(stringify!($name));
        })+

        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

routes! {
    _01a_membership_chain,
    _01b_membership_of_a_stranger,
    _02_noinherit,
    _03a_set_option,
    _03b_admin_option,
    _03c_inherited_after_set_role,
    _03d_no_option_at_all,
    _03e_inherits_a_superuser,
    _04a_column_update,
    _04b_column_insert_beside_the_writer,
    _05a_owns_a_table,
    _05b_login_owns_a_table,
    _05c_owns_a_table_out_of_reach,
    _06a_owner_of_the_schema_drops,
    _06b_owner_of_the_schema_writes_not,
    _07a_owner_of_the_database_sets_for_all,
    _07b_owner_of_the_database_drops_in_public,
    _07c_setting_of_a_database,
    _07d_setting_of_a_login,
    _07e_search_path_into_nobodys_schema,
    _08a_pg_write_all_data,
    _08b_pg_read_all_data,
    _09a_definer_function,
    _09b_definer_function_out_of_reach,
    _09c_definer_function_of_a_superuser,
    _09d_definer_function_by_a_membership,
    _09e_definer_function_of_ones_own_service,
    _09f_definer_function_that_somebody_vouches_for,
    _09g_definer_function_of_a_stranger,
    _09h_definer_function_in_an_aggregate,
    _09h_definer_function_of_a_stranger_with_admin,
    _09i_bound_body_of_ones_own_service,
    _09j_bound_body_that_writes_the_writers_table,
    _10a_view,
    _10b_view_with_the_invokers_rights,
    _10c_materialized_view,
    _10d_view_in_nobodys_schema,
    _10e_callers_view,
    _10f_view_over_a_callers_view,
    _10g_callers_view_of_what_is_allowed,
    _11a_rule,
    _11b_rule_on_its_own_table,
    _11c_rule_within_one_service,
    _11d_rule_that_only_reads,
    _11e_rule_that_reads_a_copy,
    _12a_trigger_privilege,
    _12b_trigger_function,
    _12c_definer_trigger_of_ones_own_service,
    _12d_trigger_function_in_an_extension,
    _12d_trigger_of_another_on_a_partition,
    _12e_definer_trigger_through_a_view,
    _12f_definer_trigger_by_a_cascade,
    _13a_references_privilege,
    _13b_blocking_reference,
    _14a_on_delete_cascade,
    _14b_on_update_cascade,
    _14c_on_delete_set_null,
    _14d_on_update_cascade_by_a_column,
    _15a_inheritance,
    _15b_partition,
    _15c_partition_in_nobodys_schema,
    _16a_check,
    _16b_default,
    _16c_index,
    _16d_generated_column,
    _16e_policy,
    _16f_domain,
    _16g_view,
    _16h_triggers_condition,
    _16i_domain_over_a_domain,
    _16j_aggregate,
    _16k_operator,
    _17a_sequence_usage,
    _17b_sequence_without_update,
    _18a_foreign_server_with_a_mapping_for_public,
    _18b_view_over_a_foreign_table,
    _18c_foreign_server_and_a_known_password,
    _18d_foreign_server_with_a_mapping_to_another,
    _18e_view_over_a_foreign_table_of_one_service,
    _19a_dblink_without_a_password,
    _19b_dblink_connect_u,
    _19c_dblink_and_a_known_password,
    _20a_public_as_it_was,
    _20b_create_on_public,
    _20c_schema_named_like_a_login,
    _20d_owner_of_public,
    _20e_function_that_somebody_left_in_public,
    _20f_operator_that_somebody_left_in_public,
    _20g_view_in_an_undeclared_schema_on_the_path,
    _20h_schema_named_like_the_role_that_acts,
    _20i_path_of_the_database_into_an_odd_schema,
    _20j_missing_public_that_a_neighbour_makes,
    _20k_public_made_by_a_neighbour,
    _20m_path_of_a_routine,
    _20n_function_of_an_extension_that_a_stranger_owns,
    _20o_table_with_a_trigger_in_public,
    _21_temporary_tables_in_a_definer_function,
    _21b_creatable_schema_in_a_definer_functions_path,
    _22a_large_object,
    _22b_large_object_of_everybody,
    _22c_large_objects_unasked,
    _23_server_programs,
    _24a_server_files_written,
    _24b_server_files_read,
    _25_createrole,
    _26_replication,
    _27_bypassrls,
    _28_template1,
    _29_planted_default_privileges,
    _30a_subscription_as_its_owner,
    _30b_subscription_as_the_tables_owner,
    _31_parameter,
    _32a_maintain,
    _32b_pg_maintain,
    _33a_untrusted_language,
    _33b_event_trigger_refused,
    _33c_event_trigger_with_a_services_function,
    _33d_extension_refused,
    _34a_catalogs_of_a_shared_database,
    _34b_catalogs_of_another_database,
    _35_owner_of_another_database,
    _36_group_that_logs_in,
    _37a_support_function_of_a_range,
    _37b_support_function_of_an_operator_class,
    _37c_support_function_of_an_index,
    _37d_operator_class_of_another,
    _40a_text_search_dictionary_of_another,
    _40b_collation_of_another_in_nobodys_schema,
    _40c_extension_of_another,
    _40d_operator_class_of_another,
    _40e_extensions_table_granted_to_another,
    _40f_collation_of_ones_own,
    _45a_trigger_on_a_used_table,
    _45b_policy_on_a_used_table,
    _45c_view_of_a_used_tables_name,
    _45d_rule_on_a_used_table,
    _45e_default_of_a_used_table,
    _45f_check_of_a_used_table,
    _45g_generated_column_of_a_used_table,
    _45h_index_of_a_used_table,
    _45i_domain_in_a_used_table,
    _45j_operator_in_a_used_view,
    _45k_trigger_behind_a_used_view,
    _45l_trigger_on_a_used_tables_partition,
    _45m_trigger_set_off_by_a_cascade,
    _45n_writer_of_another_services_table,
    _45o_trusted_code_on_a_used_table,
    _45p_cast_of_a_used_tables_type,
    _45q_definer_function_where_all_is_used,
    _45r_harmless_code_on_used_tables,
    _45s_callers_view_over_the_users_own_table,
    _46a_cast_in_a_foreign_key,
    _46b_function_of_another_in_a_body,
    _46c_table_left_in_public,
    _46d_column_of_anothers_row_type,
    _46e_column_of_anothers_enum,
    _46f_type_in_returning,
    _46g_schema_named_like_a_guest,
    _46h_definer_cast_to_json,
    _46i_schemas_in_the_maintenance_database,
    _47a_domain_by_number_in_a_bound_body,
    _47b_domain_by_name_in_a_bound_body,
    _47c_check_behind_a_bound_body,
    _47c_default_behind_a_bound_body,
    _47d_policy_behind_a_bound_body,
    _47e_cast_to_a_domain_in_a_bound_body,
    _47e_domain_within_a_column_of_a_bound_bodys_table,
    _47f_after_trigger_by_a_cascade,
    _47f_before_trigger_across_a_wall,
    _47f_before_trigger_by_a_cascade,
    _47f_triggers_condition_by_a_cascade,
    _47g_check_by_a_key,
    _47g_default_by_a_key,
    _47g_definer_default_by_a_key,
    _47h_domain_of_another_named_in_a_text,
    _47h_name_of_a_domain_that_a_row_has,
    _47h_what_a_key_and_a_bound_body_run_that_harms_nobody,
    _48a_parent_of_the_writers_table,
    _48b_partition_of_a_table_without_the_writer,
    _48c_policy_that_its_role_drops,
    _48d_policy_for_several_roles,
    _48e_publication_of_another,
    _48f_negator_of_another,
    _48g_table_in_a_schema_of_another,
    _48h_function_in_a_schema_of_another,
    _48i_view_of_a_table_that_a_rule_closes,
    _48j_rule_on_a_table_that_a_rule_closes,
    _48k_own_mapping_before_that_of_everybody,
    _48l_part_with_a_rule_of_its_own,
    _49a_schema_named_like_an_admins_login,
    _49b_schema_named_like_a_superuser,
    _49c_function_in_public_of_the_maintenance_database,
    _49d_path_of_an_admins_login,
    _49e_text_search_configuration_in_public,
    _49f_text_search_configuration_of_another,
    _49g_central_audit_trigger_that_somebody_vouches_for,
    _49h_schema_that_an_admins_login_looks_for,
    _49i_path_of_a_superusers_routine,
    _50a_domain_over_anothers_domain,
    _50b_composite_on_the_path_of_anothers_domain,
    _50c_aggregate_on_the_path_of_anothers_function,
    _50d_range_of_anothers_functions,
    _50e_bound_body_on_the_path_of_anothers_domain,
    _50f_aggregate_in_a_used_view,
    _50g_bound_body_in_a_used_view,
    _50h_dropped_through_an_admins_things,
    _50i_field_of_anothers_type,
    _50j_column_of_anothers_multirange,
    _50k_column_of_anothers_search_and_key_of_his_class,
    _50m_harmless_things_of_the_trusted,
    _51a_rights_on_a_toast_table,
    _51b_owner_of_a_language,
    _51c_owner_of_a_server,
    _51d_used_foreign_table,
}

/// A folder without a test would never run.
#[test]
fn every_folder_has_a_test() {
    let mut folders = route::folders();
    folders.sort();
    let names: Vec<&str> = NAMES.iter().map(|name| route::folder_of(name)).collect();
    assert_eq!(folders, names, "the list in tests/routes.rs, sorted, is of all folders");
}
