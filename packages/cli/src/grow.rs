//! Adding regions to a running world.
//!
//! Every step looks before it acts, so an addition that was cut off anywhere is completed by doing it again. A new region
//! is like region 1 in everything but its land: the same module, settings and content. It opens when it has all shared
//! tables: until then its neighbours let nobody across.

use std::time::Duration;

use anyhow::{bail, Context as _};
use hexmarch_host::{HostClient, PublishOp};
use hexmarch_sim_core::RegionLayout;

use crate::content::push::How;
use crate::data_dir::{DataDir, World};
use crate::modules::Modules;
use crate::outcome::usage;
use crate::progress::Progress;
use crate::world::generation;
use crate::{content, deploy, relay, replicas, sql, wait};

/// For a row that the relay brings to every database; durable messages are held for over a second.
const ANNOUNCE_LIMIT: Duration = Duration::from_secs(60);
/// The region that new ones are like.
const MODEL: u8 = 1;

/// Whether a world can have this many regions.
///
/// # Errors
/// Why not.
pub fn require_room(world: &World, regions: u16) -> anyhow::Result<u8> {
    let has = world.regions;
    let Ok(wanted) = u8::try_from(regions) else {
        return Err(usage(format!(
            "the world has {has} regions, and {} is the most; add fewer",
            u8::MAX
        )));
    };
    world.layout(wanted).map_err(|error| {
        usage(format!(
            "{wanted} regions of {} chunks are no world ({error}); it has {has}, add fewer",
            world.chunks
        ))
    })?;
    Ok(wanted)
}

/// The modules that the world's databases run.
///
/// # Errors
/// When that is not known for sure.
pub fn modules(data: &DataDir, world: &World) -> anyhow::Result<Modules> {
    let modules = Modules::kept(data)?;
    let model = world.branch()?.database(MODEL);
    if world.published.get(&model) != Some(&modules.of(MODEL).hash) {
        bail!("it is not known which module {model} runs; run 'hexmarch down' and 'hexmarch up', which publish a known one");
    }
    Ok(modules)
}

/// Brings a world to as many regions as `world.growing_to` says, and returns the new databases. Without an addition
/// under way there is nothing to do.
///
/// # Errors
/// What a step said; doing it again goes on from there.
pub async fn complete(
    data: &DataDir,
    client: &HostClient,
    world: &mut World,
    progress: Progress,
) -> anyhow::Result<Vec<(u8, String)>> {
    let Some(regions) = world.growing_to.filter(|regions| *regions > world.regions) else {
        world.growing_to = None;
        return Ok(Vec::new());
    };
    let all = world.branch()?.databases(regions);
    let (_, new) = all.split_at(usize::from(world.regions).saturating_add(1).min(all.len()));
    let mut growth = Growth {
        data,
        client,
        progress,
        layout: world.layout(regions)?,
        global: world.branch()?.database(0),
        model: world.branch()?.database(MODEL),
        all: &all,
        new,
        world,
    };
    growth.publish().await?;
    growth.configure().await?;
    growth.push().await?;
    growth.relay().await?;
    growth.announce().await?;
    growth.make_worlds().await?;
    world.regions = regions;
    world.growing_to = None;
    data.save_world(world)?;
    Ok(new.to_vec())
}

struct Growth<'a> {
    data: &'a DataDir,
    client: &'a HostClient,
    progress: Progress,
    world: &'a mut World,
    /// How the regions will lie.
    layout: RegionLayout,
    global: String,
    model: String,
    all: &'a [(u8, String)],
    new: &'a [(u8, String)],
}

