//! Measures Hexmarch on a real host.

use anyhow::Result;
use clap::{Parser, ValueEnum};
use hexmarch_e2e::bench::{self, Effort};

/// Measures on a world of its own, with everything built for release; the last line is one JSON object
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// What to measure
    name: Name,
    /// Just enough to see that the measurement works
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    /// Moves a second, and how long one takes, beside the plainest update of one row
    PlayerMove,
    /// Messages a second through outbox, relay and answer, beside direct calls; latencies, catching up, memory, idling
    Relay,
    /// Rows a second through a push of content, and its commit, beside bare inserts; the check of all files
    Content,
    /// Sizes of the modules, and the time from an edited reducer to the module that runs
    Build,
    /// Chunks a second made here and in the module, the longest slice, rows a second uploaded, memory a chunk, agents in
    /// worlds of three sizes
    World,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let effort = if arguments.quick { Effort::Quick } else { Effort::Full };
    let findings = match arguments.name {
        Name::PlayerMove => bench::player_move(effort).await?,
        Name::Relay => bench::relay(effort).await?,
        Name::Content => bench::content(effort).await?,
        Name::Build => bench::build(effort).await?,
        Name::World => bench::world(effort).await?,
    };
    findings.print()
}
