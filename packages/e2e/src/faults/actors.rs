//! Who writes and who disturbs, at the same time, each by the plan.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, Context, Result};
use bytes::{BufMut as _, BytesMut};
use hexmarch_host::{CallOutcome, Connection, Options};
use serde_json::json;
use tokio::sync::watch;

use super::plan::{self, Actor, Fault, FaultStep, Operation, Write, Writes};
use super::tally::Tally;
use super::world::{host_of, FaultWorld, HOSTS, RELAYS};
use super::{Control, DATABASES};

/// Before a writer tries to connect again.
const RECONNECT: Duration = Duration::from_millis(100);
/// Between two looks at the count of kills.
const LOOK: Duration = Duration::from_millis(200);
/// For the answers to a write; longer than any pause.
const ANSWER: Duration = Duration::from_secs(10);

/// What all actors share.
#[derive(Debug)]
pub struct Run {
    /// What they act on.
    pub world: FaultWorld,
    /// What happened.
    pub tally: Tally,
    seed: u64,
    control: Option<Control>,
    stop: watch::Sender<bool>,
    bursts: [AtomicBool; HOSTS],
}

impl Run {
    /// Nobody acts yet.
    pub fn new(world: FaultWorld, seed: u64, control: Option<Control>) -> Self {
        Self {
            world,
            tally: Tally::default(),
            seed,
            control,
            stop: watch::Sender::new(false),
            bursts: [const { AtomicBool::new(false) }; HOSTS],
        }
    }

    /// Lets everybody act for `length`, or twice as long if there were not so many kills by then; then all that was
    /// disturbed runs again.
    ///
    /// # Errors
    /// When something ended by itself, or did not come up again.
    pub async fn act(self: &Arc<Self>, length: Duration, kills: u64) -> Result<()> {
        let mut tasks = tokio::task::JoinSet::new();
        for database in 0..DATABASES {
            tasks.spawn(writer(Arc::clone(self), database));
        }
        for host in 0..HOSTS {
            tasks.spawn(host_faults(Arc::clone(self), host));
        }
        // Without the hold, or without deduplication, it takes no more to see the harm.
        if self.control.is_none() {
            for relay in 0..RELAYS {
                tasks.spawn(relay_faults(Arc::clone(self), relay));
            }
            tasks.spawn(publisher(Arc::clone(self)));
            tasks.spawn(operator(Arc::clone(self)));
        }
        let mut outcome = tokio::select! {
            () = self.long_enough(length, kills) => Ok(()),
            // Nobody ends before the time is up but with an error.
            Some(ended) = tasks.join_next() => ended?,
        };
        self.stop.send_replace(true);
        while let Some(ended) = tasks.join_next().await {
            outcome = outcome.and(ended?);
        }
        outcome
    }

    /// Spoils what a region has of its neighbours' and the global database's rows, lets it ask for full copies, and kills
    /// the host of the global database while these are under way and rows go on changing.
    ///
    /// # Errors
    /// When something does not answer, or does not come up again.
    pub async fn spoil_and_resync(self: &Arc<Self>) -> Result<()> {
        let mut random = Actor::End.random(self.seed);
        // On the host that is not killed: neither the harm nor the request must be forgotten.
        let region = random.between(u64::from(DATABASES) / 2, u64::from(DATABASES) - 1) as u8;
        for statement in [
            "DELETE FROM identity_role".to_string(),
            "DELETE FROM developer".to_string(),
            "DELETE FROM region_sign_in_parameters".to_string(),
            // Its own is no replica.
            format!("DELETE FROM region_control_info WHERE region_id <> {region}"),
            format!("INSERT INTO blocked_identity (identity) VALUES (0x{:064x})", 0xabc),
        ] {
            self.world.rows(region, &statement).await?;
        }
        self.world.call(region, "admin_resync_shared_tables", json!([])).await?;
        for _ in 0..3 {
            let seed = random.draw() >> 16;
            self.world.call(0, "write_shared_rows", json!([seed, 3])).await?;
        }
        tokio::time::sleep(Duration::from_millis(random.between(0, 2500))).await;
        let mut host = self.world.hosts.first().context("no host")?.lock().await;
        host.kill().await?;
        self.tally.host_kills.add(1);
        host.start().await
    }

