//! What is drawn from chests.

/// One of the tables that may fill a chest.
#[derive(Clone, Debug, PartialEq)]
pub struct LootTable {
    /// How good it is.
    pub rarity: i32,
    /// Item, quantity and how likely it is there, each for itself.
    pub stacks: Vec<(i32, u32, f32)>,
}

/// Which of several weights a number from 0 up to 1 falls on; `None` without any above 0.
pub fn pick(weights: &[f32], fraction: f64) -> Option<usize> {
    let weight = |weight: &f32| f64::from(weight.max(0.0));
    let total: f64 = weights.iter().map(weight).sum();
    let mut left = fraction * total;
    let mut last = None;
    for (index, own) in weights.iter().map(weight).enumerate().filter(|(_, own)| *own > 0.0) {
        if left < own {
            return Some(index);
        }
        left -= own;
        last = Some(index);
    }
    // What rounding left over.
    last
}

/// What is in a chest: a rarity is drawn among those of which there is a table, a table of it, and each of its stacks is
/// there or not. `fraction` gives numbers from 0 up to 1.
pub fn draw(rarities: &[(i32, f32)], tables: &[LootTable], mut fraction: impl FnMut() -> f64) -> Vec<(i32, u32)> {
    let is_there = |rarity: i32| tables.iter().any(|table| table.rarity == rarity);
    let rarities: Vec<(i32, f32)> = rarities
        .iter()
        .copied()
        .filter(|(rarity, _)| is_there(*rarity))
        .collect();
    let weights: Vec<f32> = rarities.iter().map(|(_, weight)| *weight).collect();
    let rarity = pick(&weights, fraction()).and_then(|index| rarities.get(index));
    let Some((rarity, _)) = rarity else { return Vec::new() };
    let tables: Vec<&LootTable> = tables.iter().filter(|table| table.rarity == *rarity).collect();
    let table = pick(&vec![1.0; tables.len()], fraction()).and_then(|index| tables.get(index));
    let mut stacks = Vec::new();
    for (item_id, quantity, probability) in table.into_iter().flat_map(|table| &table.stacks) {
        if fraction() < f64::from(*probability) {
            crate::inventory::hold(&mut stacks, *item_id, *quantity);
        }
    }
    stacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn picking() {
        let check = |weights: &[f32], fraction, expected| assert_eq!(pick(weights, fraction), expected, "{weights:?}");
        check(&[], 0.0, None);
        check(&[0.0, -1.0], 0.5, None);
        check(&[0.0, 2.0, 0.0], 0.999, Some(1));
        check(&[1.0, 3.0], 0.0, Some(0));
        check(&[1.0, 3.0], 0.249, Some(0));
        check(&[1.0, 3.0], 0.25, Some(1));
        check(&[1.0, 3.0], 1.0, Some(1));
    }

    /// Numbers that look like chance, the same each time.
    fn chance() -> impl FnMut() -> f64 {
        let mut state = 7_u64;
        move || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    #[test]
    fn frequencies() {
        const DRAWS: u32 = 40_000;
        let table = |rarity, stacks: &[(i32, u32, f32)]| LootTable {
            rarity,
            stacks: stacks.to_vec(),
        };
        let tables = [
            table(1, &[(10, 1, 1.0), (11, 2, 0.3)]),
            table(2, &[(20, 1, 1.0)]),
            table(2, &[(21, 5, 1.0), (22, 1, 0.05)]),
        ];
        // Of rarity 3 there is no table: the others share what it had.
        let rarities = [(1, 0.6), (2, 0.2), (3, 0.2)];
        let mut random = chance();
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..DRAWS {
            for stack in draw(&rarities, &tables, &mut random) {
                *counts.entry(stack).or_insert(0_u32) += 1;
            }
        }
        let expected = [
            ((10, 1), 0.75),
            ((11, 2), 0.75 * 0.3),
            ((20, 1), 0.125),
            ((21, 5), 0.125),
            ((22, 1), 0.125 * 0.05),
        ];
        assert_eq!(
            counts.keys().copied().collect::<Vec<_>>(),
            expected.map(|(stack, _)| stack)
        );
        for (stack, likely) in expected {
            let seen = f64::from(counts[&stack]) / f64::from(DRAWS);
            let error = 4.0 * (likely * (1.0 - likely) / f64::from(DRAWS)).sqrt();
            assert!((seen - likely).abs() < error, "{stack:?}: {seen} and not {likely}");
        }
    }

    #[test]
    fn nothing_to_draw_from() {
        assert_eq!(draw(&[], &[], || 0.0), []);
        assert_eq!(draw(&[(1, 1.0)], &[], || 0.0), []);
    }

    proptest! {
        #[test]
        fn a_pick_has_weight(weights in prop::collection::vec(0.0..10.0_f32, 0..8), fraction in 0.0..1.0_f64) {
            match pick(&weights, fraction) {
                Some(index) => prop_assert!(weights[index] > 0.0),
                None => prop_assert!(weights.iter().all(|weight| *weight <= 0.0)),
            }
        }
    }
}
