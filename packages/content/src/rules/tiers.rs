//! What a tier asks for, and cycles in whatever leads from one thing to the next.

/// Tiers of the game.
pub(crate) const TIERS: usize = 6;

/// The level of a skill that each tier asks for, and that beyond which none asks.
const LEVELS: [i32; TIERS + 1] = [1, 15, 30, 45, 60, 75, 100];

/// The lowest level and the highest that work of a tier may ask for.
pub(crate) fn levels_of(tier: i32) -> (i32, i32) {
    let index = usize::try_from(tier.saturating_sub(1))
        .unwrap_or(0)
        .min(TIERS.saturating_sub(1));
    let level = |index: usize| LEVELS.get(index).copied().unwrap_or(1);
    (level(index), level(index.saturating_add(1)))
}

/// The cycles in a graph, one for each knot of nodes that lead to each other: a shortest one through the least of them,
/// beginning there. Sorted by their first node.
pub(crate) fn cycles(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut cycles = Vec::new();
    for knot in knots(next) {
        let Some(start) = knot.iter().min().copied() else {
            continue;
        };
        if let Some(cycle) = shortest(next, start) {
            cycles.push(cycle);
        }
    }
    cycles.sort();
    cycles
}

/// A shortest way from a node back to itself.
fn shortest(next: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let mut from: Vec<Option<usize>> = vec![None; next.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &to in next.get(node)? {
            if to == start {
                let mut way = vec![node];
                let mut here = node;
                while here != start {
                    here = from.get(here).copied().flatten()?;
                    way.push(here);
                }
                way.reverse();
                return Some(way);
            }
            match from.get_mut(to) {
                Some(slot) if slot.is_none() => *slot = Some(node),
                _ => continue,
            }
            queue.push_back(to);
        }
    }
    None
}

/// The strongly connected parts that hold a cycle (Tarjan's, with a stack of its own: content may be deep).
fn knots(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy)]
    struct Seen {
        order: usize,
        low: usize,
        is_open: bool,
    }
    let mut seen: Vec<Option<Seen>> = vec![None; next.len()];
    let (mut open, mut found, mut order): (Vec<usize>, Vec<Vec<usize>>, usize) = (Vec::new(), Vec::new(), 0);
    for root in 0..next.len() {
        if seen.get(root).copied().flatten().is_some() {
            continue;
        }
        let mut calls: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, step)) = calls.pop() {
            if step == 0 {
                order = order.saturating_add(1);
                let entry = Seen {
                    order,
                    low: order,
                    is_open: true,
                };
                if let Some(slot) = seen.get_mut(node) {
                    *slot = Some(entry);
                }
                open.push(node);
            }
            let low_of = |seen: &[Option<Seen>], node: usize| seen.get(node).copied().flatten();
            match next.get(node).and_then(|next| next.get(step)).copied() {
                Some(to) => {
                    calls.push((node, step.saturating_add(1)));
                    match low_of(&seen, to) {
                        None => calls.push((to, 0)),
                        Some(other) if other.is_open => {
                            if let Some(Some(this)) = seen.get_mut(node) {
                                this.low = this.low.min(other.order);
                            }
                        }
                        Some(_) => {}
                    }
                }
                None => {
                    let Some(this) = low_of(&seen, node) else { continue };
                    if let Some((parent, _)) = calls.last().copied() {
                        if let Some(Some(parent)) = seen.get_mut(parent) {
                            parent.low = parent.low.min(this.low);
                        }
                    }
                    if this.low == this.order {
                        let at = open.iter().rposition(|other| *other == node).unwrap_or(0);
                        let knot = open.split_off(at);
                        for member in &knot {
                            if let Some(Some(member)) = seen.get_mut(*member) {
                                member.is_open = false;
                            }
                        }
                        let is_self = next.get(node).is_some_and(|next| next.contains(&node));
                        if knot.len() > 1 || is_self {
                            found.push(knot);
                        }
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_knot_is_one_cycle() {
        let check = |next: &[&[usize]], expected: &[&[usize]]| {
            let next: Vec<Vec<usize>> = next.iter().map(|next| next.to_vec()).collect();
            assert_eq!(cycles(&next), expected, "{next:?}");
        };
        check(&[&[1], &[2], &[]], &[]);
        check(&[&[0]], &[&[0]]);
        check(&[&[1], &[2], &[0]], &[&[0, 1, 2]]);
        // The shorter of two ways back, and a second knot that is reached from the first.
        check(&[&[1], &[2, 0], &[0, 3], &[4], &[3]], &[&[0, 1], &[3, 4]]);
        check(&[&[1, 2], &[3], &[3], &[]], &[]);
    }

    #[test]
    fn levels_of_tiers() {
        assert_eq!(levels_of(1), (1, 15));
        assert_eq!(levels_of(6), (75, 100));
        assert_eq!(levels_of(9), (75, 100));
    }
}
