//! The directory that holds a world: the host's files, keys, tokens, logs, and two files of our own.
//!
//! `world.json` says what the world is and stays; `state.json` says what runs now. Both are replaced in one step, so a
//! reader, or a run after a crash, sees the old or the new one whole.

mod world;

use std::fs::File;
use std::fs::Permissions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context as _};
use fs2::FileExt as _;
use hexmarch_host::{HostClient, Token};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::process::Record;
use world::FORMAT;
pub use world::{Chunks, Pushed, World};

/// Everything that we, or the processes we start, put into a data directory.
const ENTRIES: &[&str] = &[
    "host",
    "keys",
    "modules",
    "operator.token",
    "world.json",
    "state.json",
    "relay.toml",
    "logs",
    "players",
    "lock",
];
/// The directories among them.
const DIRECTORIES: &[&str] = &["host", "keys", "logs", "modules", "players"];

/// A running relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayState {
    /// The process.
    pub process: Record,
    /// Where it serves its status.
    pub url: String,
}

/// Running demo players.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayersState {
    /// The process that plays all of them.
    pub process: Record,
    /// How many.
    pub count: u32,
}

/// What runs now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The host.
    pub host: Option<Record>,
    /// The relay.
    pub relay: Option<RelayState>,
    /// The demo players.
    pub players: Option<PlayersState>,
}

/// A directory that holds a world, or will.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

/// As long as this lives nobody else changes the directory.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "held for its lock")] File);

impl DataDir {
    /// The directory at `root`, which need not exist.
    ///
    /// # Errors
    /// When there is no current directory to which a relative path could refer.
    pub fn new(root: &Path) -> anyhow::Result<Self> {
        let root = std::path::absolute(root).with_context(|| format!("cannot use the data dir {}", root.display()))?;
        Ok(Self { root })
    }

