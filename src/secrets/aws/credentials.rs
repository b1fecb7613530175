//! Who we are to AWS, as its own tools find it out.
//!
//! The crate that does the finding reads variables through a trait: it gets those that `cli` has read, so that it can be tried
//! without a process of its own, and so that nobody but `cli` reads the environment.

use std::fmt;

use reqsign_aws_v4::{
    AssumeRoleWithWebIdentityCredentialProvider, Credential, ECSCredentialProvider, EnvCredentialProvider,
    IMDSv2CredentialProvider, ProcessCredentialProvider, ProfileCredentialProvider, SSOCredentialProvider,
};
use reqsign_core::{
    CommandExecute, CommandOutput, Context, Error, FileRead, ProvideCredential, ProvideCredentialDyn, Result, StaticEnv,
};

use super::profile::Profile;
use super::wire::Wire;
use crate::db::Environment;

/// What the providers may use.
pub(super) fn context(wire: &Wire, environment: &Environment, region: &str) -> Context {
    let mut envs: std::collections::BTreeMap<_, _> = environment.vars.clone();
    envs.retain(|_, value| !value.is_empty());
    // the token service is asked in the same region
    envs.entry("AWS_REGION".to_owned()).or_insert_with(|| region.to_owned());
    let env = StaticEnv { home_dir: environment.home.clone(), envs: envs.into_iter().collect() };
    Context::new().with_env(env).with_http_send(wire.clone()).with_file_read(Files).with_command_execute(Commands)
}

/// The places where credentials may be, in the order in which AWS's tools look.
pub(super) struct Chain {
    places: Vec<(&'static str, Box<dyn ProvideCredentialDyn<Credential = Credential>>)>,
    /// Why a profile can't be used that other tools can use.
    beyond: Option<String>,
}

impl Chain {
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            places: vec![
                ("AWS_ACCESS_KEY_ID", Box::new(EnvCredentialProvider::new())),
                ("the profile", Box::new(ProfileCredentialProvider::new())),
                ("SSO", Box::new(SSOCredentialProvider::new())),
                ("web identity", Box::new(AssumeRoleWithWebIdentityCredentialProvider::new())),
                ("credential_process", Box::new(ProcessCredentialProvider::new())),
                ("the container", Box::new(ECSCredentialProvider::new())),
                ("the instance", Box::new(IMDSv2CredentialProvider::new())),
            ],
            beyond: beyond(&Profile::read(environment)),
        }
    }
}

/// Profiles of these kinds lead through further calls, which AWS's own tool makes for us.
fn beyond(profile: &Profile) -> Option<String> {
    let key = ["sso_session", "role_arn", "login_session"].into_iter().find(|key| profile.get(key).is_some())?;
    let name = profile.name.chars().filter(|c| !c.is_control()).collect::<String>();
    Some(format!(
        "the profile {name} has {key}, which pgmoat doesn't follow: \
         eval \"$(aws configure export-credentials --profile {name} --format env)\" first"
    ))
}

impl ProvideCredential for Chain {
    type Credential = Credential;

    async fn provide_credential(&self, context: &Context) -> Result<Option<Credential>> {
        let mut failed = Vec::new();
        for (place, provider) in &self.places {
            match provider.provide_credential_dyn(context).await {
                Ok(Some(credential)) => return Ok(Some(credential)),
                Ok(None) => {}
                // its words may be those of an answer that was to hold credentials
                Err(error) => failed.push(format!("{place}: {}", error.kind())),
            }
        }
        let places: Vec<&str> = self.places.iter().map(|(place, _)| *place).collect();
        let mut message = format!("no AWS credentials were found, in any of: {}", places.join(", "));
        if !failed.is_empty() {
            message = format!("{message} (failed: {})", failed.join("; "));
        }
        if let Some(beyond) = &self.beyond {
            message = format!("{message}; {beyond}");
        }
        Err(Error::credential_invalid(message))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Files;

impl FileRead for Files {
    async fn file_read(&self, path: &str) -> Result<Vec<u8>> {
        std::fs::read(path).map_err(|_| Error::config_invalid("the file can't be read"))
    }
}

#[derive(Debug)]
struct Commands;

impl CommandExecute for Commands {
    async fn command_execute(&self, program: &str, args: &[&str]) -> Result<CommandOutput> {
        let mut command = std::process::Command::new(program);
        command.args(args).stdin(std::process::Stdio::null());
        let ran = tokio::task::spawn_blocking(move || command.output()).await;
        let output =
            ran.ok().and_then(std::result::Result::ok).ok_or_else(|| Error::config_invalid("it can't be run"))?;
        let status = output.status.code().unwrap_or(-1);
        Ok(CommandOutput { status, stdout: output.stdout, stderr: output.stderr })
    }
}
