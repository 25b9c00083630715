//! Behind doors: houses and dungeons, entered and left in every way.

mod guest;
mod house;

use anyhow::{ensure, Context, Result};
use hexmarch_content::Content;
use hexmarch_e2e::census::Census;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_messages::interior::InteriorNetworkDesc;
use hexmarch_messages::resource::ResourceDesc;
use hexmarch_messages::static_data::RemovalPolicy;
use hexmarch_sim_core::{OffsetCoordinatesFloat, OVERWORLD};
use serde_json::json;

use crate::content_staging::{change, content, push};
use crate::tests;
use guest::{numbers, refused, Guest};
use house::{build, floor, ground_of, newest, room_chunk, things_in, House};

tests!(
    an_inn_is_entered_and_left,
    a_dungeon_falls_in_and_is_there_again,
    nobody_is_lost_when_a_building_goes,
    out_of_a_room_into_another_region_and_back,
    buildings_stand_on_free_ground,
);

/// The inn of settlements: two rooms.
const WAYHOUSE: i32 = 514;
/// A dungeon of four rooms, in one of which trees stand.
const PRESS_HOUSE: i32 = 531;
/// Something in the way that stays there.
const PASS_STONE: i32 = 500;

async fn an_inn_is_entered_and_left(world: &World) -> Result<()> {
    let mut guest = Guest::register(world, "Lodger").await?;
    guest.sign_in(world).await?;
    let overworld = "SELECT * FROM dimension_description_state WHERE dimension_id = 1";
    ensure!(
        world.count(guest.region, overworld).await? == 1,
        "the open world is described"
    );
    let inn = House::build(world, guest.region, WAYHOUSE).await?;
    let door = inn.front_door(world).await?;
    let rooms = inn.dimensions(world).await?;
    ensure!(
        rooms.len() == 2 && rooms.contains(&door.leads_to) && door.enabled,
        "{rooms:?}, {door:?}"
    );

    let far = OffsetCoordinatesFloat::overworld(door.at.x + 6_000, door.at.z);
    guest.put(world, far).await?;
    refused("portal.too_far|4", guest.use_portal(door.entity_id).await)?;
    guest.put(world, door.at).await?;
    refused("portal.not_found", guest.use_portal(inn.entity_id).await)?;
    guest.use_portal(door.entity_id).await?;
    let hall = door.leads_to;
    ensure!(
        guest.place(world).await? == floor(hall, 5, 0)?,
        "one stands inside the door"
    );
    let chunk = format!(
        "SELECT * FROM mobile_entity_state WHERE entity_id = {} AND chunk_index = {}",
        guest.entity_id,
        room_chunk(hall)
    );
    ensure!(
        world.count(guest.region, &chunk).await? == 1,
        "others in the room see it"
    );
    refused("portal.too_far|4", guest.use_portal(door.entity_id).await)?;

    // Beside the door is wall, and so is what is beyond it.
    for (x, z) in [(4, 0), (6, 0), (5, -1)] {
        refused("move.too_steep|6", guest.walk(world, floor(hall, x, z)?).await)?;
    }
    let way = [
        floor(hall, 5, 0)?,
        floor(hall, 5, 2)?,
        floor(hall, 5, 4)?,
        floor(hall, 6, 6)?,
    ];
    for step in &way[1..] {
        guest.walk(world, *step).await.with_context(|| format!("to {step:?}"))?;
    }
    let stairs = inn.door(world, hall, |to| to != OVERWORLD).await?;
    guest.use_portal(stairs.entity_id).await?;
    let loft = guest.place(world).await?.dimension;
    ensure!(loft != hall && rooms.contains(&loft), "{loft} of {rooms:?}");

    guest.sign_out().await?;
    let before = guest.place(world).await?;
    guest.sign_in(world).await?;
    ensure!(guest.place(world).await? == before, "one wakes where one went to sleep");

    guest
        .use_portal(inn.door(world, loft, |_| true).await?.entity_id)
        .await?;
    let out = inn.door(world, hall, |to| to == OVERWORLD).await?;
    for step in way.iter().rev().skip(1) {
        guest
            .walk(world, *step)
            .await
            .with_context(|| format!("back to {step:?}"))?;
    }
    guest.use_portal(out.entity_id).await?;
    ensure!(guest.place(world).await? == door.at, "one stands before the door");
    let timers = format!("SELECT * FROM dungeon_timer_state WHERE entity_id = {}", inn.network);
    ensure!(
        world.count(guest.region, &timers).await? == 0,
        "a house does not fall in"
    );
    inn.remove(world).await?;
    guest.leave().await;
    Ok(())
}

