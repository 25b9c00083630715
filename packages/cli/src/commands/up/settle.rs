//! Which world to run: the one in the data dir, or a new one as asked for.

use super::Arguments;
use crate::data_dir::{Chunks, DataDir, World};
use crate::outcome::usage;
use crate::stop;
use crate::world::generation::Origin;

const DEFAULT_ENV: &str = "local";
const DEFAULT_PORT: u16 = 3000;
const DEFAULT_REGIONS: u8 = 2;
const DEFAULT_CHUNKS: Chunks = Chunks { width: 60, height: 60 };
const DEFAULT_FLAT_CHUNKS: Chunks = Chunks { width: 4, height: 4 };
const DEFAULT_SEED: u64 = 1;

/// The world of the data dir, with what the operator may change changed; or a new one, written down.
pub(super) fn world(data: &DataDir, arguments: &Arguments) -> anyhow::Result<World> {
    let Some(mut world) = data.world()? else {
        let env = arguments.env.as_deref().unwrap_or(DEFAULT_ENV);
        let regions = arguments.regions.unwrap_or(DEFAULT_REGIONS);
        let (size, seed) = if arguments.flat {
            (DEFAULT_FLAT_CHUNKS, None)
        } else {
            (DEFAULT_CHUNKS, Some(arguments.seed.unwrap_or(DEFAULT_SEED)))
        };
        let chunks = arguments.chunks.unwrap_or(size);
        let world = World::new(env, arguments.port.unwrap_or(DEFAULT_PORT), regions, (chunks, seed));
        world.layout(regions).map_err(|error| {
            usage(format!(
                "{regions} regions of {chunks} chunks are no world ({error}); make it smaller"
            ))
        })?;
        data.save_world(&world)?;
        return Ok(world);
    };
    let shown = data.root().display();
    let refuse = |what: &str, has: String, wanted: String| {
        usage(format!(
            "the world in {shown} has {what} {has}, and {wanted} was asked for, which cannot change; leave the flag \
             away, name another --data-dir, or begin anew with --fresh"
        ))
    };
    if let Some(env) = arguments.env.as_ref().filter(|env| **env != world.env) {
        return Err(refuse("the environment", world.env.clone(), env.clone()));
    }
    if let Some(regions) = arguments.regions.filter(|regions| *regions != world.regions) {
        return Err(usage(format!(
            "the world in {shown} has {} regions, and {regions} were asked for; leave the flag away, add regions with \
             'hexmarch region add' once it runs, or begin anew with --fresh",
            world.regions
        )));
    }
    if let Some(chunks) = arguments.chunks.filter(|chunks| *chunks != world.chunks) {
        return Err(refuse(
            "regions of chunks",
            world.chunks.to_string(),
            chunks.to_string(),
        ));
    }
    let origin = match arguments.seed {
        Some(seed) => Origin::Seed(seed),
        None if arguments.flat => Origin::Flat,
        None => world.origin(),
    };
    if origin != world.origin() {
        return Err(refuse("land", world.origin().to_string(), origin.to_string()));
    }
    if let Some(port) = arguments.port.filter(|port| *port != world.port) {
        if !stop::alive(&data.state()?).is_empty() {
            return Err(usage(format!(
                "the world in {shown} runs on port {}; stop it with 'hexmarch down' before it can move to {port}",
                world.port
            )));
        }
        world.port = port;
        data.save_world(&world)?;
    }
    Ok(world)
}
