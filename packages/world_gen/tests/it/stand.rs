//! What one more thing asks of ground that is there.

use std::collections::BTreeSet;

use hexmarch_sim_core::{Footprint, HexDirection, OffsetCoordinatesLarge};
use hexmarch_world_gen::{Cell, Ground, Scatter, ScatterRule, Survey};

use crate::placement::scatter_rules;
use crate::{chunk, world};

/// Grounds that rules want.
fn grounds() -> [Ground; 6] {
    let any = Ground::any_land();
    [
        any.clone(),
        Ground {
            max_slope: 1,
            ..any.clone()
        },
        Ground {
            biomes: vec![1, 2, 3, 4, 5, 7, 8, 10],
            min_elevation: 3,
            ..any.clone()
        },
        Ground {
            max_elevation: 12,
            ..any.clone()
        },
        Ground {
            min_water_depth: 1,
            max_water_depth: 40,
            min_elevation: 1,
            ..any.clone()
        },
        Ground {
            min_water_depth: 2,
            max_water_depth: 2,
            max_slope: 2,
            ..any
        },
    ]
}

/// Known ground and ground that is being made are judged alike.
#[test]
fn known_ground_is_what_the_survey_says() {
    let mut verdicts = BTreeSet::new();
    for (seed, x, z) in [
        (1, 3, 4),
        (2, 12, 9),
        (5, 17, 15),
        (7, 2, 20),
        (3, 30, 31),
        (1, 16, 16),
        (2, 22, 22),
    ] {
        let world = world(seed);
        let at = chunk(x, z);
        let survey = std::cell::RefCell::new(Survey::new(&world, at));
        let known = |tile: OffsetCoordinatesLarge| Some(survey.borrow_mut().cell(tile));
        for (number, ground) in grounds().iter().enumerate() {
            for tile in (0..1_024).filter_map(|index| at.large_tile(index)) {
                let surveyed = survey.borrow_mut().is(tile, ground);
                assert_eq!(ground.is_at(tile, &known), surveyed, "{ground:?} at {tile:?} of {seed}");
                verdicts.insert((number, surveyed));
            }
        }
    }
    assert_eq!(verdicts.len(), 12, "a ground was everywhere or nowhere: {verdicts:?}");
}

/// Where something was strewn, the same may stand again; with another seed, its thickets lie elsewhere.
#[test]
fn what_was_strewn_may_stand_again() {
    let rules: Vec<ScatterRule> = scatter_rules()
        .into_iter()
        .map(|rule| ScatterRule {
            density_permille: 40_000,
            patchiness_permille: 700,
            ..rule
        })
        .collect();
    let (mut right, mut elsewhere) = (0, 0);
    for (seed, x, z) in [(1, 3, 4), (5, 17, 15), (7, 2, 20), (1, 8, 8), (2, 12, 9), (3, 30, 31)] {
        let world = world(seed);
        let mut survey = Survey::new(&world, chunk(x, z));
        // Of one thing each, whose middle is where it stands.
        let alone: Vec<ScatterRule> = rules
            .iter()
            .map(|rule| ScatterRule {
                members: rule.members.iter().take(1).cloned().collect(),
                ..rule.clone()
            })
            .collect();
        let placed = Scatter::new(seed, alone.clone()).chunk(&mut survey, &mut BTreeSet::new());
        let survey = std::cell::RefCell::new(survey);
        let known = |tile: OffsetCoordinatesLarge| Some(survey.borrow_mut().cell(tile));
        for thing in placed {
            let rule = alone
                .iter()
                .find(|rule| rule.members[0].resource_id == thing.resource_id);
            let rule = rule.unwrap();
            let footprint: &Footprint = &rule.members[0].footprint;
            let tiles = footprint
                .tiles(thing.tile.to_axial().unwrap(), thing.direction)
                .unwrap();
            assert!(rule.is_right_for(&tiles, Some(seed), &known), "{thing:?} of {seed}");
            right += 1;
            elsewhere += u32::from(!rule.is_right_for(&tiles, Some(seed + 1), &known));
        }
    }
    assert!(
        right > 4 && elsewhere > 0,
        "{right} stood, {elsewhere} in other thickets"
    );
}

#[test]
fn a_slope_water_and_what_is_not_known() {
    let cell = |elevation, water_level| {
        Some(Cell {
            elevation,
            water_level,
            biome: 1,
        })
    };
    // Level ground with a step of 3 at the fourth column, a pond at the tenth, and nothing from the twentieth on.
    let known = |tile: OffsetCoordinatesLarge| match tile.x {
        ..=3 => cell(10, i16::MIN),
        10 => cell(13, 15),
        20.. => None,
        _ => cell(13, i16::MIN),
    };
    let at = |x: i32| OffsetCoordinatesLarge::new(x, 10, 1);
    let within = |x: i32, water_within: u16| {
        let ground = Ground {
            water_within,
            ..Ground::any_land()
        };
        ground.is_at(at(x), &known)
    };
    assert!(within(7, 3) && !within(7, 2) && within(12, 2) && !within(13, 2));
    assert!(within(19, 0) && !within(20, 0), "nothing stands where nothing is known");
    let level = Ground {
        max_slope: 2,
        ..Ground::any_land()
    };
    assert!(level.is_at(at(1), &known) && !level.is_at(at(3), &known) && level.is_at(at(19), &known));

    let rule = ScatterRule {
        ground: Ground::any_land(),
        ..scatter_rules().remove(0)
    };
    let takes = |x: i32, width: i32| {
        let footprint = Footprint::new((0..width).map(|step| (3 * step, 0))).unwrap();
        let middle = at(x).to_axial().unwrap().center_tile().unwrap();
        rule.is_right_for(&footprint.tiles(middle, HexDirection::East).unwrap(), None, &known)
    };
    assert!(takes(2, 2) && takes(3, 2) && takes(18, 2));
    assert!(!takes(9, 2) && !takes(19, 2), "over water, and over nothing");
    assert!(!rule.is_right_for(&[], None, &known));
}