/// The content, with a dungeon that lasts so many seconds and is gone for so many.
fn with_times(trigger_collapse_time: u32, respawn_time: u32) -> Result<Content> {
    let mut content = content()?;
    change::<InteriorNetworkDesc>(&mut content, |rows| {
        for row in rows.iter_mut().filter(|row| row.building_id == PRESS_HOUSE) {
            (row.trigger_collapse_time, row.respawn_time) = (trigger_collapse_time, respawn_time);
        }
    })?;
    Ok(content)
}

async fn a_dungeon_falls_in_and_is_there_again(world: &World) -> Result<()> {
    let mut guests = vec![
        Guest::register(world, "Cooper").await?,
        Guest::register(world, "Dozer").await?,
    ];
    let region = guests[0].region;
    guests[1].move_to_region(world, region).await?;
    push(world, region, &with_times(4, 1)?, RemovalPolicy::Refuse).await?;
    let dungeon = House::build(world, region, PRESS_HOUSE).await?;
    let (door, before) = (dungeon.front_door(world).await?, dungeon.dimensions(world).await?);
    ensure!(before.len() == 4, "{before:?}");
    let trees = things_in(world, region, &before).await?;
    let timers = format!(
        "SELECT * FROM dungeon_timer_state WHERE entity_id = {}",
        dungeon.network
    );
    ensure!(world.count(region, &timers).await? == 0, "nobody was there yet");
    for guest in &mut guests {
        guest.sign_in(world).await?;
    }
    let carried = Census::take(world).await?;
    for guest in &guests {
        guest.put(world, door.at).await?;
        guest.use_portal(door.entity_id).await?;
        ensure!(guest.place(world).await?.dimension == door.leads_to);
    }
    guests[1].sign_out().await?;
    ensure!(world.count(region, &timers).await? == 1, "its time has begun");

    let gone = format!(
        "SELECT * FROM dimension_description_state WHERE dimension_id = {}",
        door.leads_to
    );
    world.await_count(region, &gone, 0).await?;
    for guest in &guests {
        ensure!(
            guest.place(world).await? == door.at,
            "whoever was inside stands before the door"
        );
    }
    ensure!(Census::take(world).await? == carried, "what they carry is as it was");
    // However soon it comes back: it is another place.
    eventually("the dungeon to be there again", || async {
        Ok(dungeon.dimensions(world).await?.len() == 4 && dungeon.front_door(world).await?.enabled)
    })
    .await?;
    let after = dungeon.dimensions(world).await?;
    ensure!(
        after.iter().all(|dimension| !before.contains(dimension)),
        "{before:?}, {after:?}"
    );
    eventually("what was in it to be gone", || async {
        Ok(things_in(world, region, &before).await? == 0 && ground_of(world, region, &before).await? == 0)
    })
    .await?;
    ensure!(
        trees > 0 && things_in(world, region, &after).await? == trees,
        "the same is in it again"
    );

    // With no way back before long, the door stays shut.
    push(world, region, &with_times(2, 600)?, RemovalPolicy::Refuse).await?;
    let door = dungeon.front_door(world).await?;
    guests[0].use_portal(door.entity_id).await?;
    guests[0].walk(world, floor(door.leads_to, 3, 1)?).await?;
    let collapsed = format!(
        "SELECT * FROM dimension_network_state WHERE entity_id = {} AND is_collapsed = true",
        dungeon.network
    );
    world.await_count(region, &collapsed, 1).await?;
    let door = dungeon.front_door(world).await?;
    ensure!(!door.enabled && guests[0].place(world).await? == door.at, "{door:?}");
    refused("portal.closed", guests[0].use_portal(door.entity_id).await)?;
    dungeon.remove(world).await?;
    ensure!(
        world.count(region, &timers).await? == 0,
        "nothing waits for what is gone"
    );
    push(world, region, &content()?, RemovalPolicy::Refuse).await?;
    for guest in guests {
        guest.leave().await;
    }
    Ok(())
}

