//! The steps of `up`, in order. Each looks first and does only what is missing.

use std::time::Duration;

use anyhow::{bail, Context as _};
use hexmarch_host::{HostClient, HostError, PublishOp};

use super::{Arguments, DEFAULT_PLAYERS};
use crate::checkout::Checkout;
use crate::content::{self, Content};
use crate::data_dir::{DataDir, Lock, World};
use crate::modules::{Build, Modules};
use crate::progress::Progress;
use crate::stop::{stop, Which};
use crate::world::generation;
use crate::{demo, deploy, grow, host, relay, sql, wait};

/// For rows that the relay brings from one database to another; durable messages are held for over a second.
const REPLICATION_LIMIT: Duration = Duration::from_secs(60);

/// One run of `up`.
pub(super) struct Run<'a> {
    pub(super) data: &'a DataDir,
    lock: &'a Lock,
    pub(super) arguments: &'a Arguments,
    pub(super) checkout: Checkout,
    pub(super) world: World,
    pub(super) databases: Vec<(u8, String)>,
    pub(super) progress: Progress,
    pub(super) client: HostClient,
    at: &'static str,
    started: Which,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        data: &'a DataDir,
        lock: &'a Lock,
        arguments: &'a Arguments,
        checkout: Checkout,
        world: World,
        progress: Progress,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            data,
            lock,
            arguments,
            checkout,
            databases: world.databases()?,
            client: HostClient::new(world.url()?, None)?,
            world,
            progress,
            at: "prepare",
            started: Which::default(),
        })
    }

    /// The step under way.
    pub(super) fn at(&self) -> &'static str {
        self.at
    }

    /// What this run started.
    pub(super) fn started(&self) -> Which {
        self.started
    }

    /// All steps.
    pub(super) async fn all(&mut self) -> anyhow::Result<()> {
        self.world.complete = false;
        self.data.save_world(&self.world)?;
        self.at = "content";
        let content = self.check_content()?;
        self.at = "host";
        self.host().await?;
        self.at = "operator";
        self.operator().await?;
        self.at = "build";
        let log = self.data.log("build");
        let (wasm_dir, how) = (self.arguments.wasm_dir.as_deref(), Build::dev(self.arguments.dev));
        let modules = Modules::get(wasm_dir, how, &self.checkout, &log, self.progress).await?;
        self.at = "publish";
        self.publish(&modules).await?;
        self.at = "config";
        self.configure().await?;
        self.at = "content";
        self.push(&content).await?;
        self.at = "relay";
        self.relay().await?;
        self.at = "regions";
        self.regions().await?;
        self.at = "agents";
        self.agents().await?;
        self.at = "region";
        grow::complete(self.data, &self.client, &mut self.world, self.progress).await?;
        self.at = "players";
        self.players().await?;
        self.world.complete = true;
        self.data.save_world(&self.world)
    }

    fn check_content(&self) -> anyhow::Result<Content> {
        let (content, mistakes) = content::check(&self.checkout.path("static_data"))?;
        let errors: Vec<String> = mistakes
            .iter()
            .filter(|mistake| !mistake.is_warning)
            .map(ToString::to_string)
            .collect();
        if !errors.is_empty() {
            bail!(
                "the content has {} mistakes; correct them, 'hexmarch content check' shows them again\n{}",
                errors.len(),
                errors.join("\n")
            );
        }
        Ok(content)
    }

    async fn host(&mut self) -> anyhow::Result<()> {
        let mut state = self.data.state()?;
        if let Some(pid) = state.host.as_ref().and_then(|host| host.alive()) {
            return self.client.ping().await.with_context(|| {
                format!("the host (pid {pid}) runs but does not answer; stop it with 'hexmarch down' and try again")
            });
        }
        host::require_free_port(self.world.port).await?;
        let step = self.progress.step("host", "looking for its executable");
        let log = self.data.log("install-host");
        let executable = host::find(self.arguments.host_bin.as_deref(), &self.checkout, &log, &step).await?;
        step.say("starting");
        self.started.host = true;
        let data = self.data;
        host::start(&executable, data, &self.world, &self.client, |record| {
            state.host = Some(record.clone());
            data.save_state(&state)
        })
        .await?;
        step.done(format!("listening on {}", self.client.url()));
        Ok(())
    }

    async fn operator(&mut self) -> anyhow::Result<()> {
        let token = match self.data.token()? {
            Some(token) => token,
            None => {
                let identity = self.client.new_identity().await?;
                identity.token.write_to(&self.data.token_file())?;
                self.progress
                    .step("operator", "making an identity")
                    .done(format!("new identity {}", identity.identity));
                identity.token
            }
        };
        self.client = self.client.with_token(Some(token));
        Ok(())
    }

    async fn publish(&mut self, modules: &Modules) -> anyhow::Result<()> {
        modules.keep(self.data)?;
        for (index, name) in self.databases.clone() {
            let module = modules.of(index);
            let runs = self.world.published.get(&name) == Some(&module.hash);
            // A host that was killed may have lost a database that was published in its last half second.
            if runs && sql::count(&self.client, &name, "module_version").await.is_ok() {
                continue;
            }
            // Open connections of players do not survive a publish on hosts 1.3.0; the relay connects again by itself.
            self.stop_players().await?;
            let step = self.progress.step("publish", name.as_str());
            let tell = |text: &str| step.remark(text);
            let op = deploy::publish(&self.client, &name, module, false, tell)
                .await
                .map_err(|error| self.explain(error))?;
            self.world.published.insert(name.clone(), module.hash.clone());
            if op == PublishOp::Created {
                // What was pushed into it before is lost.
                self.world.pushed.remove(&name);
            }
            self.data.save_world(&self.world)?;
            step.done(format!(
                "{name} {}",
                if op == PublishOp::Created { "created" } else { "updated" }
            ));
        }
        Ok(())
    }

    fn needs_login(&self) -> anyhow::Result<bool> {
        let (env, content) = (self.world.env.clone(), self.checkout.config(&self.world.env)?);
        Ok(hexmarch_rules::config::select(None, &[env], &[content])?.require_authentication)
    }

    fn explain(&self, error: HostError) -> anyhow::Error {
        let remedy = match &error {
            HostError::SchemaRefused { .. } => {
                "its rows do not fit the new tables: go back to the old tables, or begin anew with --fresh"
            }
            HostError::NotAllowed { .. } => {
                "the operator.token of the data dir does not own it: restore the token, or begin anew with --fresh"
            }
            _ => return error.into(),
        };
        anyhow::Error::from(error).context(remedy)
    }

    async fn stop_players(&self) -> anyhow::Result<()> {
        let players = Which {
            players: true,
            ..Which::default()
        };
        stop(self.data, self.lock, players, self.progress).await.map(drop)
    }

    async fn relay(&mut self) -> anyhow::Result<()> {
        let step = self
            .progress
            .step("relay", "telling the global database where the regions are");
        let (url, global) = (self.client.url().to_string(), self.world.branch()?.database(0));
        deploy::announce_regions(&self.client, &global, &url, &self.databases).await?;
        let config = relay::config(self.data, &self.world, &self.databases)?;
        let same = std::fs::read_to_string(self.data.path("relay.toml")).is_ok_and(|old| old == config);
        let mut state = self.data.state()?;
        let alive = state.relay.as_ref().filter(|relay| relay.process.alive().is_some());
        match alive {
            Some(relay) if same => {
                step.say("waiting until it is connected");
                relay::wait_ready(relay, &self.data.log("relay")).await?;
            }
            _ => {
                let old = Which {
                    relay: true,
                    ..Which::default()
                };
                stop(self.data, self.lock, old, self.progress).await?;
                self.data.write_text("relay.toml", &config)?;
                step.say("starting");
                let executable = relay::find(self.arguments.relay_bin.as_deref())?;
                self.started.relay = true;
                let data = self.data;
                relay::start(&executable, data, |relay| {
                    state.relay = Some(relay.clone());
                    data.save_state(&state)
                })
                .await?;
            }
        }
        step.done(format!("connected to {} databases", self.databases.len()));
        Ok(())
    }

    async fn regions(&mut self) -> anyhow::Result<()> {
        let url = self.client.url().to_string();
        let count = self.world.regions;
        for (index, name) in self.databases.iter().filter(|(index, _)| *index > 0) {
            let step = self
                .progress
                .step("region", format!("{index}: waiting for the list of regions"));
            let what = format!("the relay has not brought the list of regions to {name}");
            let knows = || async {
                let knows = deploy::knows_regions(&self.client, name, &url, &self.databases).await?;
                Ok(knows.then_some(()))
            };
            wait::until(&what, REPLICATION_LIMIT, knows).await?;
            step.done(format!("{index}: it has the list of regions"));
        }
        let regions: Vec<_> = self.databases.iter().filter(|(index, _)| *index > 0).cloned().collect();
        generation::make(&self.client, &regions, self.world.origin(), self.progress).await?;
        let global = self.world.branch()?.database(0);
        let step = self
            .progress
            .step("region", "waiting until the global database knows all of them");
        let open = || async {
            let known = sql::count(&self.client, &global, "region_control_info WHERE initialized = true").await?;
            Ok((known >= u64::from(count)).then_some(()))
        };
        wait::until(
            "the relay has not told the global database of every region",
            REPLICATION_LIMIT,
            open,
        )
        .await?;
        step.done(format!("{count} regions are known to the global database"));
        Ok(())
    }

    async fn agents(&self) -> anyhow::Result<()> {
        let step = self.progress.step("agents", "starting");
        let mut stopped = Vec::new();
        for (_, name) in &self.databases {
            if !deploy::start_agents(&self.client, name).await? {
                stopped.push(name.as_str());
            }
        }
        step.done(if stopped.is_empty() {
            "running".to_owned()
        } else {
            format!(
                "stopped in {}; start them with 'hexmarch admin agents start DATABASE'",
                stopped.join(", ")
            )
        });
        Ok(())
    }

    async fn players(&mut self) -> anyhow::Result<()> {
        let mut state = self.data.state()?;
        let running = state.players.as_ref().filter(|players| demo::is_well(Some(players)));
        let wanted = match (self.arguments.players, running) {
            (Some(wanted), Some(running)) if running.count == wanted => return Ok(()),
            (None, Some(_)) => return Ok(()),
            (wanted, _) => wanted.unwrap_or(DEFAULT_PLAYERS),
        };
        self.stop_players().await?;
        state.players = None;
        let needs_login = self.needs_login()?;
        if needs_login && self.arguments.players.is_some_and(|players| players > 0) {
            bail!(
                "environment {} lets in only whom a login service vouched for, and demo players are not; leave \
                 --players away",
                self.world.env
            );
        }
        if wanted == 0 || needs_login {
            return Ok(());
        }
        let step = self.progress.step("players", "entering the world");
        self.started.players = true;
        let data = self.data;
        let entered = demo::start(data, wanted, &step, |players| {
            state.players = Some(players.clone());
            data.save_state(&state)
        })
        .await?;
        step.done(entered);
        Ok(())
    }
}
