//! The command lines that run a program of an image.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use super::image::Image;
use super::user::Runner;

/// Becomes the server, in the container: `$0` is postgres, `$1` the server's folder. The id is the machine's, and stays the
/// same through `exec`.
const BECOME: &str = r#"echo $$ >"$1/pid" && exec "$0" -D "$1/data" >>"$1/log" 2>&1"#;

/// What every container has. `--rm` is the engine's work: it doesn't matter whether the client lives on.
const LIKE_A_PROCESS: &[&str] = &[
    "run",
    "--rm",
    "--network=host",
    "--pid=host",
    // Where the engine gives containers ids of their own, not here: the files are ours.
    "--userns=host",
    // SELinux would keep the container out of our folder.
    "--security-opt=label=disable",
    "--security-opt=no-new-privileges",
    "--cap-drop=ALL",
    "--read-only",
    // What parallel queries share; Docker's 64 MB aren't enough for all of them. Nothing is taken before it is used.
    "--shm-size=1g",
    // As without a container, and not as the image has it.
    "--env=LC_ALL=C",
];

/// How a container differs from others.
pub(super) struct Container<'a> {
    pub(super) runner: Runner,
    /// The only folders that it can write, at the same paths.
    pub(super) folders: &'a [&'a Path],
    /// What it may be signalled and removed by.
    pub(super) name: Option<&'a OsStr>,
}

impl Container<'_> {
    /// The arguments of `docker` that run a program of the image; the program's own come after them.
    pub(super) fn run(&self, image: &Image, program: &Path) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = LIKE_A_PROCESS.iter().map(OsString::from).collect();
        arguments.push(format!("--user={}:{}", self.runner.uid(), self.runner.gid()).into());
        for folder in self.folders {
            arguments.push(mount(folder, folder, false));
        }
        if let Some(name) = self.name {
            arguments.extend(["--name".into(), name.to_owned()]);
        }
        // The image's own entry point would make a server of its own, elsewhere.
        arguments.extend(["--entrypoint".into(), program.into(), image.id.clone().into()]);
        arguments
    }

    /// The arguments of `docker` for initdb.
    pub(super) fn initdb(&self, image: &Image, initdb: &Path) -> Vec<OsString> {
        let mut arguments = self.run(image, initdb);
        arguments.insert(1, mount(&image.passwd, Path::new("/etc/passwd"), true));
        arguments
    }

    /// The arguments of `docker` for the server in the folder `run`.
    pub(super) fn server(&self, image: &Image, postgres: &Path, run: &Path) -> Vec<OsString> {
        let mut arguments = self.run(image, Path::new("/bin/sh"));
        arguments.extend(["-c".into(), BECOME.into(), postgres.into(), run.into()]);
        arguments
    }
}

/// A bind mount. Unlike `--volume` it fails where there is no such folder, and knows no colon; its value is a line of CSV.
fn mount(from: &Path, to: &Path, readonly: bool) -> OsString {
    let mut option = OsString::from("--mount=type=bind,");
    option.push(field("source", from));
    option.push(",");
    option.push(field("target", to));
    if readonly {
        option.push(",readonly");
    }
    option
}

/// As RFC 4180 quotes it.
fn field(key: &str, path: &Path) -> OsString {
    let mut bytes = format!("\"{key}=").into_bytes();
    for byte in path.as_os_str().as_bytes() {
        bytes.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
    }
    bytes.push(b'"');
    OsString::from_vec(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Image {
        Image { docker: "/usr/bin/docker".into(), id: "sha256:12".into(), passwd: "/cache/passwd".into() }
    }

    fn words(arguments: &[OsString]) -> Vec<&str> {
        arguments.iter().map(|word| word.to_str().unwrap()).filter(|word| !LIKE_A_PROCESS.contains(word)).collect()
    }

    #[test]
    fn a_server_is_postgres_in_its_folder() {
        let run = Path::new("/tmp/pgmoat-1-0");
        let runner = Runner::Ourselves { uid: 1000, gid: 100 };
        let container = Container { runner, folders: &[run], name: run.file_name() };
        let server = container.server(&image(), Path::new("/usr/lib/postgresql/18/bin/postgres"), run);
        #[rustfmt::skip]
        assert_eq!(words(&server), [
            "--user=1000:100",
            "--mount=type=bind,\"source=/tmp/pgmoat-1-0\",\"target=/tmp/pgmoat-1-0\"",
            "--name", "pgmoat-1-0", "--entrypoint", "/bin/sh", "sha256:12",
            "-c", BECOME, "/usr/lib/postgresql/18/bin/postgres", "/tmp/pgmoat-1-0",
        ]);
    }

    #[test]
    fn initdb_has_a_name_for_its_user() {
        let runner = Runner::Other { uid: 101, gid: 104 };
        let container = Container { runner, folders: &[Path::new("/cache/fresh")], name: None };
        let initdb = container.initdb(&image(), Path::new("/bin/initdb"));
        #[rustfmt::skip]
        assert_eq!(words(&initdb), [
            "--mount=type=bind,\"source=/cache/passwd\",\"target=/etc/passwd\",readonly",
            "--user=101:104",
            "--mount=type=bind,\"source=/cache/fresh\",\"target=/cache/fresh\"",
            "--entrypoint", "/bin/initdb", "sha256:12",
        ]);
    }

    #[test]
    fn any_path_can_be_mounted() {
        assert_eq!(field("source", Path::new("/a,b:\"c\"")), "\"source=/a,b:\"\"c\"\"\"");
    }
}
