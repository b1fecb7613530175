//! Files of a pull request: names that would be lines of their own, links, FIFOs, JSON without an end; and `--out` over what
//! somebody else wrote.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::cluster::Cluster;
use crate::run::{Output, Run};

/// What a workflow's runner takes for commands.
const EVIL: &str = "x\n::error::evil\r\n##[add-mask]a ##vso[task.setvariable]b";
const SECRET: &str = "machine db login me account sesame";
const LAYOUT: &str = "[service.orders.login]\napp = \"dml\"\n[service.orders.table.jobs]\nwriter = \"app\"\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        path
    }

    fn link(&self, to: &str, name: &str) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        let _ = fs::remove_file(&path);
        symlink(to, path).expect("linked");
    }

    fn run(&self, args: &str) -> Run {
        Run::new(self.0.path()).args(args)
    }
}

fn fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}

/// No line is a command of a workflow, and nothing of the old form stands anywhere.
#[track_caller]
fn no_command(output: Output) -> Output {
    for text in [&output.out, &output.err] {
        assert!(text.split(['\n', '\r']).all(|line| !line.trim_start().starts_with("::")), "{text}");
    }
    assert!(!output.err.contains("##[") && !output.err.contains("##vso["), "{}", output.err);
    output
}

fn toml(text: &str) -> String {
    format!("{text:?}").replace("\\'", "'").replace("\\u{", "\\U{").replace('{', "{{").replace('}', "}}")
}

#[test]
fn no_name_of_a_layout_is_a_command() {
    let folder = Folder::new();
    let evil = toml(EVIL);
    for text in [
        format!("[service.{evil}]\nx = 1\n"),
        format!("[service.{evil}.login]\napp = \"dml\"\n[service.o.login]\napp = {evil}\n"),
        format!("{evil} = 1\n"),
        format!("[service.o.login]\n{evil} = \"dlm\"\n[[service.o.uses]]\nservice = {evil}\ntables = [{evil}]\n"),
        format!(
            "[service.o]\nddl = {evil}\ndml = {evil}\nschemas = [{evil}, {evil}]\n[service.o.login]\na = \"dml\"\n"
        ),
        format!("[service.o.login]\na = {{ role = \"dml\", settings = {{ {evil} = 1 }} }}\n"),
        format!("[service.o.login]\na = \"dml\"\n[secrets]\nstore = \"file\"\npath = \"p\"\nname = {evil}\n"),
        format!(
            "[service.o.login]\na = \"dml\"\n[[allow]]\nrole = {evil}\non = {evil}\nprivileges = [{evil}]\nreason = \"\"\n"
        ),
        format!("[service.o.login]\na = \"dml\"\n[retire]\nroles = [{{ name = {evil}, reassign_to = {evil} }}]\n"),
        "a = \"\"\"\n::error::evil\n##[add-mask]x\n\"\"\" b".to_owned(),
        "::error::evil\n  ::error::evil\n##[add-mask]x\n".to_owned(),
    ] {
        folder.write("pgmoat.toml", &text);
        let end = no_command(folder.run("check").end());
        assert!(end.code == 1 || end.err.contains("warning["), "{text}\n{end}");
        // and where the file itself has such a name
        folder.write(EVIL, &text);
        let _ = no_command(folder.run("check -l").arg(EVIL).end());
        folder.write(&format!("teams/{EVIL}.toml"), &text);
        let _ = no_command(folder.run("check -l teams").end()).code(end.code);
    }
    folder.write("pgmoat.toml", [b"# ".as_slice(), b"\xff\n::error::"].concat());
    let _ = no_command(folder.run("check").end()).code(1);
}

