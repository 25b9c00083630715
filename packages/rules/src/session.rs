//! Who is let into a region, who waits, and who has been away too long.
//!
//! A slot is taken by a player who is signed in, or reserved for one: somebody who was let in from the queue and has
//! not come yet, or who lost the connection a moment ago. The queue is first come, first served.

use thiserror::Error;

/// Sessions of a region at once, unless the operator says otherwise: a small region that is open.
pub const DEFAULT_MAX_SIGNED_IN: u32 = 500;
/// Places in the queue, unless the operator says otherwise.
pub const DEFAULT_MAX_QUEUE: u32 = 500;
/// Sessions beyond the maximum for players who cross a border, unless the operator says otherwise.
pub const DEFAULT_ARRIVAL_RESERVE: u32 = 50;
/// Seconds that a place is kept after a disconnect, unless the operator says otherwise.
pub const DEFAULT_GRACE_SECONDS: u32 = 30;
/// Most players that are let in from the queue at once; the caller's next run takes the next ones.
pub const MAX_ADMISSIONS: usize = 64;

/// A player who wants to sign in, and the region as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotRequest {
    /// Players signed in.
    pub signed_in: u32,
    /// Slots held for players who are not signed in, this player's included.
    pub reserved: u32,
    /// Players in the queue, this player included.
    pub queue_length: u32,
    /// Most players that may be signed in.
    pub max_signed_in: u32,
    /// Most players that may wait.
    pub max_queue: u32,
    /// Whether one of the reserved slots is this player's.
    pub has_reservation: bool,
    /// Whether the player's role lets them in without waiting, even into a full region.
    pub skip_queue: bool,
    /// Whether signing in is switched off, for everybody.
    pub sign_in_blocked: bool,
    /// Whether players without such a role may sign in at all.
    pub allow_players: bool,
    /// How many are before this player in the queue; `None` if they are not in it.
    pub queue_position: Option<u32>,
}

/// What happens to a player who wants to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotDecision {
    /// Signs in; a reservation and a place in the queue are used up.
    Admit,
    /// Waits at the end of the queue, or goes on waiting where they are.
    Enqueue,
    /// Does not get in.
    Refuse(SessionError),
}

/// Why a player does not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SessionError {
    /// Signing in is switched off.
    #[error("session.sign_in_blocked")]
    SignInBlocked,
    /// The region is not open to players.
    #[error("session.players_not_allowed")]
    PlayersNotAllowed,
    /// Too many are waiting; the argument is the limit.
    #[error("session.queue_full|{max_queue}")]
    QueueFull {
        /// Most players that may wait.
        max_queue: u32,
    },
    /// The region has no room even for those who come from a neighbour; the argument is the hard cap.
    #[error("session.region_full|{cap}")]
    RegionFull {
        /// Most players, reserve for arrivals included.
        cap: u32,
    },
}

/// How many slots are neither taken nor held.
pub fn free_slots(signed_in: u32, reserved: u32, max_signed_in: u32) -> u32 {
    max_signed_in.saturating_sub(signed_in).saturating_sub(reserved)
}

/// Whether a player gets in, waits, or is sent away.
///
/// A free slot goes to the queue first: a newcomer gets it only if nobody waits, somebody who waits only if there is
/// one for everybody before them too.
pub fn decide(request: &SlotRequest) -> SlotDecision {
    if let Err(error) = check_open(request.sign_in_blocked, request.allow_players, request.skip_queue) {
        return SlotDecision::Refuse(error);
    }
    if request.has_reservation || request.skip_queue {
        return SlotDecision::Admit;
    }
    let free = free_slots(request.signed_in, request.reserved, request.max_signed_in);
    match request.queue_position {
        Some(before) if before < free => SlotDecision::Admit,
        Some(_) => SlotDecision::Enqueue,
        None if request.queue_length == 0 && free > 0 => SlotDecision::Admit,
        None if request.queue_length < request.max_queue => SlotDecision::Enqueue,
        None => SlotDecision::Refuse(SessionError::QueueFull {
            max_queue: request.max_queue,
        }),
    }
}

/// Those at the head of the queue who get a reservation now, at most [`MAX_ADMISSIONS`].
pub fn admit_next<T>(free_slots: u32, queue: &[T]) -> &[T] {
    let count = usize::try_from(free_slots)
        .unwrap_or(usize::MAX)
        .min(queue.len())
        .min(MAX_ADMISSIONS);
    queue.get(..count).unwrap_or_default()
}

