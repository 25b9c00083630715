//! Demo players: they walk about and cross borders, so that a new world has something to look at.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_sim_core::{OffsetCoordinatesFloat, RegionLayout, MILLI_PER_TILE, OVERWORLD};
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::player::{Player, PlayerOptions};

/// What the players are called; a number follows when a name is taken.
const NAMES: [&str; 16] = [
    "Wren", "Osric", "Maren", "Tove", "Alder", "Brisa", "Corin", "Della", "Edric", "Fenna", "Garrick", "Hedda", "Ivo",
    "Juniper", "Kestrel", "Lorne",
];
/// Numbers tried behind a name.
const NAME_NUMBERS: u32 = 200;
/// How far past the border players walk, in small tiles.
const BEYOND_BORDER_TILES: i32 = 9;
/// Legs of a walk from one crossing to the next; players begin at different ones.
const LEGS_PER_CROSSING: u32 = 3;
/// After a failure, before the next try.
const RETRY_DELAY: Duration = Duration::from_secs(2);
/// How long leaving may take.
const LEAVE_LIMIT: Duration = Duration::from_secs(5);

/// Which world to play in, and how many.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Base URL of the host of the global database.
    pub url: String,
    /// Name of the global database.
    pub global_database: String,
    /// Where the players' tokens are kept: the same players come back.
    pub token_dir: PathBuf,
    /// How many.
    pub count: u32,
    /// Written every second: what each player does.
    pub status_file: PathBuf,
}

/// What a demo player does now.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DemoPlayer {
    /// First choice of name.
    pub name: String,
    /// Identity, in hex.
    pub identity: String,
    /// Index of the region, 0 while entering.
    pub region: u8,
    /// In small tiles.
    pub x: f32,
    /// In small tiles.
    pub z: f32,
    /// `entering`, `walking` or the last error.
    pub state: String,
    /// Changes of region since the start.
    pub region_changes: u32,
    /// Segments walked since the start.
    pub moves: u64,
}

#[derive(Serialize)]
struct Status {
    players: Vec<DemoPlayer>,
}

type Board = Arc<Mutex<Vec<DemoPlayer>>>;

