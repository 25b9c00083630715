//! What a process has used, by what the system says of it.

use std::time::Duration;

use anyhow::{Context, Result};

/// Unit of processor time in `/proc`, the same on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;
/// Place of the user time among the fields behind the program's name; the system's follows.
const USER_TIME: usize = 11;

/// Processor time since its start, of all threads.
pub fn cpu(pid: i32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    ticks(&text)
        .map(|ticks| Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND))
        .with_context(|| format!("{path} is not what it was"))
}

fn ticks(stat: &str) -> Option<u64> {
    // The name may hold anything, brackets too.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(USER_TIME).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

/// Memory in bytes: resident now (`VmRSS`), or at most since its start (`VmHWM`).
pub fn memory(pid: i32, which: &str) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    kilobytes(&text, which)
        .map(|kilobytes| kilobytes * 1024)
        .with_context(|| format!("{path} says nothing of {which}"))
}

fn kilobytes(status: &str, which: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(which)?.strip_prefix(':'))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_system_says() {
        assert_eq!(ticks("7 (a) b) S 1 2 3 4 5 6 7 8 9 10 30 12 13"), Some(42));
        assert_eq!(kilobytes("VmPeak:\t 1 kB\nVmHWM:\t   17 kB\n", "VmHWM"), Some(17));
        assert_eq!(kilobytes("VmHWM:\t", "VmHWM"), None);
    }
}
