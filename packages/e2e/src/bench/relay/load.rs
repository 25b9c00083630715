//! Messages and direct calls with the same text, and how long single ones take.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use hexmarch_host::{CallOutcome, Event, Events};

use super::super::measure::{Calls, Figures};
use super::world::{RelayWorld, DESTINATION, SENDER};

/// Makes an outbox row of about 200 bytes.
const TEXT_BYTES: u32 = 170;
/// Between two single messages, so that each finds everything at rest.
const SINGLE_PAUSE: Duration = Duration::from_millis(2);
/// Between two durable ones, which wait side by side.
const DURABLE_PAUSE: Duration = Duration::from_millis(20);
/// How long a message may be under way.
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls that do at the destination what the handler of a message does.
pub struct Directly<'a> {
    tokens: &'a mut u64,
    text: Vec<u8>,
}

impl<'a> Directly<'a> {
    /// From the next token on.
    pub fn new(tokens: &'a mut u64) -> Self {
        let text = vec![b'x'; TEXT_BYTES as usize];
        Self { tokens, text }
    }
}

impl Calls for Directly<'_> {
    fn reducer(&self) -> &'static str {
        "take_text_directly"
    }

    fn next(&mut self) -> Vec<u8> {
        *self.tokens += 1;
        let mut arguments = vec![SENDER];
        for text in [self.tokens.to_string().as_bytes(), &self.text] {
            arguments.extend((text.len() as u32).to_le_bytes());
            arguments.extend(text);
        }
        arguments.push(0);
        arguments
    }
}

/// Calls that send messages.
pub struct Sends<'a> {
    tokens: &'a mut u64,
    each: u32,
    durable: bool,
}

impl<'a> Sends<'a> {
    /// From the next token on, so many a call.
    pub fn new(tokens: &'a mut u64, each: u32) -> Self {
        Self {
            tokens,
            each,
            durable: false,
        }
    }
}

impl Calls for Sends<'_> {
    fn reducer(&self) -> &'static str {
        "send_text"
    }

    fn next(&mut self) -> Vec<u8> {
        let mut arguments = vec![DESTINATION];
        arguments.extend((*self.tokens + 1).to_le_bytes());
        arguments.extend(self.each.to_le_bytes());
        arguments.push(u8::from(self.durable));
        arguments.extend(TEXT_BYTES.to_le_bytes());
        *self.tokens += u64::from(self.each);
        arguments
    }
}

/// From a call to its answer.
pub async fn direct_calls(world: &RelayWorld, figures: &mut Figures, count: u32, tokens: &mut u64) -> Result<()> {
    let (socket, _events) = world.connect(DESTINATION).await?;
    let mut calls = Directly::new(tokens);
    for _ in 0..count {
        let arguments = calls.next();
        let started = Instant::now();
        let outcome = socket.start_call(calls.reducer(), &arguments)?.await?;
        figures.latencies.push(started.elapsed());
        ensure!(outcome == CallOutcome::Committed, "a direct call failed: {outcome:?}");
        tokio::time::sleep(SINGLE_PAUSE).await;
    }
    Ok(())
}

/// From the call that sends a message to the sight of what its handler wrote, one after the other.
pub async fn messages(world: &RelayWorld, figures: &mut Figures, count: u32, tokens: &mut u64) -> Result<()> {
    let (socket, _events) = world.connect(SENDER).await?;
    let (watcher, mut arrivals) = world.connect(DESTINATION).await?;
    watcher.subscribe(&["SELECT * FROM text_arrival"]).await?;
    let mut calls = Sends::new(tokens, 1);
    for _ in 0..count {
        let arguments = calls.next();
        let started = Instant::now();
        let sent = socket.start_call(calls.reducer(), &arguments)?;
        while !arrived(&mut arrivals).await?.contains(calls.tokens) {}
        figures.latencies.push(started.elapsed());
        let outcome = sent.await?;
        ensure!(outcome == CallOutcome::Committed, "a message was not sent: {outcome:?}");
        tokio::time::sleep(SINGLE_PAUSE).await;
    }
    Ok(())
}

/// The same for durable ones, which are sent without waiting for those before.
pub async fn durable_messages(world: &RelayWorld, figures: &mut Figures, count: u32, tokens: &mut u64) -> Result<()> {
    let (socket, _events) = world.connect(SENDER).await?;
    let (watcher, mut arrivals) = world.connect(DESTINATION).await?;
    watcher.subscribe(&["SELECT * FROM text_arrival"]).await?;
    let mut calls = Sends {
        durable: true,
        ..Sends::new(tokens, 1)
    };
    let mut under_way = HashMap::new();
    let mut sent = 0;
    let mut clock = tokio::time::interval(DURABLE_PAUSE);
    while sent < count || !under_way.is_empty() {
        tokio::select! {
            _ = clock.tick(), if sent < count => {
                let arguments = calls.next();
                under_way.insert(*calls.tokens, Instant::now());
                // A failure shows: the message does not arrive.
                drop(socket.start_call(calls.reducer(), &arguments)?);
                sent += 1;
            }
            tokens = arrived(&mut arrivals) => {
                for token in tokens? {
                    let started = under_way.remove(&token).context("a message came that was not sent")?;
                    figures.latencies.push(started.elapsed());
                }
            }
        }
    }
    world.quiet().await
}

/// The tokens of what arrived next.
async fn arrived(arrivals: &mut Events) -> Result<Vec<u64>> {
    let event = tokio::time::timeout(PATIENCE, arrivals.next()).await;
    match event.context("a message does not arrive")? {
        Some(Event::Rows(tables)) => {
            let rows = tables.iter().flat_map(|table| &table.inserts);
            let token = |row: &bytes::Bytes| row.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
            rows.map(|row| token(row).context("a row is short")).collect()
        }
        other => bail!("the connection ended: {other:?}"),
    }
}