#[test]
fn no_argument_is_a_command() {
    let folder = Folder::new();
    folder.write("pgmoat.toml", LAYOUT);
    for (args, code) in [
        (vec!["check", "-l", EVIL], 1),
        (vec!["plan", "--snapshot", EVIL], 1),
        (vec!["plan", "--undo", EVIL], 1),
        (vec!["apply", EVIL], 1),
        (vec!["drift", "--snapshot", "none", "--baseline", EVIL], 1),
        (vec!["plan", "-d", EVIL], 1),
        (vec![EVIL], 2),
        (vec!["plan", EVIL], 2),
        (vec!["plan", "--format", EVIL], 2),
        (vec!["plan", "--lock-timeout", EVIL], 2),
        (vec!["apply", "--allow", EVIL], 2),
        (vec!["--color", EVIL, "check"], 2),
        (vec!["secrets", EVIL], 2),
        (vec!["who", EVIL], 2),
    ] {
        let run = args.iter().fold(folder.run(""), |run, arg| run.arg(arg));
        let end = no_command(run.end()).code(code).out("");
        assert!(end.err.lines().all(|line| !line.starts_with("::")), "{end}");
    }
    // bytes that are no text
    let bytes = std::ffi::OsStr::from_bytes(b"\xff\n::error::x");
    let _ = no_command(folder.run("check -l").arg(bytes).end()).code(1);
    let _ = no_command(folder.run("plan --format").arg(bytes).end()).code(2);
    let help = no_command(folder.run("--help").env("PGMOAT_LAYOUT", EVIL).env("PGMOAT_ENV", EVIL).end()).code(0);
    assert!(!help.out.contains("evil"), "{help}");
}

#[test]
fn a_link_shows_no_file_of_the_machine() {
    let folder = Folder::new();
    folder.write(".pgpass", SECRET);
    folder.write("home/credentials.toml", format!("[registry]\ntoken = \"{SECRET}\"\n"));
    folder.write("repo/.git/config", format!("[core]\nextraheader = {SECRET}\n"));
    folder.write("repo/teams/a.toml", LAYOUT);
    folder.link("../../.pgpass", "repo/teams/b.toml");
    folder.link("../.pgpass", "repo/pgmoat.toml");
    folder.link(folder.at(".pgpass").to_str().expect("UTF-8"), "repo/absolute.toml");
    folder.link(".git/config", "repo/config.toml");
    folder.link("../home", "repo/folder");
    folder.link("..", "repo/up");
    folder.link("/etc/passwd", "passwd.toml");
    for path in [
        "repo/teams",
        "repo/pgmoat.toml",
        "repo/absolute.toml",
        "repo/config.toml",
        "repo/folder",
        "repo/folder/credentials.toml",
        "repo/up/home",
        "passwd.toml",
    ] {
        let end = folder.run("check -l").arg(path).end().code(1).out("").err_has(&["is a link that leads", "hint: "]);
        assert!(!end.err.contains("sesame") && !end.err.contains("root:"), "{end}");
        let absolute = folder.run("check -l").arg(folder.at(path)).end().code(1).out("");
        assert!(!absolute.err.contains("sesame") && !absolute.err.contains("root:"), "{absolute}");
    }
}

/// As Kubernetes mounts a ConfigMap, and as releases are switched.
#[test]
fn a_link_within_its_folder_is_followed() {
    let folder = Folder::new();
    folder.write("etc/..2026_11_29/shop.toml", LAYOUT);
    folder.link("..2026_11_29", "etc/..data");
    folder.link("..data/shop.toml", "etc/shop.toml");
    folder.write("releases/5/shop.toml", LAYOUT);
    folder.link("releases/5", "current");
    for path in ["etc", "etc/shop.toml", "current", "current/shop.toml", "./current/../5/shop.toml"] {
        let _ = folder.run("check -l").arg(path).end().code(0).err("");
        let _ = folder.run("check -l").arg(folder.at(path)).end().code(0).err("");
    }
}

