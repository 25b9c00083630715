//! What a seed decides: every actor's steps, one after the other. An actor draws from numbers of its own, so its steps
//! are the same in every run with the seed; what differs between runs is how far it gets, and what happens meanwhile.

use std::time::Duration;

use super::random::Random;
use super::{Control, DATABASES};

/// Kinds of items.
pub const ITEMS: [i32; 4] = [1, 2, 3, 4];
/// Owners of items that begin in one region.
const OWNERS_OF_REGION: u64 = 3;
/// Tokens of one database.
const TOKENS: u64 = 1 << 40;
/// Of these, tokens of bursts, of durable text and of fleeting text start here.
const BURST_TOKENS: u64 = TOKENS / 4;
const DURABLE_TEXT_TOKENS: u64 = TOKENS / 4 * 2;
const FLEETING_TEXT_TOKENS: u64 = TOKENS / 4 * 3;
/// Transactions of a burst that are under way at once.
const BURST_CALLS: u32 = 64;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Writes into this database.
    Writer(u8),
    /// Writes into this database as fast as it can, now and then.
    Burst(u8),
    /// Disturbs this host.
    Host(usize),
    /// Disturbs this relay.
    Relay(usize),
    /// Publishes modules anew.
    Publisher,
    /// Does what operators do.
    Operator,
    /// Decides how the run ends.
    End,
}

impl Actor {
    fn number(self) -> u64 {
        match self {
            Self::Writer(database) => u64::from(database),
            Self::Burst(database) => 50 + u64::from(database),
            Self::Host(host) => 100 + host as u64,
            Self::Relay(relay) => 200 + relay as u64,
            Self::Publisher => 300,
            Self::Operator => 350,
            Self::End => 400,
        }
    }

    /// This actor's numbers.
    pub fn random(self, seed: u64) -> Random {
        Random::new(seed, self.number())
    }
}

/// What is done to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL, and a new start after a while.
    Kill {
        /// How long it is gone.
        down: Duration,
        /// For how long everybody has written as fast as they can when it happens.
        burst: Duration,
    },
    /// SIGSTOP, and SIGCONT after a while.
    Pause {
        /// How long.
        length: Duration,
    },
    /// SIGTERM, and a new start when it has ended.
    Stop,
}

/// A fault and when it is due, counted from the end of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultStep {
    /// The wait before.
    pub wait: Duration,
    /// What then.
    pub fault: Fault,
}

/// The next fault of a host.
pub fn host_step(random: &mut Random, control: Option<Control>) -> FaultStep {
    let wait = Duration::from_millis(random.between(1500, 5000));
    let down = Duration::from_millis(random.between(0, 1200));
    let fault = if control == Some(Control::Hold) || random.percent(75) {
        let burst = Duration::from_millis(random.between(50, 700));
        Fault::Kill { down, burst }
    } else {
        let length = Duration::from_millis(random.between(200, 4000));
        Fault::Pause { length }
    };
    FaultStep { wait, fault }
}

/// The next fault of a relay.
pub fn relay_step(random: &mut Random) -> FaultStep {
    let wait = Duration::from_millis(random.between(800, 5000));
    let down = Duration::from_millis(random.between(0, 800));
    let fault = match random.between(0, 99) {
        0..60 => Fault::Kill {
            down,
            burst: Duration::ZERO,
        },
        60..85 => Fault::Pause {
            length: Duration::from_millis(random.between(100, 3000)),
        },
        _ => Fault::Stop,
    };
    FaultStep { wait, fault }
}

/// The next publish: the wait before, and of which database.
pub fn publish_step(random: &mut Random) -> (Duration, u8) {
    let wait = Duration::from_millis(random.between(2000, 7000));
    (wait, random.between(0, u64::from(DATABASES) - 1) as u8)
}

/// What an operator does to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Asks all owners of shared rows for full copies.
    Resync,
    /// Sends dead letters that hold something again.
    Retry,
    /// Holds messages to a database back for a while.
    Pause {
        /// Which.
        to: u8,
        /// How long.
        length: Duration,
    },
}

/// The next step of the operator: the wait before, the database, and what is done to it.
pub fn operator_step(random: &mut Random) -> (Duration, u8, Operation) {
    let wait = Duration::from_millis(random.between(500, 4000));
    let database = random.between(0, u64::from(DATABASES) - 1) as u8;
    let operation = match random.between(0, 99) {
        0..35 => Operation::Resync,
        35..65 => Operation::Retry,
        _ => Operation::Pause {
            to: other_than(database, random),
            length: Duration::from_millis(random.between(500, 4000)),
        },
    };
    (wait, database, operation)
}

fn other_than(database: u8, random: &mut Random) -> u8 {
    let others: Vec<u8> = (0..DATABASES).filter(|other| *other != database).collect();
    random.choose(&others).unwrap_or(0)
}

/// Every owner of items, with the region where they begin.
pub fn owners() -> impl Iterator<Item = (u64, u8)> {
    let of_region = |region: u8| (1..=OWNERS_OF_REGION).map(move |number| (u64::from(region) << 56 | number, region));
    (1..DATABASES).flat_map(of_region)
}

