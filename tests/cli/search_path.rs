//! The search_path as a part of the wall: what stands in a schema on it before the first apply, in a template, in one that others own; and
//! what is no alarm.

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;

const SHOP: &str = "
[service.orders]
database = \"shop\"
[service.orders.login]
app = \"dml\"
migrate = \"ddl\"
[service.billing]
database = \"shop\"
[service.billing.login]
app = \"dml\"
migrate = \"ddl\"
";

const TRAP: &str = "CREATE FUNCTION public.length(varchar) RETURNS int LANGUAGE sql AS 'SELECT 0'; \
                    ALTER FUNCTION public.length(varchar) OWNER TO stranger";

fn cluster(layout: &str) -> Cluster {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(layout);
    cluster.sql("postgres").run("CREATE ROLE stranger LOGIN");
    cluster
}

/// No login comes to a database in which a stranger's function waits.
#[test]
fn what_a_stranger_left_is_refused() {
    let cluster = cluster(SHOP);
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.sql("shop").run(TRAP);
    let refused = cluster.pgmoat("apply --yes --allow all").end().code(4);
    let _ = refused.err_has(&["code-on-path", "length(character varying)"]);
    assert_eq!(
        cluster.sql("postgres").rows("select rolname::text from pg_roles where rolname = 'orders_app'"),
        [""; 0]
    );
    cluster.sql("shop").run("ALTER FUNCTION public.length(varchar) OWNER TO postgres");
    cluster.converge();
    let _ = cluster.pgmoat("prove").end().code(0);
}

/// The same of what comes with a template: the database is there then, and nobody has come in.
#[test]
fn what_comes_with_a_template_is_refused() {
    let layout = SHOP.replace("database = \"shop\"\n", "database = \"shop\"\ncreate = { template = \"base\" }\n");
    let cluster = cluster(&layout);
    cluster.sql("postgres").run("CREATE DATABASE base");
    cluster.sql("base").run(TRAP);
    for _ in 0..2 {
        let refused = cluster.pgmoat("apply --yes --allow all").end().code(4);
        let _ = refused.err_has(&["code-on-path"]);
        let connects = "select r.rolname::text from pg_roles r where r.rolname ~ '^(orders|billing|stranger)' \
                        and has_database_privilege(r.oid, 'shop', 'CONNECT')";
        assert_eq!(cluster.sql("postgres").rows(connects), [""; 0]);
    }
    cluster.sql("shop").run("DROP FUNCTION public.length(varchar)");
    cluster.converge();
}

/// The owner of public changes back with a hazard, also for a provisioner that is no superuser; nobody gets USAGE before.
#[test]
fn public_goes_back_to_its_owner() {
    let mut cluster = cluster(SHOP);
    let major: u32 =
        cluster.sql("postgres").one("SELECT current_setting('server_version_num')").parse().expect("a number");
    cluster.sql("postgres").run(
        "CREATE ROLE prov LOGIN CREATEROLE CREATEDB; CREATE ROLE orders_ddl; GRANT orders_ddl TO prov WITH ADMIN OPTION",
    );
    cluster.sql("postgres").run("CREATE DATABASE shop OWNER prov");
    let layout = format!("[cluster]\nprovisioner = \"prov\"\n{SHOP}");
    cluster.layout(&layout);
    cluster.sql("shop").run("ALTER SCHEMA public OWNER TO orders_ddl; REVOKE ALL ON SCHEMA public FROM PUBLIC");
    cluster.user = "prov";
    let owner = if major >= 150_000 { "pg_database_owner" } else { "prov" };
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&[&format!("schema public: from orders_ddl to {owner} [moves-owner, takes-schema]")]);
    cluster.converge();
    let now = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'";
    assert_eq!(cluster.sql("shop").one(now), owner);
    let _ = cluster.pgmoat("prove").end().code(0);
}

/// An additive layout takes nothing, so it doesn't open a schema of somebody else's either.
#[test]
fn additive_opens_no_public_of_others() {
    let cluster = cluster(&format!("[cluster]\nmode = \"additive\"\n{SHOP}"));
    cluster.sql("postgres").run("CREATE DATABASE shop");
    cluster.sql("shop").run("ALTER SCHEMA public OWNER TO stranger; REVOKE ALL ON SCHEMA public FROM PUBLIC");
    let plan = cluster.pgmoat("plan").end().code(3);
    let _ = plan.out_has(&["shop: the schema public belongs to stranger, so the layout gives nobody USAGE on it"]);
    let sql = cluster.pgmoat("plan --format sql").end().code(3);
    // but as what is withheld
    let mut run = sql.out.lines().filter(|line| !line.starts_with("--"));
    assert!(!run.any(|line| line.contains("SCHEMA \"public\"")), "{sql}");
}

/// What superusers and their extensions have in public is no alarm, nor is a service that has public for itself, nor what it shares
/// with nobody.
#[test]
fn healthy_places_give_no_alarm() {
    let own = "[service.orders]\ndatabase = \"shop\"\nschemas = [\"public\"]\n[service.orders.login]\n\
               app = \"dml\"\nmigrate = \"ddl\"\n";
    let billing = &SHOP[SHOP.find("[service.billing]").expect("there")..];
    for layout in [SHOP.to_owned(), own.to_owned(), format!("{own}{billing}")] {
        let cluster = cluster(&layout);
        cluster.sql("postgres").run("CREATE DATABASE shop");
        cluster.sql("shop").run(
            "CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA public; \
             CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
             CREATE DOMAIN public.email AS public.citext CHECK (value::text ~ '@'); CREATE VIEW public.v AS SELECT public.similarity('a', 'b'); \
             CREATE SCHEMA stranger AUTHORIZATION stranger; SET ROLE stranger; CREATE VIEW stranger.v AS SELECT 1; RESET ROLE; \
             CREATE TABLE public.plain (id serial, at timestamptz DEFAULT now()); ALTER TABLE public.plain OWNER TO postgres",
        );
        let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
        let proof = cluster.pgmoat("prove").end().code(0);
        for code in ["shadowing", "code-on-path"] {
            let alarm = ["violated", "warning"].iter().any(|word| proof.out.contains(&format!("{word}[{code}]")));
            assert!(!alarm, "{layout}\n{proof}");
        }
    }
}