/// A player who walks in from a neighbour region, and the region as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArrivalRequest {
    /// Players signed in.
    pub signed_in: u32,
    /// Slots held for players who are not signed in; arrivals on their way are among them.
    pub reserved: u32,
    /// Most players that may be signed in.
    pub max_signed_in: u32,
    /// Slots beyond those, for arrivals only.
    pub arrival_reserve: u32,
    /// Whether the player's role lets them into a region that is closed to players.
    pub skip_queue: bool,
    /// Whether signing in is switched off, for everybody.
    pub sign_in_blocked: bool,
    /// Whether players without such a role may sign in at all.
    pub allow_players: bool,
}

/// Whether a player from a neighbour region may come in. Arrivals do not wait, but there is a hard cap for everybody.
///
/// # Errors
/// [`SessionError::RegionFull`] at `max_signed_in + arrival_reserve` taken or held slots, and the errors of a closed
/// region.
pub fn arrival(request: &ArrivalRequest) -> Result<(), SessionError> {
    check_open(request.sign_in_blocked, request.allow_players, request.skip_queue)?;
    let cap = request.max_signed_in.saturating_add(request.arrival_reserve);
    match free_slots(request.signed_in, request.reserved, cap) {
        0 => Err(SessionError::RegionFull { cap }),
        _ => Ok(()),
    }
}

/// Whether a player has done nothing for `limit_ms`; a limit of 0 switches this off.
pub fn is_idle(last_activity_ms: u64, now_ms: u64, limit_ms: u64) -> bool {
    limit_ms > 0 && now_ms.saturating_sub(last_activity_ms) >= limit_ms
}

