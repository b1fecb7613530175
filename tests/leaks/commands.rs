//! Every command, where all goes well.

use crate::house::{House, Kind};
use crate::run::Run;

#[test]
fn with_a_folder() {
    let house = House::new(Kind::Folder);
    everything(&house);
    let demo = house.bare("demo").env("PATH", std::env::var_os("PATH").unwrap_or_default());
    assert_eq!(house.keep("demo", demo.end()), 0);
    house.is_silent();
    let has_run = house.has_run();
    let untried: Vec<String> = commands(&house, "")
        .into_iter()
        .filter(|command| !has_run.iter().any(|args| args.starts_with(command.as_str())))
        .collect();
    assert!(untried.is_empty(), "never run here: {untried:?}");
}

#[test]
fn with_secrets_manager() {
    let house = House::new(Kind::SecretsManager);
    everything(&house);
    house.is_silent();
}

#[test]
fn with_the_parameter_store() {
    let house = House::new(Kind::ParameterStore);
    everything(&house);
    house.is_silent();
}

/// The life of a cluster, from its first plan.
fn everything(house: &House) {
    house.ends("check", 0);
    house.ends("inspect --out snapshot.json", 0);
    house.ends("inspect", 0);
    house.ends("plan", 3);
    house.ends("plan --snapshot snapshot.json --format sql", 3);
    house.ends("plan --format json --out plan.json", 3);
    house.ends("plan --undo plan.json", 0);
    house.ends("apply plan.json --yes --allow all", 0);
    house.ends("plan --format json", 0);
    house.cluster.sql("orders").run("CREATE TABLE orders.t (n int); GRANT SELECT ON orders.t TO PUBLIC");
    house.cluster.sql("billing").run("GRANT CONNECT ON DATABASE billing TO orders_app");
    looks(house);
    house.ends("apply --yes --allow all", 0);
    for args in [
        "rotate --all --yes --min-age 0",
        "rotate --all --yes --min-age 0 --format json",
        "rotate --all --yes --retire --min-age 0",
        "rotate orders.app --yes --moved",
        "secrets status",
        "secrets status --format json",
    ] {
        house.ends(args, 0);
    }
    // somebody changes passwords by hand
    for role in ["orders_app", "billing_app"] {
        house.admin().run(&format!("ALTER ROLE {role} PASSWORD NULL"));
    }
    house.ends("secrets status", 3);
    house.ends("secrets repair", 0);
    house.ends("secrets repair --format json", 0);
    exports(house);
}

/// Whatever only looks, at a cluster with holes.
fn looks(house: &House) {
    for args in ["prove", "prove --format json", "prove --live", "prove --live --with-secrets --format json"] {
        house.ends(args, 4);
    }
    for format in ["text", "json", "markdown", "github", "sarif", "junit"] {
        house.ends(&format!("drift --format {format}"), 4);
    }
    for args in ["who can SELECT orders.orders.t", "who can SELECT orders.orders.t --format json", "who is orders_app"]
    {
        house.ends(args, 0);
    }
    // somebody else owns a table
    house.ends("adopt --database orders --out adopted.toml", 3);
}

fn exports(house: &House) {
    let on_aws =
        ["ecs orders", "iam execution orders", "iam task orders", "iam provisioner", "iam inspector", "terraform"];
    for args in on_aws {
        let args = format!(
            "export {args}{}",
            if args.starts_with("iam") { " --account 123456789012 --region eu-west-1" } else { "" }
        );
        let output = house.pgmoat(&args).end();
        // nobody logs in with IAM here
        let fails = house.kind == Kind::Folder || args.contains("task");
        assert_eq!(output.code != 0, fails, "{args}\n{output}");
        let _ = house.keep(&args, output);
    }
    house.ends("export hba", 0);
    house.ends("export pgbouncer --out bouncer", 0);
}

/// All commands, by what `--help` says.
fn commands(house: &House, of: &str) -> Vec<String> {
    let help = Run::new(house.cluster.folder.path()).args(of).args("--help").end().code(0).out;
    let Some((_, listed)) = help.split_once("Commands:\n") else { return vec![of.trim().to_owned()] };
    let names = listed.lines().take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  "));
    let names = names.filter_map(|line| line[2..].split(' ').next()).filter(|name| !["", "help"].contains(name));
    names.flat_map(|name| commands(house, &format!("{of} {name}"))).collect()
}
