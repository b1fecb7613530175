//! `pgmoat export iam`

mod arn;
mod kms;
mod policy;
mod secrets_manager;
mod ssm;

use clap::ValueEnum;

use arn::{Place, resource_id};
pub(super) use arn::{account, region};
use policy::{Policy, Statement};

use super::{Aws, aws};
use crate::cli::error::CliError;
use crate::cli::secrets::accounts;
use crate::cli::{Context, Exit};
use crate::layout::{Auth, Layout, Login, Secrets};
use crate::model::Name;

/// IAM policies: the least that services, pgmoat itself and CI need, and not a neighbour's entry
///
/// For `aws iam put-role-policy --policy-document`. Nothing is asked of AWS. Each names its entries one by one: NAME-?????? is exactly
/// NAME with the six characters that AWS adds, where NAME-* would be NAME-other as well.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, clap::Subcommand)]
enum Role {
    Execution(Execution),
    Task(Task),
    Provisioner(Provisioner),
    Inspector(Inspector),
}

/// The task execution role of a service: ECS reads the service's entries with it, when a task starts
///
/// It reads, and no more: not who owns an entry, nor another service's. The process itself runs as the task role and needs none of
/// this; only logins with auth = "iam" do: see `pgmoat export iam task`.
#[derive(Debug, clap::Args)]
struct Execution {
    /// A service, or SERVICE.LOGIN
    #[arg(value_name = "SERVICE")]
    service: String,
    #[command(flatten)]
    place: PlaceArgs,
}

/// The task role of a service: its processes connect with IAM tokens instead of passwords (auth = "iam")
#[derive(Debug, clap::Args)]
struct Task {
    /// A service, or SERVICE.LOGIN
    #[arg(value_name = "SERVICE")]
    service: String,
    /// The cluster's or instance's resource id: cluster-…, db-…, or prx-… of a proxy; not its name
    #[arg(long, value_name = "ID", value_parser = resource_id)]
    resource_id: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Whoever runs apply, rotate, secrets status and secrets repair
///
/// It makes entries that are tagged managed-by=pgmoat, and reads and changes only such. It can't delete an entry, nor change who may
/// read it. What it connects to PostgreSQL as isn't part of this.
#[derive(Debug, clap::Args)]
struct Provisioner {
    #[command(flatten)]
    place: PlaceArgs,
}

/// CI and cron: whoever runs plan, drift, prove, and secrets status
///
/// plan, drift and prove ask nothing of the secret store: for these, CI needs no policy at all. This one is for secrets status, as far
/// as it goes without values: whether each entry is there, how old it is and whether a run isn't finished. It can't tell whether the
/// password logs in, says so, and ends with 3; for that, run it as the provisioner. With --resource-id, also what the inspector
/// needs to connect by IAM token.
#[derive(Debug, clap::Args)]
struct Inspector {
    /// The cluster's or instance's resource id: cluster-… or db-…; the inspector logs in by IAM token
    #[arg(long, value_name = "ID", value_parser = resource_id)]
    resource_id: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, clap::Args)]
struct PlaceArgs {
    /// The account, 12 digits
    #[arg(long, value_name = "ID", value_parser = account)]
    account: Option<String>,
    /// Default: region in [secrets]
    #[arg(long, value_name = "REGION", value_parser = region)]
    region: Option<String>,
    /// Default: the region's, which is aws but for China, the governments' and the sovereign ones
    #[arg(long, value_name = "PARTITION")]
    partition: Option<Partition>,
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Partition {
    Aws,
    AwsCn,
    AwsUsGov,
    AwsIso,
    AwsIsoB,
    AwsIsoE,
    AwsIsoF,
    AwsEusc,
}

pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let policy = match &args.role {
        Role::Execution(args) => execution(&layout, args)?,
        Role::Task(args) => task(&layout, args)?,
        Role::Provisioner(args) => provisioner(&layout, args)?,
        Role::Inspector(args) => inspector(&layout, args)?,
    };
    if let Some(too_long) = policy.too_long() {
        context.printer.warning(&too_long);
    }
    context.printer.answer(&super::json(&policy.document()))?;
    Ok(Exit::Done)
}

/// The names of the entries, and in what store they are.
struct Entries<'a> {
    place: &'a Place,
    secrets: &'a Secrets,
    kind: Aws,
    names: Vec<String>,
}