/// What a writer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Messages with items, durable: `calls` transactions, pipelined, with `count` messages each.
    Items {
        /// Where to.
        to: u8,
        /// Token of the first message; the others follow it.
        first_token: u64,
        /// Transactions.
        calls: u32,
        /// Messages in each.
        count: u32,
        /// Which item.
        item_id: i32,
        /// How many in each message.
        quantity: u32,
    },
    /// Messages that hold an owner's items, in one transaction; refused when none is there.
    OwnersItems {
        /// Chooses one of the owners who are there.
        pick: u64,
        /// Where to.
        to: u8,
        /// Token of the first message; the others follow it.
        first_token: u64,
        /// Messages.
        count: u32,
        /// Which item.
        item_id: i32,
        /// How many in each message.
        quantity: u32,
    },
    /// An owner goes to another region; refused when none is there.
    Move {
        /// Chooses one of the owners who are there.
        pick: u64,
        /// Where to.
        to: u8,
    },
    /// Messages with text, in one transaction.
    Text {
        /// Where to.
        to: u8,
        /// Token of the first message; the others follow it.
        first_token: u64,
        /// Messages.
        count: u32,
        /// Whether they are.
        durable: bool,
        /// Length of the text.
        bytes: u32,
    },
    /// Writes to shared tables.
    Shared {
        /// Chooses the rows.
        seed: u64,
        /// How many.
        count: u32,
    },
}

/// Whether a token is one of text that must not be taken twice.
pub fn is_durable_text(token: u64) -> bool {
    (DURABLE_TEXT_TOKENS..FLEETING_TEXT_TOKENS).contains(&(token % TOKENS))
}

/// Writes of one database, without end.
#[derive(Clone, Debug)]
pub struct Writes {
    database: u8,
    random: Random,
    next_token: u64,
    next_durable_text: u64,
    next_fleeting_text: u64,
}

impl Writes {
    /// From the start.
    pub fn new(seed: u64, database: u8) -> Self {
        let base = u64::from(database) * TOKENS;
        Self {
            database,
            random: Actor::Writer(database).random(seed),
            next_token: base + 1,
            next_durable_text: base + DURABLE_TEXT_TOKENS,
            next_fleeting_text: base + FLEETING_TEXT_TOKENS,
        }
    }

    /// Bursts of the same database.
    pub fn bursts(seed: u64, database: u8) -> Self {
        Self {
            random: Actor::Burst(database).random(seed),
            next_token: u64::from(database) * TOKENS + BURST_TOKENS,
            ..Self::new(seed, database)
        }
    }

    fn destination(&mut self) -> u8 {
        other_than(self.database, &mut self.random)
    }

    fn tokens(&mut self, count: u32) -> u64 {
        let first = self.next_token;
        self.next_token += u64::from(count);
        first
    }

    fn items(&mut self, calls: u32, count: u32) -> Write {
        Write::Items {
            to: self.destination(),
            first_token: self.tokens(calls * count),
            calls,
            count,
            item_id: self.random.choose(&ITEMS).unwrap_or(1),
            quantity: self.random.between(1, 5) as u32,
        }
    }

    fn owners_items(&mut self) -> Write {
        let count = self.random.between(1, 4) as u32;
        Write::OwnersItems {
            pick: self.random.between(0, 1000),
            to: self.destination(),
            first_token: self.tokens(count),
            count,
            item_id: self.random.choose(&ITEMS).unwrap_or(1),
            quantity: self.random.between(1, 5) as u32,
        }
    }

    fn text(&mut self) -> Write {
        let count = self.random.between(1, 5) as u32;
        let durable = self.random.percent(50);
        let next = if durable {
            &mut self.next_durable_text
        } else {
            &mut self.next_fleeting_text
        };
        let first_token = *next;
        *next += u64::from(count);
        Write::Text {
            to: self.destination(),
            first_token,
            count,
            durable,
            bytes: self.random.between(0, 2000) as u32,
        }
    }

    /// One of many small transactions: more of them are under way at once than a host has written to disk.
    pub fn burst(&mut self) -> Write {
        self.items(BURST_CALLS, 1)
    }

    /// The wait, then the write.
    pub fn step(&mut self) -> (Duration, Write) {
        let wait = Duration::from_millis(self.random.between(10, 250));
        let write = match self.random.between(0, 99) {
            0..30 => {
                let count = self.random.between(1, 6) as u32;
                self.items(1, count)
            }
            30..38 => {
                let calls = self.random.between(4, 40) as u32;
                self.items(calls, 1)
            }
            38..48 => self.text(),
            48..75 if self.database > 0 => self.owners_items(),
            75..90 if self.database > 0 => Write::Move {
                pick: self.random.between(0, 1000),
                // Owners are in regions.
                to: (self.database + self.random.between(0, 1) as u8) % (DATABASES - 1) + 1,
            },
            _ => Write::Shared {
                seed: self.random.draw(),
                count: self.random.between(1, 6) as u32,
            },
        };
        (wait, write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_plan_and_another_does_not() {
        let writes = |seed| -> Vec<_> {
            let mut writes = Writes::new(seed, 2);
            (0..50).map(|_| writes.step()).collect()
        };
        let faults = |seed| -> Vec<_> {
            let mut random = Actor::Host(1).random(seed);
            (0..50).map(|_| host_step(&mut random, None)).collect()
        };
        assert_eq!((writes(7), faults(7)), (writes(7), faults(7)));
        assert_ne!(writes(7), writes(8));
        assert_ne!(faults(7), faults(8));
    }

    #[test]
    fn tokens_name_one_message_in_the_whole_world() {
        let mut all = std::collections::BTreeSet::new();
        for database in 0..DATABASES {
            let (mut writes, mut bursts) = (Writes::new(3, database), Writes::bursts(3, database));
            for number in 0..200 {
                let write = if number % 4 == 0 {
                    bursts.burst()
                } else {
                    writes.step().1
                };
                let (first, count) = match write {
                    Write::Items {
                        first_token,
                        calls,
                        count,
                        ..
                    } => (first_token, calls * count),
                    Write::Text { first_token, count, .. } | Write::OwnersItems { first_token, count, .. } => {
                        (first_token, count)
                    }
                    Write::Shared { .. } | Write::Move { .. } => continue,
                };
                for token in first..first + u64::from(count) {
                    assert!(all.insert(token), "{token} twice");
                }
            }
        }
    }
}
