//! Two databases as the protocol sees them, and hosts that lose what is not yet on disk.

use std::collections::BTreeMap;

use bytes::{BufMut as _, Bytes, BytesMut};
use hexmarch_host::bsatn::Reader;
use hexmarch_relay::wire::{self, Outcome, Row};

/// A host writes its log to disk so often, in milliseconds.
const SYNC: u64 = 500;

/// SplitMix64: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A database whose state is what its log says.
pub trait Replay: Default {
    type Op;
    fn apply(&mut self, op: &Self::Op);
}

/// A process that runs one database.
pub struct Host<State: Replay> {
    pub state: State,
    /// Another one after each crash; never 0.
    pub epoch: u64,
    log: Vec<(u64, State::Op)>,
    /// Milliseconds that the process has run; neither being down nor being frozen counts.
    age: u64,
    down_until: u64,
    frozen_until: u64,
}

impl<State: Replay> Default for Host<State> {
    fn default() -> Self {
        Self {
            state: State::default(),
            epoch: 1,
            log: Vec::new(),
            age: 0,
            down_until: 0,
            frozen_until: 0,
        }
    }
}

impl<State: Replay> Host<State> {
    pub fn runs(&self, now: u64) -> bool {
        now >= self.down_until && now >= self.frozen_until
    }

    pub fn pass(&mut self, now: u64, step: u64) {
        if self.runs(now) {
            self.age += step;
        }
    }

    pub fn commit(&mut self, op: State::Op) {
        self.state.apply(&op);
        self.log.push((self.age, op));
    }

    /// Ends the process; what came after its last sync is lost.
    pub fn kill(&mut self, now: u64, random: &mut Random) {
        if now < self.down_until {
            return;
        }
        let synced = self.age.saturating_sub(random.below(SYNC + 1));
        self.log.retain(|(at, _)| *at <= synced);
        self.state = State::default();
        for (_, op) in &self.log {
            self.state.apply(op);
        }
        self.epoch += 1;
        self.frozen_until = 0;
        self.down_until = now + 50 + random.below(2500);
    }

    pub fn freeze(&mut self, now: u64, random: &mut Random) {
        self.frozen_until = self.frozen_until.max(now + random.below(4000));
    }
}

/// The database with the outbox.
#[derive(Default)]
pub struct Source {
    outbox: BTreeMap<u64, Row>,
    history: BTreeMap<u64, (bool, Option<Outcome>)>,
    last: u64,
    /// From now on it takes what it would never have taken.
    pub mended: bool,
}

pub enum SourceOp {
    Send(u64, bool),
    Acknowledge(Vec<(u64, Outcome)>),
}

/// By convention of this model.
pub fn is_durable(id: u64) -> bool {
    id.is_multiple_of(2)
}

/// Some messages, and some results, are trouble by nature: between 0 and 1000, evenly.
fn nature(id: u64) -> u64 {
    Random::new(id).below(1000)
}

/// Whose result the sender does not take for as long as nobody mends it, nor any that come with it.
fn is_stubborn(id: u64) -> bool {
    (39..=42).contains(&nature(id))
}

impl Replay for Source {
    type Op = SourceOp;

    fn apply(&mut self, op: &SourceOp) {
        match op {
            SourceOp::Send(id, durable) => {
                self.last = *id;
                self.outbox.insert(*id, row(*id, *durable));
                self.history.insert(*id, (*durable, None));
            }
            SourceOp::Acknowledge(results) => {
                for (id, outcome) in results {
                    self.outbox.remove(id);
                    self.history
                        .entry(*id)
                        .and_modify(|(_, known)| *known = Some(outcome.clone()));
                }
            }
        }
    }
}

/// Length of every row here.
const ROW_BYTES: usize = 18;

fn row(id: u64, durable: bool) -> Row {
    let mut bytes = BytesMut::new();
    bytes.put_u64_le(id);
    bytes.put_u8(2);
    bytes.put_u8(u8::from(durable));
    bytes.put_u64(id);
    Row::decode(&bytes.freeze()).unwrap()
}

impl Source {
    /// The next message; its id is the time in microseconds or the next free one, and even if it is durable.
    pub fn send(&self, micros: u64, random: &mut Random) -> Row {
        let id = micros.max(self.last + 1);
        let durable = random.chance(60);
        let id = if is_durable(id) == durable { id } else { id + 1 };
        row(id, durable)
    }

    pub fn rows(&self) -> Vec<Row> {
        self.outbox.values().cloned().collect()
    }

    pub fn waiting(&self) -> usize {
        self.outbox.len()
    }

