//! What can be had at all, and by which deed first.

use std::collections::VecDeque;

use super::{Deed, Deeds};

/// What can be had.
#[derive(Debug)]
pub(in super::super) struct Reached {
    /// The deed that gave each thing first; `None` for things that cannot be had, and for those that were given.
    pub(in super::super) deed: Vec<Option<usize>>,
    /// Whether each thing can be had.
    pub(in super::super) has: Vec<bool>,
    /// The round of [`reach`]'s limits in which each thing came.
    pub(in super::super) round: Vec<usize>,
}

/// Finds everything that can be had, beginning with nothing but what `given` says. Things whose number in `waits` is
/// greater than the round are not had before that round; rounds go on to the greatest of them. Things come in the order
/// of how many deeds lead to them, deeds in the order of the list: the same content gives the same ways.
pub(in super::super) fn reach(deeds: &Deeds, given: &[bool], waits: &[usize]) -> Reached {
    reach_by(deeds, given, waits, |_, _| true)
}

/// The same with only those deeds for a thing that are `wanted` for it.
pub(in super::super) fn reach_by(
    deeds: &Deeds,
    given: &[bool],
    waits: &[usize],
    wanted: impl Fn(&Deed, usize) -> bool,
) -> Reached {
    let count = deeds.things.len();
    let wait = |thing: usize| waits.get(thing).copied().unwrap_or(0);
    let mut reached = Reached {
        deed: vec![None; count],
        has: vec![false; count],
        round: vec![0; count],
    };
    let needs = deeds
        .list
        .iter()
        .map(|deed| deed.needs.len().saturating_add(deed.work.each_stroke.len()));
    let mut missing: Vec<usize> = needs.collect();
    let rounds = waits.iter().copied().max().unwrap_or(0);
    let mut delayed: Vec<(usize, Option<usize>)> = Vec::new();
    let mut come: VecDeque<(usize, Option<usize>)> = VecDeque::new();
    come.extend(
        (0..count)
            .filter(|thing| given.get(*thing) == Some(&true))
            .map(|thing| (thing, None)),
    );
    let free = deeds
        .list
        .iter()
        .enumerate()
        .filter(|(deed, _)| missing.get(*deed) == Some(&0));
    let gives = |index: usize| {
        let deed = deeds.list.get(index).into_iter();
        let given = deed.flat_map(|deed| deed.gives.iter().map(move |part| (deed, part.thing)));
        given
            .filter(|(deed, thing)| wanted(deed, *thing))
            .map(move |(_, thing)| (thing, Some(index)))
    };
    for (index, _) in free {
        come.extend(gives(index));
    }
    for round in 0..=rounds {
        let (now, later): (Vec<_>, Vec<_>) = delayed.into_iter().partition(|(thing, _)| wait(*thing) <= round);
        delayed = later;
        come.extend(now);
        while let Some((thing, by)) = come.pop_front() {
            if wait(thing) > round {
                delayed.push((thing, by));
                continue;
            }
            match reached.has.get_mut(thing) {
                Some(has) if !*has => *has = true,
                _ => continue,
            }
            set(&mut reached.deed, thing, by);
            set(&mut reached.round, thing, round);
            for &taker in deeds.takers.get(thing).into_iter().flatten() {
                let Some(left) = missing.get_mut(taker) else { continue };
                *left = left.saturating_sub(1);
                if *left == 0 {
                    come.extend(gives(taker));
                }
            }
        }
    }
    reached
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}
