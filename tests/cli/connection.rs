//! Servers that can't be reached, refuse, or aren't what was meant; and every way to say where the server is.

use std::net::TcpListener;

use pgmoat::throwaway::Options;

use crate::cluster::{Cluster, NOTHING};

const LAYOUT: &str = "[service.orders.login]\napp = \"dml\"\n";

fn tcp() -> Cluster {
    let cluster = Cluster::with(&Options { tcp: true, ..Options::default() });
    cluster.layout(LAYOUT);
    cluster
}

#[test]
fn nobody_is_there() {
    let cluster = tcp();
    // a port that was just free
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    for command in ["plan", "apply --yes", "inspect"] {
        let run = cluster.bare().args(command).env("PGHOST", "127.0.0.1").env("PGPORT", port.to_string());
        let _ = run.end().code(1).out("").err(&format!(
            "error: failed to connect: 127.0.0.1:{port} can't be reached: Connection refused (os error 111)\n\
             hint: is the server running, are host and port right, and does a firewall or security group let us \
             through?\n"
        ));
    }
    let run = cluster.bare().args("plan -d").arg("host=/nonexistent port=5433");
    let _ = run.end().code(1).out("").err(
        "error: failed to connect: no server listens at socket /nonexistent port 5433: No such file or directory \
         (os error 2)\n\
         hint: is the server running there? -d, PGHOST and PGPORT say where to look; host=NAME connects by TCP\n",
    );
    let run = cluster.bare().args("plan -d").arg("postgresql://me@nowhere.invalid/");
    let _ = run.end().code(1).out("").err_has(&[
        "error: failed to connect: the host name of nowhere.invalid:5432 can't be resolved\n  caused by: ",
        "hint: is the name spelled right",
    ]);
}

#[test]
fn the_server_says_no() {
    let cluster = tcp();
    let place = format!("127.0.0.1:{}", cluster.server.port());
    let bare = || cluster.aim(cluster.bare()).env("PGHOST", "127.0.0.1");
    let _ = bare().args("plan").end().code(1).out("").err(&format!(
        "error: failed to connect: {place} asks for a password of user `postgres`, and none is given\n\
         hint: give it in PGPASSWORD, in ~/.pgpass (mode 0600), or in the connection string\n"
    ));
    let wrong = bare().args("plan").env("PGPASSWORD", "sesame").end().code(1).out("");
    let _ = wrong.err(&format!(
        "error: failed to connect: {place} refused user `postgres` in database `postgres`\n  \
         caused by: password authentication failed for user \"postgres\" (SQLSTATE 28P01)\n\
         hint: the password for `postgres` is wrong, or the role has none\n"
    ));
    cluster.layout(&format!("[cluster]\ndatabase = \"mantenance\"\n{LAYOUT}"));
    let _ = cluster.pgmoat("plan").end().code(1).out("").err_has(&[
        "refused user `postgres` in database `mantenance`\n",
        "  caused by: database \"mantenance\" does not exist (SQLSTATE 3D000)\n",
        "hint: ",
        "mantenance",
    ]);
    cluster.layout(LAYOUT);
    let nobody = cluster.pgmoat("plan").env("PGUSER", "nobody_here").end().code(1).out("");
    let _ = nobody.err_has(&["refused user `nobody_here`", "role \"nobody_here\" does not exist", "hint: "]);
}

/// What it may not do is told before anything runs.
#[test]
fn a_role_without_rights_changes_nothing() {
    let cluster = tcp();
    cluster.sql("postgres").run("CREATE ROLE dev LOGIN");
    let before = cluster.catalog();
    let lacks = [
        "out of reach: dev lacks CREATEROLE\n  ! create   role ",
        "ALTER ROLE \"dev\" CREATEROLE;",
        "dev lacks CREATEDB",
    ];
    let _ = cluster.pgmoat("plan").env("PGUSER", "dev").end().code(3).err("").out_has(&lacks);
    let run = cluster.pgmoat("apply --yes --allow all").env("PGUSER", "dev").end().code(5).out_has(&lacks);
    let _ = run.err_has(&["out of reach, and nothing was changed", "hint: "]);
    let _ = cluster.pgmoat("apply --yes --allow all,partial").env("PGUSER", "dev").end().code(0);
    assert_eq!(cluster.catalog(), before);
}