#[test]
fn nothing_but_regular_files_is_read() {
    let folder = Folder::new();
    folder.write("pgmoat.toml", LAYOUT);
    folder.write("teams/a.toml", LAYOUT);
    fifo(&folder.at("teams/b.toml"));
    fifo(&folder.at("fifo.toml"));
    fs::create_dir_all(folder.at("others/c.toml")).expect("a folder");
    folder.write("others/a.toml", LAYOUT);
    for path in ["teams", "fifo.toml", "others", "/dev/zero", "/dev/null"] {
        let _ = folder.run("check -l").arg(path).end().code(1).out("").err_has(&["it is no regular file"]);
    }
    for args in ["plan --snapshot", "prove --snapshot", "drift --snapshot", "plan --undo", "apply", "drift --baseline"]
    {
        for path in ["fifo.toml", "/dev/zero"] {
            let end = folder.run(args).arg(path).end().code(1).out("");
            let _ = end.err_has(&["failed to read", "it is no regular file"]);
        }
    }
    let _ = folder
        .run("plan")
        .env("PGSERVICE", "x")
        .env("PGSERVICEFILE", folder.at("fifo.toml"))
        .end()
        .code(1)
        .err_has(&["it is no regular file"]);
    let _ = folder
        .run("plan -d host=/nowhere")
        .env("PGPASSFILE", folder.at("fifo.toml"))
        .end()
        .code(1)
        .err_has(&["it isn't a plain file"]);
    let tls = "host=127.0.0.1 port=1 sslmode=verify-full sslrootcert=";
    let _ = folder.run("plan -d").arg(format!("{tls}{}", folder.at("fifo.toml").display())).end().code(1);
    // a file that is large, and takes no room
    let large = fs::File::create(folder.at("large.toml")).expect("made");
    large.set_len(1 << 40).expect("sparse");
    let _ = folder.run("check -l large.toml").end().code(1).err_has(&["it has more than 32 MiB"]);
    let _ = folder.run("apply large.toml").end().code(1).err_has(&["it has more than 1024 MiB"]);
    fs::remove_file(folder.at("teams/b.toml")).expect("removed");
    for name in ["b", "c", "d"] {
        folder.write(&format!("teams/{name}.toml"), "#".repeat(12 << 20));
    }
    let _ = folder.run("check -l teams").end().code(1).err_has(&["teams/d.toml", "32 MiB together"]);
}

#[test]
fn json_that_nobody_wrote() {
    let folder = Folder::new();
    folder.write("pgmoat.toml", LAYOUT);
    let deep = "[".repeat(2_000_000);
    let inside = format!("{{\"format\": 1, \"kind\": \"snapshot\", \"server\": {}", "{\"a\":".repeat(1_000_000));
    let huge = "{\"format\": 1e400, \"kind\": \"plan\"}";
    let number = format!("{{\"format\": {}, \"kind\": \"snapshot\"}}", "9".repeat(1_000_000));
    for text in
        [&deep, &inside, huge, &number, "", "null", "[]", "{}", "\u{feff}{}", "{\"format\": -1, \"kind\": \"x\"}"]
    {
        folder.write("file.json", text);
        for args in ["plan --snapshot", "prove --snapshot", "drift --snapshot", "plan --undo", "apply"] {
            let end = no_command(folder.run(args).arg("file.json").end()).code(1).out("");
            assert!(end.err.starts_with("error: failed to ") && end.err.len() < 1000, "{args}: {end}");
        }
        if text != "[]" {
            let end = no_command(folder.run("drift --snapshot none --baseline file.json").end()).code(1).out("");
            assert!(end.err.starts_with("error: failed to ") && end.err.len() < 1000, "{end}");
        }
    }
}

