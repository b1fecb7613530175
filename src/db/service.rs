//! A service's own connection: what a client gets that holds nothing but its entry in the secret store.

use super::conninfo::{Address, Conninfo, Encryption, Endpoint};
use super::password::Password;
use std::path::PathBuf;

/// Whom to be, and where, as an entry in the secret store says.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// A name, an address, or the folder of a socket.
    pub host: &'a str,
    pub port: u16,
    pub database: &'a str,
    pub user: &'a str,
    /// libpq's word.
    pub sslmode: Option<&'a str>,
}

impl Conninfo {
    /// A connection as a service makes it: to its address, with its password and no other, without options of ours, so
    /// that it becomes whom the role's settings say. Whom we trust, and how long we wait, stays.
    pub fn as_client(&self, client: Client<'_>, password: Option<&str>) -> Conninfo {
        let mut other = self.with_user(client.user, None).with_database(client.database);
        let address = match client.host.starts_with('/') {
            true => Address::Socket(PathBuf::from(client.host)),
            false => Address::Tcp { host: client.host.to_owned(), hostaddr: self.hostaddr_of(client.host) },
        };
        other.endpoints = vec![Endpoint { address, port: client.port }];
        other.encryption = Encryption::of_client(&self.encryption, client.sslmode);
        other.session.options.clear();
        other.set_service_password(password.map(Password::new));
        other
    }

    /// The address that we were told to use instead of looking this name up.
    fn hostaddr_of(&self, name: &str) -> Option<std::net::IpAddr> {
        self.endpoints.iter().find_map(|endpoint| match &endpoint.address {
            Address::Tcp { host, hostaddr } if host == name => *hostaddr,
            _ => None,
        })
    }

    /// The one server that this leads to: a name, an address, or the folder of a socket, and the port. None where it
    /// names several.
    pub fn address(&self) -> Option<(String, u16)> {
        let [Endpoint { address, port }] = self.endpoints.as_slice() else { return None };
        let host = match address {
            Address::Socket(folder) => folder.to_str()?.to_owned(),
            Address::Tcp { host, .. } => host.clone(),
        };
        Some((host, *port))
    }

    /// Does it lead to this machine alone?
    pub fn is_local(&self) -> bool {
        self.endpoints.iter().all(Endpoint::is_local)
    }
}