#[test]
fn the_ways_of_libpq() {
    let cluster = tcp();
    let admin = cluster.sql("postgres");
    admin.run("CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'open sesame'");
    let port = cluster.server.port();
    let applied = || cluster.bare().args("apply --yes").env("PGHOST", "127.0.0.1").env("PGPORT", port.to_string());
    let _ = applied().env("PGUSER", "boss").env("PGPASSWORD", "open sesame").end().code(0).err("");

    let plan = || cluster.bare().args("plan");
    let url = format!("postgresql://boss:open%20sesame@127.0.0.1:{port}/template1");
    let _ = plan().args("-d").arg(url).end().code(0).out(NOTHING).err("");
    let text = format!("host=127.0.0.1 port={port} user=boss password='open sesame'");
    let _ = plan().args("-d").arg(text).end().code(0).out(NOTHING).err("");

    let pgpass = cluster.write(".pgpass", format!("127.0.0.1:{port}:*:boss:open sesame\n"));
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&pgpass, std::fs::Permissions::from_mode(mode)).expect("chmod");
    };
    mode(0o600);
    let by_file = || plan().args("-d").arg(format!("host=127.0.0.1 port={port} user=boss"));
    let _ = by_file().end().code(0).out(NOTHING).err("");
    mode(0o644);
    let _ = by_file().end().code(1).out("").err_has(&["warning: ", ".pgpass", "asks for a password", "chmod 0600"]);
    let elsewhere = cluster.folder.path().join("elsewhere");
    mode(0o600);
    std::fs::rename(&pgpass, &elsewhere).expect("renamed");
    let _ = by_file().env("PGPASSFILE", &elsewhere).end().code(0).out(NOTHING).err("");

    let service = format!("[shop]\nhost=127.0.0.1\nport={port}\nuser=boss\npassword=open sesame\n");
    cluster.write(".pg_service.conf", &service);
    let _ = plan().env("PGSERVICE", "shop").end().code(0).out(NOTHING).err("");
    let _ = plan().args("-d service=shop").end().code(0).out(NOTHING).err("");
    let _ = plan().args("-d service=shp").end().code(1).out("").err_has(&["failed to read where to connect", "shp"]);
}

/// A setting of the role or the database can make a session run as somebody else, or look elsewhere.
#[test]
fn settings_of_others_dont_lead_astray() {
    let cluster = tcp();
    let admin = cluster.sql("postgres");
    admin.run("CREATE ROLE boss LOGIN SUPERUSER; CREATE ROLE puppet; GRANT puppet TO boss");
    admin.run("ALTER ROLE boss SET role = 'puppet'; ALTER ROLE boss SET search_path = 'public'");
    admin.run("ALTER ROLE boss SET DateStyle = 'German'; ALTER ROLE boss SET client_min_messages = 'error'");
    admin.run("CREATE FUNCTION public.count(int) RETURNS int LANGUAGE sql AS 'SELECT 1/0'");
    let run = cluster.pgmoat("apply --yes").env("PGUSER", "boss").end();
    let _ = run.code(0).err("");
    let _ = cluster.pgmoat("plan").env("PGUSER", "boss").end().code(0).out(NOTHING).err("");
}

/// A guard that somebody put up isn't taken down, but named.
#[test]
fn a_role_that_may_only_read() {
    let cluster = tcp();
    cluster.sql("postgres").run("CREATE ROLE boss LOGIN SUPERUSER");
    cluster.sql("postgres").run("ALTER ROLE boss SET default_transaction_read_only = on");
    let before = cluster.catalog();
    let _ = cluster.pgmoat("plan").env("PGUSER", "boss").end().code(3).err("");
    let run = cluster.pgmoat("apply --yes").env("PGUSER", "boss").end().code(1);
    let _ = run.err_has(&["nothing was changed", "SQLSTATE 25006", "hint: default_transaction_read_only is on"]);
    assert_eq!(cluster.catalog(), before);
}
