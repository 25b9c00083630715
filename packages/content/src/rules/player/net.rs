//! What can be done, laid out for plans, which look at all of it hundreds of times.

use std::collections::HashMap;

use super::super::deeds::{Deed, Deeds, Way};
use super::levels::Levels;
use super::plan::Goal;

/// Lists one after the other.
#[derive(Debug)]
struct Lists<T> {
    /// Where each begins, and at last where the last one ends.
    starts: Vec<usize>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    fn of<L: IntoIterator<Item = T>>(lists: impl Iterator<Item = L>) -> Self {
        let mut all = Self {
            starts: vec![0],
            items: Vec::new(),
        };
        for list in lists {
            all.items.extend(list);
            all.starts.push(all.items.len());
        }
        all
    }

    fn get(&self, index: usize) -> &[T] {
        let start = self.starts.get(index).copied().unwrap_or_default();
        let end = self.starts.get(index.saturating_add(1)).copied().unwrap_or(start);
        self.items.get(start..end).unwrap_or_default()
    }
}

/// So many of a goal; 0 for what is there and stays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) goal: Goal,
    pub(super) quantity: f64,
}

/// What doing a deed once teaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lesson {
    skill: usize,
    pub(super) points: f64,
}

/// Deeds by their places in the list.
#[derive(Debug)]
pub(super) struct Net {
    needs: Lists<Share>,
    gives: Lists<Share>,
    lessons: Lists<Lesson>,
    takers: Lists<u32>,
    /// Levels of each skill.
    levels: Lists<Goal>,
    /// How many goals there are.
    pub(super) goals: usize,
    /// How much each deed needs; more than there is for what the player would not do.
    pub(super) missing: Vec<u32>,
}

impl Net {
    /// Of what a player would do.
    pub(super) fn of(deeds: &Deeds, levels: &Levels, may: impl Fn(&Deed) -> bool) -> Self {
        let share = |part: &super::super::deeds::Part| Share {
            goal: part.thing,
            quantity: part.quantity,
        };
        let needs = Lists::of(deeds.list.iter().enumerate().map(|(index, deed)| {
            let things = deed.needs.iter().chain(&deed.work.each_stroke).map(share);
            let levels = levels.of_deed(index).iter();
            things.chain(levels.map(|goal| Share {
                goal: *goal,
                quantity: 0.0,
            }))
        }));
        let goals = deeds.things.len().saturating_add(levels.list.len());
        let mut takers = vec![Vec::new(); goals];
        for (deed, number) in (0..deeds.list.len()).zip(0_u32..) {
            for need in needs.get(deed) {
                takers
                    .get_mut(need.goal)
                    .into_iter()
                    .for_each(|takers| takers.push(number));
            }
        }
        let skills: Vec<i32> = levels.skills().collect();
        let places: HashMap<i32, usize> = skills.iter().enumerate().map(|(at, skill)| (*skill, at)).collect();
        let lessons = |deed: &Deed| {
            let taught = deed.work.experience.iter().filter(|_| is_practice(deed));
            let lesson = |(skill, points): &(i32, f64)| {
                let points = points * deed.work.progress;
                let skill = *places.get(skill).filter(|_| points > 0.0)?;
                Some(Lesson { skill, points })
            };
            taught.filter_map(lesson).collect::<Vec<_>>()
        };
        let missing = deeds.list.iter().enumerate().map(|(index, deed)| match may(deed) {
            true => u32::try_from(needs.get(index).len()).unwrap_or(u32::MAX),
            false => u32::MAX,
        });
        Self {
            missing: missing.collect(),
            gives: Lists::of(deeds.list.iter().map(|deed| deed.gives.iter().map(share))),
            lessons: Lists::of(deeds.list.iter().map(lessons)),
            takers: Lists::of(takers.into_iter()),
            levels: Lists::of(skills.iter().map(|skill| levels.of_skill(*skill).iter().copied())),
            needs,
            goals,
        }
    }

    /// What a deed needs, levels too.
    pub(super) fn needs(&self, deed: usize) -> &[Share] {
        self.needs.get(deed)
    }

    /// What a deed gives.
    pub(super) fn gives(&self, deed: usize) -> &[Share] {
        self.gives.get(deed)
    }

    /// What a deed teaches those who would do it for that.
    pub(super) fn lessons(&self, deed: usize) -> &[Lesson] {
        self.lessons.get(deed)
    }

    /// The levels that a lesson leads to.
    pub(super) fn levels(&self, lesson: &Lesson) -> &[Goal] {
        self.levels.get(lesson.skill)
    }

    /// The deeds that need a goal, as often as they do.
    pub(super) fn takers(&self, goal: Goal) -> &[u32] {
        self.takers.get(goal)
    }
}

/// Whether one would do it for the sake of learning.
fn is_practice(deed: &Deed) -> bool {
    matches!(deed.way, Way::Gather | Way::Craft | Way::Fight | Way::Plant)
}
