//! Putting items into pockets.

use thiserror::Error;

/// A pocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// How much fits; an item's own volume divides it.
    pub volume: i32,
    /// Nothing goes in or out.
    pub locked: bool,
    /// Item and quantity.
    pub contents: Option<(i32, u32)>,
}

/// Why items do not go in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InventoryError {
    /// Not all of them fit; the argument is how many are left over.
    #[error("inventory.full|{left_over}")]
    Full {
        /// Items without room.
        left_over: u32,
    },
}

/// Most items of a volume in one pocket; an item without volume has no limit.
pub fn stack_size(pocket_volume: i32, item_volume: i32) -> u32 {
    match item_volume {
        ..=0 => u32::MAX,
        volume => u32::try_from(pocket_volume / volume).unwrap_or(0),
    }
}

/// Puts `quantity` of an item in: onto its own stacks first, then into empty pockets, in order.
///
/// # Errors
/// [`InventoryError::Full`]; then nothing has changed.
pub fn add(slots: &mut [Slot], item_id: i32, item_volume: i32, quantity: u32) -> Result<(), InventoryError> {
    let mut after: Vec<Slot> = slots.to_vec();
    let mut left_over = quantity;
    for wanted in [Some(item_id), None] {
        for slot in after.iter_mut().filter(|slot| !slot.locked) {
            if slot.contents.map(|(held, _)| held) != wanted {
                continue;
            }
            let held = slot.contents.map_or(0, |(_, held)| held);
            let moved = left_over.min(stack_size(slot.volume, item_volume).saturating_sub(held));
            if moved > 0 {
                slot.contents = Some((item_id, held + moved));
                left_over -= moved;
            }
        }
    }
    if left_over > 0 {
        return Err(InventoryError::Full { left_over });
    }
    slots.copy_from_slice(&after);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EMPTY: Slot = Slot {
        volume: 100,
        locked: false,
        contents: None,
    };

    fn holding(item_id: i32, quantity: u32) -> Slot {
        Slot {
            contents: Some((item_id, quantity)),
            ..EMPTY
        }
    }

    #[track_caller]
    fn check(before: &[Slot], quantity: u32, expected: Result<&[Slot], u32>) {
        let mut slots = before.to_vec();
        let result = add(&mut slots, 7, 10, quantity).map_err(|InventoryError::Full { left_over }| left_over);
        assert_eq!(result, expected.map(drop));
        assert_eq!(slots, expected.unwrap_or(before));
    }

    #[test]
    fn adding() {
        check(&[EMPTY], 10, Ok(&[holding(7, 10)]));
        check(&[EMPTY], 11, Err(1));
        check(&[EMPTY, holding(7, 4)], 8, Ok(&[holding(7, 2), holding(7, 10)]));
        check(&[holding(8, 1)], 1, Err(1));
        check(
            &[Slot { locked: true, ..EMPTY }, EMPTY],
            1,
            Ok(&[Slot { locked: true, ..EMPTY }, holding(7, 1)]),
        );
        check(&[], 0, Ok(&[]));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made(
            before in prop::collection::vec(
                (0..200i32, any::<bool>(), prop::option::of((6..9i32, 1..20u32))), 0..8),
            volume in 0..40i32, quantity in 0..60u32,
        ) {
            let before: Vec<Slot> =
                before.into_iter().map(|(volume, locked, contents)| Slot { volume, locked, contents }).collect();
            let count = |slots: &[Slot]| -> u64 {
                slots.iter().filter_map(|slot| slot.contents).filter(|held| held.0 == 7).map(|held| u64::from(held.1)).sum()
            };
            let mut after = before.clone();
            match add(&mut after, 7, volume, quantity) {
                Ok(()) => prop_assert_eq!(count(&after), count(&before) + u64::from(quantity)),
                Err(_) => prop_assert_eq!(after, before),
            }
        }
    }
}