    /// Those waiting that have no reason to.
    pub fn held_up(&self) -> usize {
        self.outbox.keys().filter(|id| !is_stubborn(**id)).count()
    }

    /// What a module does: takes all results, of which it may know some already, or none.
    pub fn acknowledge(&self, arguments: &Bytes, random: &mut Random) -> Result<Vec<(u64, Outcome)>, String> {
        let mut reader = Reader::new(arguments.clone());
        if random.below(500) == 0 {
            return Err("access.denied|relay".into());
        }
        let mut results = Vec::new();
        for _ in 0..reader.u32().unwrap() {
            let id = reader.u64().unwrap();
            let outcome = match reader.u8().unwrap() {
                0 => Outcome::Done,
                _ => Outcome::Failed(reader.text().unwrap()),
            };
            if !self.outbox.contains_key(&id) {
                continue;
            }
            if is_stubborn(id) && !self.mended {
                return Err(format!("inter_module.answer|{id}|never"));
            }
            // Whether a handler fails depends on its state, so it may change its mind.
            match (nature(id), random.below(1000)) {
                (20..=34, 0..=500) | (_, 0..=2) => return Err(format!("inter_module.answer|{id}|no")),
                (35..=38, 0..=500) | (_, 3) => return Err("The instance encountered a fatal error.".into()),
                _ => results.push((id, outcome)),
            }
        }
        Ok(results)
    }

    pub fn history(&self) -> impl Iterator<Item = (u64, bool, Option<Outcome>)> + '_ {
        self.history
            .iter()
            .map(|(id, (durable, outcome))| (*id, *durable, outcome.clone()))
    }
}

/// The database with the inbox.
#[derive(Default)]
pub struct Destination {
    counter: u64,
    applied: BTreeMap<u64, Outcome>,
}

pub struct DestinationOp(Vec<(u64, Outcome)>);

impl DestinationOp {
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Replay for Destination {
    type Op = DestinationOp;

    fn apply(&mut self, DestinationOp(handled): &DestinationOp) {
        for (id, outcome) in handled {
            assert!(*id > self.counter, "the destination itself went wrong");
            self.counter = *id;
            self.applied.insert(*id, outcome.clone());
        }
    }
}

impl Destination {
    pub fn counter(&self) -> u64 {
        self.counter
    }

    pub fn applied(&self) -> &BTreeMap<u64, Outcome> {
        &self.applied
    }

    /// What a module does: refuses, or handles all messages in one transaction.
    pub fn call(&self, reducer: &str, arguments: &Bytes, random: &mut Random) -> Result<DestinationOp, String> {
        let mut reader = Reader::new(arguments.clone());
        let (_sender, previous) = (reader.u8().unwrap(), reader.u64().unwrap());
        if random.below(500) == 0 {
            return Err("access.denied|relay".into());
        }
        if reducer == wire::RECORD_FAILURE_REDUCER {
            return self.record(previous, reader.u64().unwrap(), reader.text().unwrap());
        }
        let count = reader.u32().unwrap();
        let (mut counter, mut claimed, mut handled) = (self.counter, previous, Vec::new());
        for _ in 0..count {
            let (id, _rest) = (reader.u64().unwrap(), reader.take(ROW_BYTES - 8).unwrap());
            let trouble = |kind: &str, text: &str| match count {
                1 => Err(format!("inter_module.{kind}|{text}")),
                _ => Err(format!("inter_module.batch|{id}|{text}")),
            };
            if id <= counter {
                if let Some(Outcome::Failed(text)) = self.applied.get(&id) {
                    return trouble("failed", text);
                }
            } else if claimed != counter {
                return Err(format!("inter_module.gap|{counter}"));
            } else {
                // Whether a handler refuses depends on its state, so it may change its mind.
                match (nature(id), random.below(1000)) {
                    (0..=14, _) | (_, 0..=2) => return trouble("rejected", "no"),
                    (15..=18, _) | (_, 3) => return Err("The instance encountered a fatal error.".into()),
                    _ => handled.push((id, Outcome::Done)),
                }
                counter = id;
            }
            claimed = claimed.max(id);
        }
        Ok(DestinationOp(handled))
    }

    fn record(&self, previous: u64, id: u64, error: String) -> Result<DestinationOp, String> {
        if id <= self.counter {
            return Ok(DestinationOp(Vec::new()));
        }
        if previous != self.counter {
            return Err(format!("inter_module.gap|{}", self.counter));
        }
        Ok(DestinationOp(vec![(id, Outcome::Failed(error))]))
    }
}
