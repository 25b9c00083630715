use super::Decision::{Chase, Flee, GoOn, Hold, Return, Roam, Stand, Strike};
use super::*;
use proptest::prelude::*;

/// Whoever is around.
const SOMEBODY: u64 = 7;
const OTHER: u64 = 8;

const WOLF: Temper = Temper {
    huntable: false,
    fights: true,
    flees_below: 0.2,
    detect: 18_000,
    aggro: 8_000,
    deaggro: 30_000,
    roaming: 20_000,
};
const HARE: Temper = Temper {
    huntable: true,
    fights: false,
    flees_below: 1.0,
    aggro: 0,
    ..WOLF
};
const BOAR: Temper = Temper {
    fights: true,
    flees_below: 0.3,
    aggro: 2_000,
    ..HARE
};
const BITE: &[Ready] = &[Ready {
    action: 1,
    reach: 2_000,
}];
const POUNCE_AND_BITE: &[Ready] = &[
    Ready {
        action: 0,
        reach: 7_000,
    },
    BITE[0],
];

fn at(distance: u64) -> Option<Noticed> {
    Some(Noticed {
        entity_id: SOMEBODY,
        distance,
        stealth: 0,
    })
}

/// Healthy, at home, nobody near, and not about to set out.
fn calm() -> Situation<'static> {
    Situation {
        status: Status::Idle,
        health: 1.0,
        from_home: 0,
        is_walking: false,
        is_stuck: false,
        target: None,
        provoker: None,
        nearest: None,
        ready: BITE,
        closest: 2_000,
        random: 1,
    }
}

fn chasing(distance: u64) -> Situation<'static> {
    Situation {
        status: Status::Chasing,
        target: at(distance),
        nearest: at(distance),
        from_home: 10_000,
        ..calm()
    }
}

#[track_caller]
fn check(temper: &Temper, now: Situation<'_>, expected: Decision) {
    assert_eq!(decide(temper, &now), expected, "{now:?}");
}

#[test]
fn at_leisure_it_wanders_about_its_home() {
    check(&WOLF, calm(), Stand);
    check(&WOLF, Situation { random: 4, ..calm() }, Roam);
    check(&Temper { roaming: 0, ..WOLF }, Situation { random: 4, ..calm() }, Stand);
    let roaming = Situation {
        status: Status::Roaming,
        is_walking: true,
        from_home: 15_000,
        ..calm()
    };
    check(&WOLF, roaming.clone(), GoOn);
    let arrived = Situation {
        is_walking: false,
        ..roaming
    };
    check(&WOLF, arrived, Stand);
    let astray = Situation {
        from_home: 23_001,
        ..calm()
    };
    check(&WOLF, astray, Return);
}

#[test]
fn it_attacks_who_comes_near() {
    let near = |distance| Situation {
        nearest: at(distance),
        ..calm()
    };
    check(&WOLF, near(8_001), Stand);
    check(&WOLF, near(8_000), Chase(SOMEBODY));
    check(&WOLF, near(2_000), Strike(SOMEBODY, 1));
    let unseen = Situation {
        nearest: at(7_000).map(|one| Noticed { stealth: 1_001, ..one }),
        ..calm()
    };
    check(&WOLF, unseen, Stand);
    let placid = Temper { fights: false, ..WOLF };
    check(&placid, near(1_000), Stand);
    check(&Temper { aggro: 0, ..WOLF }, near(0), Stand);
}

#[test]
fn it_does_the_first_that_reaches() {
    let both = |distance| Situation {
        ready: POUNCE_AND_BITE,
        ..chasing(distance)
    };
    check(&WOLF, both(7_001), Chase(SOMEBODY));
    check(&WOLF, both(7_000), Strike(SOMEBODY, 0));
    check(&WOLF, both(500), Strike(SOMEBODY, 0));
    let spent = |distance| Situation {
        ready: &[],
        ..chasing(distance)
    };
    check(&WOLF, spent(2_001), Chase(SOMEBODY));
    check(&WOLF, spent(2_000), Hold(SOMEBODY));
}

#[test]
fn it_keeps_to_its_target_until_that_is_far() {
    // Once after somebody, it is the further range that counts.
    check(&WOLF, chasing(30_000), Chase(SOMEBODY));
    check(&WOLF, chasing(30_001), Return);
    let another_is_nearer = Situation {
        nearest: Some(Noticed {
            entity_id: OTHER,
            distance: 3_000,
            stealth: 0,
        }),
        ..chasing(10_000)
    };
    check(&WOLF, another_is_nearer.clone(), Chase(SOMEBODY));
    let target_gone = Situation {
        target: None,
        ..another_is_nearer
    };
    check(&WOLF, target_gone, Chase(OTHER));
    let alone = Situation {
        target: None,
        nearest: None,
        ..chasing(0)
    };
    check(&WOLF, alone.clone(), Return);
    check(
        &WOLF,
        Situation {
            from_home: 3_000,
            ..alone
        },
        Stand,
    );
}

#[test]
fn it_gives_up_far_from_home() {
    let led_away = |from_home| Situation {
        from_home,
        ..chasing(5_000)
    };
    check(&WOLF, led_away(50_000), Chase(SOMEBODY));
    check(&WOLF, led_away(50_001), Return);
    let barred = Situation {
        is_stuck: true,
        ..chasing(5_000)
    };
    check(&WOLF, barred, Return);
}