    /// Makes the directory if there is none, and takes it for this command alone.
    ///
    /// # Errors
    /// When it holds something else than a world, or another command works on it.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let shown = self.root.display();
        std::fs::create_dir_all(&self.root)
            .with_context(|| format!("cannot make the data dir {shown}; name another with --data-dir"))?;
        self.refuse_foreign()?;
        let path = self.root.join("lock");
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("cannot write {}; name another data dir with --data-dir", path.display()))?;
        if file.try_lock_exclusive().is_err() {
            let mut holder = String::new();
            // Without its number the sentence is still true.
            let _ = file.read_to_string(&mut holder);
            bail!(
                "another hexmarch command (pid {}) works on {shown}; wait until it is done",
                holder.trim()
            );
        }
        let written = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        self.make_directories()?;
        Ok(Lock(file))
    }

    fn make_directories(&self) -> anyhow::Result<()> {
        for directory in DIRECTORIES {
            let path = self.root.join(directory);
            std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        }
        // Who reads the host's key can make any token.
        let keys = self.root.join("keys");
        std::fs::set_permissions(&keys, Permissions::from_mode(0o700))
            .with_context(|| format!("cannot keep others out of {}", keys.display()))
    }

    /// Refuses a directory that has things in it, but nothing that says it is a world.
    fn refuse_foreign(&self) -> anyhow::Result<()> {
        let shown = self.root.display();
        let entries = std::fs::read_dir(&self.root).with_context(|| format!("cannot read the data dir {shown}"))?;
        let names: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        let foreign = names
            .iter()
            .find(|name| !ENTRIES.contains(&name.as_str()) && !is_leftover(name));
        match foreign {
            Some(name) if !names.iter().any(|name| name == "world.json") => bail!(
                "{shown} holds '{name}' and no world, so it is not a data dir of Hexmarch; name another with --data-dir"
            ),
            _ => Ok(()),
        }
    }

    /// Removes the world. Only what belongs to one is touched; the lock stays.
    ///
    /// # Errors
    /// What cannot be removed.
    pub fn clear(&self, _lock: &Lock) -> anyhow::Result<()> {
        for name in ENTRIES.iter().filter(|name| **name != "lock") {
            let path = self.root.join(name);
            let removed = match std::fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(&path),
                Ok(_) => std::fs::remove_file(&path),
                Err(error) => Err(error),
            };
            match removed {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot remove {}", path.display()));
                }
                _ => {}
            }
        }
        self.make_directories()?;
        Ok(())
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file or directory in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The log of one of the processes.
    pub fn log(&self, process: &str) -> PathBuf {
        self.root.join("logs").join(format!("{process}.log"))
    }

    /// Where the operator's token is.
    pub fn token_file(&self) -> PathBuf {
        self.root.join("operator.token")
    }

    /// What the world is; `None` before the first `up`.
    ///
    /// # Errors
    /// When the file is there and makes no sense.
    pub fn world(&self) -> anyhow::Result<Option<World>> {
        let world: Option<World> = self.read("world.json")?;
        match world {
            Some(World { format, .. }) if format != FORMAT => bail!(
                "{} has format {format}, and this version knows {FORMAT}; use the version that made it, or \
                 'hexmarch up --fresh' for a new world",
                self.path("world.json").display()
            ),
            world => Ok(world),
        }
    }

    /// What the world is.
    ///
    /// # Errors
    /// When there is none, or its file makes no sense.
    pub fn require_world(&self) -> anyhow::Result<World> {
        let root = self.root.display();
        self.world()?.with_context(|| {
            format!(
                "there is no world in {root}; make one with 'hexmarch up', or name another data dir with --data-dir"
            )
        })
    }

    /// Replaces `world.json`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_world(&self, world: &World) -> anyhow::Result<()> {
        self.write("world.json", world)
    }

    /// What runs; nothing, if nothing was written down.
    ///
    /// # Errors
    /// When the file is there and makes no sense.
    pub fn state(&self) -> anyhow::Result<State> {
        Ok(self.read("state.json")?.unwrap_or_default())
    }

    /// Replaces `state.json`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_state(&self, state: &State) -> anyhow::Result<()> {
        self.write("state.json", state)
    }

    /// The operator's token; `None` if there is none yet.
    ///
    /// # Errors
    /// When the file is there and holds something else.
    pub fn token(&self) -> anyhow::Result<Option<Token>> {
        let path = self.token_file();
        if !path.exists() {
            return Ok(None);
        }
        Token::read_from(&path).map(Some).with_context(|| {
            let remedy = "restore it, or begin a new world with 'hexmarch up --fresh'";
            format!("{} is damaged; {remedy}", path.display())
        })
    }

    /// A client of the world's host, as its operator.
    ///
    /// # Errors
    /// When there is no world or no token.
    pub fn client(&self) -> anyhow::Result<HostClient> {
        let url = self.require_world()?.url()?;
        let token = self.token()?;
        let missing = || format!("{} is missing; run 'hexmarch up' first", self.token_file().display());
        Ok(HostClient::new(url, Some(token.with_context(missing)?))?)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<Option<T>> {
        let path = self.path(name);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        serde_json::from_str(&text).map(Some).with_context(|| {
            let remedy = "restore it, or begin a new world with 'hexmarch up --fresh'";
            format!("{} is damaged; {remedy}", path.display())
        })
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.write_text(name, &text)
    }

    /// Replaces a file in one step.
    ///
    /// # Errors
    /// When it cannot be written; the old file is then whole.
    pub fn write_text(&self, name: &str, text: &str) -> anyhow::Result<()> {
        self.write_bytes(name, text.as_bytes())
    }

    /// Replaces a file in one step.
    ///
    /// # Errors
    /// As [`DataDir::write_text`].
    pub fn write_bytes(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let (path, fresh) = (self.path(name), self.path(&format!("{name}.new")));
        let write = || {
            let mut file = File::create(&fresh)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&fresh, &path)
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }
}

/// A file that was being replaced when somebody pulled the plug.
fn is_leftover(name: &str) -> bool {
    name.ends_with(".new")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKS: Chunks = Chunks { width: 4, height: 4 };

    #[test]
    fn keeps_a_world_and_names_a_damaged_one() {
        let directory = tempfile::tempdir().unwrap();
        let data = DataDir::new(&directory.path().join("d")).unwrap();
        assert_eq!(data.world().unwrap(), None);
        let lock = data.lock().unwrap();
        let world = World::new("local", 3000, 2, (CHUNKS, Some(7)));
        data.save_world(&world).unwrap();
        assert_eq!(data.world().unwrap(), Some(world));
        std::fs::write(data.path("world.json"), "{").unwrap();
        let error = data.world().unwrap_err().to_string();
        assert!(
            error.contains("world.json is damaged") && error.contains("--fresh"),
            "{error}"
        );
        data.clear(&lock).unwrap();
        assert_eq!(data.world().unwrap(), None);
    }

    #[test]
    fn is_for_one_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let data = DataDir::new(directory.path()).unwrap();
        let lock = data.lock().unwrap();
        let error = data.lock().unwrap_err().to_string();
        assert!(error.contains("another hexmarch command"), "{error}");
        drop(lock);
        data.lock().unwrap();
    }

    #[test]
    fn a_foreign_directory_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("thesis.tex"), "").unwrap();
        let error = DataDir::new(directory.path()).unwrap().lock().unwrap_err().to_string();
        assert!(error.contains("thesis.tex"), "{error}");
    }
}
