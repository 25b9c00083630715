//! What is to rise rises, and of two bounds the lower is not above the upper.

use hexmarch_messages::building::BuildingSpawnDesc;
use hexmarch_messages::combat::CombatActionDesc;
use hexmarch_messages::enemy::EnemyDesc;
use hexmarch_messages::movement::{ClimbRequirementDesc, PathfindingDesc};
use hexmarch_messages::npc::NpcDesc;
use hexmarch_messages::placement::{GroundPredicate, ResourceScatterDesc, SiteDesc};
use hexmarch_messages::player::CharacterStatDesc;
use hexmarch_messages::resource::ResourceGrowthRecipeDesc;
use hexmarch_messages::skill::SkillLevelDesc;
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::weapon::WeaponDesc;

use super::{Findings, Game};

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    levels(game, findings);
    for (row, stat) in game.stats.iter() {
        let all_finite = [stat.min_value, stat.value, stat.max_value]
            .iter()
            .all(|value| value.is_finite());
        if !all_finite || stat.value < stat.min_value || stat.value > stat.max_value {
            let text = format!(
                "value is {}, which is not from min_value {} to max_value {}; correct one of them",
                stat.value, stat.min_value, stat.max_value
            );
            findings.at::<CharacterStatDesc>(row, "value", text);
        }
    }
    for (row, enemy) in game.enemies.iter() {
        let mut pair = |low, high| rises::<EnemyDesc>(row, low, high, findings);
        pair(
            ("min_speed", enemy.min_speed.into()),
            ("max_speed", enemy.max_speed.into()),
        );
        pair(
            ("min_damage", enemy.min_damage.into()),
            ("max_damage", enemy.max_damage.into()),
        );
        let day = ("daytime_aggro_range", enemy.daytime_aggro_range.into());
        pair(day, ("daytime_detect_range", enemy.daytime_detect_range.into()));
        pair(day, ("daytime_deaggro_range", enemy.daytime_deaggro_range.into()));
        let night = ("nighttime_aggro_range", enemy.nighttime_aggro_range.into());
        pair(night, ("nighttime_detect_range", enemy.nighttime_detect_range.into()));
        pair(night, ("nighttime_deaggro_range", enemy.nighttime_deaggro_range.into()));
    }
    for (row, weapon) in game.weapons.iter() {
        let low = ("min_damage", weapon.min_damage.into());
        rises::<WeaponDesc>(row, low, ("max_damage", weapon.max_damage.into()), findings);
    }
    for (row, action) in game.combat_actions.iter() {
        let low = ("range", action.range.into());
        rises::<CombatActionDesc>(row, low, ("max_range", action.max_range.into()), findings);
    }
    for (row, growth) in game.growths.iter() {
        let low = ("min_time", growth.min_time.into());
        rises::<ResourceGrowthRecipeDesc>(row, low, ("max_time", growth.max_time.into()), findings);
    }
    for (row, npc) in game.npcs.iter() {
        let low = ("min_time_at_ruin", npc.min_time_at_ruin.into());
        rises::<NpcDesc>(row, low, ("max_time_at_ruin", npc.max_time_at_ruin.into()), findings);
    }
    for (row, spawn) in game.building_spawns.iter() {
        let low = ("respawn_time_min", spawn.respawn_time_min.into());
        rises::<BuildingSpawnDesc>(row, low, ("respawn_time_max", spawn.respawn_time_max.into()), findings);
    }
    for (row, path) in game.pathfinding.iter() {
        let low = ("min_water_depth", path.min_water_depth.into());
        rises::<PathfindingDesc>(row, low, ("max_water_depth", path.max_water_depth.into()), findings);
    }
    for (row, scatter) in game.scatter.iter() {
        ground::<ResourceScatterDesc>(row, &scatter.ground, findings);
    }
    for (row, site) in game.sites.iter() {
        ground::<SiteDesc>(row, &site.ground, findings);
    }
    climbs(game, findings);
}