async fn nobody_is_lost_when_a_building_goes(world: &World) -> Result<()> {
    let mut guests = vec![
        Guest::register(world, "Awake").await?,
        Guest::register(world, "Asleep").await?,
    ];
    let region = guests[0].region;
    guests[1].move_to_region(world, region).await?;
    let inn = House::build(world, region, WAYHOUSE).await?;
    let (door, rooms) = (inn.front_door(world).await?, inn.dimensions(world).await?);
    ensure!(things_in(world, region, &rooms).await? > 0, "there are beds");
    for guest in &mut guests {
        guest.sign_in(world).await?;
        guest.put(world, door.at).await?;
        guest.use_portal(door.entity_id).await?;
    }
    guests[1].sign_out().await?;
    inn.remove(world).await?;
    for guest in &guests {
        ensure!(
            guest.place(world).await? == door.at,
            "whoever was inside stands where the door was"
        );
    }
    guests[1].sign_in(world).await?;
    ensure!(guests[1].place(world).await? == door.at);
    for query in [
        format!("SELECT * FROM building_state WHERE entity_id = {}", inn.entity_id),
        format!(
            "SELECT * FROM dimension_network_state WHERE entity_id = {}",
            inn.network
        ),
        format!(
            "SELECT * FROM portal_state WHERE target_building_entity_id = {}",
            inn.entity_id
        ),
        format!("SELECT * FROM location_state WHERE entity_id = {}", door.entity_id),
    ] {
        ensure!(world.count(region, &query).await? == 0, "{query}");
    }
    ensure!(inn.dimensions(world).await?.is_empty());
    eventually("the rooms to be cleared away", || async {
        Ok(things_in(world, region, &rooms).await? == 0
            && ground_of(world, region, &rooms).await? == 0
            && world.count(region, "SELECT * FROM dimension_removal_state").await? == 0)
    })
    .await?;
    let again = inn.remove(world).await.err().context("it was removed twice")?;
    ensure!(again.to_string().contains("building.not_found"), "{again}");
    for guest in guests {
        guest.leave().await;
    }
    Ok(())
}

async fn out_of_a_room_into_another_region_and_back(world: &World) -> Result<()> {
    let mut guest = Guest::register(world, "Errant").await?;
    guest.sign_in(world).await?;
    let (home, other) = (guest.region, 3 - guest.region);
    let inn = House::build(world, home, WAYHOUSE).await?;
    let door = inn.front_door(world).await?;
    guest.put(world, door.at).await?;
    guest.use_portal(door.entity_id).await?;
    let full = |blocked: bool| {
        json!([{
            "region_id": other, "is_signing_in_blocked": blocked, "max_signed_in_players": 500,
            "max_queue_length": 500, "arrival_reserve": 50, "grace_period_seconds": 1,
        }])
    };
    // The other region takes nobody, which this one does not know: who comes back is where they were.
    world.call(0, "admin_update_sign_in_parameters", full(true)).await?;
    let blocked = "SELECT * FROM region_sign_in_parameters WHERE is_signing_in_blocked = true";
    world.await_count(other, blocked, 1).await?;
    let inside = guest.place(world).await?;
    guest.start_towards(world, other).await?;
    world.quiet().await?;
    ensure!(guest.place(world).await? == inside, "back in the room");
    // Or, when that is gone by then, where characters begin.
    guest.start_towards(world, other).await?;
    inn.remove(world).await?;
    world.quiet().await?;
    let place = guest.place(world).await?;
    ensure!(place.dimension == OVERWORLD, "{place:?}");
    world.call(0, "admin_update_sign_in_parameters", full(false)).await?;
    world.await_count(other, blocked, 0).await?;

    // And when it takes people, they arrive in the open.
    guest.sign_in(world).await?;
    let inn = House::build(world, home, WAYHOUSE).await?;
    let door = inn.front_door(world).await?;
    guest.put(world, door.at).await?;
    guest.use_portal(door.entity_id).await?;
    guest.move_to_region(world, other).await?;
    guest.sign_in(world).await?;
    ensure!(guest.place(world).await?.dimension == OVERWORLD);
    inn.remove(world).await?;
    guest.leave().await;
    Ok(())
}

