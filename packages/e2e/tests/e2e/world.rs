//! Worlds from a seed: made in the database, uploaded, interrupted; and who begins in them.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use hexmarch_cli::world::generation::{self, Origin};
use hexmarch_cli::world::land::Atlas;
use hexmarch_cli::world::{live, make, Land, Plan};
use hexmarch_e2e::world::{eventually, World};
use hexmarch_host::HostClient;
use hexmarch_sim_core::{OffsetCoordinatesFloat, OffsetCoordinatesLarge, RegionLayout};
use hexmarch_world_gen::Cell;
use serde_json::json;

use crate::tests;

tests!(
    a_world_is_the_generators_also_after_the_host_was_killed,
    an_upload_is_the_generators_also_in_two_parts,
    worlds_are_not_made_twice_nor_badly
);

const SEED: u64 = 13;
const SIDE: u16 = 8;

/// What the generator makes of a seed, here.
fn native(seed: u64, layout: RegionLayout, region: Option<u8>) -> Result<Land> {
    let (content, _) = hexmarch_cli::content::check(&hexmarch_e2e::programs::checkout().join("static_data"))?;
    let plan = Plan {
        seed,
        layout,
        region,
        threads: None,
    };
    Ok(make(&plan, &Atlas::new(&content).world.rules(), |_, _| ())?.0)
}

/// Whether what databases hold is what the generator makes.
async fn ensure_same(client: &HostClient, databases: &[String], native: &Land) -> Result<()> {
    let mut parts = Vec::new();
    for database in databases {
        parts.push(live::read(client, database).await?);
    }
    let live = live::join(parts);
    ensure!(
        live.size() == native.size(),
        "{:?} and {:?}",
        live.size(),
        native.size()
    );
    let cells = |land: &Land| land.cells().collect::<Vec<Cell>>();
    ensure!(cells(&live) == cells(native), "the ground differs");
    ensure!(
        native.cells().map(|cell| cell.biome).collect::<BTreeSet<u8>>().len() > 2,
        "all ground is the same"
    );
    let sites = |land: &Land| {
        land.sites
            .iter()
            .map(|site| (site.tile, site.id, site.level))
            .collect::<Vec<_>>()
    };
    ensure!(
        sites(&live) == sites(native) && !native.sites.is_empty(),
        "the sites differ"
    );
    // Buildings bring some growth of their own.
    let of_native = native
        .things
        .iter()
        .filter(|thing| live.things.binary_search(thing).is_ok());
    ensure!(
        of_native.count() == native.things.len() && !native.things.is_empty(),
        "{} things, and {} of the generator",
        live.things.len(),
        native.things.len()
    );
    Ok(())
}

async fn a_world_is_the_generators_also_after_the_host_was_killed(_: &World) -> Result<()> {
    let chunks = format!("{SIDE}x{SIDE}");
    let seed = SEED.to_string();
    let arguments = ["--seed", &seed, "--chunks", &chunks, "--env", "testing"];
    // Amid the ground of region 1.
    let world = World::start_killed(&arguments, 1, "terrain_chunk_state", 20).await?;
    let layout = RegionLayout::new(2, 2, SIDE, SIDE)?;
    let databases = [world.database(1), world.database(2)];
    ensure_same(&world.operator, &databases, &native(SEED, layout, None)?).await?;
    for region in [1, 2] {
        let chunks = world.count(
            region,
            "SELECT chunk_index FROM terrain_chunk_state WHERE dimension = 1",
        );
        ensure!(chunks.await? == usize::from(SIDE * SIDE), "chunks of region {region}");
        let buildings = world.count(region, "SELECT entity_id FROM building_state").await?;
        ensure!(buildings > 0, "no buildings in region {region}");
    }
    newcomers_begin_at_settlements(&world).await?;
    the_ground_goes_on_over_the_border(&world).await?;
    world.stop()
}

