//! `hexmarch content check`.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::Args;
use hexmarch_content::{path_to, report, Count, Game, Mistake, Report, Spent, Summary, TierTime};
use serde_json::{json, Value};

use crate::cli::Common;
use crate::output::{self, note, Table};

/// Mistakes that are shown without --all.
const SHOWN_MISTAKES: usize = 100;

const EXAMPLES: &str = "\
Examples:
  hexmarch content check                         Every mistake in static_data/
  hexmarch content check --summary               How much there is, and how long a player takes to each tier
  hexmarch content check --path-to 'Rope'        How a player comes by an item or cargo, from nothing
  hexmarch content check --path-to cargo:3       By id; an item's, unless it says cargo:
  hexmarch content check --json | jq '.mistakes[] | select(.file | endswith(\"item_desc.json\"))'

A mistake is one line: file:line:col: what, and what to do.";

/// What to check, and what to say of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Directory of the content [default: static_data of the checkout]
    directory: Option<PathBuf>,
    /// Rows of each table, how much there is of everything, and the hours to each tier
    #[arg(long)]
    summary: bool,
    /// How a player comes by this item or cargo, step after step: a name or an id
    #[arg(long, value_name = "ITEM", conflicts_with = "summary")]
    path_to: Option<String>,
    /// Show every mistake, not only the first ones
    #[arg(long)]
    all: bool,
    /// Print everything as one JSON object
    #[arg(long, conflicts_with = "path_to")]
    json: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<()> {
    let directory = super::directory(common, arguments.directory.as_deref())?;
    let report = report(&directory)?;
    let summary = Summary::of(&report);
    if arguments.json {
        output::line(&serde_json::to_string(&as_json(&report, &summary))?)?;
    } else {
        show(&report.mistakes, arguments.all, report.more);
        if report.rules_wait {
            note("some rows could not be read: what must hold of content as a whole is checked once they are mended");
        }
    }
    if let Some(wanted) = &arguments.path_to {
        let steps = path_to(&Game::of(&report.content), wanted).map_err(|text| anyhow!(text))?;
        output::line(&steps.join("\n"))?;
    }
    if arguments.summary && !arguments.json {
        output::line(&render(&report, &summary))?;
    }
    match report.errors() {
        0 => {}
        1 => bail!("one mistake in {}", directory.display()),
        count => bail!("{count} mistakes in {}", directory.display()),
    }
    if arguments.summary && !summary.is_met() {
        let missing = summary
            .counts
            .iter()
            .filter(|count| !count.is_met())
            .map(|count| count.what);
        bail!("too few {}; write more", missing.collect::<Vec<_>>().join(", "));
    }
    if arguments.json || arguments.summary || arguments.path_to.is_some() {
        return Ok(());
    }
    output::line(&format!(
        "{} rows in {} tables, no mistakes",
        report.content.row_count(),
        report.content.tables.len()
    ))
}

fn show(mistakes: &[Mistake], all: bool, more: usize) {
    let shown = if all { mistakes.len() } else { SHOWN_MISTAKES };
    for mistake in mistakes.iter().take(shown) {
        note(&mistake.to_string());
    }
    let hidden = mistakes.len().saturating_sub(shown);
    if hidden > 0 {
        note(&format!("and {hidden} more; --all shows them"));
    }
    if more > 0 {
        note(&format!("and {more} beyond those; mend these first"));
    }
}

fn render(report: &Report, summary: &Summary) -> String {
    let mut tables = Table::new(&["table", "rows"]);
    for (name, rows) in &summary.tables {
        tables.row([(*name).to_owned(), rows.to_string()]);
    }
    tables.row(["all".to_owned(), report.content.row_count().to_string()]);
    let mut counts = Table::new(&["what", "there are", "wanted"]);
    for Count { what, have, want } in &summary.counts {
        let missing = if have < want { "  too few" } else { "" };
        counts.row([(*what).to_owned(), have.to_string(), format!("{want}{missing}")]);
    }
    let mut tiers = Table::new(&["tier", "hours", "wanted", "by", "spent since the tier before"]);
    for time in &summary.tier_times.tiers {
        tiers.row(tier(time));
    }
    let languages = format!("languages: {}", report.languages.join(", "));
    let parts = [tables.render(), counts.render(), languages, tiers.render()];
    parts.join("\n\n")
}

fn tier(time: &TierTime) -> Vec<String> {
    let hours = time
        .hours
        .map_or_else(|| "never".to_owned(), |hours| format!("{hours:.1}"));
    let learned: f64 = time.learned.iter().map(|spent| spent.hours).sum();
    let mut spent = list(&time.spent);
    if learned > 0.0 {
        spent.push_str(&format!("; of it to learn {learned:.1} ({})", list(&time.learned)));
    }
    let (least, most) = time.band;
    vec![
        time.tier.to_string(),
        hours,
        format!("{least}..{most}"),
        time.tool.clone(),
        spent,
    ]
}

fn list(spent: &[Spent]) -> String {
    let parts: Vec<String> = spent
        .iter()
        .map(|spent| format!("{} {:.1}", spent.what, spent.hours))
        .collect();
    parts.join(", ")
}

fn as_json(report: &Report, summary: &Summary) -> Value {
    let mistake = |mistake: &Mistake| {
        json!({
            "file": mistake.file.display().to_string(),
            "line": mistake.place.line,
            "column": mistake.place.column,
            "text": mistake.text,
            "warning": mistake.is_warning,
        })
    };
    let spent = |spent: &[Spent]| -> Value {
        let hours = spent.iter().map(|spent| (spent.what.clone(), json!(spent.hours)));
        Value::Object(hours.collect())
    };
    let tier = |time: &TierTime| {
        json!({
            "tier": time.tier,
            "hours": time.hours,
            "least": time.band.0,
            "most": time.band.1,
            "by": time.tool,
            "spent": spent(&time.spent),
            "learned": spent(&time.learned),
        })
    };
    let count = |count: &Count| json!({"what": count.what, "have": count.have, "want": count.want});
    let tables = summary
        .tables
        .iter()
        .map(|(name, rows)| ((*name).to_owned(), json!(rows)));
    json!({
        "rows": report.content.row_count(),
        "tables": Value::Object(tables.collect()),
        "counts": summary.counts.iter().map(count).collect::<Vec<_>>(),
        "languages": report.languages,
        "tiers": summary.tier_times.tiers.iter().map(tier).collect::<Vec<_>>(),
        "mistakes": report.mistakes.iter().map(mistake).collect::<Vec<_>>(),
        "more_mistakes": report.more,
        "rules_wait": report.rules_wait,
    })
}
