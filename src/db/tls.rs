//! TLS as `sslmode` means it, on rustls.

mod verifier;

use super::conninfo::{ClientFiles, Encryption, Level, Roots};
use super::regular_file;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;
use zeroize::Zeroizing;

/// Why TLS can't even be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsSetupError {
    /// A file that can't be read, or isn't what it should be.
    #[error("{} can't be used as {role}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What it is for.
        role: &'static str,
        /// Why not.
        reason: String,
    },
    /// The operating system offers no certificates.
    #[error("the operating system has no trusted certificates")]
    NoSystemRoots,
    /// rustls refuses the combination.
    #[error("the TLS settings don't fit together")]
    Rustls(#[from] rustls::Error),
}

impl TlsSetupError {
    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            TlsSetupError::File { role: AUTHORITIES, .. } | TlsSetupError::NoSystemRoots => Some(
                "sslrootcert=PATH names a PEM file with the authority that signed the server's certificate; \
                 sslrootcert=system takes the operating system's"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

const AUTHORITIES: &str = "the trusted authorities (sslrootcert)";
const CERTIFICATE: &str = "the client certificate (sslcert)";
const KEY: &str = "the client's private key (sslkey)";

/// What makes TLS connections of that level.
pub(super) fn connector(level: Level, encryption: &Encryption) -> Result<MakeRustlsConnect, TlsSetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(level, &encryption.roots, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &encryption.client {
        None => builder.with_no_client_auth(),
        Some(files) => {
            let (chain, key) = client_identity(files)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| unusable(&files.key, KEY, error))?
        }
    };
    config.enable_sni = encryption.sni;
    if encryption.direct {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(MakeRustlsConnect::new(config))
}

fn verifier(
    level: Level,
    roots: &Roots,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsSetupError> {
    let algorithms = provider.signature_verification_algorithms;
    if level < Level::VerifyCa {
        return Ok(Arc::new(verifier::Anybody { algorithms }));
    }
    let trusted = match roots {
        Roots::File(path) => certificates(path, AUTHORITIES)?,
        Roots::System => rustls_native_certs::load_native_certs().certs,
    };
    let mut store = RootCertStore::empty();
    let (usable, _) = store.add_parsable_certificates(trusted.iter().cloned());
    if usable == 0 {
        return Err(match roots {
            Roots::File(path) => unusable(path, AUTHORITIES, "it holds no usable certificate"),
            Roots::System => TlsSetupError::NoSystemRoots,
        });
    }
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
        .build()
        .map_err(|error| TlsSetupError::Rustls(rustls::Error::General(error.to_string())))?;
    // Only certificates of a file are pinned: nobody is meant to be a system's root and a database server at once.
    let pinned = if matches!(roots, Roots::File(_)) { trusted } else { Vec::new() };
    Ok(Arc::new(verifier::Authority { inner, pinned, check_name: level == Level::VerifyFull }))
}

fn client_identity(
    files: &ClientFiles,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsSetupError> {
    let chain = certificates(&files.certificate, CERTIFICATE)?;
    refuse_open_key(&files.key)?;
    let pem = Zeroizing::new(pem(&files.key, KEY)?);
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| unusable(&files.key, KEY, error))?;
    Ok((chain, key))
}

/// libpq's rule: the owner's alone, or root's and a group's.
fn refuse_open_key(path: &Path) -> Result<(), TlsSetupError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).map_err(|error| unusable(path, KEY, error))?;
        let forbidden = if metadata.uid() == 0 { 0o037 } else { 0o077 };
        if metadata.mode() & forbidden != 0 {
            return Err(unusable(path, KEY, "others may read it (chmod 0600 makes it usable)"));
        }
    }
    Ok(())
}

fn certificates(path: &Path, role: &'static str) -> Result<Vec<CertificateDer<'static>>, TlsSetupError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem(path, role)?).collect();
    let certificates = certificates.map_err(|error| unusable(path, role, error))?;
    if certificates.is_empty() {
        return Err(unusable(path, role, "it holds no certificate in PEM format"));
    }
    Ok(certificates)
}

fn pem(path: &Path, role: &'static str) -> Result<Vec<u8>, TlsSetupError> {
    regular_file::read(path, regular_file::LARGEST_SETTINGS).map_err(|error| unusable(path, role, error))
}

fn unusable(path: &Path, role: &'static str, reason: impl std::fmt::Display) -> TlsSetupError {
    TlsSetupError::File { path: path.to_owned(), role, reason: reason.to_string() }
}
