//! Levels of skills that some work asks for.

use std::collections::HashMap;

use super::super::deeds::Deeds;
use super::plan::Goal;

/// Levels, each a goal: counted on from the things.
#[derive(Debug, Default)]
pub(super) struct Levels {
    /// Skill, level.
    pub(super) list: Vec<(i32, i32)>,
    index: HashMap<(i32, i32), Goal>,
    /// By skill.
    by_skill: HashMap<i32, Vec<Goal>>,
    /// Of each deed.
    of_deed: Vec<Vec<Goal>>,
    /// The first that is no thing.
    first: Goal,
}

impl Levels {
    pub(super) fn of(deeds: &Deeds) -> Self {
        let mut levels = Self {
            first: deeds.things.len(),
            ..Self::default()
        };
        for deed in &deeds.list {
            let goals = deed.work.levels.iter().map(|level| levels.goal(*level)).collect();
            levels.of_deed.push(goals);
        }
        levels
    }

    fn goal(&mut self, level: (i32, i32)) -> Goal {
        if let Some(goal) = self.index.get(&level) {
            return *goal;
        }
        let goal = self.first.saturating_add(self.list.len());
        self.list.push(level);
        self.index.insert(level, goal);
        self.by_skill.entry(level.0).or_default().push(goal);
        goal
    }

    /// Which of the levels a goal is, if it is one.
    pub(super) fn place(&self, goal: Goal) -> Option<usize> {
        goal.checked_sub(self.first)
    }

    /// The skill and level that a goal is, if it is one.
    pub(super) fn level(&self, goal: Goal) -> Option<(i32, i32)> {
        self.list.get(self.place(goal)?).copied()
    }

    /// What a deed asks for.
    pub(super) fn of_deed(&self, deed: usize) -> &[Goal] {
        self.of_deed.get(deed).map_or(&[], Vec::as_slice)
    }

    /// Skills of which some level is asked for.
    pub(super) fn skills(&self) -> impl Iterator<Item = i32> + '_ {
        self.by_skill.keys().copied()
    }

    /// The levels of a skill.
    pub(super) fn of_skill(&self, skill: i32) -> &[Goal] {
        self.by_skill.get(&skill).map_or(&[], Vec::as_slice)
    }
}
