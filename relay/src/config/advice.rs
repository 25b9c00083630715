//! What a configuration may say, but its author hardly means.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::Config;

/// A host of version 1.3 writes its log to disk so often; what is younger is lost when it is killed.
const DISK_INTERVAL: Duration = Duration::from_millis(500);

pub(super) fn advice(config: &Config) -> Vec<String> {
    let mut all = Vec::new();
    if config.hold <= DISK_INTERVAL {
        all.push(format!(
            "hold_ms is {}: a host of version 1.3 that is killed loses up to {} ms, and what messages carry may then be \
             lost or doubled; leave it at its default unless the world may be lost",
            config.hold.as_millis(),
            DISK_INTERVAL.as_millis()
        ));
    }
    if let Some(listen) = config.listen.filter(|listen| !listen.ip().is_loopback()) {
        all.push(format!(
            "listen is {listen}: the status is for anyone who reaches that address; use 127.0.0.1, or have a firewall in front"
        ));
    }
    let files: BTreeSet<&Path> = config
        .databases
        .iter()
        .map(|database| database.token_file.as_path())
        .collect();
    for file in files.into_iter().filter(|file| is_open(file)) {
        all.push(format!(
            "{0} can be read by every user of this machine; it is as good as owning the databases: chmod 600 {0}",
            file.display()
        ));
    }
    all
}

#[cfg(unix)]
fn is_open(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open(_file: &Path) -> bool {
    false
}