/// Somebody walks over real ground from one region into the other, where the ground goes on.
async fn the_ground_goes_on_over_the_border(world: &World) -> Result<()> {
    let land = native(SEED, RegionLayout::new(2, 2, SIDE, SIDE)?, None)?;
    let border = i32::from(SIDE) * 32;
    let step = |x: i32, z: i32| Some((land.cell(x, z)?, land.cell(x - 1, z)?));
    let mean = |x: i32| {
        let steps = (0..border).filter_map(|z| step(x, z));
        steps
            .map(|(east, west)| f64::from(east.elevation.abs_diff(west.elevation)))
            .sum::<f64>()
            / f64::from(border)
    };
    let elsewhere = (-20..20)
        .filter(|off| *off != 0)
        .map(|off| mean(border + off))
        .fold(0.0, f64::max);
    ensure!(
        mean(border) <= elsewhere * 1.5,
        "steps of {} at the border, {elsewhere} beside it",
        mean(border)
    );

    let is_even = |z: &i32| {
        (border - 8..border + 8).all(|x| {
            let dry = land.cell(x, *z).is_some_and(|cell| cell.depth() == 0);
            dry && step(x, *z).is_some_and(|(east, west)| east.elevation.abs_diff(west.elevation) <= 2)
        })
    };
    let z = (8..border - 8).find(is_even).context("no even ground at the border")?;
    let place = |x: i32| {
        OffsetCoordinatesLarge::new(x, z, 1)
            .center()
            .context("outside of the plane")
    };
    let (from, target) = (place(border - 4)?, place(border + 4)?);
    let mut player = world.player("Bede").await?;
    let tiles = |milli: i32| milli as f32 / 1_000.0;
    let identity = hexmarch_e2e::world::identity_argument(&player.identity().to_string());
    let arguments = json!([identity, tiles(from.x), tiles(from.z)]);
    world
        .call(player.region_index(), "admin_teleport_player", arguments)
        .await?;
    // Into region 1 from wherever they began, then over the border.
    for _ in 0..60 {
        if player.region_index() == 2
            && player.region_changes() > 0
            && player.position().is_some_and(|at| at.x >= target.x)
        {
            player.leave().await;
            return Ok(());
        }
        if let Err(error) = player.step(target).await {
            player
                .follow(Duration::from_millis(500))
                .await
                .with_context(|| format!("after {error:#}"))?;
        }
    }
    bail!(
        "{:?} in region {} instead of {target:?} in 2",
        player.position(),
        player.region_index()
    )
}

/// New characters stand on dry, free ground near a settlement, and can go from there.
async fn newcomers_begin_at_settlements(world: &World) -> Result<()> {
    let layout = RegionLayout::new(2, 2, SIDE, SIDE)?;
    let land = native(SEED, layout, None)?;
    let mut places = BTreeSet::new();
    for name in ["Yrsa", "Tamsel", "Orrin", "Bede"] {
        let mut player = world.player(name).await?;
        let place = player.position().context("no place")?;
        let tile = OffsetCoordinatesLarge::from(place);
        let cell = land.cell(tile.x, tile.z).context("outside of the land")?;
        ensure!(cell.depth() == 0, "{name} begins in water at {place:?}");
        let distance = |site: &OffsetCoordinatesLarge| site.center().and_then(|middle| middle.distance_milli(place));
        let nearest = land.sites.iter().filter_map(|site| distance(&site.tile)).min();
        ensure!(
            nearest.is_some_and(|milli| milli <= 60_000),
            "{name} begins {nearest:?} from the nearest site"
        );
        places.insert((place.x, place.z));
        go_somewhere(&mut player, place)
            .await
            .with_context(|| format!("{name} walks"))?;
        player.leave().await;
    }
    ensure!(places.len() == 4, "characters begin on the same tile: {places:?}");
    Ok(())
}

async fn go_somewhere(player: &mut hexmarch_client::Player, from: OffsetCoordinatesFloat) -> Result<()> {
    for (x, z) in [(4, 0), (-4, 0), (0, 4), (0, -4), (3, 3), (-3, -3)] {
        let target = OffsetCoordinatesFloat::new(from.x + x * 1_000, from.z + z * 1_000, from.dimension);
        for _ in 0..4 {
            if player.step(target).await.unwrap_or(false) {
                return Ok(());
            }
        }
    }
    bail!("there is no way from {from:?}")
}

