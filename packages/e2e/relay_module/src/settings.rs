//! What goes wrong on purpose. Without a row nothing does.

use hexmarch_base::Failure;
use hexmarch_macros::reducer;
use spacetimedb::{table, ReducerContext, Table};

/// Key of the only row.
const ONLY_ROW: i32 = 0;
/// There are few requests of owners and few gifts among the messages, so they are refused so many times as often.
const REQUESTS_REFUSED: u32 = 6;
const GIFTS_REFUSED: u32 = 10;
/// Of a thousand.
const ALL: u64 = 1000;

/// One row, key 0. Shares are out of a thousand messages.
#[table(name = test_settings)]
pub struct TestSettings {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// Chooses the messages.
    pub seed: u64,
    /// Of those that are refused at every attempt.
    pub refused: u32,
    /// Of those that are refused at every second attempt, by chance.
    pub fickle: u32,
    /// Of those whose handler traps at every second attempt, by chance.
    pub trapping: u32,
    /// Of those whose answer's handler fails at every fourth attempt, by chance; half of the failures are traps.
    pub unanswerable: u32,
    /// Of those whose items the handler sends on to another database.
    pub forwarded: u32,
    /// Whether the inbox tells messages that were handled before from new ones, as it must. Off, every delivery takes
    /// effect: a test that sees nothing then sees nothing at all.
    pub deduplicated: bool,
}

/// Sets what goes wrong from now on. All shares are out of a thousand messages.
#[reducer]
#[access(Admin)]
#[allow(clippy::too_many_arguments, reason = "a reducer takes its arguments one by one")]
pub fn set_test_settings(
    ctx: &ReducerContext,
    seed: u64,
    refused: u32,
    fickle: u32,
    trapping: u32,
    unanswerable: u32,
    forwarded: u32,
    deduplicated: bool,
) -> Result<(), Failure> {
    ctx.db.test_settings().version().delete(ONLY_ROW);
    ctx.db.test_settings().insert(TestSettings {
        version: ONLY_ROW,
        seed,
        refused,
        fickle,
        trapping,
        unanswerable,
        forwarded,
        deduplicated,
    });
    Ok(())
}

/// The settings.
pub fn get(ctx: &ReducerContext) -> Option<TestSettings> {
    ctx.db.test_settings().version().find(ONLY_ROW)
}

/// What is drawn for a message; each draw is independent of the others.
#[derive(Clone, Copy)]
enum Draw {
    Refused,
    Fickle,
    Trapping,
    Unanswerable,
    Forwarded,
    Attempt,
    Trap,
}

impl TestSettings {
    fn draw(&self, token: u64, draw: Draw) -> u64 {
        mix(mix(self.seed ^ mix(token)) ^ draw as u64)
    }

    fn chosen(&self, token: u64, draw: Draw, share: u32) -> bool {
        self.draw(token, draw) % ALL < u64::from(share)
    }

    /// True at one of so many attempts, by chance. It hangs on the clock: the module's memory does not survive a trap.
    fn one_of(&self, attempts: u64, ctx: &ReducerContext, token: u64, draw: Draw) -> bool {
        let now = ctx.timestamp.to_micros_since_unix_epoch().unsigned_abs();
        self.draw(token ^ mix(now), draw).is_multiple_of(attempts)
    }

    /// The end of a handler: success, refusal or trap.
    ///
    /// # Errors
    /// `test.refused|<token>` or `test.fickle|<token>`.
    pub fn end_of_handler(&self, ctx: &ReducerContext, token: u64) -> Result<(), Failure> {
        if self.chosen(token, Draw::Refused, self.refused) {
            return Err(Failure::new(format!("test.refused|{token}")));
        }
        let fails = self.one_of(2, ctx, token, Draw::Attempt);
        if fails && self.chosen(token, Draw::Trapping, self.trapping) {
            trap(token);
        }
        if fails && self.chosen(token, Draw::Fickle, self.fickle) {
            return Err(Failure::new(format!("test.fickle|{token}")));
        }
        Ok(())
    }

    /// The end of a handler of an owner's request: as [`Self::end_of_handler`], and refused more often.
    ///
    /// # Errors
    /// `test.refused|<token>` or `test.fickle|<token>`.
    pub fn end_of_request(&self, ctx: &ReducerContext, token: u64) -> Result<(), Failure> {
        if self.chosen(token, Draw::Refused, self.refused.saturating_mul(REQUESTS_REFUSED)) {
            return Err(Failure::new(format!("test.refused|{token}")));
        }
        self.end_of_handler(ctx, token)
    }

    /// The end of a handler that gives items to their owner: refuses by chance, whoever it is.
    ///
    /// # Errors
    /// `test.fickle|<owner>`.
    pub fn end_of_gift(&self, ctx: &ReducerContext, owner: u64) -> Result<(), Failure> {
        let now = ctx.timestamp.to_micros_since_unix_epoch().unsigned_abs();
        if self.chosen(
            owner ^ mix(now),
            Draw::Fickle,
            self.fickle.saturating_mul(GIFTS_REFUSED),
        ) {
            return Err(Failure::new(format!("test.fickle|{owner}")));
        }
        Ok(())
    }

    /// The end of an answer's handler: success, failure or trap.
    ///
    /// # Errors
    /// `test.unanswerable|<token>`.
    pub fn end_of_answer(&self, ctx: &ReducerContext, token: u64) -> Result<(), Failure> {
        let fails = self.one_of(4, ctx, token, Draw::Attempt);
        if !fails || !self.chosen(token, Draw::Unanswerable, self.unanswerable) {
            return Ok(());
        }
        if self.one_of(2, ctx, token, Draw::Trap) {
            trap(token);
        }
        Err(Failure::new(format!("test.unanswerable|{token}")))
    }

    /// Which of `count` others the items are sent on to, if they are.
    pub fn next_hop(&self, token: u64, count: usize) -> Option<usize> {
        let forwarded = self.chosen(token, Draw::Forwarded, self.forwarded);
        let drawn = usize::try_from(mix(token) >> 33).ok()?;
        forwarded.then(|| drawn.checked_rem(count)).flatten()
    }
}

/// Ends the module's instance, as a mistake in a handler would.
#[allow(clippy::panic, reason = "the host must be seen to survive it")]
fn trap(token: u64) {
    panic!("test.trap|{token}");
}

/// A step of SplitMix64: spreads neighbouring numbers over all of them.
pub fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