/// A bound: its column, and its value.
type Bound<'a> = (&'a str, f64);

fn rises<R: StaticRow>(row: usize, (low, least): Bound<'_>, (high, most): Bound<'_>, findings: &mut Findings<'_>) {
    if least > most {
        let text = format!("{low} is {least} and {high} {most}; make {low} the lower");
        findings.at::<R>(row, low, text);
    }
}

fn ground<R: StaticRow>(row: usize, ground: &GroundPredicate, findings: &mut Findings<'_>) {
    let low = ("ground.min_elevation", ground.min_elevation.into());
    rises::<R>(
        row,
        low,
        ("ground.max_elevation", ground.max_elevation.into()),
        findings,
    );
    let low = ("ground.min_water_depth", ground.min_water_depth.into());
    rises::<R>(
        row,
        low,
        ("ground.max_water_depth", ground.max_water_depth.into()),
        findings,
    );
}

/// Levels follow each other from 1, the points rise, and no step is smaller than the one before.
fn levels(game: &Game, findings: &mut Findings<'_>) {
    let mut sorted: Vec<(usize, &SkillLevelDesc)> = game.levels.iter().collect();
    sorted.sort_by_key(|(_, level)| level.level);
    if let Some((row, first)) = sorted.first().filter(|(_, first)| first.level != 1) {
        let text = format!("the first level is {}; add the rows from 1 on", first.level);
        findings.at::<SkillLevelDesc>(*row, "level", text);
    }
    if let Some((row, first)) = sorted
        .first()
        .filter(|(_, first)| first.level == 1 && first.experience != 0)
    {
        let text = format!(
            "level 1 takes {} points, and everyone begins with none; write 0",
            first.experience
        );
        findings.at::<SkillLevelDesc>(*row, "experience", text);
    }
    let mut step: u64 = 0;
    let mut levels = sorted.into_iter();
    let Some((_, mut before)) = levels.next() else { return };
    for (row, level) in levels {
        let steps = u64::try_from(level.level.saturating_sub(before.level)).unwrap_or(0);
        if level.level > before.level.saturating_add(1) && step > 0 {
            let text = format!("level {} follows {}; add those between", level.level, before.level);
            findings.at::<SkillLevelDesc>(row, "level", text);
        }
        let gain = level.experience.checked_sub(before.experience);
        let Some(this) = gain.filter(|gain| *gain > 0).and_then(|gain| gain.checked_div(steps)) else {
            let text = format!(
                "level {} takes {} points, no more than level {} with {}; write more",
                level.level, level.experience, before.level, before.experience
            );
            findings.at::<SkillLevelDesc>(row, "experience", text);
            // The next is measured from the last right one.
            step = 0;
            continue;
        };
        if this < step {
            let text = format!(
                "the step to level {} is {this} points, less than the one before with {step}; make the steps grow",
                level.level
            );
            findings.at::<SkillLevelDesc>(row, "experience", text);
        }
        step = this;
        before = level;
    }
}

/// Every step up or down is in one row.
fn climbs(game: &Game, findings: &mut Findings<'_>) {
    let mut sorted: Vec<(usize, &ClimbRequirementDesc)> = game.climbs.iter().collect();
    for (row, climb) in &sorted {
        let low = ("min_elevation", f64::from(climb.min_elevation));
        rises::<ClimbRequirementDesc>(*row, low, ("max_elevation", climb.max_elevation.into()), findings);
    }
    sorted.sort_by_key(|(_, climb)| climb.min_elevation);
    for ((_, before), (row, climb)) in sorted.iter().zip(sorted.iter().skip(1)) {
        if climb.min_elevation <= before.max_elevation && before.min_elevation <= before.max_elevation {
            let text = format!(
                "the step {} is in row {} too, which goes to {}; begin after it",
                climb.min_elevation, before.id, before.max_elevation
            );
            findings.at::<ClimbRequirementDesc>(*row, "min_elevation", text);
        }
    }
}