#[test]
fn who_goes_home_minds_nobody() {
    let returning = Situation {
        status: Status::Returning,
        from_home: 30_000,
        is_walking: true,
        target: None,
        ..chasing(1_000)
    };
    check(&WOLF, returning.clone(), GoOn);
    let paused = Situation {
        is_walking: false,
        ..returning.clone()
    };
    check(&WOLF, paused.clone(), Return);
    check(
        &WOLF,
        Situation {
            is_stuck: true,
            ..paused
        },
        Stand,
    );
    let home = Situation {
        from_home: 3_000,
        ..returning.clone()
    };
    check(&WOLF, home, Stand);
    // But whoever hurts it, within its bounds.
    let hurt = Situation {
        provoker: at(5_000),
        ..returning.clone()
    };
    check(&WOLF, hurt.clone(), Chase(SOMEBODY));
    check(
        &WOLF,
        Situation {
            from_home: 50_001,
            ..hurt
        },
        GoOn,
    );
    check(&HARE, returning, Flee(SOMEBODY));
}

#[test]
fn who_is_hurt_goes_for_who_did_it() {
    let hurt = |distance| Situation {
        provoker: at(distance),
        health: 0.9,
        ..calm()
    };
    check(&WOLF, hurt(25_000), Chase(SOMEBODY));
    check(&WOLF, hurt(30_001), Stand);
    check(&Temper { fights: false, ..WOLF }, hurt(5_000), Stand);
}

#[test]
fn the_badly_hurt_run() {
    let bitten = |health, distance| Situation {
        health,
        ..chasing(distance)
    };
    check(&WOLF, bitten(0.2, 5_000), Chase(SOMEBODY));
    check(&WOLF, bitten(0.19, 1_000), Flee(SOMEBODY));
    let fleeing = |distance| Situation {
        status: Status::Fleeing,
        target: None,
        ..bitten(0.1, distance)
    };
    check(&WOLF, fleeing(30_000), Flee(SOMEBODY));
    check(&WOLF, fleeing(30_001), Return);
    // Until it feels better.
    let recovered = Situation {
        health: 0.5,
        ..fleeing(8_001)
    };
    check(&WOLF, recovered, Return);
    let driven = Situation {
        from_home: 100_001,
        ..fleeing(5_000)
    };
    check(&WOLF, driven, Return);
    check(
        &WOLF,
        Situation {
            health: 0.1,
            nearest: at(18_000),
            ..calm()
        },
        Flee(SOMEBODY),
    );
    let to_the_death = Temper {
        flees_below: 0.0,
        ..WOLF
    };
    check(&to_the_death, bitten(0.001, 5_000), Chase(SOMEBODY));
}

#[test]
fn game_runs() {
    let near = |distance| Situation {
        nearest: at(distance),
        ..calm()
    };
    check(&HARE, near(18_001), Stand);
    check(&HARE, near(18_000), Flee(SOMEBODY));
    check(&HARE, near(100), Flee(SOMEBODY));
    let shot = Situation {
        provoker: at(28_000),
        ..calm()
    };
    check(&HARE, shot, Flee(SOMEBODY));
}

#[test]
fn game_turns_at_bay() {
    let near = |distance| Situation {
        nearest: at(distance),
        ..calm()
    };
    check(&BOAR, near(2_001), Flee(SOMEBODY));
    check(&BOAR, near(2_000), Strike(SOMEBODY, 1));
    let hurt = |health| Situation {
        provoker: at(10_000),
        health,
        ..near(10_000)
    };
    check(&BOAR, hurt(0.3), Chase(SOMEBODY));
    check(&BOAR, hurt(0.29), Flee(SOMEBODY));
}

#[test]
fn blows_and_rest() {
    let mut found: Vec<f32> = (0..20).map(|random| damage(random, 2, 4)).collect();
    found.sort_by(f32::total_cmp);
    found.dedup();
    assert_eq!(found, [2.0, 3.0, 4.0]);
    assert_eq!(damage(5, 3, 1), 3.0);
    assert_eq!(damage(5, -3, -1), 0.0);
    assert_eq!(regained(10.0, 30.0, 1.5, 2_000), 13.0);
    assert_eq!(regained(29.0, 30.0, 1.5, 2_000), 30.0);
    assert_eq!(regained(10.0, 30.0, -1.0, 2_000), 10.0);
}

proptest! {
    /// Whatever comes: nobody who fights not strikes, nobody strikes further than they reach, and whom it is after is there.
    #[test]
    fn decisions_make_sense(
        status in prop::sample::select(&[
            Status::Idle, Status::Roaming, Status::Chasing, Status::Fighting, Status::Fleeing, Status::Returning,
        ][..]),
        temper in prop::sample::select(&[WOLF, HARE, BOAR][..]),
        health in 0.0_f32..=1.0, from_home in 0..120_000_u64, random in any::<u64>(),
        (is_walking, is_stuck) in any::<(bool, bool)>(),
        distances in any::<[Option<u16>; 3]>(),
    ) {
        let [target, provoker, nearest] = distances.map(|distance| distance.and_then(|distance| at(distance.into())));
        let now = Situation {
            status, health, from_home, is_walking, is_stuck, target, provoker, nearest, ready: POUNCE_AND_BITE,
            closest: 2_000, random,
        };
        let decision = decide(&temper, &now);
        if let Some(after) = decision.target() {
            prop_assert!(temper.fights && health >= temper.flees_below);
            prop_assert!([target, provoker, nearest].iter().flatten().any(|one| one.entity_id == after));
            prop_assert!(from_home <= temper.leash());
        }
        if let Strike(_, action) = decision {
            let reach = if action == 0 { 7_000 } else { 2_000 };
            prop_assert!([target, provoker, nearest].iter().flatten().any(|one| one.distance <= reach));
        }
        if from_home > temper.leash() * 2 {
            prop_assert!(!matches!(decision, Flee(_)));
        }
    }
}
