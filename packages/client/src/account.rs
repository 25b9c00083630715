//! A player's account in the global database.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail, Context, Result};
use spacetimedb_sdk::{DbContext, Identity, Table};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::call::{self, Answers, CallError};
use crate::once::once;
use hexmarch_bindings::global::{
    player_register, player_set_name, DbConnection, PlayerRegisterRequest, PlayerSetNameRequest,
    RegionConnectionInfoTableAccess, UserRegionState, UserRegionStateTableAccess,
};

/// Where a character is: region, host and database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// The character.
    pub entity_id: u64,
    /// The region's index.
    pub region: u8,
    /// Base URL of its host.
    pub host: String,
    /// Its database.
    pub module: String,
    /// Whether the region has created the character.
    pub is_created: bool,
}

/// A connection to the global database.
pub struct Account {
    connection: Arc<DbConnection>,
    answers: Answers,
    changed: watch::Receiver<u64>,
    identity: Identity,
    token: String,
}

impl Account {
    /// Connects, as a new identity without a token.
    ///
    /// # Errors
    /// When the host cannot be reached or the database refuses.
    pub async fn connect(url: &str, database: &str, token: Option<String>) -> Result<Self> {
        let (greeted, greeting) = once();
        let (refused, ended) = (greeted.clone(), greeted.clone());
        let builder = DbConnection::builder()
            .with_uri(url)
            .with_module_name(database)
            .with_token(token)
            .with_light_mode(false)
            .on_connect(move |_, identity, token| greeted.with(Ok((identity, token.to_string()))))
            .on_connect_error(move |_, error| refused.with(Err(error.to_string())))
            .on_disconnect(move |_, error| {
                let text = error.map_or_else(|| "closed".to_string(), |error| error.to_string());
                ended.with(Err(text));
            });
        let connection = Arc::new(
            builder
                .build()
                .with_context(|| format!("connecting to {database} at {url}"))?,
        );
        let runner = connection.clone();
        tokio::spawn(async move { runner.run_async().await });
        let (identity, token) = greeting.wait(&format!("the connection to {database} at {url}")).await?;
        let (sender, answers) = call::channel(identity);
        let register = sender.clone();
        connection
            .reducers
            .on_player_register(move |ctx, _| register.report("player_register", &ctx.event));
        connection
            .reducers
            .on_player_set_name(move |ctx, _| sender.report("player_set_name", &ctx.event));
        let changed = Self::watch(&connection, &identity).await?;
        Ok(Self {
            connection,
            answers,
            changed,
            identity,
            token,
        })
    }

    async fn watch(connection: &DbConnection, identity: &Identity) -> Result<watch::Receiver<u64>> {
        let (bump, changed) = watch::channel(0_u64);
        let bump = Arc::new(bump);
        let table = connection.db.user_region_state();
        let (on_insert, on_delete, on_update) = (bump.clone(), bump.clone(), bump.clone());
        table.on_insert(move |_, _| on_insert.send_modify(|count| *count += 1));
        table.on_delete(move |_, _| on_delete.send_modify(|count| *count += 1));
        spacetimedb_sdk::TableWithPrimaryKey::on_update(&table, move |_, _, _| {
            on_update.send_modify(|count| *count += 1)
        });
        let (applied, answer) = once();
        let failed = applied.clone();
        connection
            .subscription_builder()
            .on_applied(move |_| applied.with(Ok(())))
            .on_error(move |_, error| failed.with(Err(error.to_string())))
            .subscribe([
                format!("SELECT * FROM user_region_state WHERE identity = 0x{identity}"),
                "SELECT * FROM region_connection_info".to_string(),
            ]);
        answer.wait("the subscription").await?;
        Ok(changed)
    }

    /// Whose account this is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Proves the identity at the next connection.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether the connection still stands.
    pub fn is_active(&self) -> bool {
        self.connection.is_active()
    }

    /// Where the character is; `None` without an account.
    pub fn whereabouts(&self) -> Option<Whereabouts> {
        let row: UserRegionState = self.connection.db.user_region_state().iter().next()?;
        let info = self
            .connection
            .db
            .region_connection_info()
            .iter()
            .find(|info| info.id == row.region_id)?;
        Some(Whereabouts {
            entity_id: row.entity_id,
            region: row.region_id,
            host: info.host,
            module: info.module,
            is_created: row.is_created,
        })
    }

    /// Waits for a change of the whereabouts, at most `limit`.
    pub async fn changed(&mut self, limit: Duration) {
        let _ = timeout(limit, self.changed.changed()).await;
    }

    /// Asks for an account.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn register(&mut self, username: &str) -> Result<(), CallError> {
        self.answers.clear();
        let request = PlayerRegisterRequest {
            username: username.to_string(),
        };
        self.connection
            .reducers
            .player_register(request)
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("player_register").await
    }

    /// Asks for another name.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn set_name(&mut self, username: &str) -> Result<(), CallError> {
        self.answers.clear();
        let request = PlayerSetNameRequest {
            username: username.to_string(),
        };
        self.connection
            .reducers
            .player_set_name(request)
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("player_set_name").await
    }

    /// Waits until the region has created the character.
    ///
    /// # Errors
    /// When it refused, or did not within `limit`.
    pub async fn created(&mut self, limit: Duration) -> Result<Whereabouts> {
        let created = async {
            loop {
                match self.whereabouts() {
                    Some(place) if place.is_created => return Ok(place),
                    Some(_) => {}
                    None => bail!("the region refused to create the character"),
                }
                self.changed
                    .changed()
                    .await
                    .context("the connection to the global database closed")?;
            }
        };
        timeout(limit, created)
            .await
            .map_err(|_| anyhow!("the character was not created within {limit:?}"))?
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = self.connection.disconnect();
    }
}
