//! What a message costs on its way through outbox, relay and answer, beside a call that does what its handler does; how
//! long one takes; what the relay needs to catch up with a backlog, and when it has nothing to do.

mod load;
pub(super) mod usage;
mod world;

use std::time::{Duration, Instant};

use anyhow::{ensure, Result};
use serde_json::{json, Value};

use super::measure::{median, rounded, Figures};
use super::{say, unless_told_to_end, Effort, Findings};
use load::{Directly, Sends};
use world::{RelayWorld, DESTINATION, SENDER};

/// Share of the direct calls' rate that messages must reach, each sent by a call of its own; and what is aimed at.
const RATE_TARGET: f64 = 0.5;
const RATE_AIM: f64 = 1.0;
/// How many times as long as a direct call a single message may take.
const LATENCY_TARGET: f64 = 3.0;
/// Resident memory while catching up, and when idle, in bytes.
const CATCH_UP_LIMIT: u64 = 96 * 1024 * 1024;
const IDLE_LIMIT: u64 = 32 * 1024 * 1024;
/// Of a core, when idle.
const IDLE_CPU_LIMIT: f64 = 0.01;
/// What durable messages wait for before each hop, by the relay's default configuration.
const HOLD: Duration = Duration::from_millis(1200);
/// Messages that a call sends where many go out at once.
const BURST: u32 = 100;
/// For host and relay to come to rest between two measurements.
const PAUSE: Duration = Duration::from_millis(300);
/// For the relay to have connected.
const SETTLE: Duration = Duration::from_secs(3);
const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// One way of bringing messages.
#[derive(Default)]
struct Way {
    /// Messages a second, a round each.
    rates: Vec<f64>,
    /// Microseconds of processor time a message, of the host and of the relay.
    cpu: [Vec<f64>; 2],
}

/// What the relay needs when nothing happens.
struct Idle {
    cpu: f64,
    bytes: u64,
}

struct CatchUp {
    messages: u32,
    seconds: f64,
    peak_bytes: u64,
}

struct Measured {
    idle: Idle,
    direct: Way,
    singly: Way,
    bursts: Way,
    direct_call: Figures,
    message: Figures,
    durable: Figures,
    catch_up: CatchUp,
}

/// Measures in rounds, on a host of its own.
///
/// # Errors
/// What cannot be built or started; a message that was lost or came twice.
pub async fn relay(effort: Effort) -> Result<Findings> {
    unless_told_to_end(async {
        let mut world = RelayWorld::start().await?;
        Ok(findings(effort, &measure(&mut world, effort).await?))
    })
    .await
}

async fn measure(world: &mut RelayWorld, effort: Effort) -> Result<Measured> {
    world.relay.start().await?;
    let idle = idle(world, effort.choose(Duration::from_secs(5), Duration::from_secs(20))).await?;
    let (mut direct, mut singly, mut bursts) = (Way::default(), Way::default(), Way::default());
    let (rounds, many) = effort.choose((2, 2_000), (7, 20_000));
    let mut tokens = 0;
    say("warming up");
    for way in 0..3 {
        round(world, way, many, &mut tokens).await?;
    }
    for number in 1..=rounds {
        say(&format!("round {number} of {rounds}"));
        // Who comes later finds the host busier with what the others left behind: so they take turns.
        for turn in 0..3 {
            let way = (number + turn) % 3;
            let (rate, cpu) = round(world, way, many, &mut tokens).await?;
            let of = [&mut direct, &mut singly, &mut bursts]
                .into_iter()
                .nth(way)
                .map(|of| (&mut of.rates, &mut of.cpu));
            if let Some((rates, [host, relay])) = of {
                rates.push(rate);
                host.push(cpu[0]);
                relay.push(cpu[1]);
            }
        }
    }
    // Whoever watches for arrivals is sent all there are first.
    world.call(DESTINATION, "clear_text", json!([])).await?;
    let (mut direct_call, mut message, mut durable) = Default::default();
    let (single, lasting) = effort.choose((100, 20), (1_000, 200));
    for number in 1..=effort.choose(1, 3) {
        say(&format!("single messages, {number}"));
        load::direct_calls(world, &mut direct_call, single, &mut tokens).await?;
        load::messages(world, &mut message, single, &mut tokens).await?;
    }
    say("durable messages");
    load::durable_messages(world, &mut durable, lasting, &mut tokens).await?;
    let catch_up = catch_up(world, effort.choose(10_000, 100_000), &mut tokens).await?;
    Ok(Measured {
        idle,
        direct,
        singly,
        bursts,
        direct_call,
        message,
        durable,
        catch_up,
    })
}