impl Growth<'_> {
    async fn publish(&mut self) -> anyhow::Result<()> {
        let modules = modules(self.data, self.world)?;
        for (index, name) in self.new {
            let module = modules.of(*index);
            let runs = self.world.published.get(name) == Some(&module.hash);
            if runs && sql::count(self.client, name, "module_version").await.is_ok() {
                continue;
            }
            let step = self.progress.step("publish", name.as_str());
            let op = deploy::publish(self.client, name, module, false, |text| step.remark(text)).await?;
            self.world.published.insert(name.clone(), module.hash.clone());
            self.data.save_world(self.world)?;
            step.done(match op {
                PublishOp::Created => format!("{name} created"),
                PublishOp::Updated => format!("{name} updated"),
            });
        }
        Ok(())
    }

    async fn configure(&self) -> anyhow::Result<()> {
        let step = self.progress.step("config", "that of region 1");
        for (index, name) in self.new {
            deploy::configure_like(self.client, name, &self.model).await?;
            // Before the first message: a region that does not know its own index refuses all.
            deploy::set_up_region(self.client, name, *index, &self.layout).await?;
        }
        step.done(format!("that of {}", self.model));
        Ok(())
    }

    async fn push(&mut self) -> anyhow::Result<()> {
        let step = self.progress.step("content", format!("reading that of {}", self.model));
        let content = content::live(self.client, (MODEL, &self.model)).await?;
        step.done(format!("{} rows, those of {}", content.row_count(), self.model));
        content::push::push(self.client, self.new, &content, How::default(), self.progress).await?;
        // So that the next 'up' does not take what region 1's admins changed for something to correct.
        if let Some(pushed) = self.world.pushed.get(&self.model).cloned() {
            let pushed = self.new.iter().map(|(_, name)| (name.clone(), pushed.clone()));
            self.world.pushed.extend(pushed.collect::<Vec<_>>());
            self.data.save_world(self.world)?;
        }
        Ok(())
    }

    async fn relay(&self) -> anyhow::Result<()> {
        let step = self.progress.step("relay", "reading its configuration again");
        let config = relay::config(self.data, self.world, self.all)?;
        self.data.write_text("relay.toml", &config)?;
        let state = self
            .data
            .state()?
            .relay
            .context("the relay is gone; 'hexmarch up' starts it again")?;
        relay::reload(&state, &self.data.log("relay"), self.all).await?;
        step.done(format!("connected to {} databases", self.all.len()));
        Ok(())
    }

    /// The owners of shared tables send a copy to each region of which they hear for the first time.
    async fn announce(&self) -> anyhow::Result<()> {
        let step = self
            .progress
            .step("replicas", "telling the global database of the regions");
        let url = self.client.url().to_string();
        deploy::announce_regions(self.client, &self.global, &url, self.all).await?;
        let mut rows: u64 = 0;
        for (_, name) in self.new {
            step.say(format!("waiting until {name} has all shared tables"));
            rows = rows.saturating_add(replicas::wait_equal(self.client, &self.global, name, &step).await?);
        }
        step.done(format!("{rows} rows, as in the global database"));
        Ok(())
    }

    async fn make_worlds(&self) -> anyhow::Result<()> {
        generation::make(self.client, self.new, self.world.origin(), self.progress).await?;
        for (index, name) in self.new {
            let step = self.progress.step("region", format!("{index}: opening"));
            deploy::start_agents(self.client, name).await?;
            for (other, database) in self.all {
                step.say(format!("{index}: waiting until {database} knows that it is open"));
                let what = format!("the relay has not told {database} that region {index} is open");
                let knows = || async { Ok(self.lets_across(*other, database, *index).await?.then_some(())) };
                wait::until(&what, ANNOUNCE_LIMIT, knows).await?;
            }
            step.done(format!("{index}: open"));
        }
        Ok(())
    }

    /// Whether a database takes the new region for a part of the world that players can go to.
    async fn lets_across(&self, index: u8, database: &str, new: u8) -> anyhow::Result<bool> {
        let open = format!("region_control_info WHERE region_id = {new} AND initialized = true");
        if sql::count(self.client, database, &open).await? == 0 {
            return Ok(false);
        }
        let reaches = index == 0 || {
            let layout = deploy::layout_of(self.client, database).await?;
            layout.is_some_and(|layout| layout.region_count() >= new)
        };
        Ok(reaches)
    }
}
