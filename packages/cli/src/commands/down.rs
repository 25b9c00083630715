//! `hexmarch down`.

use clap::Args;

use crate::cli::Common;
use crate::data_dir::DataDir;
use crate::output;
use crate::progress::Progress;
use crate::stop::{stop, Which};

const EXAMPLES: &str = "\
Examples:
  hexmarch down                      Stop the world in .hexmarch
  hexmarch down --data-dir /srv/hex  Stop another one

Players are signed out, the relay finishes what is under way, and the host is stopped once its last commits are on
disk. Nothing is deleted: 'hexmarch up' resumes. Without a running world it does nothing and succeeds.";

/// Stop what 'up' started, losing nothing
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {}

pub(crate) async fn run(common: &Common, _arguments: &Arguments) -> anyhow::Result<()> {
    let data = DataDir::new(&common.data_dir)?;
    let shown = data.root().display();
    if !data.root().exists() {
        return output::line(&format!("nothing runs: there is no {shown}"));
    }
    let lock = data.lock()?;
    let stopped = stop(&data, &lock, Which::ALL, Progress::default()).await?;
    if stopped.is_empty() {
        output::line(&format!("nothing runs in {shown}"))
    } else {
        output::line(&format!(
            "stopped {} of {shown}; 'hexmarch up' resumes",
            stopped.join(", ")
        ))
    }
}
