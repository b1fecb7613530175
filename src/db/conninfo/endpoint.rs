//! The servers a connection string names: `host`, `hostaddr` and `port`, each of which may be a list.

use super::settings::Settings;
use crate::db::conninfo_error::{ConninfoError, Origin};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

const DEFAULT_PORT: u16 = 5432;
/// Where servers put their socket: Debian's place, and PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// One server to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct Endpoint {
    pub(in crate::db) address: Address,
    pub(in crate::db) port: u16,
}

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Address {
    /// The folder that a Unix socket is in.
    Socket(PathBuf),
    /// A name or address, and the address to use instead of looking the name up.
    Tcp { host: String, hostaddr: Option<IpAddr> },
}

impl Endpoint {
    /// Whether nothing leaves this machine. With a `hostaddr`, the name must be local too: behind a tunnel's local end
    /// is another machine, and whoever writes its name wants its certificate looked at.
    pub(in crate::db) fn is_local(&self) -> bool {
        match &self.address {
            Address::Socket(_) => true,
            Address::Tcp { host, hostaddr } => {
                let named = host.eq_ignore_ascii_case("localhost")
                    || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
                named && hostaddr.is_none_or(|address| address.is_loopback())
            }
        }
    }

    /// What a password file calls this server: for a socket in one of the usual folders that is `localhost`.
    pub(in crate::db) fn name_in_password_file(&self) -> &str {
        match &self.address {
            Address::Tcp { host, .. } => host,
            Address::Socket(folder) => match folder.to_str() {
                Some(path) if !SOCKET_FOLDERS.contains(&path) => path,
                _ => "localhost",
            },
        }
    }
}

/// For people: `db.example.com:5432`, or `socket /tmp port 5433`.
impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.address {
            Address::Socket(folder) => write!(f, "socket {} port {}", folder.display(), self.port),
            Address::Tcp { host, .. } if host.contains(':') => write!(f, "[{host}]:{}", self.port),
            Address::Tcp { host, .. } => write!(f, "{host}:{}", self.port),
        }
    }
}

/// Pairs hosts, addresses and ports by position.
pub(super) fn endpoints(settings: &Settings) -> Result<Vec<Endpoint>, ConninfoError> {
    let hosts = list(settings, "host");
    let addresses = list(settings, "hostaddr");
    let ports = list(settings, "port");
    let count = hosts.len().max(addresses.len()).max(1);
    if hosts.len() > 1 && addresses.len() > 1 && hosts.len() != addresses.len() || hosts.len() == 1 && count > 1 {
        return Err(settings.invalid("hostaddr", "as many addresses as there are in `host`"));
    }
    if addresses.len() == 1 && count > 1 {
        return Err(settings.invalid("hostaddr", "as many addresses as there are in `host`"));
    }
    if ports.len() > 1 && ports.len() != count {
        return Err(settings.invalid("port", "one number, or as many as there are hosts"));
    }
    (0..count)
        .map(|index| {
            let port = parse_port(settings, ports.get(index).or(ports.first().filter(|_| ports.len() == 1)))?;
            let host = hosts.get(index).copied().unwrap_or_default();
            let address = addresses.get(index).copied().unwrap_or_default();
            Ok(Endpoint { address: address_of(settings, host, address, port)?, port })
        })
        .collect()
}

/// Says where names lead that the environment sends elsewhere: whoever set PGHOSTADDR once wonders at another server.
pub(super) fn warn(settings: &Settings, endpoints: &[Endpoint], notes: &mut Vec<String>) {
    if !matches!(settings.find("hostaddr").map(|setting| &setting.origin), Some(Origin::Variable(_))) {
        return;
    }
    for endpoint in endpoints {
        if let Address::Tcp { host, hostaddr: Some(address) } = &endpoint.address
            && host.parse() != Ok(*address)
        {
            notes.push(format!("PGHOSTADDR leads {endpoint} to {address}, and nobody looks the name up"));
        }
    }
}

fn list<'a>(settings: &'a Settings, name: &'static str) -> Vec<&'a str> {
    settings.get(name).map(|value| value.split(',').map(str::trim).collect()).unwrap_or_default()
}

fn parse_port(settings: &Settings, text: Option<&&str>) -> Result<u16, ConninfoError> {
    match text {
        None | Some(&"") => Ok(DEFAULT_PORT),
        Some(text) => text
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| settings.invalid("port", "a number from 1 to 65535")),
    }
}