async fn an_upload_is_the_generators_also_in_two_parts(world: &World) -> Result<()> {
    let wasm = hexmarch_e2e::programs::wasm_dir()?;
    let wasm = wasm.to_string_lossy();
    let publish = [
        "publish",
        "--branch",
        "upload",
        "--regions",
        "1",
        "--chunks",
        "8x8",
        "--content",
        "--wasm-dir",
    ];
    world.cli_ok(&[&publish[..], &[&wasm]].concat())?;
    let database = "hexmarch-upload-1";
    let upload = ["world", "generate", "--seed", "13", "--upload", "--branch", "upload"];
    // A part of it is there already, as after an upload that broke off.
    let layout = RegionLayout::new(1, 1, SIDE, SIDE)?;
    let land = native(SEED, layout, Some(1))?;
    let refused = |key: &'static str, result: Result<(), hexmarch_host::HostError>| match result {
        Err(error) if error.to_string().contains(key) => Ok(()),
        other => bail!("{other:?} instead of {key}"),
    };
    let call = |reducer: &'static str, arguments: serde_json::Value| async move {
        world.operator.call(database, reducer, &arguments).await
    };
    refused(
        "world.no_upload",
        call("insert_terrain_chunk", json!([0, 0, "", []])).await,
    )?;
    refused("world.no_upload", call("finish_generating_world", json!([])).await)?;
    refused(
        "world.no_such_site|123456",
        call("start_generating_world", json!([SEED, [site(123_456, 40, 40)]])).await,
    )?;
    refused(
        "world.outside",
        call("start_generating_world", json!([SEED, [site(1, 9_000, 40)]])).await,
    )?;
    let sites: Vec<_> = land
        .sites
        .iter()
        .map(|placed| {
            json!({"site_id": placed.id, "x": placed.tile.x, "z": placed.tile.z, "elevation": placed.level,
                "direction_index": placed.direction.index()})
        })
        .collect();
    call("start_generating_world", json!([SEED, sites.clone()])).await?;
    call("start_generating_world", json!([SEED, sites])).await?;
    refused(
        "world.already_begun",
        call("start_generating_world", json!([8, []])).await,
    )?;
    refused("world.already_begun", call("generate_world", json!([SEED])).await)?;
    refused(
        "world.cells|1|6144",
        call("insert_terrain_chunk", json!([0, 0, "00", []])).await,
    )?;
    let level = "0a000080010 0".replace(' ', "").repeat(1_024);
    refused(
        "world.outside|8|0",
        call("insert_terrain_chunk", json!([8, 0, level, []])).await,
    )?;
    let far = json!([{"resource_id": 1, "x": 900, "z": 900, "direction_index": 0}]);
    refused(
        "resource.",
        call("insert_terrain_chunk", json!([0, 0, level, far])).await,
    )?;
    refused(
        "world.chunks_missing|64",
        call("finish_generating_world", json!([])).await,
    )?;
    world.cli_ok(&upload)?;
    ensure_same(&world.operator, &[database.to_owned()], &land).await?;
    // Again: nothing to do.
    world.cli_ok(&upload)?;
    world.cli_ok(&["unpublish", "--branch", "upload"])?;
    Ok(())
}

fn site(id: i32, x: i32, z: i32) -> serde_json::Value {
    json!({"site_id": id, "x": x, "z": z, "elevation": 5, "direction_index": 0})
}

async fn worlds_are_not_made_twice_nor_badly(world: &World) -> Result<()> {
    for (reducer, arguments) in [
        ("generate_world", json!([7])),
        ("generate_flat_world", json!([])),
        ("generate_dev_island", json!([7])),
        ("start_generating_world", json!([7, []])),
    ] {
        let refused = world.call(1, reducer, arguments).await;
        let text = refused.err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(text.contains("world.already_loaded"), "{reducer}: {text}");
    }
    let wasm = hexmarch_e2e::programs::wasm_dir()?;
    let wasm = wasm.to_string_lossy();
    let publish = [
        "publish",
        "--branch",
        "bare",
        "--regions",
        "1",
        "--chunks",
        "12x12",
        "--wasm-dir",
    ];
    world.cli_ok(&[&publish[..], &[&wasm]].concat())?;
    let (database, regions) = ("hexmarch-bare-1", [(1, "hexmarch-bare-1".to_owned())]);
    let refused = world.operator.call(database, "generate_world", &json!([7])).await;
    ensure!(
        refused.is_err_and(|error| error.to_string().contains("world.no_content")),
        "a world of nothing"
    );
    world.cli_ok(&["content", "push", "--branch", "bare"])?;
    // A small island for those who try things out: land in the middle, sea around it.
    world
        .operator
        .call(database, "generate_dev_island", &json!([7]))
        .await?;
    eventually("the island to be there", || async {
        generation_is_over(&world.operator, database).await
    })
    .await?;
    let land = live::join(vec![live::read(&world.operator, database).await?]);
    let (columns, rows) = land.size();
    let cell = |x: usize, z: usize| land.cell(i32::try_from(x).unwrap_or(0), i32::try_from(z).unwrap_or(0));
    let is_dry = |x: usize, z: usize| cell(x, z).is_some_and(|cell| cell.depth() == 0);
    ensure!(
        (0..columns).all(|x| !is_dry(x, 0) && !is_dry(x, rows - 1)),
        "land at the edge"
    );
    ensure!(
        land.cells().filter(|cell| cell.depth() == 0).count() * 8 > columns * rows,
        "too little land"
    );
    ensure!(!land.things.is_empty() && !land.sites.is_empty(), "an empty island");
    // A world that is there is left alone.
    let made = generation::make(
        &world.operator,
        &regions,
        Origin::Seed(7),
        hexmarch_cli::progress::Progress::default(),
    );
    ensure!(made.await? == 0, "made again");
    world.cli_ok(&["unpublish", "--branch", "bare"])?;
    Ok(())
}

async fn generation_is_over(client: &HostClient, database: &str) -> Result<bool> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    Ok(hexmarch_cli::sql::count(client, database, "resources_log").await? > 0)
}
