//! No password comes out, whatever goes wrong.

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;
use crate::run::{Output, Run};

const SECRET: &str = "sesame";

#[track_caller]
fn is_kept(output: &Output) {
    let shown = format!("{}{}", output.out, output.err);
    assert!(!shown.to_lowercase().contains(SECRET), "{output}");
}

fn tcp() -> Cluster {
    let cluster = Cluster::with(&Options { tcp: true, ..Options::default() });
    cluster.layout("[service.orders.login]\napp = \"dml\"\n");
    cluster.sql("postgres").run("CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'sesame'");
    cluster
}

#[test]
fn in_connection_strings() {
    let cluster = tcp();
    let port = cluster.server.port();
    for text in [
        format!("postgresql://nobody:sesame@127.0.0.1:{port}/postgres"),
        "postgresql://boss:sesame@127.0.0.1:1/postgres".into(),
        "postgresql://boss:sesame@nowhere.invalid/postgres".into(),
        "postgresql://boss:sesame@[::1/postgres".into(),
        "postgresql://boss:sesame%zz@127.0.0.1/".into(),
        "postgresql://boss:se/sesame@127.0.0.1/".into(),
        "postgresql://boss:se@sesame@127.0.0.1/".into(),
        "postgresql://boss:p#sesame@127.0.0.1/".into(),
        "postgresql://boss:p?sesame@127.0.0.1/".into(),
        "postgresql://127.0.0.1/?password=sesame&bogus=1".into(),
        "postgresql://127.0.0.1/?sesame".into(),
        "postgre://boss:sesame@127.0.0.1/".into(),
        "boss:sesame@127.0.0.1/postgres".into(),
        format!("host=127.0.0.1 port={port} user=nobody password=sesame"),
        "host=127.0.0.1 password=open sesame".into(),
        "host=127.0.0.1 password='sesame".into(),
        "host=127.0.0.1 pasword=sesame".into(),
        "host=127.0.0.1 port=x password=sesame".into(),
        "host=127.0.0.1 password = sesame sslmode=strong".into(),
        "host=127.0.0.1 password=sesame service=none".into(),
        "password=sesame host=127.0.0.1 port=1 options='-c a.token=sesame'".into(),
    ] {
        for command in ["plan -v", "apply -v --yes", "inspect -v"] {
            let output = cluster.bare().args(command).args("-d").arg(&text).end().code(1).out("");
            is_kept(&output);
        }
    }
}

#[test]
fn in_the_environment_and_in_files() {
    let cluster = tcp();
    let port = cluster.server.port().to_string();
    let tcp = |user: &str| {
        let run = cluster.bare().args("apply -v --yes").env("PGHOST", "127.0.0.1").env("PGPORT", &port);
        run.env("PGUSER", user)
    };
    let fails = |run: Run| is_kept(&run.end().code(1));
    fails(tcp("nobody").env("PGPASSWORD", SECRET));
    fails(tcp("boss").env("PGPASSWORD", SECRET).env("PGPORT", "1"));
    fails(tcp("boss").env("PGPASSWORD", "wrong sesame"));
    fails(tcp("boss").env("PGPASSWORD", SECRET).env("PGSSLMODE", SECRET));
    let pgpass = cluster.write("pgpass", "127.0.0.1:*:*:nobody:sesame\n127.0.0.1:sesame\nsesame\n");
    fails(tcp("nobody").env("PGPASSFILE", &pgpass));
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&pgpass, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    }
    fails(tcp("nobody").env("PGPASSFILE", &pgpass));
    cluster.write(".pg_service.conf", "[shop]\nhost=127.0.0.1\npassword=sesame\nbogus=sesame\n");
    fails(tcp("boss").env("PGSERVICE", "shop"));
    cluster.write(".pg_service.conf", "[shop\npassword=sesame\n");
    fails(tcp("boss").env("PGSERVICE", "shop"));
}

#[test]
fn in_statements_that_fail() {
    let cluster = tcp();
    let admin = cluster.sql("postgres");
    admin.run(
        "CREATE FUNCTION public.no() RETURNS event_trigger LANGUAGE plpgsql AS \
         $$BEGIN RAISE EXCEPTION 'not in this house'; END$$",
    );
    admin.run("CREATE DATABASE orders");
    let orders = cluster.sql("orders");
    orders.run(
        "CREATE FUNCTION public.no() RETURNS event_trigger LANGUAGE plpgsql AS \
         $$BEGIN RAISE EXCEPTION 'not in this house'; END$$",
    );
    orders.run("CREATE EVENT TRIGGER no ON ddl_command_start EXECUTE FUNCTION public.no()");
    let url = format!("postgresql://boss:sesame@127.0.0.1:{}/", cluster.server.port());
    let output = cluster.bare().args("apply -v --yes --allow all -d").arg(&url).end().code(1);
    is_kept(&output);
    let _ = output.err_has(&["not in this house"]);
    // nor into what is written for others to read
    for args in ["plan --format json --out plan.json -v", "inspect --out snapshot.json -v", "inspect -v"] {
        is_kept(&cluster.bare().args(args).args("-d").arg(&url).end());
    }
    for file in ["plan.json", "snapshot.json"] {
        let text = cluster.read(file);
        assert!(!text.contains(SECRET) && !text.contains("SCRAM-SHA-256"), "{file}");
    }
}
