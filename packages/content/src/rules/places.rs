//! Everything is somewhere: weather in every country, somebody in every ruin, and a place for every creature, person,
//! chest and building.

use std::collections::HashSet;

use hexmarch_messages::biome::BiomeDesc;
use hexmarch_messages::building::{BuildingDesc, BuildingSpawnDesc, BuildingSpawnType};
use hexmarch_messages::enemy::EnemyDesc;
use hexmarch_messages::equipment::EquipmentDesc;
use hexmarch_messages::loot::{LootChestDesc, LootTableDesc};
use hexmarch_messages::npc::{NpcDesc, TravelerTradeOrderDesc};
use hexmarch_messages::placement::{SiteDesc, SiteType};
use hexmarch_messages::player::{CharacterStatType, StatEntry};
use hexmarch_messages::resource::{ResourceClumpDesc, ResourceDesc};
use hexmarch_messages::static_data::{ContentSuccessorDesc, StaticRow};

use super::{Findings, Game};

/// Things that a flat chunk holds at most, in thousandths, of all resources together.
const MAX_FLAT_DENSITY_PERMILLE: u64 = 40_000;

/// What a new world has somewhere, by key.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) buildings: HashSet<i32>,
    pub(super) clumps: HashSet<i32>,
    pub(super) enemies: HashSet<i32>,
    pub(super) npcs: HashSet<i32>,
    pub(super) chests: HashSet<i32>,
    /// Standing there from the start: what they become and what is planted is not among them.
    pub(super) resources: HashSet<i32>,
}

impl Placed {
    pub(super) fn of(game: &Game) -> Self {
        let mut placed = Self::default();
        let buildings = game.sites.rows.iter().flat_map(|site| &site.buildings);
        placed.buildings = buildings.map(|building| building.building_id).collect();
        placed.clumps = game
            .scatter
            .rows
            .iter()
            .map(|scatter| scatter.resource_clump_id)
            .collect();
        for spawn in game.building_spawns.rows.iter() {
            if placed.buildings.contains(&spawn.building_id) {
                placed.npcs.extend(spawn.traveler_type);
                placed.enemies.extend(spawn.enemy_type);
                placed.chests.extend(&spawn.loot_chests);
                placed.clumps.extend(&spawn.resource_clumps);
            }
        }
        let networks = game.networks.rows.iter();
        let rooms: HashSet<i32> = networks
            .filter(|network| placed.buildings.contains(&network.building_id))
            .flat_map(|network| network.child_interior_instances.clone())
            .collect();
        let mut in_rooms = HashSet::new();
        for spawn in game.interior_spawns.rows.iter() {
            if rooms.contains(&spawn.interior_instance_id) {
                placed.npcs.extend(spawn.traveler_type);
                placed.enemies.extend(spawn.enemy_type);
                placed.chests.extend(&spawn.loot_chests);
                placed.buildings.extend(spawn.building_id);
                in_rooms.extend(spawn.resource_id);
            }
        }
        let clumps = placed.clumps.iter().filter_map(|id| game.clumps.get(*id));
        placed.resources = in_rooms;
        let in_clumps = clumps.flat_map(|clump| &clump.members).map(|member| member.resource_id);
        placed.resources.extend(in_clumps);
        let flat = game
            .resources
            .rows
            .iter()
            .filter(|resource| resource.flat_density_permille > 0);
        placed.resources.extend(flat.map(|resource| resource.id));
        let roaming = game
            .enemy_params
            .rows
            .iter()
            .filter(|params| params.herds_per_chunk > 0.0);
        placed.enemies.extend(roaming.map(|params| params.enemy_type));
        let called = game
            .resources
            .rows
            .iter()
            .flat_map(|resource| &resource.enemy_params_id);
        let called = called.filter_map(|id| game.enemy_params.get(*id));
        placed.enemies.extend(called.map(|params| params.enemy_type));
        placed
    }
}

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    let placed = Placed::of(game);
    biomes(game, findings);
    for (row, spawn) in game.building_spawns.iter() {
        spawn_fits_its_type(row, spawn, findings);
        if !placed.buildings.contains(&spawn.building_id) && game.buildings.has(spawn.building_id) {
            let text = format!(
                "building {} is in no site, so nothing ever comes with it; add it to one",
                spawn.building_id
            );
            findings.at::<BuildingSpawnDesc>(row, "building_id", text);
        }
    }
    absent(game, &placed, findings);
    if !game.sites.rows.is_empty()
        && !game
            .sites
            .rows
            .iter()
            .any(|site| site.site_type == SiteType::Settlement)
    {
        findings.table::<SiteDesc>("no site is a Settlement, and characters begin near one; add one");
    }
    let density = game
        .resources
        .rows
        .iter()
        .map(|resource| u64::from(resource.flat_density_permille));
    let density = density.fold(0, u64::saturating_add);
    if density > MAX_FLAT_DENSITY_PERMILLE {
        findings.table::<ResourceDesc>(format!(
            "flat_density_permille of all rows sums to {density}; make it at most {MAX_FLAT_DENSITY_PERMILLE}"
        ));
    }
    stats(game, findings);
    trades(game, findings);
    successors(game, findings);
}

