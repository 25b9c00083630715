//! End-to-end tests: one world on a real host, started once by the operator's tool, stopped at the end.
//!
//! Tests run one after another, in the order below; each leaves the world as it found it: open regions, default
//! parameters, nobody signed in. `scripts/test e2e -- NAME` runs those whose name contains NAME.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod account;
mod agents;
mod area_of_interest;
mod bindings;
mod content;
mod content_files;
mod content_push;
mod content_removal;
mod content_staging;
mod content_tool;
mod day;
mod enemy;
mod grant;
mod interior;
mod knowledge;
mod land;
mod lifecycle;
mod loot_chest;
mod messages;
mod movement;
mod npc;
mod publish;
mod region_add;
mod relay;
mod resource;
mod session;
mod shared;
mod strangers;
mod transfer;
mod world;

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use hexmarch_e2e::world::World;
use libtest_mimic::{Arguments, Conclusion, Failed, Trial};
use tokio::runtime::Runtime;

/// Worlds, each for one test at a time: most of a test is waiting, for the disk above all.
const WORLDS: usize = 3;

/// A test: what it is called and what it does with the world.
pub type Test = (
    &'static str,
    for<'a> fn(&'a World) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>,
);

/// `test!(module, function, ...)`: the tests of a module, by their functions' names.
#[macro_export]
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        /// The tests of this file.
        pub const TESTS: &[$crate::Test] = &[
            $((concat!(module_path!(), "::", stringify!($name)), |world| Box::pin($name(world)))),*
        ];
    };
}

fn all() -> Vec<Test> {
    [
        bindings::TESTS,
        account::TESTS,
        session::TESTS,
        movement::TESTS,
        area_of_interest::TESTS,
        messages::TESTS,
        shared::TESTS,
        grant::TESTS,
        agents::TESTS,
        enemy::TESTS,
        npc::TESTS,
        content::TESTS,
        content_files::TESTS,
        content_push::TESTS,
        content_removal::TESTS,
        content_tool::TESTS,
        knowledge::TESTS,
        resource::TESTS,
        loot_chest::TESTS,
        day::TESTS,
        transfer::TESTS,
        world::TESTS,
        interior::TESTS,
        relay::TESTS,
        publish::TESTS,
        strangers::TESTS,
        lifecycle::TESTS,
        region_add::TESTS,
    ]
    .concat()
}

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    let count = arguments.test_threads.unwrap_or(WORLDS).clamp(1, WORLDS);
    arguments.test_threads = Some(count);
    if arguments.list {
        let trials = all()
            .into_iter()
            .map(|(name, _)| Trial::test(name, || Ok(())))
            .collect();
        return Ok(libtest_mimic::run(&arguments, trials).exit_code());
    }
    let runtime = Arc::new(Runtime::new()?);
    let mut worlds = Vec::with_capacity(count);
    for _ in 0..count {
        worlds.push(Arc::new(runtime.block_on(start())?));
    }
    let free = Arc::new(Mutex::new(worlds.clone()));
    let trials = all()
        .into_iter()
        .map(|(name, test)| {
            let (runtime, free) = (runtime.clone(), free.clone());
            Trial::test(name, move || {
                let taken = free.lock().map(|mut free| free.pop()).ok().flatten();
                let world = taken.ok_or("there is no world for this test")?;
                let result = runtime.block_on(async {
                    configure(&world).await?;
                    test(&world).await
                });
                if let Ok(mut free) = free.lock() {
                    free.push(world);
                }
                result.map_err(|error| Failed::from(format!("{error:?}")))
            })
        })
        .collect();
    let conclusion: Conclusion = libtest_mimic::run(&arguments, trials);
    for (number, world) in worlds.iter().enumerate() {
        if conclusion.has_failed() {
            eprintln!("logs of a world: {}", keep_logs(world, number)?);
        }
        world.stop().context("stopping a world")?;
    }
    Ok(conclusion.exit_code())
}

async fn start() -> Result<World> {
    World::start(&["--env", "testing"]).await
}

/// Settings for tests: open, without limits on calls. Loaded before each test, since `hexmarch up` loads those of the
/// environment.
async fn configure(world: &World) -> Result<()> {
    let config = concat!(
        r#"{"agents_enabled": true, "require_authentication": false, "#,
        r#""calls_per_second": 1000000, "call_burst": 1000000}"#
    );
    for index in 0..=2 {
        world
            .call(index, "load_config", serde_json::json!([["testing"], [config]]))
            .await?;
    }
    Ok(())
}

fn keep_logs(world: &World, number: usize) -> Result<String> {
    let kept = std::env::temp_dir().join(format!("hexmarch-e2e-logs-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&kept)?;
    for entry in std::fs::read_dir(world.data_dir().join("logs"))? {
        let entry = entry?;
        std::fs::copy(entry.path(), kept.join(entry.file_name()))?;
    }
    Ok(kept.display().to_string())
}
