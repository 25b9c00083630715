//! Notices that the configuration's files have changed.
//!
//! Files are polled, since whatever else tells of changes fails on some file system. A change counts once two looks in
//! a row have seen the same: a file that is being written may be half a configuration, and that half may be valid.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::{Config, ConfigErrors, Overrides};

/// Between two looks.
pub const INTERVAL: Duration = Duration::from_secs(2);

/// What a look at the files found.
pub type Read = Result<Config, ConfigErrors>;

/// Where the configuration comes from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// What the environment and flags say, which do not change while the process runs.
    pub overrides: Overrides,
}

impl Source {
    /// Reads it, with the token files.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(&self) -> Read {
        Config::load(&self.path, &self.overrides)
    }

    /// Where the relay that runs with it serves its status, also when something else in the file is wrong: that relay goes on
    /// with what it read before.
    pub fn listen(&self) -> Option<SocketAddr> {
        let in_file = || {
            let table: toml::Table = std::fs::read_to_string(&self.path).ok()?.parse().ok()?;
            Some(table.get("listen")?.as_str()?.to_owned())
        };
        let text = self.overrides.listen.clone().or_else(in_file)?;
        text.parse().ok()
    }
}

/// Compares what is read with what is in force.
#[derive(Debug)]
pub struct Watch {
    in_force: Config,
    /// What the last look found, if it was news.
    seen: Option<Read>,
    /// The mistakes that were reported last and are still there.
    reported: Option<ConfigErrors>,
}

impl Watch {
    /// From now on, with this configuration in force.
    pub fn new(in_force: Config) -> Self {
        Self {
            in_force,
            seen: None,
            reported: None,
        }
    }

    /// What is in force.
    pub fn in_force(&self) -> &Config {
        &self.in_force
    }

    /// A look has found this. Returns it if it is to be acted on: put into force, which it is from now on, or reported.
    pub fn looked(&mut self, read: Read) -> Option<Read> {
        let is_news = match &read {
            // A file that was mended into what is in force is news as well.
            Ok(config) => *config != self.in_force || self.reported.is_some(),
            Err(errors) => self.reported.as_ref() != Some(errors),
        };
        if !is_news {
            self.seen = None;
            return None;
        }
        if self.seen.as_ref() != Some(&read) {
            self.seen = Some(read);
            return None;
        }
        Some(self.asked(read))
    }

    /// The same at once and in any case, since somebody asked for it.
    pub fn asked(&mut self, read: Read) -> Read {
        self.seen = None;
        match &read {
            Ok(config) => {
                self.in_force.clone_from(config);
                self.reported = None;
            }
            Err(errors) => self.reported = Some(errors.clone()),
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(window: usize) -> Config {
        Config {
            databases: Vec::new(),
            hold: Duration::ZERO,
            window,
            listen: None,
            log: crate::config::LogFormat::Human,
            drain: Duration::ZERO,
            hash: String::new(),
        }
    }

    fn bad(text: &str) -> Read {
        Err(ConfigErrors(vec![text.to_owned()]))
    }

    #[test]
    fn a_change_counts_when_it_was_seen_twice() {
        let mut watch = Watch::new(config(1));
        assert_eq!(watch.looked(Ok(config(1))), None);
        assert_eq!(watch.looked(Ok(config(2))), None);
        assert_eq!(watch.looked(Ok(config(3))), None);
        assert_eq!(watch.looked(Ok(config(3))), Some(Ok(config(3))));
        assert_eq!(watch.in_force().window, 3);
        assert_eq!(watch.looked(Ok(config(3))), None);
        assert_eq!(watch.looked(Ok(config(4))), None);
        assert_eq!(watch.looked(Ok(config(3))), None);
        assert_eq!(watch.looked(Ok(config(4))), None);
    }

    #[test]
    fn a_mistake_is_reported_once_and_changes_nothing() {
        let mut watch = Watch::new(config(1));
        assert_eq!(watch.looked(bad("a")), None);
        assert_eq!(watch.looked(bad("a")), Some(bad("a")));
        assert_eq!(watch.looked(bad("a")), None);
        assert_eq!(watch.looked(bad("b")), None);
        assert_eq!(watch.looked(bad("b")), Some(bad("b")));
        assert_eq!(watch.in_force().window, 1);
        assert_eq!(watch.looked(Ok(config(1))), None);
        assert_eq!(watch.looked(Ok(config(1))), Some(Ok(config(1))));
        assert_eq!(watch.looked(Ok(config(1))), None);
    }

    #[test]
    fn who_asks_is_answered_at_once() {
        let mut watch = Watch::new(config(1));
        assert_eq!(watch.asked(Ok(config(1))), Ok(config(1)));
        assert_eq!(watch.asked(bad("a")), bad("a"));
        assert_eq!(watch.looked(bad("a")), None);
        assert_eq!(watch.asked(Ok(config(2))), Ok(config(2)));
        assert_eq!(watch.in_force().window, 2);
    }
}
