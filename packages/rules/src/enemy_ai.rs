//! What an enemy does next.
//!
//! At leisure it wanders about its home. Whoever comes near enough it chases and strikes, until they are out of its sight
//! or it is too far from home: then it goes back, minding nobody. What is hunted runs instead, and turns at bay when it
//! can; what is badly hurt runs too. Distances are milli tiles, times milliseconds.

/// At home: no further from it than this.
pub const AT_HOME: u64 = 3_000;
/// How long an enemy remembers who hurt it.
pub const GRUDGE_MS: u64 = 12_000;
/// How long after harm it regains no health.
pub const UNSAFE_MS: u64 = 8_000;
/// How often it regains health.
pub const REGEN_EVERY_MS: u64 = 2_000;
/// Of so many times that it might set out at leisure, it does so once.
const IDLENESS: u64 = 4;

/// What an enemy is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Stands about.
    Idle,
    /// Walks about near its home.
    Roaming,
    /// Runs after somebody.
    Chasing,
    /// Strikes, or is about to.
    Fighting,
    /// Runs from somebody.
    Fleeing,
    /// Goes home and minds nobody.
    Returning,
}

/// What it is like at this hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temper {
    /// Whether it is game: it runs from people.
    pub huntable: bool,
    /// Whether it attacks people, and has what to do so with.
    pub fights: bool,
    /// Part of its health below which it runs.
    pub flees_below: f32,
    /// At which it notices people.
    pub detect: u64,
    /// At which it attacks.
    pub aggro: u64,
    /// At which it gives up.
    pub deaggro: u64,
    /// How far it strays from home.
    pub roaming: u64,
}

impl Temper {
    /// How far from home it goes after somebody.
    pub fn leash(&self) -> u64 {
        self.roaming.saturating_add(self.deaggro)
    }
}

/// Somebody whom it might mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// Who.
    pub entity_id: u64,
    /// How far away.
    pub distance: u64,
    /// By how much later they are noticed.
    pub stealth: u64,
}

impl Noticed {
    fn is_noticed_within(&self, range: u64) -> bool {
        range > 0 && self.distance.saturating_add(self.stealth) <= range
    }

    fn is_within(&self, range: u64) -> bool {
        self.distance <= range
    }
}

/// Something that it can do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its place among all that it can do.
    pub action: u32,
    /// From how far.
    pub reach: u64,
}

/// How things stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation<'a> {
    /// What it is at.
    pub status: Status,
    /// The part of its health that it has.
    pub health: f32,
    /// How far it is from home.
    pub from_home: u64,
    /// Whether it walks.
    pub is_walking: bool,
    /// Whether there is no way on.
    pub is_stuck: bool,
    /// Whom it is after, while they are there.
    pub target: Option<Noticed>,
    /// Who hurt it lately, while they are there.
    pub provoker: Option<Noticed>,
    /// Whom it would notice first.
    pub nearest: Option<Noticed>,
    /// What it can do now, in the order of its liking.
    pub ready: &'a [Ready],
    /// How near it wants to be.
    pub closest: u64,
    /// Anything.
    pub random: u64,
}

/// What it does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Goes on as it is.
    GoOn,
    /// Stands about.
    Stand,
    /// Sets out for somewhere near its home.
    Roam,
    /// Runs after somebody.
    Chase(u64),
    /// Stays with somebody until it can strike.
    Hold(u64),
    /// Strikes at somebody: whom, and with which action.
    Strike(u64, u32),
    /// Runs from somebody.
    Flee(u64),
    /// Goes home.
    Return,
}

impl Decision {
    /// What it is at then.
    pub fn status(self, before: Status) -> Status {
        match self {
            Self::GoOn => before,
            Self::Stand => Status::Idle,
            Self::Roam => Status::Roaming,
            Self::Chase(_) => Status::Chasing,
            Self::Hold(_) | Self::Strike(..) => Status::Fighting,
            Self::Flee(_) => Status::Fleeing,
            Self::Return => Status::Returning,
        }
    }

    /// Whom it is after then.
    pub fn target(self) -> Option<u64> {
        match self {
            Self::Chase(target) | Self::Hold(target) | Self::Strike(target, _) => Some(target),
            Self::GoOn | Self::Stand | Self::Roam | Self::Flee(_) | Self::Return => None,
        }
    }
}

