//! Which host and which databases a command is about.

use std::path::PathBuf;

use anyhow::{bail, Context as _};
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use clap::Args;
use futures_util::{stream, StreamExt as _, TryStreamExt as _};
use hexmarch_host::{HostClient, HostUrl, Token};
use spacetimedb_lib::Identity;

use crate::cli::Common;
use crate::data_dir::DataDir;
use crate::deploy::retried;
use crate::names::Branch;

/// Requests under way at once when looking for databases.
const LOOKUPS: usize = 16;

/// The flags that choose a host other than the data dir's.
#[derive(Debug, Clone, Args)]
pub struct ServerArguments {
    /// Address of the host [default: the one of the world in the data dir]
    #[arg(long, env = "HEXMARCH_SERVER", value_name = "URL")]
    pub server: Option<HostUrl>,
    /// File with the operator's token [default: operator.token of the data dir]
    #[arg(long, env = "HEXMARCH_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// A database that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// 0 for the global one, from 1 for regions.
    pub index: u8,
    /// Its name.
    pub name: String,
    /// Who owns it, in hexadecimal digits.
    pub owner: String,
}

/// A client of the host that the flags name, as the operator.
///
/// # Errors
/// When there is no such host or no token for it.
pub fn client(common: &Common, arguments: &ServerArguments) -> anyhow::Result<HostClient> {
    let data = DataDir::new(&common.data_dir)?;
    let url = match &arguments.server {
        Some(url) => url.clone(),
        None => data
            .require_world()
            .context("no host is known: name one with --server")?
            .url()?,
    };
    let token = match (&arguments.token_file, data.token()?) {
        (Some(file), _) => Token::read_from(file).context("correct --token-file")?,
        (None, Some(token)) => token,
        (None, None) => bail!(
            "there is no token: name its file with --token-file, or run 'hexmarch up' once, which makes {}",
            data.token_file().display()
        ),
    };
    Ok(HostClient::new(url, Some(token))?)
}

/// The branch that is meant: the one given, else that of the world in the data dir.
///
/// # Errors
/// When none is given and there is no world.
pub fn branch(common: &Common, given: Option<&Branch>) -> anyhow::Result<Branch> {
    match given {
        Some(branch) => Ok(branch.clone()),
        None => DataDir::new(&common.data_dir)?
            .require_world()
            .context("no branch is known: name one with --branch")?
            .branch(),
    }
}

/// All databases of a branch, by index, whoever owns them.
///
/// # Errors
/// When the host cannot be asked.
pub async fn existing(client: &HostClient, branch: &Branch) -> anyhow::Result<Vec<Database>> {
    // The host cannot list names, and there may be gaps.
    let lookups = branch.databases(u8::MAX).into_iter().map(|(index, name)| async move {
        let info = retried(|| client.database(&name), |_| ()).await?;
        anyhow::Ok(info.map(|info| Database {
            index,
            name: name.clone(),
            owner: info.owner_identity,
        }))
    });
    let found: Vec<Option<Database>> = stream::iter(lookups).buffered(LOOKUPS).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// All databases of a branch; there must be some.
///
/// # Errors
/// When there are none, or the host cannot be asked.
pub async fn require_existing(client: &HostClient, branch: &Branch) -> anyhow::Result<Vec<Database>> {
    let found = existing(client, branch).await?;
    if found.is_empty() {
        bail!(
            "{} has no databases of branch '{}'; publish them first",
            client.url(),
            branch.as_str()
        );
    }
    Ok(found)
}

/// The name of the database that an admin means, see [`Branch::resolve`]; there must be one.
///
/// # Errors
/// When there is none of that name, with those that the branch has; or the host cannot be asked.
pub async fn named(client: &HostClient, branch: &Branch, text: &str) -> anyhow::Result<String> {
    let name = branch.resolve(text)?;
    if retried(|| client.exists(&name), |_| ()).await? {
        return Ok(name);
    }
    let found = require_existing(client, branch).await?;
    let known = found.iter().map(|database| match database.index {
        0 => "global".to_owned(),
        region => region.to_string(),
    });
    bail!(
        "there is no database {name} on {}; branch '{}' has {}",
        client.url(),
        branch.as_str(),
        known.collect::<Vec<_>>().join(", ")
    )
}

/// The identity that a token stands for, in hexadecimal digits; `None` if it is no token of a host.
pub fn identity_of(token: &Token) -> Option<String> {
    let payload = token.reveal().split('.').nth(1)?;
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let claim = |name: &str| claims.get(name).and_then(|value| value.as_str());
    // Hosts write it down; of a login service's token it follows from two claims.
    match claim("hex_identity") {
        Some(hex) => Some(hex.trim_start_matches("0x").to_ascii_lowercase()),
        None => Some(Identity::from_claims(claim("iss")?, claim("sub")?).to_hex().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_who_it_is_for() {
        let token = |claims: &str| Token::new(&format!("x.{}.y", URL_SAFE_NO_PAD.encode(claims))).unwrap();
        assert_eq!(identity_of(&token("{\"hex_identity\":\"c2ab\"}")), Some("c2ab".into()));
        let derived = identity_of(&token("{\"iss\":\"a\",\"sub\":\"b\"}")).unwrap();
        assert!(derived.starts_with("c200") && derived.len() == 64, "{derived}");
        assert_eq!(identity_of(&Token::new("nonsense").unwrap()), None);
    }
}
