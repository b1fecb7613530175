//! When, where and by whom the cluster was read, and what was hidden, as each format shows it.

use std::path::Path;

use serde::Serialize;

use crate::layout::Layout;
use crate::model::{Look, Name, Snapshot, escaped};

/// How many databases are named before the rest is counted.
const NAMED: usize = 8;

/// One look at a cluster.
#[derive(Serialize)]
pub(super) struct View<'a> {
    /// The file that it comes from; absent where the server itself was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
    system_identifier: &'a str,
    server_version_num: u32,
    /// Absent where an earlier pgmoat wrote the snapshot.
    #[serde(flatten)]
    look: Option<&'a Look>,
    /// It was read for the layout as it is now.
    same_layout: bool,
    /// Those whose inside was read.
    databases: Vec<&'a Name>,
    /// What acts for another was read in them.
    code: bool,
    /// What was there and not shown to the role that asked.
    hidden: Vec<Hidden>,
}

#[derive(Serialize)]
struct Hidden {
    what: &'static str,
    count: usize,
}

impl<'a> View<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, layout: &Layout, file: Option<&Path>) -> Self {
        let look = snapshot.look.as_ref();
        let mappings = snapshot.hidden_mappings();
        Self {
            snapshot: file.map(|file| file.display().to_string()),
            system_identifier: &snapshot.server.system_identifier,
            server_version_num: snapshot.server.version_num,
            look,
            same_layout: look.and_then(|look| look.layout.as_ref()) == Some(&layout.digest),
            databases: snapshot.contents.keys().collect(),
            code: snapshot.has_code(),
            hidden: (mappings > 0)
                .then_some(Hidden { what: "options of user mappings", count: mappings })
                .into_iter()
                .collect(),
        }
    }

    /// For people, a line each, without a line break.
    pub(super) fn lines(&self) -> Vec<String> {
        let file = self.snapshot.as_ref().map(|file| format!(" ({})", escaped(file))).unwrap_or_default();
        let identifier = escaped(self.system_identifier);
        let mut lines = vec![match self.look {
            None => format!("read at an unknown time{file}, system identifier {identifier}"),
            Some(look) => {
                let name = match look.cluster_name.as_str() {
                    "" => String::new(),
                    name => format!(", cluster_name {}", escaped(name)),
                };
                let superuser = if look.superuser { " (superuser)" } else { "" };
                let (at, host, user) = (look.at, escaped(&look.host), look.user.shown());
                format!("read {at}{file} from {host} as {user}{superuser}, system identifier {identifier}{name}")
            }
        }];
        lines.push(format!("databases read{}: {}", if self.code { "" } else { ", without code" }, self.names()));
        if !self.same_layout {
            lines.push("read for a layout of another text than this one".into());
        }
        lines.extend(
            self.hidden.iter().map(|hidden| format!("hidden from that role: {}: {}", hidden.what, hidden.count)),
        );
        lines
    }

    fn names(&self) -> String {
        let names: Vec<String> = self.databases.iter().take(NAMED).map(|name| name.shown()).collect();
        match self.databases.len().checked_sub(NAMED + 1) {
            Some(more) => format!("{} and {} more", names.join(", "), more + 1),
            None if names.is_empty() => "none".into(),
            None => names.join(", "),
        }
    }

    /// The lines, each behind a sign that begins a comment, as the head of something else.
    pub(super) fn head(&self, sign: &str) -> String {
        self.lines().into_iter().map(|line| format!("{sign}{line}\n")).collect()
    }
}