/// Decides.
pub fn decide(temper: &Temper, now: &Situation<'_>) -> Decision {
    if now.status == Status::Returning && !is_called_back(temper, now) {
        return if now.from_home <= AT_HOME || now.is_stuck {
            Decision::Stand
        } else if now.is_walking {
            Decision::GoOn
        } else {
            Decision::Return
        };
    }
    if let Some(threat) = threat(temper, now) {
        // Whoever is driven too far from home breaks through.
        return if now.from_home > temper.leash().saturating_mul(2) {
            Decision::Return
        } else {
            Decision::Flee(threat.entity_id)
        };
    }
    if let Some(quarry) = quarry(temper, now) {
        return if now.from_home > temper.leash() {
            Decision::Return
        } else {
            engage(&quarry, now)
        };
    }
    let is_engaged = matches!(now.status, Status::Chasing | Status::Fighting | Status::Fleeing);
    if is_engaged && now.from_home > AT_HOME {
        return Decision::Return;
    }
    at_leisure(temper, now)
}

/// Whether somebody who goes home minds others again: within its bounds, when hurt, and game always.
fn is_called_back(temper: &Temper, now: &Situation<'_>) -> bool {
    let is_minded = now.provoker.is_some() || (temper.huntable && threat(temper, now).is_some());
    now.from_home <= temper.leash() && is_minded
}

/// From whom it runs.
fn threat(temper: &Temper, now: &Situation<'_>) -> Option<Noticed> {
    let is_weak = now.health < temper.flees_below;
    let is_afraid = if temper.huntable {
        is_weak || prey_turns(temper, now).is_none()
    } else {
        is_weak && temper.fights
    };
    if !is_afraid {
        return None;
    }
    let is_fleeing = now.status == Status::Fleeing;
    let nearest = now.nearest.filter(|one| {
        if is_fleeing {
            one.is_within(temper.deaggro)
        } else {
            one.is_noticed_within(temper.detect)
        }
    });
    let others = now.target.or(now.provoker).filter(|one| one.is_within(temper.deaggro));
    nearest.or(others)
}

/// On whom hunted game turns: who hurt it, or comes too near.
fn prey_turns(temper: &Temper, now: &Situation<'_>) -> Option<Noticed> {
    if !temper.fights || now.health < temper.flees_below || now.is_stuck {
        return None;
    }
    let provoker = now.provoker.filter(|one| one.is_within(temper.deaggro));
    provoker.or(now.nearest.filter(|one| one.is_noticed_within(temper.aggro)))
}

/// Whom it attacks.
fn quarry(temper: &Temper, now: &Situation<'_>) -> Option<Noticed> {
    if temper.huntable {
        return prey_turns(temper, now);
    }
    if !temper.fights || now.health < temper.flees_below || now.is_stuck {
        return None;
    }
    let kept = now.target.or(now.provoker).filter(|one| one.is_within(temper.deaggro));
    kept.or(now.nearest.filter(|one| one.is_noticed_within(temper.aggro)))
}

fn engage(quarry: &Noticed, now: &Situation<'_>) -> Decision {
    if let Some(ready) = now.ready.iter().find(|ready| quarry.is_within(ready.reach)) {
        return Decision::Strike(quarry.entity_id, ready.action);
    }
    if quarry.is_within(now.closest) {
        Decision::Hold(quarry.entity_id)
    } else {
        Decision::Chase(quarry.entity_id)
    }
}

fn at_leisure(temper: &Temper, now: &Situation<'_>) -> Decision {
    if now.is_walking && now.status == Status::Roaming {
        return Decision::GoOn;
    }
    if now.from_home > temper.roaming.saturating_add(AT_HOME) && !now.is_stuck {
        return Decision::Return;
    }
    if temper.roaming > 0 && now.random.is_multiple_of(IDLENESS) {
        Decision::Roam
    } else {
        Decision::Stand
    }
}

/// What a blow takes: a whole number of points from `min` to `max`.
pub fn damage(random: u64, min: i32, max: i32) -> f32 {
    let points = |points: i32| u64::from(points.max(0).unsigned_abs());
    crate::chance::between(random, points(min), points(max)) as f32
}

/// Health after some time out of danger.
pub fn regained(health: f32, max_health: f32, per_second: f32, elapsed_ms: u64) -> f32 {
    (health + per_second.max(0.0) * elapsed_ms as f32 / 1_000.0).min(max_health)
}

#[cfg(test)]
mod tests;
