//! HTTP: blocking, on threads of its own, so that no second runtime is needed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use zeroize::Zeroizing;

use super::endpoint::is_loopback;
use crate::db::Environment;
use crate::secrets::StoreError;

/// What sends requests, to the service and to those who give us credentials.
#[derive(Clone)]
pub(super) struct Wire {
    direct: Agent,
    proxied: Option<Agent>,
    /// Hosts that are reached without the proxy.
    exempt: Vec<String>,
}

/// More than any answer of ours has: a value is 64 KiB at most.
const LARGEST: u64 = 1 << 20;

impl Wire {
    pub(super) fn new(environment: &Environment) -> Result<Self, StoreError> {
        let tls = tls(environment)?;
        // redirects aren't followed: what we send is meant for one host alone
        let agent = |proxy| {
            let config = Agent::config_builder()
                .tls_config(tls.clone())
                .proxy(proxy)
                .http_status_as_error(false)
                .max_redirects(0)
                .user_agent(concat!("pgmoat/", env!("CARGO_PKG_VERSION")))
                .build();
            Agent::new_with_config(config)
        };
        let var = |name: &str| environment.var(name).or_else(|| environment.var(&name.to_lowercase()));
        let proxy = var("HTTPS_PROXY").or_else(|| var("ALL_PROXY")).map(ureq::Proxy::new).transpose();
        let proxy = proxy.map_err(|_| StoreError::Unreachable("HTTPS_PROXY isn't a proxy's URL".to_owned()))?;
        let exempt = var("NO_PROXY").unwrap_or_default().split(',').map(|host| host.trim().to_lowercase()).collect();
        Ok(Self { direct: agent(None), proxied: proxy.map(|proxy| agent(Some(proxy))), exempt })
    }

    /// The status and the body of the answer.
    pub(super) async fn send(&self, request: Request<Arc<Zeroizing<Vec<u8>>>>) -> Result<Response<Vec<u8>>, String> {
        let (parts, body) = request.into_parts();
        let wire = self.clone();
        let sent = tokio::task::spawn_blocking(move || wire.exchange(Request::from_parts(parts, body.as_slice())));
        sent.await.map_err(|_| "the request was given up".to_owned())?
    }

    fn exchange(&self, request: Request<&[u8]>) -> Result<Response<Vec<u8>>, String> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let agent = self.agent(request.uri());
        // who hands out credentials is near, or isn't there at all
        let near = request.uri().scheme_str() == Some("http") && !is_loopback(request.uri());
        let (connect, whole) = if near { (1, 5) } else { (5, 30) };
        let request = agent
            .configure_request(request)
            .timeout_connect(Some(Duration::from_secs(connect)))
            .timeout_global(Some(Duration::from_secs(whole)))
            .build();
        let answer = agent.run(request).map_err(|error| format!("{host}: {error}"))?;
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(LARGEST).read_to_vec().map_err(|error| format!("{host}: {error}"))?;
        Ok(Response::from_parts(parts, body))
    }

    fn agent(&self, uri: &Uri) -> &Agent {
        let host = uri.host().unwrap_or_default();
        let is_exempt = self.exempt.iter().filter(|name| !name.is_empty()).any(|name| {
            let domain = name.trim_start_matches(['*', '.']);
            name == "*" || host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
        });
        match &self.proxied {
            Some(proxied) if uri.scheme_str() == Some("https") && !is_exempt => proxied,
            _ => &self.direct,
        }
    }
}

/// The proxy's URL may hold a password.
impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

/// The authorities that the operating system trusts, or those of `AWS_CA_BUNDLE`.
fn tls(environment: &Environment) -> Result<TlsConfig, StoreError> {
    let roots: Vec<CertificateDer<'static>> = match environment.var("AWS_CA_BUNDLE") {
        None => rustls_native_certs::load_native_certs().certs,
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|error| StoreError::Unreachable(format!("AWS_CA_BUNDLE={path} can't be used: {error}")))?,
    };
    let roots: Vec<_> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}

/// Those who give credentials without TLS: the agents of ECS and EKS, and the instance's metadata service.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
const NEIGHBOURS: &[&str] =
    &["169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]"];

impl reqsign_core::HttpSend for Wire {
    async fn http_send(&self, request: Request<Bytes>) -> reqsign_core::Result<Response<Bytes>> {
        let uri = request.uri();
        let near = is_loopback(uri) || uri.host().is_some_and(|host| NEIGHBOURS.contains(&host));
        if uri.scheme_str() != Some("https") && !near {
            let message = "credentials aren't asked for in the clear, of another machine";
            return Err(reqsign_core::Error::config_invalid(message));
        }
        let request = request.map(|body| Arc::new(Zeroizing::new(body.to_vec())));
        let answer = self.send(request).await.map_err(reqsign_core::Error::unexpected)?;
        Ok(answer.map(Bytes::from))
    }
}
