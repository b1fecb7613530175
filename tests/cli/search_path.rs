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

/// Whatever a name finds, of any class: a stranger's is found, and a superuser's is not.
#[test]
fn a_name_finds_more_than_functions() {
    let cluster = cluster(SHOP);
    cluster.converge();
    let shop = cluster.sql("shop");
    shop.run(
        "CREATE TEXT SEARCH DICTIONARY public.dict (TEMPLATE = pg_catalog.simple); \
         CREATE TEXT SEARCH CONFIGURATION public.cfg (COPY = pg_catalog.english); \
         CREATE COLLATION public.coll FROM \"C\"; \
         CREATE CONVERSION public.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; \
         CREATE OPERATOR public.=== (FUNCTION = pg_catalog.texteq, LEFTARG = text, RIGHTARG = text); \
         CREATE OPERATOR FAMILY public.fam USING btree; \
         CREATE TABLE public.plain (a int, b int); CREATE STATISTICS public.stat ON a, b FROM public.plain",
    );
    let _ = cluster.pgmoat("prove").end().code(0);
    let kinds = [
        "TEXT SEARCH DICTIONARY public.dict",
        "TEXT SEARCH CONFIGURATION public.cfg",
        "COLLATION public.coll",
        "CONVERSION public.conv",
        "OPERATOR public.=== (text, text)",
        "OPERATOR FAMILY public.fam USING btree",
    ];
    for kind in kinds {
        shop.run(&format!("ALTER {kind} OWNER TO stranger"));
        let found = cluster.pgmoat("prove").end().code(4);
        let _ = found.out_has(&["violated[code-on-path]"]);
        shop.run(&format!("ALTER {kind} OWNER TO postgres"));
    }
    // nobody names statistics but who changes them
    shop.run("ALTER TABLE public.plain OWNER TO stranger; ALTER STATISTICS public.stat OWNER TO stranger");
    let _ = cluster.pgmoat("prove").end().code(0);
}

/// Before 15 everybody may create in `public` of the maintenance database: said, and an error as soon as somebody does. From 15 on
/// somebody has opened it.
#[test]
fn public_of_the_maintenance_database() {
    let cluster = cluster(SHOP);
    cluster.converge();
    let admin = cluster.sql("postgres");
    admin.run("DO $$ BEGIN IF current_setting('server_version_num')::int < 150000 THEN GRANT CREATE ON SCHEMA public TO PUBLIC; END IF; END $$");
    let early = admin.one("SELECT (current_setting('server_version_num')::int < 150000)::text") == "true";
    let fix = "fix: REVOKE CREATE ON SCHEMA \"public\" FROM PUBLIC;";
    let proof = cluster.pgmoat("prove").end().code(0);
    assert_eq!(proof.out.contains("warning[shadowing]"), early, "{proof}");
    if !early {
        admin.run("GRANT CREATE ON SCHEMA public TO PUBLIC");
        let _ = cluster.pgmoat("prove").end().code(4).out_has(&["violated[shadowing]", fix]);
    }
    // what the trusted have there is theirs, and a person may be trusted by what he is a member of
    admin.run("CREATE ROLE boss; CREATE ROLE ann LOGIN IN ROLE boss");
    cluster.layout(&format!("[cluster]\nadmins = [\"boss\"]\n{SHOP}"));
    cluster.sql_as("ann", "postgres").run("CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    let proof = cluster.pgmoat("prove").end();
    assert!(!proof.out.contains("code-on-path"), "{proof}");
    cluster.sql_as("stranger", "postgres").run("CREATE FUNCTION public.g() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    let _ = cluster.pgmoat("prove").end().code(4).out_has(&["violated[code-on-path]", "g()"]);
    // a snapshot knows it, too, and one that doesn't proves nothing
    let snapshot = cluster.pgmoat("inspect").end().code(0).out;
    let _ = cluster.write("now.json", &snapshot);
    let _ = cluster.bare().args("prove --snapshot now.json").end().code(4).out_has(&["violated[code-on-path]", "g()"]);
    let mut old: serde_json::Value = serde_json::from_str(&snapshot).expect("JSON");
    let _ = old.as_object_mut().expect("an object").remove("maintenance").expect("it has it");
    let _ = cluster.write("old.json", old.to_string());
    let _ = cluster.bare().args("prove --snapshot old.json").end().code(1).err_has(&["postgres", "earlier pgmoat"]);
    admin.run("DROP FUNCTION public.g(); REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    let proof = cluster.pgmoat("prove").end().code(0);
    assert!(!proof.out.contains("warning[shadowing]"), "{proof}");
}

/// A guest's own schema on his own path harms nobody, nor does a path over those of services that somebody declared himself.
#[test]
fn a_guests_own_path_is_no_alarm() {
    let allow = "[[allow]]\nrole = \"metabase\"\nmember_of = \"orders_ro\"\nreason = \"dashboards\"\n";
    let cluster = cluster(&format!("{SHOP}{allow}"));
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let shop = cluster.sql("shop");
    shop.run(
        "CREATE ROLE metabase LOGIN IN ROLE orders_ro; CREATE SCHEMA boards AUTHORIZATION metabase; \
         ALTER ROLE metabase IN DATABASE shop SET search_path = boards, orders, public",
    );
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = cluster.pgmoat("drift").end().code(0);
}

/// A setting of the database can keep a session from starting that isn't a superuser's: nobody is told to grant CONNECT.
#[test]
fn a_session_that_a_setting_refuses() {
    let mut cluster = cluster(&format!("[cluster]\nprovisioner = \"prov\"\n{SHOP}"));
    cluster.sql("postgres").run("CREATE ROLE prov CREATEROLE CREATEDB; CREATE ROLE dba LOGIN IN ROLE prov");
    let _ = cluster.pgmoat("apply --yes --allow all").end().code(0);
    cluster
        .sql_as("billing_migrate", "shop")
        .run("CREATE TEXT SEARCH CONFIGURATION billing.cfg (COPY = pg_catalog.simple)");
    cluster.sql("postgres").run("ALTER DATABASE shop SET default_text_search_config = 'billing.cfg'");
    cluster.user = "dba";
    let run = cluster.pgmoat("prove").end();
    assert!(!run.err.contains("GRANT CONNECT"), "{run}");
    let _ = run.code(1).err_has(&["permission denied for schema billing", "RESET", "default_text_search_config"]);
}
