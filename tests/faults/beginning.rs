//! Before any fault: each of those who may apply can make what the faults happen to, and can plan.

use crate::actor::Actor;
use crate::world::World;

const OWNERS: &str = "SELECT DISTINCT o::regrole::text FROM (
    SELECT datdba FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT nspowner FROM pg_namespace WHERE oid >= 16384 UNION ALL SELECT relowner FROM pg_class WHERE oid >= 16384
    ) AS owned (o)";

#[test]
fn everybody_can_make_it() {
    for actor in [Actor::Superuser, Actor::Provisioner] {
        let world = World::wrong(actor, 0, &[]);
        for database in ["a", "b", "c"] {
            assert_eq!(world.admin(database).rows(OWNERS), [actor.role()], "{database}");
        }
        let _ = world.cluster.pgmoat("plan").end().code(3).out_has(&["a (database a)\n", "c (database c)\n"]);
    }
}
