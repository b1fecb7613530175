//! Layouts that can't be read, and layouts that are large.

use std::fmt::Write as _;

use tempfile::TempDir;

use crate::run::Run;

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }

    fn check(&self, layout: &str) -> Run {
        Run::new(self.0.path()).args("check -l").arg(layout)
    }
}

const HINT: &str = "hint: name the layout with -l PATH or PGMOAT_LAYOUT; docs/layout.md says how to write one\n";

#[test]
fn no_layout_at_all() {
    let folder = Folder::new();
    let _ = folder.check("shop.toml").end().code(1).out("").err(&format!(
        "error: failed to find the layout shop.toml\n  caused by: No such file or directory (os error 2)\n{HINT}"
    ));
    folder.write("teams/README.md", "no layout");
    folder.write("teams/nested/orders.toml", "[service.orders.login]\napp = \"dml\"\n");
    let _ = folder
        .check("teams")
        .end()
        .code(1)
        .out("")
        .err(&format!("error: the folder teams holds no *.toml file\n{HINT}"));
    folder.write("empty.toml", "");
    let _ = folder.check("empty.toml").end().code(1).out("").err_has(&["error[no-service]", "empty.toml"]);
}

#[test]
fn a_folder_is_one_layout() {
    let folder = Folder::new();
    folder.write("teams/a.toml", "[service.orders.login]\napp = \"dml\"\n");
    folder.write("teams/b.toml", "[service.billing.login]\napp = \"dml\"\n");
    let _ = folder.check("teams").end().code(0).err("").out("the layout is right: 2 services, 2 databases, 2 logins\n");
    folder.write("teams/c.toml", "[service.orders.login]\napp = \"ro\"\n");
    let _ = folder.check("teams").end().code(1).out("").err_has(&[
        "error[duplicate-",
        "teams/c.toml:1",
        "the layout has 1 problem",
    ]);
}

#[test]
fn text_that_is_not_utf_8() {
    let folder = Folder::new();
    for (bytes, place) in [
        (&b"[cluster]\nname = \"caf\xe9\"\n"[..], "shop.toml:2:12"),
        (b"\xff\xfe[\0", "shop.toml:1:1"),
        // columns are counted in characters, as editors do
        ("[cluster]\nname = \"éé".as_bytes(), ""),
    ] {
        folder.write("shop.toml", bytes);
        let run = folder.check("shop.toml").end().code(1).out("");
        if place.is_empty() {
            let _ = run.err_has(&["error[syntax]", "shop.toml:2"]);
        } else {
            let _ = run.err(&format!(
                "error: {place}: this is no UTF-8 text\nhint: save the file as UTF-8; TOML allows nothing else\n"
            ));
        }
    }
    let mut bytes = "# ééé".as_bytes().to_vec();
    bytes.push(0xff);
    folder.write("shop.toml", &bytes);
    let _ = folder.check("shop.toml").end().code(1).out("").err_has(&["error: shop.toml:1:6: this is no UTF-8 text"]);
}

#[test]
fn every_problem_at_once_with_its_place() {
    let folder = Folder::new();
    folder.write(
        "shop.toml",
        "[service.orders.login]\napp = \"dlm\"\n\n[[service.billing.uses]]\nservice = \"ordres\"\ntables = [\"a\"]\n",
    );
    let _ = folder.check("shop.toml").end().code(1).out("").err_has(&[
        "shop.toml:2:7",
        "app = \"dlm\"",
        "shop.toml:5:11",
        "service = \"ordres\"",
        "orders",
        "the layout has 2 problems",
    ]);
}

/// Ten megabytes: 4,000 services, and a comment a service.
fn large() -> String {
    let mut text = String::new();
    for n in 0..4_000 {
        writeln!(text, "# {}\n[service.s{n}.login]\napp = \"dml\"", "x".repeat(2_500)).expect("a string");
    }
    assert!(text.len() > 10_000_000);
    text
}

#[test]
fn ten_megabytes() {
    let folder = Folder::new();
    let mut text = large();
    folder.write("shop.toml", &text);
    let _ = folder
        .check("shop.toml")
        .end()
        .code(0)
        .err("")
        .out("the layout is right: 4000 services, 4000 databases, 4000 logins\n");
    let lines = text.lines().count();
    text.push_str("[service.s1.lgoin]\n");
    folder.write("shop.toml", &text);
    let place = format!("shop.toml:{}:13", lines + 1);
    let end = folder.check("shop.toml").end().code(1).out("").err_has(&["error[unknown-key]", &place, "lgoin"]);
    assert!(end.err.len() < 1_000, "{end}");
    // one line of ten megabytes, broken at its end, isn't shown whole
    folder.write("shop.toml", format!("a = \"{}\" b", "x".repeat(10_000_000)));
    let end = folder.check("shop.toml").end().code(1).out("").err_has(&["error[syntax]", "shop.toml:1:10000008"]);
    assert!(end.err.len() < 10_000, "{} bytes of stderr", end.err.len());
}