async fn idle(world: &RelayWorld, watched: Duration) -> Result<Idle> {
    tokio::time::sleep(SETTLE).await;
    say(&format!("watching the relay idle for {} s", watched.as_secs()));
    let [_, before] = world.cpu()?;
    let started = Instant::now();
    tokio::time::sleep(watched).await;
    let [_, after] = world.cpu()?;
    Ok(Idle {
        cpu: (after - before).as_secs_f64() / started.elapsed().as_secs_f64(),
        bytes: world.relay_memory("VmRSS")?,
    })
}

/// Brings `count` messages, directly (0), each sent by a call of its own (1), or many by one call (2). Returns messages a
/// second, and microseconds of processor time a message.
async fn round(world: &RelayWorld, way: usize, count: u32, tokens: &mut u64) -> Result<(f64, [f64; 2])> {
    world.call(DESTINATION, "clear_text", json!([])).await?;
    tokio::time::sleep(PAUSE).await;
    let (socket, _events) = world.connect(if way == 0 { DESTINATION } else { SENDER }).await?;
    let before = world.cpu()?;
    let started = Instant::now();
    if way == 0 {
        let mut calls = Directly::new(tokens);
        Figures::default().pipelined(&socket, &mut calls, count).await?;
    } else {
        let each = if way == 1 { 1 } else { BURST };
        let mut calls = Sends::new(tokens, each);
        Figures::default().pipelined(&socket, &mut calls, count / each).await?;
        world.quiet().await?;
    }
    let seconds = started.elapsed().as_secs_f64();
    let after = world.cpu()?;
    let arrived = world.count(DESTINATION, "text_arrival").await?;
    ensure!(arrived == u64::from(count), "{arrived} of {count} messages arrived");
    let cpu = [0, 1].map(|process: usize| {
        let used = after
            .get(process)
            .zip(before.get(process))
            .map(|(after, before)| *after - *before);
        used.unwrap_or_default().as_secs_f64() * 1e6 / f64::from(count)
    });
    Ok((f64::from(count) / seconds, cpu))
}

/// The relay is away while messages pile up, and then comes back.
async fn catch_up(world: &mut RelayWorld, messages: u32, tokens: &mut u64) -> Result<CatchUp> {
    say(&format!("catching up with {messages} messages"));
    world.relay.stop().await?;
    world.call(DESTINATION, "clear_text", json!([])).await?;
    let (socket, _events) = world.connect(SENDER).await?;
    let mut calls = Sends::new(tokens, BURST);
    Figures::default()
        .pipelined(&socket, &mut calls, messages / BURST)
        .await?;
    tokio::time::sleep(PAUSE).await;
    let started = Instant::now();
    world.relay.start().await?;
    world.quiet().await?;
    let seconds = started.elapsed().as_secs_f64();
    let arrived = world.count(DESTINATION, "text_arrival").await?;
    ensure!(
        arrived == u64::from(messages),
        "{arrived} of {messages} messages arrived"
    );
    Ok(CatchUp {
        messages,
        seconds,
        peak_bytes: world.relay_memory("VmHWM")?,
    })
}

fn ratios(way: &Way, direct: &Way) -> Vec<f64> {
    way.rates
        .iter()
        .zip(&direct.rates)
        .map(|(way, direct)| way / direct)
        .collect()
}

