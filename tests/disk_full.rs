//! A disk that is full, for real: a small tmpfs, which holds the tablespace of a service's database. Only root may mount it,
//! so `cargo test` leaves this out, and `cargo test --test disk_full` fails where it can't be tried.
//! `PGMOAT_TEST_PG=14` to `18` chooses the server's major version.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pgmoat::throwaway::{Options, Places, find_or_fetch};
use tempfile::TempDir;

#[path = "faults/server.rs"]
mod server;

/// Mounted as long as this lives.
struct Disk {
    folder: PathBuf,
    _around: TempDir,
}

impl Disk {
    fn mount(owner: u32) -> Disk {
        let around = tempfile::tempdir().expect("a folder");
        fs::set_permissions(around.path(), fs::Permissions::from_mode(0o755)).expect("open to the server");
        let folder = around.path().join("disk");
        fs::create_dir(&folder).expect("a folder");
        let options = format!("size=24m,mode=700,uid={owner}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder).output();
        let mount = mount.expect("the program mount");
        assert!(mount.status.success(), "a small disk can't be mounted: {}", String::from_utf8_lossy(&mount.stderr));
        Disk { folder, _around: around }
    }

    /// To the last byte.
    fn fill(&self) -> PathBuf {
        let path = self.folder.join("ballast");
        let mut file = File::create(&path).expect("a file");
        while file.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

fn pgmoat(conninfo: &str, folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
    command.env_clear().env("HOME", folder).current_dir(folder).args(["-d", conninfo]).args(args);
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    (status.code(), [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat())
}

#[tokio::test]
async fn nothing_is_changed_on_a_full_disk() {
    let var = std::env::var_os;
    let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), std::env::temp_dir()).expect("places");
    let major = var("PGMOAT_TEST_PG").map(|text| text.to_str().and_then(|text| text.parse().ok()).expect("a version"));
    let binaries = find_or_fetch(major, &places, &mut |_| ()).expect("a server's binaries");
    let throwaway = pgmoat::throwaway::Server::start(&binaries, &Options::default(), &places).expect("a server");
    let disk = Disk::mount(throwaway.uid());
    let conninfo = throwaway.conninfo();
    let server = server::Server(conninfo.clone());

    let admin = server.superuser("postgres").await;
    let tablespace = format!("CREATE TABLESPACE small LOCATION '{}'", disk.folder.display());
    admin.batch_execute(&tablespace).await.expect("a tablespace");
    admin.batch_execute("CREATE DATABASE pay TABLESPACE small").await.expect("a database");
    let pay = server.superuser("pay").await;
    let tables: String =
        (0..400).map(|n| format!("CREATE TABLE pay.t{n} (); GRANT ALL ON pay.t{n} TO PUBLIC;")).collect();
    pay.batch_execute(&format!("CREATE SCHEMA pay; {tables}")).await.expect("tables");
    let state = "SELECT string_agg(concat_ws(' ', relname, relowner, relacl), ',' ORDER BY relname) FROM pg_class
                 WHERE relnamespace = 'pay'::regnamespace";
    let before: String = pay.query_one(state, &[]).await.expect("a row").get(0);
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("pgmoat.toml"), "[service.pay.login]\napp = \"dml\"\n").expect("written");

    // What the statements above changed is on the disk first: a later read may have to write a page out to find room in memory,
    // which would fail before anything is applied.
    admin.batch_execute("CHECKPOINT").await.expect("a checkpoint");
    let ballast = disk.fill();
    let (code, said) = pgmoat(&conninfo, home.path(), &["apply", "--yes", "--allow", "all"]);
    assert_eq!(code, Some(1), "{said}");
    for words in
        ["was refused by the server; nothing was changed\n  pay: ", "No space left on device", "SQLSTATE 53100"]
    {
        assert!(said.contains(words), "{words:?} is missing\n{said}");
    }
    let after: String = pay.query_one(state, &[]).await.expect("a row").get(0);
    assert!(after == before, "something was changed\n{said}");

    fs::remove_file(ballast).expect("removed");
    let (code, said) = pgmoat(&conninfo, home.path(), &["apply", "--yes", "--allow", "all"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = pgmoat(&conninfo, home.path(), &["plan"]);
    assert_eq!(code, Some(0), "{said}");
    drop((admin, pay, throwaway));
}
