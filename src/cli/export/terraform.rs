//! `pgmoat export terraform`

use std::fmt::Write as _;

use super::words::{distinct, identifier};
use super::{Aws, aws};
use crate::cli::error::CliError;
use crate::cli::secrets::accounts;
use crate::cli::{Context, Exit};
use crate::model::is_hidden;
use crate::secrets::Account;

/// Terraform data sources for the entries of the secret store, and an output with the ARN of each
///
/// They refer to the entries by name and read no value, so that none gets into Terraform's state: with Secrets Manager the data
/// source is of the secret and not of a version of it, and with SSM the value stays encrypted (with_decryption = false). Nothing
/// here makes an entry: pgmoat apply does. Names follow from the keys of the layout: SERVICE_LOGIN.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Services, or SERVICE.LOGIN; default all
    #[arg(value_name = "SERVICE[.LOGIN]")]
    logins: Vec<String>,
}

pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let (_, kind) = aws(&layout)?;
    // whichever are asked for, each has the name that it has among all
    let all = accounts::named(&layout, &[])?;
    let keys: Vec<String> = all.iter().map(Account::shown).collect();
    let names = distinct(&keys, identifier);
    let asked = accounts::named(&layout, &args.logins)?;
    let is_asked = |account: &Account| asked.iter().any(|one| one.secret == account.secret);
    let text =
        all.iter().zip(&names).filter(|(account, _)| is_asked(account)).fold(HEAD.to_owned(), |mut text, one| {
            of_account(&mut text, kind, one);
            text
        });
    context.printer.answer(&text)?;
    Ok(Exit::Done)
}

const HEAD: &str =
    "# The entries of the secret store by name, as pgmoat export terraform writes them. No value is read.\n";

fn of_account(text: &mut String, kind: Aws, (account, name): (&Account, &String)) {
    let (data, rest) = match kind {
        Aws::SecretsManager => ("aws_secretsmanager_secret", ""),
        Aws::Ssm => ("aws_ssm_parameter", "  with_decryption = false\n"),
    };
    let align = if kind == Aws::Ssm { "name           " } else { "name" };
    let secret = match kind {
        Aws::SecretsManager => account.secret.clone(),
        // a parameter's name is a path, and the store makes it one
        Aws::Ssm => format!("/{}", account.secret.trim_start_matches('/')),
    };
    let (secret, shown) = (string(&secret), string(&format!("the entry of {}", account.shown())));
    // writing to a String can't fail
    let _ = write!(
        text,
        "\ndata \"{data}\" \"{name}\" {{\n  {align} = {secret}\n{rest}}}\n\
         \noutput \"{name}_arn\" {{\n  description = {shown}\n  value       = data.{data}.{name}.arn\n}}\n"
    );
}

/// <https://developer.hashicorp.com/terraform/language/expressions/strings>
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) => {
                let _ = match u32::from(c) {
                    code @ 0..=0xffff => write!(out, "\\u{code:04x}"),
                    code => write!(out, "\\U{code:08x}"),
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_text_is_a_template() {
        assert_eq!(super::string("a\"b\\c${d}%{e}\n"), "\"a\\\"b\\\\c$${d}%%{e}\\u000a\"");
    }
}
