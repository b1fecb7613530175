//! From `[secrets]` to a store, and to the address that services connect to.

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::db::Conninfo;
use crate::layout::{self, FileFormat, Layout, Secrets};
use crate::secrets::{FileStore, Format, Place, Store};

/// `[secrets]`, without which there is nothing to do.
pub(in crate::cli) fn section(layout: &Layout) -> Result<&Secrets, CliError> {
    layout.secrets.as_ref().ok_or_else(|| {
        CliError::new("the layout has no [secrets], so pgmoat keeps no passwords")
            .hint("docs/secrets.md says what to put there; the smallest: store = \"file\"")
    })
}

impl Context<'_> {
    /// The store.
    pub(in crate::cli) fn store(&self, secrets: &Secrets) -> Result<Store, CliError> {
        match secrets.store {
            layout::Store::File => {
                let given = secrets.path.as_deref().unwrap_or_default();
                let beside = match self.global.layout.is_dir() {
                    true => self.global.layout.clone(),
                    false => self.global.layout.parent().map(Into::into).unwrap_or_default(),
                };
                let format = match secrets.format {
                    FileFormat::Json => Format::Json,
                    FileFormat::Dotenv => Format::Dotenv,
                };
                Ok(Store::File(FileStore::new(beside, given.into(), format)))
            }
            store => self.aws(store, secrets),
        }
    }

    /// A store of AWS; the environment says who we are there.
    #[cfg(feature = "aws")]
    fn aws(&self, store: layout::Store, secrets: &Secrets) -> Result<Store, CliError> {
        let options = crate::secrets::AwsOptions {
            region: secrets.region.clone(),
            kms_key: secrets.kms_key.clone(),
            tags: secrets.tags.clone(),
        };
        let opened = match store {
            layout::Store::Ssm => Store::ssm(options, self.environment),
            _ => Store::secrets_manager(options, self.environment),
        };
        opened.map_err(|error| CliError::new("the store can't be used").caused_by(&error))
    }

    #[cfg(not(feature = "aws"))]
    fn aws(&self, store: layout::Store, _: &Secrets) -> Result<Store, CliError> {
        let message = format!("this pgmoat was built without the store `{}`", store.word());
        Err(CliError::new(message).hint("build it with --features aws, which is the default"))
    }
}

/// What services connect to: what `[secrets]` says, else what we connect to.
pub(super) fn place(secrets: &Secrets, conninfo: &Conninfo) -> Result<Place, CliError> {
    let unclear = |why: &str| {
        let hint = "say in [secrets] what services connect to: host = \"db.example.com\", and port if it isn't 5432";
        CliError::new(format!("{why}, and the entries need one host that services can reach")).hint(hint)
    };
    let (host, port) = match (&secrets.host, conninfo.address()) {
        (Some(host), ours) => (host.clone(), ours.filter(|(ours, _)| ours == host).map_or(5432, |(_, port)| port)),
        (None, None) => return Err(unclear("the connection names several servers")),
        // a container can't reach what is on our machine alone
        (None, Some(_)) if conninfo.is_local() && secrets.store != layout::Store::File => {
            return Err(unclear("the connection doesn't leave this machine"));
        }
        (None, Some(ours)) => ours,
    };
    let ours = secrets.host.is_none() && conninfo.is_local();
    let sslmode = match secrets.sslmode {
        _ if host.starts_with('/') => None,
        Some(mode) => Some(mode.word()),
        // as we ourselves reach what is on this machine
        None if ours => Some("disable"),
        None => Some("verify-full"),
    };
    Ok(Place {
        engine: secrets.engine.word().to_owned(),
        host,
        port: secrets.port.unwrap_or(port),
        sslmode: sslmode.map(str::to_owned),
    })
}
