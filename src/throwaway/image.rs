//! The server's binaries inside the official Docker image `postgres`, for a machine that has Docker and nothing else.
//!
//! A container here is no more than a way to run a program: it sees our folder at the same path, the machine's network and
//! its process ids, and runs as our user; so sockets, ports, files and process ids are what they are without it. That
//! takes an engine on this very machine, on Linux.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::binaries::{Binaries, MAJORS, Origin};
use super::cache::{Places, make_once};
use super::container::Container;
use super::error::{Doing, Error, tail};
use super::user::Runner;

/// An image that the engine has, and the client that speaks to the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) docker: PathBuf,
    /// `sha256:…`, and no tag: from one program to the next it is the same image.
    pub(super) id: String,
    /// `/etc/passwd` for the container: initdb wants a name for its user, and the image knows only its own.
    pub(super) passwd: PathBuf,
}

/// The binaries in the image `postgres:MAJOR`, pulled first if the engine doesn't have it.
pub(super) fn find(
    wanted: Option<u16>,
    places: &Places,
    runner: Runner,
    talk: &mut dyn FnMut(&str),
) -> Result<Binaries, Error> {
    let no = |why: &str| Error::no_server(wanted, why);
    if !cfg!(target_os = "linux") {
        return Err(no("Docker's containers run in a virtual machine here, out of reach of a socket"));
    }
    let major = wanted.unwrap_or(*MAJORS.end());
    if !MAJORS.contains(&major) {
        return Err(no("none of Docker's images has such a version that is supported"));
    }
    let docker = places.program("docker").ok_or_else(|| no("Docker isn't installed"))?;
    let engine = ask(&docker, &["info", "--format", "{{.OperatingSystem}} {{json .SecurityOptions}}"]);
    if let Some(why) = unfit(&engine.map_err(|why| no(&format!("Docker says: {why}")))?) {
        return Err(no(why));
    }
    let name = format!("postgres:{major}");
    let id = present_or_pulled(&docker, &name, talk).map_err(|why| no(&format!("Docker says: {why}")))?;

    let folder = places.cache_folder("images", runner)?.join(folder_name(&id, runner));
    let image = Image { docker, id, passwd: folder.join("passwd") };
    let bin = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
    make_once(&folder, |fresh| acquaint(&image, &bin, runner, fresh))?;
    let version = folder.join("version");
    let version = fs::read_to_string(&version).doing("read", &version)?;
    let (version, found) = super::binaries::parse_version(&version)
        .filter(|(_, found)| *found == major)
        .ok_or_else(|| no(&format!("Docker's image {name} calls itself {:?}", version.trim())))?;
    Ok(Binaries { bin, version, major: found, origin: Origin::Docker, image: Some(image) })
}

/// Writes down what the image's server calls itself, and the user's name. A container is run for it, so one can be.
fn acquaint(image: &Image, bin: &Path, runner: Runner, fresh: &Path) -> Result<(), Error> {
    let container = Container { runner, folders: &[], name: None };
    let output = Command::new(&image.docker)
        .args(container.run(image, &bin.join("postgres")))
        .arg("--version")
        .output()
        .doing("run", &image.docker)?;
    if !output.status.success() {
        return Err(Error::Program {
            program: "docker run".to_owned(),
            status: output.status.to_string(),
            output: tail(&String::from_utf8_lossy(&output.stderr)),
        });
    }
    fs::create_dir(fresh).doing("make the folder", fresh)?;
    let user = format!("postgres:x:{}:{}::/:/bin/sh\n", runner.uid(), runner.gid());
    for (name, contents) in [("version", output.stdout), ("passwd", user.into_bytes())] {
        let file = fresh.join(name);
        fs::write(&file, contents).doing("write", &file)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).doing("open up", &file)?;
    }
    fs::set_permissions(fresh, fs::Permissions::from_mode(0o755)).doing("open up", fresh)
}

/// The image's id.
fn present_or_pulled(docker: &Path, name: &str, talk: &mut dyn FnMut(&str)) -> Result<String, String> {
    let id = || ask(docker, &["image", "inspect", "--format", "{{.Id}}", name]);
    if let Ok(id) = id() {
        return Ok(id);
    }
    talk(&format!("pulling Docker's image {name} (some 150 MB, once)"));
    ask(docker, &["pull", "--quiet", name])?;
    id()
}

/// What `docker` answers, or why it doesn't.
fn ask(docker: &Path, question: &[&str]) -> Result<String, String> {
    let output = Command::new(docker).args(question).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(tail(&String::from_utf8_lossy(&output.stderr)))
}

/// Why an engine can't give us what we need, by what `docker info` says of it.
fn unfit(info: &str) -> Option<&'static str> {
    if info.starts_with("Docker Desktop") {
        return Some("Docker Desktop's containers run in a virtual machine, out of reach of a socket");
    }
    // There our own user is the container's root, whom PostgreSQL refuses, and everybody else is a stranger to our files.
    info.contains("name=rootless").then_some("a rootless Docker can't run a server as our own user")
}

fn folder_name(id: &str, runner: Runner) -> String {
    let id = id.rsplit(':').next().unwrap_or(id);
    format!("{}-{}-{}", id.get(..12).unwrap_or(id), runner.uid(), runner.gid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_that_cannot_do_it() {
        assert_eq!(unfit(r#"Debian GNU/Linux 12 (bookworm) ["name=apparmor","name=seccomp,profile=default"]"#), None);
        assert!(unfit(r#"Docker Desktop ["name=seccomp,profile=unconfined"]"#).is_some());
        assert!(unfit(r#"Ubuntu 24.04 LTS ["name=seccomp,profile=builtin","name=rootless"]"#).is_some());
    }

    #[test]
    fn each_image_and_user_has_a_folder() {
        let runner = Runner::Ourselves { uid: 1000, gid: 100 };
        assert_eq!(folder_name("sha256:0123456789abcdef", runner), "0123456789ab-1000-100");
        assert_eq!(folder_name("short", runner), "short-1000-100");
    }
}