fn address_of(settings: &Settings, host: &str, hostaddr: &str, port: u16) -> Result<Address, ConninfoError> {
    let hostaddr = match hostaddr {
        "" => None,
        text => Some(text.parse::<IpAddr>().map_err(|_| settings.invalid("hostaddr", "an IPv4 or IPv6 address"))?),
    };
    if host.starts_with('/') {
        return Ok(Address::Socket(PathBuf::from(host)));
    }
    // The name is shown in messages, so nothing gets in here that can't be one: it may be half of a password.
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !host.chars().all(is_name) && host.split('%').next().is_none_or(|ip| ip.parse::<IpAddr>().is_err()) {
        return Err(settings.invalid("host", "a host name, an address, or the folder of a socket (with a leading `/`)"));
    }
    Ok(match (host, hostaddr) {
        ("", Some(address)) => Address::Tcp { host: address.to_string(), hostaddr },
        ("", None) => default_address(port),
        (host, hostaddr) => Address::Tcp { host: host.to_owned(), hostaddr },
    })
}

/// The first usual folder with a socket for that port, or else this machine by TCP.
fn default_address(port: u16) -> Address {
    let socket = format!(".s.PGSQL.{port}");
    match SOCKET_FOLDERS.iter().find(|folder| Path::new(folder).join(&socket).exists()) {
        Some(folder) => Address::Socket(PathBuf::from(folder)),
        None => Address::Tcp { host: "localhost".to_owned(), hostaddr: None },
    }
}

#[cfg(test)]
mod tests {
    use super::super::keyvalue;
    use super::*;

    fn shown(text: &str) -> Result<String, String> {
        let settings = keyvalue::parse(text).map_err(|error| error.to_string())?;
        let endpoints = endpoints(&settings).map_err(|error| error.to_string())?;
        Ok(endpoints.iter().map(Endpoint::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn lists_are_paired_by_position() {
        for (text, expected) in [
            ("host=a", "a:5432"),
            ("host=a,b port=1", "a:1 b:1"),
            ("host=a,b port=1,2", "a:1 b:2"),
            ("host=a,b port=,2", "a:5432 b:2"),
            ("host=/x port=5433", "socket /x port 5433"),
            ("host=::1", "[::1]:5432"),
            ("host=fe80::1%eth0", "[fe80::1%eth0]:5432"),
            ("hostaddr=10.0.0.1", "10.0.0.1:5432"),
            ("host=a,b hostaddr=10.0.0.1,10.0.0.2", "a:5432 b:5432"),
            ("port=59999", "localhost:59999"),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "host=a,b port=1,2,3",
            "host=a hostaddr=10.0.0.1,10.0.0.2",
            "host=a,b hostaddr=10.0.0.1",
            "host=a port=x",
            "host=a port=0",
            "host=a port=65536",
            "hostaddr=a",
            "host=@abstract",
            "host=ter2@h",
            "host='a b'",
            "host=h;user=u",
        ] {
            assert!(shown(text).is_err(), "{text}");
        }
    }

    #[test]
    fn local_is_what_never_leaves_the_machine() {
        let local = |text| endpoints(&keyvalue::parse(text).expect("well-formed")).expect("valid")[0].is_local();
        for text in ["host=/x", "host=localhost", "host=127.1.2.3", "host=::1", "hostaddr=127.0.0.1"] {
            assert!(local(text), "{text}");
        }
        for text in ["host=a", "host=10.0.0.1", "host=a hostaddr=127.0.0.1", "host=localhost hostaddr=10.0.0.1"] {
            assert!(!local(text), "{text}");
        }
    }

    #[test]
    fn a_socket_in_a_usual_folder_is_localhost_in_a_password_file() {
        let name = |text| {
            let endpoints = endpoints(&keyvalue::parse(text).expect("well-formed")).expect("valid");
            endpoints[0].name_in_password_file().to_owned()
        };
        assert_eq!(name("host=/tmp"), "localhost");
        assert_eq!(name("host=/x"), "/x");
        assert_eq!(name("host=a hostaddr=10.0.0.1"), "a");
        assert_eq!(name("hostaddr=10.0.0.1"), "10.0.0.1");
    }
}
