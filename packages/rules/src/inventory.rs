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
    let left_over = add_what_fits(&mut after, item_id, item_volume, quantity);
    if left_over > 0 {
        return Err(InventoryError::Full { left_over });
    }
    slots.copy_from_slice(&after);
    Ok(())
}

/// The same with as many as there is room for. Returns how many are left over.
pub fn add_what_fits(slots: &mut [Slot], item_id: i32, item_volume: i32, quantity: u32) -> u32 {
    let mut left_over = quantity;
    for wanted in [Some(item_id), None] {
        for slot in slots.iter_mut().filter(|slot| !slot.locked) {
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
    left_over
}

/// Takes out of each pocket what it has no room for, and returns that. An item of which `volume_of` is not known stays.
pub fn take_overflow(slots: &mut [Slot], volume_of: impl Fn(i32) -> Option<i32>) -> Vec<(i32, u32)> {
    let mut overflow = Vec::new();
    for slot in slots {
        let Some((item_id, held)) = slot.contents else { continue };
        let Some(volume) = volume_of(item_id) else { continue };
        let kept = held.min(stack_size(slot.volume, volume));
        slot.contents = (kept > 0).then_some((item_id, kept));
        hold(&mut overflow, item_id, held.saturating_sub(kept));
    }
    overflow
}

/// Adds a stack to a list of stacks, onto one of its kind if the sum can be counted.
pub fn hold(stacks: &mut Vec<(i32, u32)>, item_id: i32, quantity: u32) {
    if quantity == 0 {
        return;
    }
    for (held_id, held) in stacks.iter_mut() {
        if let (true, Some(sum)) = (*held_id == item_id, held.checked_add(quantity)) {
            *held = sum;
            return;
        }
    }
    stacks.push((item_id, quantity));
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

    #[test]
    fn what_has_no_room_any_more() {
        let check = |before: &[Slot], volume, after: &[Slot], expected: &[(i32, u32)]| {
            let mut slots = before.to_vec();
            assert_eq!(
                take_overflow(&mut slots, |item| (item == 7).then_some(volume)),
                expected
            );
            assert_eq!(slots, after);
        };
        let full = [holding(7, 10), EMPTY, holding(7, 4), holding(8, 99)];
        check(&full, 10, &full, &[]);
        check(&full, 0, &full, &[]);
        check(
            &full,
            20,
            &[holding(7, 5), EMPTY, holding(7, 4), holding(8, 99)],
            &[(7, 5)],
        );
        check(&full, 101, &[EMPTY, EMPTY, EMPTY, holding(8, 99)], &[(7, 14)]);
    }

    #[test]
    fn holding_what_has_no_room() {
        let mut stacks = Vec::new();
        for (item_id, quantity) in [(1, 5), (2, 1), (1, 3), (3, 0), (1, u32::MAX)] {
            hold(&mut stacks, item_id, quantity);
        }
        assert_eq!(stacks, [(1, 8), (2, 1), (1, u32::MAX)]);
    }

    proptest! {
        #[test]
        fn what_fits_and_what_is_left_over_are_all(
            before in prop::collection::vec((0..200i32, any::<bool>(), prop::option::of((6..9i32, 1..20u32))), 0..8),
            volume in 0..40i32, quantity in 0..60u32,
        ) {
            let mut slots: Vec<Slot> =
                before.into_iter().map(|(volume, locked, contents)| Slot { volume, locked, contents }).collect();
            let count = |slots: &[Slot]| -> u64 {
                slots.iter().filter_map(|slot| slot.contents).filter(|held| held.0 == 7).map(|held| u64::from(held.1)).sum()
            };
            let had = count(&slots);
            let left_over = add_what_fits(&mut slots, 7, volume, quantity);
            prop_assert_eq!(count(&slots) + u64::from(left_over), had + u64::from(quantity));
        }

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
