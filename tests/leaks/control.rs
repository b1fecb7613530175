//! The search finds what is there: in each place, what a careless program would leave.

use std::process::Command;

use crate::house::{House, Kind};
use crate::run::Run;

const PLANTED: &str = "planted-s3ntinel-password";

#[test]
fn what_is_planted_is_found() {
    let house = House::new(Kind::Folder);
    house.must_not_show("planted", PLANTED);
    house.admin().run(&format!("CREATE ROLE careless LOGIN PASSWORD '{PLANTED}'"));
    let _ = house.cluster.write("report.json", format!("{{\"url\":\"postgresql://careless:{PLANTED}@h\"}}"));
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "echo $0; sleep 0.3", PLANTED]);
    let _ = house.keep("planted", Run::of(shell, house.cluster.folder.path()).end());
    let seen = house.seen();
    for place in ["the streams of", "the process list", "pg_stat_statements", "the server's log", "report.json"] {
        assert!(
            seen.iter().any(|seen| seen.starts_with(place) || seen.contains(place)),
            "not found in {place}\n{seen:#?}"
        );
    }
}

#[test]
fn what_is_planted_on_the_servers_disk_is_found() {
    let house = House::new(Kind::Folder);
    house.must_not_show("planted", PLANTED);
    house.admin().run(&format!("CREATE TABLE public.careless AS SELECT '{PLANTED}' AS password"));
    let seen = house.seen();
    assert!(seen.iter().any(|seen| seen.contains("/base/") || seen.contains("/pg_wal/")), "{seen:#?}");
}
