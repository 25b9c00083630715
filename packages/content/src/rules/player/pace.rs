//! How long deeds take, laid out for plans, which ask it of all deeds time and again.

use std::collections::HashMap;

use super::super::deeds::{Deed, Deeds, Thing, Way};
use super::super::Game;
use super::world::{World, HANDLING_SECONDS};

/// A plan counts waiting for so little: one does other things meanwhile.
const WAITING_WEIGHT: f64 = 0.05;

/// What a deed takes, once.
#[derive(Debug, Default)]
pub(super) struct Duration {
    pub(super) work: f64,
    pub(super) walk: f64,
    pub(super) rest: f64,
    pub(super) strokes: f64,
    pub(super) waiting: f64,
}

impl Duration {
    /// Seconds that a plan counts.
    pub(super) fn counted(&self) -> f64 {
        self.work + self.walk + self.rest + self.waiting * WAITING_WEIGHT
    }
}

/// What the time for a deed is made of.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// Filled, left alone, and emptied.
    Passive,
    /// Blows.
    Fight,
    /// Strokes, the last of which may be a part of one.
    Gather,
    /// Whole strokes.
    Make,
}

/// What the time for a deed follows from, but for who does it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    work: Work,
    progress: f64,
    /// Of a stroke, in seconds and in stamina.
    seconds: f64,
    stamina: f64,
    walk: f64,
    waiting: f64,
    /// With what, if a tool is of use: its type's place.
    pub(super) tool: Option<u32>,
    /// By which skill: its place.
    pub(super) skill: Option<u32>,
    /// The tool that it asks for, and the power that this at least has.
    pub(super) wanted: Option<(u32, i32)>,
}

/// The paces of all deeds.
pub(super) struct Paces {
    pub(super) list: Vec<Pace>,
    /// Types of tools, by their places.
    pub(super) tools: Vec<i32>,
    /// Skills, by their places.
    pub(super) skills: Vec<i32>,
}

impl Paces {
    pub(super) fn of(game: &Game, deeds: &Deeds, world: &World<'_>) -> Self {
        let least = least_power(game, deeds);
        let (mut tools, mut skills) = (Places::default(), Places::default());
        let list = deeds.list.iter().map(|deed| {
            let work = match deed.way {
                _ if deed.work.is_passive => Work::Passive,
                Way::Fight => Work::Fight,
                Way::Gather => Work::Gather,
                _ => Work::Make,
            };
            let takes = if deed.work.is_passive { deed.work.seconds } else { 0.0 };
            let wanted = |part: &super::super::deeds::Part| {
                let power = *least.get(&part.thing).filter(|_| deed.work.tool_type.is_some())?;
                Some((u32::try_from(part.thing).ok()?, power))
            };
            Pace {
                work,
                progress: deed.work.progress,
                seconds: deed.work.seconds,
                stamina: deed.work.stamina,
                walk: world.walk(deeds, deed),
                waiting: takes + world.restock(deed),
                tool: deed.work.tool_type.and_then(|tool_type| tools.place(tool_type)),
                skill: first_skill(deed).and_then(|skill| skills.place(skill)),
                wanted: deed.needs.iter().find_map(wanted),
            }
        });
        Self {
            list: list.collect(),
            tools: tools.list,
            skills: skills.list,
        }
    }
}

impl Pace {
    /// Of somebody who has a tool of this power, this level of the skill, and this weapon.
    pub(super) fn duration(&self, world: &World<'_>, power: f64, level: i32, weapon: Option<i32>) -> Duration {
        let strokes = match self.work {
            Work::Passive => {
                return Duration {
                    work: HANDLING_SECONDS,
                    walk: self.walk,
                    waiting: self.waiting,
                    ..Duration::default()
                }
            }
            Work::Fight => {
                return Duration {
                    work: world.fight(self.progress, weapon),
                    walk: self.walk,
                    ..Duration::default()
                }
            }
            Work::Gather => self.progress / world.stroke(power, level),
            Work::Make => (self.progress / world.stroke(power, level)).ceil(),
        };
        Duration {
            work: strokes * self.seconds,
            walk: self.walk,
            rest: strokes * self.stamina * world.rest,
            strokes,
            waiting: self.waiting,
        }
    }
}

/// Numbers by their places in a list.
#[derive(Default)]
struct Places {
    list: Vec<i32>,
    index: HashMap<i32, u32>,
}

impl Places {
    fn place(&mut self, number: i32) -> Option<u32> {
        if let Some(place) = self.index.get(&number) {
            return Some(*place);
        }
        let place = u32::try_from(self.list.len()).ok()?;
        self.list.push(number);
        self.index.insert(number, place);
        Some(place)
    }
}

/// The skill by whose level one is faster.
fn first_skill(deed: &Deed) -> Option<i32> {
    deed.work.experience.first().map(|(skill, _)| *skill)
}

/// The weakest power of the tools that are good enough, by what asks for them.
fn least_power(game: &Game, deeds: &Deeds) -> HashMap<usize, i32> {
    let mut least = HashMap::new();
    for (index, thing) in deeds.things.iter().enumerate() {
        let Thing::Tool {
            tool_type,
            level,
            power,
        } = *thing
        else {
            continue;
        };
        let is_fitting = |tool: &&hexmarch_messages::tool::ToolDesc| {
            tool.tool_type == tool_type && tool.level >= level && tool.power >= power
        };
        let fitting = game.tools.rows.iter().filter(is_fitting);
        least.extend(fitting.map(|tool| tool.power).min().map(|power| (index, power)));
    }
    least
}