    async fn long_enough(&self, length: Duration, kills: u64) {
        tokio::time::sleep(length).await;
        let enough = async {
            while self.tally.kills() < kills {
                tokio::time::sleep(LOOK).await;
            }
        };
        // Too few kills show in the counts.
        let _ = tokio::time::timeout(length, enough).await;
    }

    fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits; true when it is time to stop.
    async fn stopped_within(&self, wait: Duration) -> bool {
        let mut stop = self.stop.subscribe();
        let stopped = async { stop.wait_for(|stop| *stop).await.is_ok() };
        tokio::time::timeout(wait, stopped).await.unwrap_or(false)
    }

    fn burst(&self, host: usize) -> Option<&AtomicBool> {
        self.bursts.get(host)
    }

    fn bursts(&self, host: usize) -> bool {
        self.burst(host).is_some_and(|burst| burst.load(Ordering::Relaxed))
    }
}

async fn writer(run: Arc<Run>, database: u8) -> Result<()> {
    let (mut writes, mut bursts) = (Writes::new(run.seed, database), Writes::bursts(run.seed, database));
    let mut connection: Option<Connection> = None;
    while !run.stopped() {
        let Some(open) = &connection else {
            connection = run.world.connect(database, options()).await.ok();
            if connection.is_none() && run.stopped_within(RECONNECT).await {
                break;
            }
            continue;
        };
        let write = if run.bursts(host_of(database)) {
            bursts.burst()
        } else {
            let (wait, write) = writes.step();
            if run.stopped_within(wait).await {
                break;
            }
            write
        };
        let done = tokio::time::timeout(ANSWER, perform(open, write, &run.tally)).await;
        if !matches!(done, Ok(Ok(()))) {
            // What became of it, the databases know.
            run.tally.lost_connections.add(1);
            connection = None;
        }
    }
    Ok(())
}

fn options() -> Options {
    Options {
        heartbeat: Duration::from_secs(1),
        silence: ANSWER,
        connect_timeout: Duration::from_secs(5),
        answer_timeout: ANSWER,
        ..Options::default()
    }
}

