//! Round after round, each in a new world with a seed of its own, and the two controls.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{json, Value};

use super::random::Random;
use super::{round, say, Control, Outcome};

/// Of faults in a round. Longer rounds only make logs longer, which hosts read at each start.
const ROUND: Duration = Duration::from_secs(45);

/// What to do.
#[derive(Clone, Debug)]
pub struct Order {
    /// How long, the start of the last round counting.
    pub length: Duration,
    /// The first round's; those of the others follow from it.
    pub seed: u64,
    /// To run this control alone, once.
    pub control: Option<Control>,
    /// Whether data and logs stay when nothing was found.
    pub keep: bool,
}

/// Where a round keeps its data and logs: away when nothing was found.
pub fn folder(what: &str, seed: u64) -> PathBuf {
    std::env::temp_dir().join(format!("hexmarch-faults-{}-{what}-{seed}", std::process::id()))
}

/// Runs a control; true when it found what it must find.
///
/// # Errors
/// As [`round`].
pub async fn control(control: Control, seed: u64) -> Result<(bool, Outcome)> {
    say(&format!("control without {control:?}: something must be found"));
    let folder = folder("control", seed);
    let outcome = round(&folder, seed, control.length(), Some(control)).await?;
    let _ = std::fs::remove_dir_all(&folder);
    let proven = outcome.findings.iter().any(|finding| control.proves(finding.kind));
    if !proven {
        say(&format!(
            "control without {control:?}: NOTHING was found, so the simulation would not see such harm either"
        ));
    }
    Ok((proven, outcome))
}

/// Carries an order out; prints the JSON object; true when nothing was found that should not be.
///
/// # Errors
/// As [`round`]; when stdout is closed.
pub async fn soak(order: &Order) -> Result<bool> {
    if let Some(without) = order.control {
        let (_, outcome) = control(without, order.seed).await?;
        let found = outcome.findings.len();
        print(
            &json!({"seed": order.seed, "control": format!("{without:?}"), "kills": outcome.kills,
            "messages": outcome.messages, "findings": found, "details": outcome.counts}),
        )?;
        return Ok(found == 0);
    }
    let started = Instant::now();
    let (mut rounds, mut kills, mut messages, mut findings) = (Vec::new(), 0, 0, 0);
    let mut seeds = Random::new(order.seed, 0);
    let mut seed = order.seed;
    while rounds.is_empty() || started.elapsed() < order.length {
        let folder = folder("round", seed);
        let outcome = round(&folder, seed, ROUND, None).await?;
        kills += outcome.kills;
        messages += outcome.messages;
        findings += outcome.findings.len();
        if outcome.findings.is_empty() && !order.keep {
            let _ = std::fs::remove_dir_all(&folder);
        }
        say(&format!(
            "{} rounds in {} s: {kills} kills, {messages} messages, {findings} findings",
            rounds.len() + 1,
            started.elapsed().as_secs()
        ));
        rounds.push(json!({"seed": outcome.seed, "findings": outcome.findings.len(), "details": outcome.counts}));
        seed = seeds.draw() % 1_000_000;
    }
    let minutes = started.elapsed().as_secs_f64() / 60.0;
    let (deduplication, _) = control(Control::Deduplication, order.seed).await?;
    let (hold, _) = control(Control::Hold, order.seed).await?;
    print(&json!({
        "seed": order.seed, "minutes": (minutes * 10.0).round() / 10.0, "kills": kills, "messages": messages,
        "findings": findings, "controls_found": {"dedup": deduplication, "hold": hold}, "rounds": rounds,
    }))?;
    Ok(findings == 0 && deduplication && hold)
}

fn print(object: &Value) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{object}")?;
    Ok(stdout.flush()?)
}