async fn buildings_stand_on_free_ground(world: &World) -> Result<()> {
    let stone = build(world, 1, PASS_STONE).await?;
    let query = format!("SELECT x, z FROM location_state WHERE entity_id = {stone}");
    let place = numbers(&world.sql(1, &query).await?.rows);
    let (x, z) = (place[0][0], place[0][1]);
    let cases = [
        ("building.unknown|-3", json!([-3, x, z, 0])),
        ("building.bad_direction", json!([PASS_STONE, x, z, 6])),
        ("building.bad_direction", json!([PASS_STONE, x, z, -1])),
        ("building.outside", json!([PASS_STONE, -40, z, 0])),
        ("building.outside", json!([PASS_STONE, i32::MAX, i32::MIN, 0])),
        ("building.occupied|", json!([PASS_STONE, x, z, 0])),
        ("building.occupied|", json!([PASS_STONE, x + 2, z, 0])),
    ];
    let before = world.count(1, "SELECT entity_id FROM building_state").await?;
    for (key, arguments) in cases {
        let text = arguments.to_string();
        let refused = world.call(1, "admin_place_building", arguments).await.err();
        let refused = refused.with_context(|| format!("accepted: {text}"))?.to_string();
        ensure!(refused.contains(key), "{text}: {refused}, not {key}");
    }
    ensure!(world.count(1, "SELECT entity_id FROM building_state").await? == before);
    world.call(1, "admin_remove_building", json!([stone])).await?;
    growth_gives_way(world).await
}

/// What may be built over goes, and nothing else.
async fn growth_gives_way(world: &World) -> Result<()> {
    let mut kinds = content()?.rows::<ResourceDesc>();
    kinds.retain(|kind| kind.flat_density_permille > 0);
    for gives_way in [true, false] {
        let mut kinds = kinds.iter().filter(|kind| kind.flattenable == gives_way);
        let kind = kinds.next().context("there are both")?.id;
        let query = format!("SELECT entity_id FROM resource_state WHERE resource_id = {kind}");
        let mut decided = false;
        for row in numbers(&world.sql(1, &query).await?.rows) {
            let place = format!("SELECT x, z FROM location_state WHERE entity_id = {}", row[0]);
            let place = numbers(&world.sql(1, &place).await?.rows);
            let placed = world
                .call(
                    1,
                    "admin_place_building",
                    json!([PASS_STONE, place[0][0], place[0][1], 0]),
                )
                .await;
            let left = world.count(1, &format!("{query} AND entity_id = {}", row[0])).await?;
            ensure!(
                left == usize::from(placed.is_err()),
                "of kind {kind}: {left} left, {placed:?}"
            );
            ensure!(gives_way || placed.is_err(), "{kind} gave way");
            if placed.is_ok() {
                let stone = newest(world, 1, PASS_STONE).await?;
                world.call(1, "admin_remove_building", json!([stone])).await?;
            }
            decided |= placed.is_ok() == gives_way;
            if decided {
                break;
            }
        }
        ensure!(decided, "no building stands where kind {kind} stood");
    }
    Ok(())
}
