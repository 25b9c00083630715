//! The steps of `up` that bring settings and content of the checkout into the databases.
//!
//! What an admin changed in a running world stays, until the checkout itself changes: only then, or when asked to, does
//! the checkout win again.

use super::steps::Run;
use crate::content::push::{version, How};
use crate::content::{self, Content};
use crate::data_dir::Pushed;
use crate::deploy::{self, Configured};

impl Run<'_> {
    fn pushed(&self, database: &str) -> Pushed {
        self.world.pushed.get(database).cloned().unwrap_or_default()
    }

    /// Written down with the world at the end of `up`: by then it is on the host's disk.
    fn remember(&mut self, database: &str, change: impl FnOnce(&mut Pushed)) {
        change(self.world.pushed.entry(database.to_owned()).or_default());
    }

    /// Loads the environment's settings, and tells regions which part of the world they are.
    pub(super) async fn configure(&mut self) -> anyhow::Result<()> {
        let env = self.world.env.clone();
        let text = self.checkout.config(&env)?;
        let settings = hexmarch_rules::config::select(None, std::slice::from_ref(&env), std::slice::from_ref(&text))?;
        let hash = spacetimedb_lib::hash_bytes(format!("{settings:?}"))
            .to_hex()
            .to_string();
        let step = self.progress.step("config", format!("environment {env}"));
        let (mut loaded, mut kept) = (Vec::new(), Vec::new());
        for (_, name) in self.databases.clone() {
            let keep = !self.arguments.push_content && self.pushed(&name).config == hash;
            let configured = deploy::configure(&self.client, &name, &env, &text, keep).await?;
            self.remember(&name, |pushed| pushed.config.clone_from(&hash));
            match configured {
                Configured::Same => {}
                Configured::Loaded => loaded.push(name),
                Configured::Kept => kept.push(name),
            }
        }
        // Before the first message: a region that does not know its own index refuses all.
        let layout = self.world.layout(self.world.regions)?;
        for (index, name) in self.databases.iter().filter(|(index, _)| *index > 0) {
            deploy::set_up_region(&self.client, name, *index, &layout).await?;
        }
        step.done(said(&format!("environment {env}"), "loaded", &loaded, &kept));
        Ok(())
    }

    /// Pushes the content into the databases that lack it.
    pub(super) async fn push(&mut self, content: &Content) -> anyhow::Result<()> {
        let step = self.progress.step("content", "comparing");
        let (mut lacking, mut kept) = (Vec::new(), Vec::new());
        for (index, name) in self.databases.clone() {
            let differs = !content::diff(&self.client, (index, &name), content).await?.is_empty();
            // Without a version nothing was ever pushed, or it was lost in a crash.
            let lost = version(&self.client, &name).await?.is_none();
            let keep = !self.arguments.push_content && !lost && self.pushed(&name).content == content.hash_of(index);
            if differs && keep {
                kept.push(name);
            } else if differs || lost {
                lacking.push((index, name));
            }
        }
        drop(step);
        // What differs is pushed also where the database says that it has it: it may have been changed by hand since.
        let how = How {
            force: true,
            ..How::default()
        };
        content::push::push(&self.client, &lacking, content, how, self.progress).await?;
        for (index, name) in self.databases.clone() {
            if !kept.contains(&name) {
                self.remember(&name, |pushed| pushed.content = content.hash_of(index));
            }
        }
        let pushed: Vec<String> = lacking.into_iter().map(|(_, name)| name).collect();
        let result = said(&format!("{} rows", content.row_count()), "pushed", &pushed, &kept);
        self.progress.silent_step("content").done(result);
        Ok(())
    }
}

/// What a step did with the databases.
fn said(what: &str, done: &str, loaded: &[String], kept: &[String]) -> String {
    let mut parts = vec![what.to_owned()];
    if loaded.is_empty() && kept.is_empty() {
        parts.push("as before".to_owned());
    }
    if !loaded.is_empty() {
        parts.push(format!("{done} into {}", loaded.join(", ")));
    }
    if !kept.is_empty() {
        parts.push(format!(
            "left as changed since in {}; --push-content brings the checkout's",
            kept.join(", ")
        ));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_did() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(said("9 rows", "pushed", &[], &[]), "9 rows, as before");
        assert_eq!(
            said("9 rows", "pushed", &names(&["a"]), &names(&["b", "c"])),
            "9 rows, pushed into a, left as changed since in b, c; --push-content brings the checkout's"
        );
    }
}