async fn perform(connection: &Connection, write: Write, tally: &Tally) -> Result<()> {
    match write {
        Write::Items {
            to,
            first_token,
            calls,
            count,
            item_id,
            quantity,
        } => {
            let mut under_way = Vec::new();
            for call in 0..calls {
                let token = first_token + u64::from(call * count);
                let mut arguments = BytesMut::new();
                arguments.put_u8(to);
                arguments.put_u64_le(token);
                arguments.put_u32_le(count);
                arguments.put_i32_le(item_id);
                arguments.put_u32_le(quantity);
                under_way.push((token, connection.start_call("send_items", &arguments)?));
            }
            for (token, call) in under_way {
                if committed(call.await?)? {
                    tally.acknowledge(token..token + u64::from(count));
                }
            }
        }
        Write::Shared { seed, count } => {
            let mut arguments = BytesMut::new();
            arguments.put_u64_le(seed);
            arguments.put_u32_le(count);
            if committed(connection.start_call("write_shared_rows", &arguments)?.await?)? {
                tally.shared_writes.add(u64::from(count));
            }
        }
        Write::OwnersItems { .. } | Write::Move { .. } | Write::Text { .. } => {
            let (reducer, arguments) = single(write);
            if committed(connection.start_call(reducer, &arguments)?.await?)? {
                match write {
                    Write::OwnersItems { first_token, count, .. } => {
                        tally.acknowledge(first_token..first_token + u64::from(count));
                    }
                    Write::Move { .. } => tally.moves.add(1),
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

/// Writes of a single call: the reducer and its arguments.
fn single(write: Write) -> (&'static str, BytesMut) {
    let mut arguments = BytesMut::new();
    match write {
        Write::OwnersItems {
            pick,
            to,
            first_token,
            count,
            item_id,
            quantity,
        } => {
            arguments.put_u64_le(pick);
            arguments.put_u8(to);
            arguments.put_u64_le(first_token);
            arguments.put_u32_le(count);
            arguments.put_i32_le(item_id);
            arguments.put_u32_le(quantity);
            ("send_items_of_owner", arguments)
        }
        Write::Move { pick, to } => {
            arguments.put_u64_le(pick);
            arguments.put_u8(to);
            ("move_owner", arguments)
        }
        Write::Text {
            to,
            first_token,
            count,
            durable,
            bytes,
        } => {
            arguments.put_u8(to);
            arguments.put_u64_le(first_token);
            arguments.put_u32_le(count);
            arguments.put_u8(u8::from(durable));
            arguments.put_u32_le(bytes);
            ("send_text", arguments)
        }
        Write::Items { .. } | Write::Shared { .. } => ("", arguments),
    }
}

/// False when the reducer itself refused, as when no owner is there.
fn committed(outcome: CallOutcome) -> Result<bool> {
    match outcome {
        CallOutcome::Committed => Ok(true),
        CallOutcome::Failed(reason) if reason == "player.not_here" => Ok(false),
        other => bail!("not committed: {other:?}"),
    }
}

async fn host_faults(run: Arc<Run>, host: usize) -> Result<()> {
    let mut random = Actor::Host(host).random(run.seed);
    let process = run.world.hosts.get(host).context("no such host")?;
    loop {
        let FaultStep { wait, fault } = plan::host_step(&mut random, run.control);
        if run.stopped_within(wait).await {
            return Ok(());
        }
        let mut process = process.lock().await;
        match fault {
            Fault::Kill { down, burst } => {
                let bursting = run.burst(host).context("no such host")?;
                bursting.store(true, Ordering::Relaxed);
                tokio::time::sleep(burst).await;
                let killed = process.kill().await;
                bursting.store(false, Ordering::Relaxed);
                killed?;
                run.tally.host_kills.add(1);
                tokio::time::sleep(down).await;
                process.start().await?;
            }
            Fault::Pause { length } => {
                process.freeze()?;
                run.tally.pauses.add(1);
                tokio::time::sleep(length).await;
                process.thaw()?;
            }
            Fault::Stop => {}
        }
    }
}

async fn relay_faults(run: Arc<Run>, relay: usize) -> Result<()> {
    let mut random = Actor::Relay(relay).random(run.seed);
    let process = run.world.relays.get(relay).context("no such relay")?;
    loop {
        let FaultStep { wait, fault } = plan::relay_step(&mut random);
        if run.stopped_within(wait).await {
            return Ok(());
        }
        let mut process = process.lock().await;
        match fault {
            Fault::Kill { down, .. } => {
                process.kill().await?;
                run.tally.relay_kills.add(1);
                tokio::time::sleep(down).await;
                process.start().await?;
            }
            Fault::Pause { length } => {
                process.freeze()?;
                run.tally.pauses.add(1);
                tokio::time::sleep(length).await;
                process.thaw()?;
            }
            Fault::Stop => {
                process.stop().await?;
                run.tally.relay_stops.add(1);
                process.start().await?;
            }
        }
    }
}

async fn publisher(run: Arc<Run>) -> Result<()> {
    let mut random = Actor::Publisher.random(run.seed);
    for edition in 1.. {
        let (wait, database) = plan::publish_step(&mut random);
        if run.stopped_within(wait).await {
            break;
        }
        // Whoever is away or frozen does not answer; that is part of the game.
        match run.world.publish(database, edition).await {
            Ok(()) => run.tally.publishes.add(1),
            Err(_) => run.tally.failed_publishes.add(1),
        }
    }
    Ok(())
}

async fn operator(run: Arc<Run>) -> Result<()> {
    let mut random = Actor::Operator.random(run.seed);
    loop {
        let (wait, database, operation) = plan::operator_step(&mut random);
        if run.stopped_within(wait).await {
            return Ok(());
        }
        // What fails because somebody is away is tried again at the end.
        let done = match operation {
            Operation::Resync => run.world.call(database, "admin_resync_shared_tables", json!([])).await,
            Operation::Retry => run.world.retry_dead_letters(database).await.map(drop),
            Operation::Pause { to, length } => {
                let paused = run.world.pause_stream(database, to, true).await;
                run.stopped_within(length).await;
                paused.and(run.world.pause_stream(database, to, false).await)
            }
        };
        if done.is_ok() {
            run.tally.operations.add(1);
        }
    }
}
