//! The process's environment, read once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::db::Environment;

pub(super) fn read() -> Environment {
    let text = |text: std::ffi::OsString| text.into_string().ok();
    let vars: BTreeMap<String, String> =
        std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect();
    let os_user = os_user().or_else(|| vars.get("USER").or_else(|| vars.get("LOGNAME")).cloned());
    let home = vars.get("HOME").map(PathBuf::from);
    Environment { vars, home, os_user }
}

/// The name behind the effective uid, as libpq takes it: USER may be that of whoever called sudo.
fn os_user() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let uid = std::fs::metadata("/proc/self").ok()?.uid().to_string();
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut users = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    users.find(|fields| fields.get(2) == Some(&uid.as_str())).and_then(|fields| fields.first().map(|n| (*n).into()))
}