fn findings(effort: Effort, measured: &Measured) -> Findings {
    let Measured {
        idle,
        direct,
        singly,
        bursts,
        direct_call,
        message,
        durable,
        catch_up,
    } = measured;
    let ratio = median(&ratios(singly, direct));
    let slower = message.percentile_ms(0.5) / direct_call.percentile_ms(0.5);
    let mut table = format!(
        "{:<34} {:>11} {:>9} {:>12} {:>13}\n",
        "200 bytes, not durable", "messages/s", "of direct", "host us each", "relay us each"
    );
    let mut ways = Vec::new();
    for (key, name, way) in [
        ("direct", "called directly", direct),
        ("relayed", "by message, one a call", singly),
        ("relayed_bursts", "by message, 100 a call", bursts),
    ] {
        let ratios = ratios(way, direct);
        let [host, relay] = way.cpu.each_ref().map(|cpu| median(cpu));
        table += &format!(
            "{name:<34} {:>11.0} {:>9.2} {host:>12.0} {relay:>13.1}\n",
            median(&way.rates),
            median(&ratios)
        );
        let ends = |pick: fn(f64, f64) -> f64| ratios.iter().copied().reduce(pick).unwrap_or(f64::NAN);
        let json = json!({
            "messages_per_second": median(&way.rates).round(), "ratio": rounded(median(&ratios)),
            "ratio_min": rounded(ends(f64::min)), "ratio_max": rounded(ends(f64::max)),
            "host_us": rounded(host), "relay_us": rounded(relay),
        });
        ways.push((key.to_string(), json));
    }
    table += &format!("\n{:<34} {:>11} {:>9}\n", "one at a time", "p50 ms", "p99 ms");
    let mut latencies = Vec::new();
    for (key, name, figures) in [
        ("direct_call", "direct call", direct_call),
        ("message", "message, one way", message),
        ("durable_message", "durable message, one way", durable),
    ] {
        let (p50, p99) = (figures.percentile_ms(0.5), figures.percentile_ms(0.99));
        table += &format!("{name:<34} {p50:>11.3} {p99:>9.3}\n");
        latencies.push((
            key.to_string(),
            json!({ "p50_ms": rounded(p50), "p99_ms": rounded(p99) }),
        ));
    }
    let (peak, idle_bytes) = (catch_up.peak_bytes as f64 / MEBIBYTE, idle.bytes as f64 / MEBIBYTE);
    table += &format!(
        "\nA durable message waits for its row to be {} ms old; its answer, behind it, likewise.\n\
         Catching up with {} messages took {:.2} s, and the relay {peak:.1} MiB at most.\n\
         Idle it uses {:.2} % of a core and {idle_bytes:.1} MiB.\n",
        HOLD.as_millis(),
        catch_up.messages,
        catch_up.seconds,
        idle.cpu * 100.0,
    );
    let reached = [
        ("rate", ratio >= RATE_TARGET),
        ("latency", slower <= LATENCY_TARGET),
        ("catch_up_memory", catch_up.peak_bytes <= CATCH_UP_LIMIT),
        ("idle", idle.cpu < IDLE_CPU_LIMIT && idle.bytes < IDLE_LIMIT),
    ];
    for (what, reached) in reached {
        table += &format!("{what}: {}\n", if reached { "reached" } else { "missed" });
    }
    let mut json = json!({
        "bench": "relay", "quick": effort == Effort::Quick, "rounds": direct.rates.len(),
        "ratio": rounded(ratio), "target": RATE_TARGET, "aim": RATE_AIM,
        "latency_ratio": rounded(slower), "latency_target": LATENCY_TARGET, "hold_ms": HOLD.as_millis() as u64,
        "catch_up": {
            "messages": catch_up.messages, "seconds": rounded(catch_up.seconds), "peak_mib": rounded(peak),
        },
        "idle": { "cpu_percent": rounded(idle.cpu * 100.0), "mib": rounded(idle_bytes) },
        "reached": reached.iter().all(|(_, reached)| *reached),
    });
    if let Value::Object(fields) = &mut json {
        fields.extend(ways);
        fields.extend(latencies);
    }
    Findings { table, json }
}