fn check_open(sign_in_blocked: bool, allow_players: bool, staff: bool) -> Result<(), SessionError> {
    if sign_in_blocked {
        return Err(SessionError::SignInBlocked);
    }
    if !allow_players && !staff {
        return Err(SessionError::PlayersNotAllowed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::SlotDecision::{Admit, Enqueue, Refuse};
    use super::*;
    use proptest::prelude::*;

    /// A region with 7 of 10 slots taken, 2 held, nobody waiting, room for 5.
    fn region() -> SlotRequest {
        SlotRequest {
            signed_in: 7,
            reserved: 2,
            max_signed_in: 10,
            max_queue: 5,
            allow_players: true,
            ..SlotRequest::default()
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut SlotRequest), expected: SlotDecision) {
        let mut request = region();
        change(&mut request);
        assert_eq!(decide(&request), expected, "{request:?}");
    }

    #[test]
    fn decisions() {
        let full = Refuse(SessionError::QueueFull { max_queue: 5 });
        check(|_| (), Admit);
        check(|r| r.reserved = 3, Enqueue);
        check(|r| r.signed_in = u32::MAX, Enqueue);
        check(|r| r.queue_length = 1, Enqueue);
        check(|r| (r.signed_in, r.queue_length) = (8, 4), Enqueue);
        check(|r| (r.signed_in, r.queue_length) = (8, 5), full);
        check(
            |r| (r.signed_in, r.max_queue) = (8, 0),
            Refuse(SessionError::QueueFull { max_queue: 0 }),
        );
        check(|r| (r.queue_length, r.queue_position) = (3, Some(0)), Admit);
        check(|r| (r.queue_length, r.queue_position) = (3, Some(1)), Enqueue);
        check(
            |r| (r.signed_in, r.queue_length, r.queue_position) = (6, 3, Some(1)),
            Admit,
        );
        // Whoever is in the queue stays in it when it is full.
        check(
            |r| (r.signed_in, r.queue_length, r.queue_position) = (8, 5, Some(4)),
            Enqueue,
        );
        check(|r| (r.signed_in, r.has_reservation) = (9, true), Admit);
        check(|r| (r.signed_in, r.skip_queue, r.queue_length) = (99, true, 5), Admit);
    }

    #[test]
    fn closed_regions() {
        let (blocked, not_allowed) = (
            Refuse(SessionError::SignInBlocked),
            Refuse(SessionError::PlayersNotAllowed),
        );
        check(|r| r.sign_in_blocked = true, blocked);
        check(
            |r| (r.sign_in_blocked, r.skip_queue, r.has_reservation) = (true, true, true),
            blocked,
        );
        check(|r| r.allow_players = false, not_allowed);
        check(|r| (r.allow_players, r.has_reservation) = (false, true), not_allowed);
        check(|r| (r.allow_players, r.skip_queue) = (false, true), Admit);
        assert_eq!(
            SessionError::QueueFull { max_queue: 5 }.to_string(),
            "session.queue_full|5"
        );
    }

    #[test]
    fn arrivals() {
        let base = ArrivalRequest {
            max_signed_in: 10,
            arrival_reserve: 2,
            allow_players: true,
            ..ArrivalRequest::default()
        };
        let full = Err(SessionError::RegionFull { cap: 12 });
        for (signed_in, reserved, expected) in [
            (9, 0, Ok(())),
            (10, 1, Ok(())),
            (10, 2, full),
            (12, 0, full),
            (u32::MAX, u32::MAX, full),
        ] {
            assert_eq!(
                arrival(&ArrivalRequest {
                    signed_in,
                    reserved,
                    ..base
                }),
                expected
            );
        }
        let closed = ArrivalRequest {
            allow_players: false,
            ..base
        };
        assert_eq!(arrival(&closed), Err(SessionError::PlayersNotAllowed));
        assert_eq!(
            arrival(&ArrivalRequest {
                skip_queue: true,
                ..closed
            }),
            Ok(())
        );
        assert_eq!(
            arrival(&ArrivalRequest {
                sign_in_blocked: true,
                ..base
            }),
            Err(SessionError::SignInBlocked)
        );
        let endless = ArrivalRequest {
            max_signed_in: u32::MAX,
            ..base
        };
        assert_eq!(arrival(&endless), Ok(()));
    }

    #[test]
    fn idleness() {
        for (last, now, limit, expected) in [
            (0, 999, 1_000, false),
            (0, 1_000, 1_000, true),
            (0, u64::MAX, 0, false),
            (5_000, 1_000, 1, false),
        ] {
            assert_eq!(is_idle(last, now, limit), expected);
        }
    }

    proptest! {
        /// Without staff, and with every decision applied, the region is never overfull and the queue is in order.
        #[test]
        fn slots_and_order_hold(events in prop::collection::vec((0..4_u8, 0..30_u32), 1..300)) {
            let (max, max_queue) = (5_usize, 6_usize);
            let (mut signed_in, mut reserved, mut queue): (Vec<u32>, Vec<u32>, Vec<u32>) = Default::default();
            for (event, player) in events {
                match event {
                    0 | 1 if !signed_in.contains(&player) => {
                        let place = queue.iter().position(|other| *other == player);
                        let decision = decide(&SlotRequest {
                            signed_in: signed_in.len() as u32,
                            reserved: reserved.len() as u32,
                            queue_length: queue.len() as u32,
                            max_signed_in: max as u32,
                            max_queue: max_queue as u32,
                            has_reservation: reserved.contains(&player),
                            allow_players: true,
                            queue_position: place.map(|place| place as u32),
                            ..SlotRequest::default()
                        });
                        match decision {
                            Admit => {
                                reserved.retain(|other| *other != player);
                                queue.retain(|other| *other != player);
                                signed_in.push(player);
                            }
                            Enqueue if place.is_none() => queue.push(player),
                            Enqueue => (),
                            Refuse(error) => {
                                prop_assert_eq!(error, SessionError::QueueFull { max_queue: 6 });
                                prop_assert_eq!(queue.len(), max_queue);
                            }
                        }
                    }
                    2 => signed_in.retain(|other| *other != player),
                    3 => {
                        let free = free_slots(signed_in.len() as u32, reserved.len() as u32, max as u32);
                        let next = admit_next(free, &queue).to_vec();
                        queue.drain(..next.len());
                        reserved.extend(next);
                        prop_assert!(queue.is_empty() || signed_in.len() + reserved.len() == max);
                    }
                    _ => (),
                }
                prop_assert!(signed_in.len() + reserved.len() <= max);
                prop_assert!(queue.len() <= max_queue);
            }
        }

        #[test]
        fn admissions_are_a_bounded_head(free in any::<u32>(), queue in prop::collection::vec(any::<u64>(), 0..200)) {
            let admitted = admit_next(free, &queue);
            prop_assert!(admitted.len() <= MAX_ADMISSIONS);
            prop_assert!(queue.starts_with(admitted));
            prop_assert_eq!(admitted.len(), (free as usize).min(queue.len()).min(MAX_ADMISSIONS));
        }
    }
}