/// Plays until SIGTERM or SIGINT, then signs everybody out.
///
/// # Errors
/// When signals cannot be caught or the status file cannot be written; failures of single players are shown in the
/// status and tried again.
pub async fn run(options: DemoOptions) -> Result<()> {
    let board: Board = Arc::new(Mutex::new(vec![DemoPlayer::default(); options.count as usize]));
    let (stop, stopped) = watch::channel(false);
    let mut players = JoinSet::new();
    for number in 0..options.count {
        let (options, board, stopped) = (options.clone(), board.clone(), stopped.clone());
        players.spawn(async move { play(number, &options, &board, stopped).await });
    }
    let mut terminated =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).context("waiting for SIGTERM")?;
    loop {
        write_status(&options.status_file, &board)?;
        tokio::select! {
            () = sleep(Duration::from_secs(1)) => {}
            _ = terminated.recv() => break,
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    stop.send_replace(true);
    if timeout(LEAVE_LIMIT * 2, async { while players.join_next().await.is_some() {} })
        .await
        .is_err()
    {
        tracing::warn!("some players did not leave in time");
    }
    write_status(&options.status_file, &board)
}

fn write_status(path: &Path, board: &Board) -> Result<()> {
    let players = board.lock().map(|board| board.clone()).unwrap_or_default();
    let text = serde_json::to_string(&Status { players })?;
    let temporary = path.with_extension("new");
    let write = || std::fs::write(&temporary, text).and_then(|()| std::fs::rename(&temporary, path));
    write().with_context(|| format!("writing {}", path.display()))
}

fn note(board: &Board, number: u32, change: impl FnOnce(&mut DemoPlayer)) {
    if let Ok(mut board) = board.lock() {
        if let Some(player) = board.get_mut(number as usize) {
            change(player);
        }
    }
}

async fn play(number: u32, options: &DemoOptions, board: &Board, mut stopped: watch::Receiver<bool>) {
    let first = NAMES.get(number as usize % NAMES.len()).copied().unwrap_or("Wren");
    note(board, number, |player| player.name = first.to_string());
    loop {
        note(board, number, |player| player.state = "entering".to_string());
        let Err(failure) = visit(number, first, options, board, &mut stopped).await else {
            return;
        };
        tracing::warn!("player {number}: {failure:#}");
        note(board, number, |player| player.state = format!("{failure:#}"));
        tokio::select! {
            () = sleep(RETRY_DELAY) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// Enters and walks until stopped.
async fn visit(
    number: u32,
    first: &str,
    options: &DemoOptions,
    board: &Board,
    stopped: &mut watch::Receiver<bool>,
) -> Result<()> {
    let names: Vec<String> = std::iter::once(first.to_string())
        .chain((2..NAME_NUMBERS).map(|count| format!("{first}{count}")))
        .collect();
    let player_options = PlayerOptions {
        url: options.url.clone(),
        global_database: options.global_database.clone(),
        token_file: options.token_dir.join(format!("{number:03}.token")),
    };
    let mut player = tokio::select! {
        player = Player::enter(player_options, &names) => player?,
        _ = stopped.wait_for(|stop| *stop) => return Ok(()),
    };
    tokio::select! {
        outcome = roam(number, &mut player, board) => return outcome,
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    player.leave().await;
    note(board, number, |row| row.state = "left".to_string());
    Ok(())
}

async fn roam(number: u32, player: &mut Player, board: &Board) -> Result<()> {
    for leg in (0..u32::MAX).map(|leg| leg.wrapping_add(number)) {
        if !player.region().is_signed_in() {
            note(board, number, |row| row.state = "entering".to_string());
        }
        let target = next_target(player, leg).context("the region does not say how the world lies")?;
        let region = player.region_index();
        while player.region_index() == region {
            let arrived = player.step(target).await?;
            report(board, number, player);
            if arrived {
                break;
            }
        }
    }
    Ok(())
}

fn report(board: &Board, number: u32, player: &mut Player) {
    let position = player.position();
    let (identity, region, region_changes) = (player.identity(), player.region_index(), player.region_changes());
    note(board, number, |row| {
        row.identity = identity.to_string();
        row.region = region;
        row.region_changes = region_changes;
        row.moves += 1;
        row.state = "walking".to_string();
        if let Some(position) = position {
            row.x = position.x as f32 / MILLI_PER_TILE as f32;
            row.z = position.z as f32 / MILLI_PER_TILE as f32;
        }
    });
}

/// Where to go next: across the border on every third leg, else somewhere in this region.
fn next_target(player: &mut Player, leg: u32) -> Option<OffsetCoordinatesFloat> {
    let region = player.region_index();
    let position = player.position()?;
    let layout = player.region().layout()?;
    let mut neighbours = layout.neighbours(region);
    neighbours.retain(|neighbour| share_side(&layout, region, *neighbour));
    let across = leg
        .is_multiple_of(LEGS_PER_CROSSING)
        .then(|| neighbours.get(leg as usize % neighbours.len().max(1)))
        .flatten();
    match across {
        Some(neighbour) => beyond_border(&layout, *neighbour, position),
        None => somewhere(&layout, region, position, leg),
    }
}

/// Whether two neighbours have more than a corner in common: the land beyond a corner may be nobody's.
fn share_side(layout: &RegionLayout, region: u8, neighbour: u8) -> bool {
    match (layout.bounds(region), layout.bounds(neighbour)) {
        (Some(a), Some(b)) => a.min_chunk_x == b.min_chunk_x || a.min_chunk_z == b.min_chunk_z,
        _ => false,
    }
}

/// The nearest point inside a neighbour, a little past the border.
fn beyond_border(layout: &RegionLayout, neighbour: u8, from: OffsetCoordinatesFloat) -> Option<OffsetCoordinatesFloat> {
    let bounds = layout.bounds(neighbour)?;
    let margin = BEYOND_BORDER_TILES * MILLI_PER_TILE;
    let inside = |value: i32, min: i32, max: i32| value.clamp(min + margin, (max - margin).max(min + margin));
    let (x, z) = (
        inside(from.x, bounds.min_x(), bounds.max_x()),
        inside(from.z, bounds.min_z(), bounds.max_z()),
    );
    Some(OffsetCoordinatesFloat::new(x, z, OVERWORLD))
}

/// A point of the region, some way from here.
fn somewhere(
    layout: &RegionLayout,
    region: u8,
    from: OffsetCoordinatesFloat,
    leg: u32,
) -> Option<OffsetCoordinatesFloat> {
    let bounds = layout.bounds(region)?;
    let reach = 20 * MILLI_PER_TILE;
    let offset = |number: u32| (number % 41) as i32 * MILLI_PER_TILE - reach;
    let inside = |value: i32, min: i32, max: i32| value.clamp(min + reach, (max - reach).max(min + reach));
    let x = inside(from.x + offset(leg.wrapping_mul(17)), bounds.min_x(), bounds.max_x());
    let z = inside(from.z + offset(leg.wrapping_mul(29)), bounds.min_z(), bounds.max_z());
    Some(OffsetCoordinatesFloat::new(x, z, OVERWORLD))
}
