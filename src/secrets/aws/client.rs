//! One signed call: AWS JSON 1.1 over HTTP.
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use http::{Request, header};
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::Signer;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::credentials::{self, Chain};
use super::endpoint::Endpoint;
use super::failure::{Effect, Failure, Unspeakable};
use super::retry::{ATTEMPTS, pause};
use super::wire::Wire;
use crate::db::Environment;
use crate::secrets::{Entry, ExposeSecret as _, StoreError};

/// How long the search for credentials may take: some places are asked over the network, and a `credential_process` may hang.
const CREDENTIALS: Duration = Duration::from_secs(90);

/// How long a call may take, with all its attempts.
const CALL: Duration = Duration::from_secs(120);

/// Which of AWS's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    SecretsManager,
    Ssm,
}

impl Service {
    /// Before the region in its host's name; and its name in signatures.
    pub(super) fn host(self) -> &'static str {
        match self {
            Self::SecretsManager => "secretsmanager",
            Self::Ssm => "ssm",
        }
    }

    pub(super) fn endpoint_variable(self) -> &'static str {
        match self {
            Self::SecretsManager => "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            Self::Ssm => "AWS_ENDPOINT_URL_SSM",
        }
    }

    fn target(self) -> &'static str {
        match self {
            Self::SecretsManager => "secretsmanager",
            Self::Ssm => "AmazonSSM",
        }
    }
}

/// Speaks to a service.
pub(super) struct Client {
    service: Service,
    endpoint: Endpoint,
    wire: Wire,
    signer: Signer<Credential>,
}

impl Client {
    pub(super) fn new(service: Service, region: Option<&str>, environment: &Environment) -> Result<Self, StoreError> {
        let endpoint = Endpoint::find(service, region, environment)?;
        let wire = Wire::new(environment)?;
        let context = credentials::context(&wire, environment, &endpoint.region);
        let signer =
            Signer::new(context, Chain::new(environment), RequestSigner::new(service.host(), &endpoint.region));
        Ok(Self { service, endpoint, wire, signer })
    }

    pub(super) fn region(&self) -> &str {
        &self.endpoint.region
    }

    /// A call that may be made twice: the answer, after as many attempts as it takes. `entry` is what the request holds.
    pub(super) async fn call(
        &self,
        operation: &'static str,
        body: &Value,
        entry: Option<&Entry>,
    ) -> Result<Value, Failure> {
        self.attempts(operation, body, entry, |effect| effect != Effect::Refused).await
    }

    /// A call that may not: of one that had an effect perhaps, the caller must find out.
    pub(super) async fn call_once(
        &self,
        operation: &'static str,
        body: &Value,
        entry: Option<&Entry>,
    ) -> Result<Value, Failure> {
        self.attempts(operation, body, entry, |effect| effect == Effect::Deferred).await
    }

    async fn attempts(
        &self,
        operation: &'static str,
        body: &Value,
        entry: Option<&Entry>,
        again: fn(Effect) -> bool,
    ) -> Result<Value, Failure> {
        let text = serde_json::to_vec(body).map_err(|_| Failure::unsent("the request can't be written".to_owned()))?;
        let text = Arc::new(Zeroizing::new(text));
        let attempts = async {
            let mut attempt = 0;
            loop {
                match self.attempt(operation, &text, entry).await {
                    Err(failure) if again(failure.effect) && attempt + 1 < ATTEMPTS => pause(attempt).await,
                    done => return done,
                }
                attempt += 1;
            }
        };
        let done = tokio::time::timeout(CALL, attempts).await;
        done.unwrap_or_else(|_| Err(Failure::unanswered(format!("no answer within {CALL:?}"))))
    }

    async fn attempt(
        &self,
        operation: &'static str,
        body: &Arc<Zeroizing<Vec<u8>>>,
        entry: Option<&Entry>,
    ) -> Result<Value, Failure> {
        let parts = self.signed(operation, body).await?;
        let unspeakable = unspeakable(&parts, entry);
        let answer = self.wire.send(Request::from_parts(parts, Arc::clone(body))).await;
        let answer = answer.map_err(Failure::unanswered)?;
        let status = answer.status().as_u16();
        let body = Zeroizing::new(answer.into_body());
        if status != 200 {
            return Err(Failure::answered(status, &body, &unspeakable));
        }
        // the words of a JSON error may be those of the value
        serde_json::from_slice(&body).map_err(|_| Failure::unanswered("what answers isn't AWS".to_owned()))
    }

    async fn signed(&self, operation: &'static str, body: &[u8]) -> Result<Parts, Failure> {
        let request = Request::post(self.endpoint.uri.clone())
            .header(header::CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", format!("{}.{operation}", self.service.target()))
            // without it the signature would be that of UNSIGNED-PAYLOAD, which S3 alone takes
            .header("x-amz-content-sha256", hex(&Sha256::digest(body)))
            .body(());
        let request = request.map_err(|_| Failure::unsent("the request can't be written".to_owned()))?;
        let (mut parts, ()) = request.into_parts();
        let signing = tokio::time::timeout(CREDENTIALS, self.signer.sign(&mut parts, None)).await;
        let signed = signing.map_err(|_| Failure::unsent(format!("no AWS credentials came within {CREDENTIALS:?}")))?;
        signed.map_err(|error| Failure::unsent(error.to_string()))?;
        Ok(parts)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The password in all forms that the request has it in, and what signs the request.
fn unspeakable(parts: &Parts, entry: Option<&Entry>) -> Unspeakable {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signature = header("authorization").rsplit("Signature=").next().unwrap_or_default();
    let mut secrets = vec![header("x-amz-security-token").to_owned(), signature.to_owned()];
    if let Some(entry) = entry {
        let (password, url) = (entry.password.expose_secret(), entry.url());
        let of_url = url.expose_secret().split('@').next().and_then(|people| people.rsplit(':').next());
        secrets.push(of_url.unwrap_or_default().to_owned());
        secrets.push(Value::from(password).to_string().trim_matches('"').to_owned());
        secrets.push(password.to_owned());
    }
    Unspeakable(secrets)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.service)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