fn execution(layout: &Layout, args: &Execution) -> Result<Policy, CliError> {
    let (secrets, kind) = aws(layout)?;
    let place = &place(&args.place, layout)?;
    let names = accounts::named(layout, std::slice::from_ref(&args.service))?;
    let names = names.into_iter().map(|account| account.secret).collect();
    let entries = Entries { place, secrets, kind, names };
    Ok(Policy(match kind {
        Aws::SecretsManager => secrets_manager::execution(&entries),
        Aws::Ssm => ssm::execution(&entries),
    }))
}

fn provisioner(layout: &Layout, args: &Provisioner) -> Result<Policy, CliError> {
    let place = place(&args.place, layout)?;
    let entries = all(layout, &place)?;
    Ok(Policy(match entries.kind {
        Aws::SecretsManager => secrets_manager::provisioner(&entries),
        Aws::Ssm => ssm::provisioner(&entries),
    }))
}

fn inspector(layout: &Layout, args: &Inspector) -> Result<Policy, CliError> {
    let place = place(&args.place, layout)?;
    let token = match (&args.resource_id, &layout.cluster.inspector) {
        (Some(id), Some(inspector)) => Some(connects(&place, id, [inspector])),
        (Some(_), None) => {
            return Err(CliError::new("the layout has no inspector").hint("inspector = \"pgmoat_ci\" in [cluster]"));
        }
        (None, _) => None,
    };
    // without entries in AWS there is nothing to see there
    let statements = match (all(layout, &place), token.is_some()) {
        (Ok(entries), _) if entries.kind == Aws::Ssm => ssm::inspector(&entries),
        (Ok(entries), _) => secrets_manager::inspector(&entries),
        (Err(_), true) => Vec::new(),
        (Err(error), false) => return Err(error.hint("plan, drift and prove need nothing of AWS, and so no policy")),
    };
    Ok(Policy(statements.into_iter().chain(token).collect()))
}

fn all<'a>(layout: &'a Layout, place: &'a Place) -> Result<Entries<'a>, CliError> {
    let (secrets, kind) = aws(layout)?;
    let names: Vec<String> = accounts::named(layout, &[])?.into_iter().map(|account| account.secret).collect();
    if names.is_empty() {
        return Err(CliError::new("no login of the layout has a password in the store"));
    }
    Ok(Entries { place, secrets, kind, names })
}

fn task(layout: &Layout, args: &Task) -> Result<Policy, CliError> {
    let place = place(&args.place, layout)?;
    let logins =
        layout.services.values().flat_map(|service| service.logins.values().map(move |login| (service, login)));
    let asked: Vec<&Login> = logins
        .filter(|(service, login)| [&service.key, &format!("{}.{}", service.key, login.key)].contains(&&args.service))
        .map(|(_, login)| login)
        .collect();
    if asked.is_empty() {
        return Err(CliError::new(format!("the layout has no login of `{}`", args.service)));
    }
    let roles: Vec<&Name> =
        asked.iter().filter(|login| login.auth == Auth::Iam).flat_map(|login| login.sessions()).collect();
    if roles.is_empty() {
        return Err(CliError::new(format!("no login of `{}` has auth = \"iam\"", args.service))
            .hint("a task role needs nothing for a password: pgmoat export iam execution"));
    }
    let Some(id) = &args.resource_id else {
        return Err(usage("--resource-id is missing: which cluster do the logins connect to?")
            .hint("aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,DbClusterResourceId]'"));
    };
    Ok(Policy(vec![connects(&place, id, roles)]))
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html>
fn connects<'a>(place: &Place, id: &str, roles: impl IntoIterator<Item = &'a Name>) -> Statement {
    let resources = roles.into_iter().map(|role| place.dbuser(id, role)).collect();
    Statement::new("ConnectByToken", &["rds-db:connect"], resources)
}

fn usage(message: &str) -> CliError {
    CliError { exit: Exit::Usage, ..CliError::new(message) }
}

fn place(args: &PlaceArgs, layout: &Layout) -> Result<Place, CliError> {
    let of_layout = layout.secrets.as_ref().and_then(|secrets| secrets.region.clone());
    let Some(account) = args.account.clone() else {
        return Err(usage("--account is missing: in which account are the entries?")
            .hint("aws sts get-caller-identity --query Account"));
    };
    let Some(region) = args.region.clone().or(of_layout) else {
        return Err(
            usage("--region is missing, and [secrets] names none").hint("region = \"eu-central-1\" in [secrets]")
        );
    };
    let partition = args.partition.unwrap_or_else(|| Partition::of(&region));
    Ok(Place { partition, region, account })
}