fn biomes(game: &Game, findings: &mut Findings<'_>) {
    let everywhere = game.scatter.rows.iter().any(|scatter| scatter.ground.biomes.is_empty());
    let grown: HashSet<i32> = game
        .scatter
        .rows
        .iter()
        .flat_map(|scatter| scatter.ground.biomes.clone())
        .collect();
    for (row, biome) in game.biomes.iter() {
        if !game.climates.has(biome.biome_type) {
            let text = format!(
                "'{}' has no weather; add a row {} to climate_desc.json",
                biome.name, biome.biome_type
            );
            findings.at::<BiomeDesc>(row, "biome_type", text);
        }
        if !everywhere && !grown.contains(&biome.biome_type) {
            let text = format!(
                "nothing grows in '{}'; add it to the ground of a resource_scatter_desc row",
                biome.name
            );
            findings.at::<BiomeDesc>(row, "biome_type", text);
        }
    }
}

fn spawn_fits_its_type(row: usize, spawn: &BuildingSpawnDesc, findings: &mut Findings<'_>) {
    let given = [
        (
            BuildingSpawnType::Traveler,
            "traveler_type",
            spawn.traveler_type.is_some(),
        ),
        (BuildingSpawnType::Enemy, "enemy_type", spawn.enemy_type.is_some()),
        (
            BuildingSpawnType::LootChest,
            "loot_chests",
            !spawn.loot_chests.is_empty(),
        ),
        (
            BuildingSpawnType::ResourceClump,
            "resource_clumps",
            !spawn.resource_clumps.is_empty(),
        ),
    ];
    for (spawn_type, column, is_given) in given {
        let is_wanted = spawn.spawn_type == spawn_type;
        let text = match (is_wanted, is_given) {
            (true, false) => format!("a spawn of type {spawn_type:?} needs {column}; fill it in"),
            (false, true) => format!("a spawn of type {:?} has no {column}; empty it", spawn.spawn_type),
            _ => continue,
        };
        findings.at::<BuildingSpawnDesc>(row, column, text);
    }
}

/// Reports whatever no world would ever show.
fn absent(game: &Game, placed: &Placed, findings: &mut Findings<'_>) {
    for (row, enemy) in game
        .enemies
        .iter()
        .filter(|(_, enemy)| !placed.enemies.contains(&enemy.enemy_type))
    {
        let text = format!(
            "'{}' lives nowhere; add a row to enemy_ai_params_desc.json, or to building_spawn_desc.json",
            enemy.name
        );
        findings.at::<EnemyDesc>(row, "enemy_type", text);
    }
    for (row, npc) in game.npcs.iter().filter(|(_, npc)| !placed.npcs.contains(&npc.npc_type)) {
        let text = format!(
            "'{}' is at no building of a site; add a row to building_spawn_desc.json",
            npc.name
        );
        findings.at::<NpcDesc>(row, "npc_type", text);
    }
    for (row, chest) in game
        .chests
        .iter()
        .filter(|(_, chest)| !placed.chests.contains(&chest.id))
    {
        let text = format!(
            "'{}' is at no building of a site; add it to a row of building_spawn_desc.json",
            chest.name
        );
        findings.at::<LootChestDesc>(row, "id", text);
    }
    for (row, clump) in game
        .clumps
        .iter()
        .filter(|(_, clump)| !placed.clumps.contains(&clump.id))
    {
        let text = format!(
            "'{}' is strewn nowhere; add a row to resource_scatter_desc.json",
            clump.name
        );
        findings.at::<ResourceClumpDesc>(row, "id", text);
    }
    let filled: HashSet<i32> = game
        .chests
        .rows
        .iter()
        .flat_map(|chest| chest.loot_tables.clone())
        .collect();
    for (row, table) in game.loot_tables.iter().filter(|(_, table)| !filled.contains(&table.id)) {
        let text = format!(
            "'{}' is in no chest; add it to a row of loot_chest_desc.json",
            table.name
        );
        findings.at::<LootTableDesc>(row, "id", text);
    }
    let mut stands = placed.resources.clone();
    stands.extend(game.growths.rows.iter().map(|growth| growth.grown_resource_id));
    stands.extend(
        game.plantings
            .rows
            .iter()
            .map(|planting| planting.resource_description_id),
    );
    stands.extend(
        game.resources
            .rows
            .iter()
            .filter_map(|resource| resource.on_destroy_yield_resource_id),
    );
    for (row, resource) in game
        .resources
        .iter()
        .filter(|(_, resource)| !stands.contains(&resource.id))
    {
        let text = format!("'{}' stands nowhere; add it to a clump that is strewn", resource.name);
        findings.at::<ResourceDesc>(row, "id", text);
    }
    let built: HashSet<i32> = game
        .constructions
        .rows
        .iter()
        .map(|recipe| recipe.building_description_id)
        .collect();
    for (row, building) in game.buildings.iter() {
        if !built.contains(&building.id) && !placed.buildings.contains(&building.id) {
            let text = format!(
                "nobody builds '{}', and it is in no site; add a construction recipe, or a site",
                building.name
            );
            findings.at::<BuildingDesc>(row, "id", text);
        }
    }
}

