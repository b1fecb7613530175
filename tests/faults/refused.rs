//! The server refuses a statement in the middle: here an event trigger does, as a full disk would, in one database of five.

use crate::actor::{Actor, each};
use crate::clients::Clients;
use crate::watch::Watch;
use crate::world::World;

/// In a schema that an apply leaves alone.
const RAISES: &str = "CREATE SCHEMA IF NOT EXISTS guard;
    CREATE OR REPLACE FUNCTION guard.raise() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'not today' USING ERRCODE = 'disk_full'; END $$;";

fn refused(actor: Actor, prepared: usize) {
    let world = World::new(actor, prepared, &[]);
    let (clients, watch) = (Clients::start(&world), Watch::start(&world));
    for (database, tag, at) in [
        ("a", "GRANT", "start"),
        ("a", "ALTER TABLE", "end"),
        ("b", "REVOKE", "end"),
        ("b", "ALTER TABLE", "start"),
        ("c", "ALTER DEFAULT PRIVILEGES", "start"),
        ("c", "REVOKE", "start"),
    ] {
        let admin = world.admin(database);
        admin.run(&format!(
            "{RAISES} CREATE EVENT TRIGGER guard ON ddl_command_{at} WHEN TAG IN ('{tag}') EXECUTE FUNCTION guard.raise()"
        ));
        let end = world.apply().end().code(1).out_has(&["a (database a)\n", "c (database c)\n"]);
        let words = if tag == "ALTER TABLE" { "ALTER " } else { tag };
        let end = end.err_has(&[
            &format!("was refused by the server; nothing was changed\n  {database}: {words}"),
            "caused by: not today (SQLSTATE 53100)\n",
            "what stays: the roles ",
            "what stays: the databases fresh (empty, closed to PUBLIC)\n",
            "hint: running it again continues from there\n",
        ]);
        world.quiet();
        world.untouched(&end.err);
        admin.run("DROP EVENT TRIGGER guard; DROP SCHEMA guard CASCADE");
        let _ = world.recover(&end.err);
        let _unseen = watch.pause();
        world.reset();
    }
    watch.end();
    clients.end(&[]);
}

#[test]
fn where_databases_are_committed_one_after_another() {
    each(|actor| refused(actor, 0));
}

#[test]
fn where_all_databases_are_committed_at_once() {
    each(|actor| refused(actor, 20));
}
