//! Staging content by hand: what tests change in it, and how they send it.

use anyhow::{ensure, Context, Result};
use hexmarch_content::Content;
use hexmarch_e2e::programs::checkout;
use hexmarch_e2e::world::World;
use hexmarch_host::{CallOutcome, Connection, Events};
use hexmarch_messages::static_data::{RemovalPolicy, StaticRow};
use serde_json::{json, Value};
use spacetimedb_sats::bsatn;

/// A connection to a database, for a push.
pub struct Pusher {
    socket: Connection,
    _events: Events,
}

/// The content of the checkout.
pub fn content() -> Result<Content> {
    let (content, mistakes) = hexmarch_content::check(&checkout().join("static_data"))?;
    ensure!(mistakes.iter().all(|mistake| mistake.is_warning), "{mistakes:?}");
    Ok(content)
}

/// Changes the rows of one table.
pub fn change<R: StaticRow>(content: &mut Content, change: impl FnOnce(&mut Vec<R>)) -> Result<()> {
    let mut rows = content.rows::<R>();
    change(&mut rows);
    let table = content.tables.iter_mut().find(|table| table.name == R::TABLE);
    let table = table.with_context(|| format!("there is no {}", R::TABLE))?;
    let encoded = rows.iter().map(|row| {
        Ok(hexmarch_content::Row {
            key: row.key(),
            bsatn: bsatn::to_vec(row)?,
        })
    });
    table.rows = encoded.collect::<Result<_>>()?;
    Ok(())
}

/// A policy as reducers take it in JSON.
pub fn policy_argument(policy: RemovalPolicy) -> Value {
    json!({ format!("{policy:?}"): [] })
}

impl Pusher {
    /// Connects as the operator.
    pub async fn connect(world: &World, index: u8) -> Result<Self> {
        let (socket, events) = world.socket(index, world.operator.token()).await?;
        Ok(Self {
            socket,
            _events: events,
        })
    }

    async fn call(&self, reducer: &str, arguments: &[u8]) -> Result<()> {
        match self.socket.call(reducer, arguments).await? {
            CallOutcome::Committed => Ok(()),
            CallOutcome::Failed(text) => Err(anyhow::anyhow!(text)),
            CallOutcome::OutOfEnergy => Err(anyhow::anyhow!("out of energy")),
        }
    }

    /// Begins a push of content that is called so.
    pub async fn begin(&self, content_hash: &str) -> Result<()> {
        self.call("begin_static_data_push", &bsatn::to_vec(content_hash)?).await
    }

    /// Stages rows of one table.
    pub async fn stage<R: StaticRow>(&self, rows: &[R]) -> Result<()> {
        self.call(&format!("stage_{}", R::TABLE), &bsatn::to_vec(rows)?).await
    }

    /// Stages the tables that the database holds and of which `which` is true.
    pub async fn stage_tables(&self, index: u8, content: &Content, which: impl Fn(&str) -> bool) -> Result<()> {
        for table in content.of(index).filter(|table| which(table.name)) {
            let mut bytes = u32::try_from(table.rows.len())?.to_le_bytes().to_vec();
            table.rows.iter().for_each(|row| bytes.extend_from_slice(&row.bsatn));
            self.call(&format!("stage_{}", table.name), &bytes).await?;
        }
        Ok(())
    }

    /// Begins a push and stages all that the database holds.
    pub async fn stage_all(&self, index: u8, content: &Content, content_hash: &str) -> Result<()> {
        self.begin(content_hash).await?;
        self.stage_tables(index, content, |_| true).await
    }

    /// Checks what is staged.
    pub async fn validate(&self, policy: RemovalPolicy) -> Result<()> {
        self.call("validate_staged_data", &bsatn::to_vec(&policy)?).await
    }

    /// Commits what is staged.
    pub async fn commit(&self, policy: RemovalPolicy) -> Result<()> {
        self.call("commit_staged_static_data", &bsatn::to_vec(&policy)?).await
    }

    /// Forgets what is staged.
    pub async fn clear(&self) -> Result<()> {
        self.call("clear_staged_static_data", &[]).await
    }
}

/// Replaces the content of one database.
pub async fn push(world: &World, index: u8, content: &Content, policy: RemovalPolicy) -> Result<()> {
    let pusher = Pusher::connect(world, index).await?;
    pusher.stage_all(index, content, &content.hash_of(index)).await?;
    pusher.commit(policy).await
}

/// Replaces the content of all databases.
pub async fn push_all(world: &World, content: &Content, policy: RemovalPolicy) -> Result<()> {
    for index in 0..=2 {
        push(world, index, content, policy).await?;
    }
    Ok(())
}

/// The error of a call that is to be refused.
#[track_caller]
pub fn refused(outcome: Result<()>) -> String {
    outcome.expect_err("it is not refused").to_string()
}