#[test]
fn out_overwrites_its_own_kind_alone() {
    let cluster = Cluster::start();
    cluster.layout("[service.orders.login]\napp = \"dml\"\n");
    let outs = [("plan --out", 3), ("inspect --out", 0), ("adopt --database postgres --out", 1)];
    let at = |name: &str| cluster.folder.path().join(name);
    let layout = cluster.read("pgmoat.toml");
    fs::write(at("mine.txt"), "mine").expect("written");
    symlink("mine.txt", at("link")).expect("linked");
    symlink("nowhere", at("dangling")).expect("linked");
    fifo(&at("fifo"));
    for (args, _) in outs {
        for name in ["pgmoat.toml", "mine.txt", "link", "dangling", "fifo", "/dev/null"] {
            let _ = cluster.pgmoat(args).arg(name).end().code(5).out("").err_has(&["wasn't overwritten", "hint: "]);
        }
        for name in ["link", "dangling", "fifo", "/dev/null"] {
            let _ = cluster.pgmoat(args).arg(name).args("--force").end().code(5).out("");
        }
    }
    assert_eq!((cluster.read("mine.txt"), cluster.read("pgmoat.toml")), ("mine".into(), layout));
    assert!(!at("nowhere").exists());
    for (args, code) in &outs[..2] {
        for _ in 0..2 {
            let _ = cluster.pgmoat(args).arg("own.json").end().code(*code).err("");
        }
        // without the time at which it was read
        let read = |name: &str| -> Vec<String> {
            let text = cluster.read(name);
            text.lines().filter(|line| !line.contains("\"at\": ")).map(str::to_owned).collect()
        };
        let own = read("own.json");
        fs::write(at("empty"), "").expect("written");
        for args in [format!("{args} empty"), format!("{args} mine.txt --force")] {
            let _ = cluster.pgmoat(&args).end().code(*code).err("");
        }
        assert_eq!((read("empty"), read("mine.txt")), (own.clone(), own));
        fs::write(at("mine.txt"), "{\"kind\": \"plant\", \"x\": \"kind\"}").expect("written");
        let _ = cluster.pgmoat(args).arg("mine.txt").end().code(5);
        fs::remove_file(at("own.json")).expect("removed");
        fs::remove_file(at("empty")).expect("removed");
    }
    // one kind isn't the other
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    let _ = cluster.pgmoat("inspect --out plan.json").end().code(5).err_has(&["holds something else than a snapshot"]);
    // a longer document leaves nothing behind a shorter one
    let plan = cluster.read("plan.json");
    fs::write(at("plan.json"), format!("{plan}{}", " ".repeat(5000))).expect("written");
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    assert_eq!(cluster.read("plan.json"), plan);
    // adopt's is a layout, on which somebody works
    cluster.converge();
    let found = cluster.pgmoat("adopt --out found.toml").end();
    assert!([0, 3].contains(&found.code), "{found}");
    let _ = cluster.pgmoat("adopt --out found.toml").end().code(5).err_has(&["found.toml is there already"]);
    let _ = cluster.pgmoat("adopt --out found.toml --force").end().code(found.code);
}

#[test]
fn names_that_look_like_the_layouts() {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    let plain = cluster.pgmoat("plan").end().code(3).err("").out;
    let sql = cluster.sql("postgres");
    sql.run("CREATE ROLE \"orders_\u{430}pp\" LOGIN; CREATE ROLE \"orders_ap\u{200b}p\"; CREATE ROLE \"Orders_App\"");
    sql.run("CREATE DATABASE \"\u{43e}rders\"");
    let warned = |run: Run, code: i32| {
        let end = run.end().code(code);
        let count = end.err.matches("isn't the layout's, and looks like").count();
        (end, count)
    };
    let (end, count) = warned(cluster.pgmoat("plan"), 3);
    assert_eq!(count, 4, "{end}");
    let _ = end.out(&plain).err_has(&[
        "looks like orders_app: it has U+004F U+0041 where that has U+006F U+0061",
        "it has U+200B where that has nothing",
        "warning: the role \"orders_\u{430}pp\" isn't the layout's, and looks like orders_app: it has U+0430 where that has U+0061",
        "warning: the database \"\u{43e}rders\" isn't the layout's",
    ]);
    assert_eq!(warned(cluster.pgmoat("plan -q"), 3).1, 0);
    let (_, count) = warned(cluster.pgmoat("apply --yes --allow all"), 0);
    assert_eq!(count, 4);
    cluster.sql("orders").run(
        "SET ROLE orders_ddl; CREATE TABLE orders.jobs (); CREATE TABLE orders.\"j\u{43e}bs\" (); CREATE TABLE orders.modem ();
         RESET ROLE; CREATE SCHEMA \"\u{43e}rders\"",
    );
    let end = cluster.pgmoat("plan").end();
    let _ = end.err_has(&[
        "warning: the schema \"\u{43e}rders\" in database orders isn't the layout's",
        "warning: the table \"j\u{43e}bs\" in database orders isn't the layout's, and looks like jobs: it has U+043E where that has U+006F",
    ]);
    let adopted = cluster.pgmoat("adopt --out found.toml").end();
    let _ = adopted.err_has(&[
        "isn't the layout's, and looks like orders_app: it has U+200B where that has nothing",
        "warning: the schema \"\u{43e}rders\" in database orders",
    ]);
    // and where the layout itself would hold both
    cluster.sql("orders").run(
        "GRANT USAGE ON SCHEMA orders TO \"orders_\u{430}pp\"; GRANT SELECT ON orders.modem TO \"orders_\u{430}pp\"",
    );
    let _ = cluster.pgmoat("adopt --out found.toml --force").end().err_has(&["warning[similar-names]", "found.toml:"]);
}