/// Whatever changes a stat, there is the stat.
fn stats(game: &Game, findings: &mut Findings<'_>) {
    let known: Vec<CharacterStatType> = game.stats.rows.iter().map(|stat| stat.stat_type).collect();
    if known.is_empty() {
        return;
    }
    let unknown = |stats: &[StatEntry]| -> Vec<(usize, CharacterStatType)> {
        let types = stats.iter().map(|stat| stat.stat_type).enumerate();
        types.filter(|(_, stat_type)| !known.contains(stat_type)).collect()
    };
    let mut report = |table: &'static str, row: usize, column: &str, stats: &[StatEntry]| {
        for (index, stat_type) in unknown(stats) {
            let text = format!("{stat_type:?} has no row in character_stat_desc.json; add it there");
            findings.at_row_of(table, row, &format!("{column}[{index}].stat_type"), text);
        }
    };
    for (row, equipment) in game.equipment.iter() {
        report(EquipmentDesc::TABLE, row, "stats", &equipment.stats);
    }
    for (row, buff) in game.buffs.iter() {
        report(hexmarch_messages::buff::BuffDesc::TABLE, row, "stats", &buff.stats);
    }
    for (row, paving) in game.pavings.iter() {
        report(
            hexmarch_messages::paving::PavingTileDesc::TABLE,
            row,
            "stat_effects",
            &paving.stat_effects,
        );
    }
}

fn trades(game: &Game, findings: &mut Findings<'_>) {
    for (row, trade) in game.trades.iter() {
        if trade.offer_items.is_empty() && trade.offer_cargo.is_empty() {
            findings.at::<TravelerTradeOrderDesc>(
                row,
                "offer_items",
                "the traveller gives nothing; fill in what they give",
            );
        }
        if trade.required_items.is_empty() && trade.required_cargo.is_empty() {
            let text = "the traveller wants nothing for it; fill in what they want";
            findings.at::<TravelerTradeOrderDesc>(row, "required_items", text);
        }
    }
}

/// What takes the place of something gone is there, and what is gone is gone.
fn successors(game: &Game, findings: &mut Findings<'_>) {
    for (row, successor) in game.successors.iter() {
        let Some(sheet) = findings.sheets.get(&successor.table_name) else {
            let text = format!("'{}' is no content table; write the name of one", successor.table_name);
            findings.at::<ContentSuccessorDesc>(row, "table_name", text);
            continue;
        };
        if sheet.has_number(successor.removed_key) {
            let text = format!(
                "{} still has row {}; remove that row, or this one",
                successor.table_name, successor.removed_key
            );
            findings.at::<ContentSuccessorDesc>(row, "removed_key", text);
        }
        if !sheet.has_number(successor.successor_key) {
            let text = format!(
                "{} has no row {}; name one that is there",
                successor.table_name, successor.successor_key
            );
            findings.at::<ContentSuccessorDesc>(row, "successor_key", text);
        }
    }
}