/// Whoever may make something on the server chooses its name.
#[test]
fn no_name_on_the_server_is_a_command() {
    let cluster = Cluster::start();
    cluster.layout(LAYOUT);
    cluster.sql("postgres").run("CREATE DATABASE orders");
    let quoted = format!("\"{}\"", &EVIL[..EVIL.len().min(60)]);
    cluster.sql("postgres").run(&format!("CREATE ROLE {quoted} LOGIN"));
    cluster.sql("orders").run(&format!(
        "CREATE SCHEMA orders; CREATE SCHEMA {quoted}; CREATE TABLE orders.jobs (a int); CREATE TABLE orders.{quoted} ({quoted} int);
         GRANT USAGE ON SCHEMA orders TO {quoted}; GRANT ALL ON ALL TABLES IN SCHEMA orders TO {quoted}, PUBLIC;
         CREATE FUNCTION orders.{quoted}() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
         ALTER TABLE orders.jobs OWNER TO {quoted}; GRANT CREATE ON DATABASE orders TO {quoted}; ALTER ROLE {quoted} SET search_path = {quoted}",
    ));
    let _ = cluster.pgmoat("inspect --out snapshot.json").end().code(0);
    for args in [
        "plan -v",
        "plan --format sql",
        "plan --format diff",
        "plan --format json",
        "plan --format markdown",
        "plan --snapshot snapshot.json",
        "prove",
        "prove --format json",
        "drift",
        "drift --format json",
        "drift --format markdown",
        "drift --format sarif",
        "drift --format junit",
        "adopt",
        "adopt --database none",
        "apply --yes",
        "who can SELECT orders.orders.jobs",
        "export hba",
    ] {
        let end = no_command(cluster.pgmoat(args).end());
        assert!(!end.out.is_empty() || !end.err.is_empty(), "{args}");
    }
    for args in ["who is", "who can SELECT", "adopt --database"] {
        let _ = no_command(cluster.pgmoat(args).arg(EVIL).end());
    }
    let annotated = cluster.pgmoat("drift --format github").end().code(4);
    let command =
        |line: &&str| line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice ");
    let (commands, others): (Vec<&str>, Vec<&str>) = annotated.out.lines().partition(command);
    assert!(!commands.is_empty() && others.len() == 1 && others[0].starts_with("drift: "), "{annotated}");
    // and where the server refuses a statement
    cluster.sql("orders").run(
        "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $x$ BEGIN RAISE 'x
::error::evil ##[add-mask]' USING HINT = '
::error::evil'; END $x$; CREATE EVENT TRIGGER no ON ddl_command_start EXECUTE FUNCTION no()",
    );
    let refused = no_command(cluster.pgmoat("apply --yes --allow all").end()).code(1);
    let _ = refused.err_has(&["was refused by the server", "evil"]);
}
