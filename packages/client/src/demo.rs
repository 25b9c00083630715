//! Demo players: they walk about and cross borders, so that a new world has something to look at.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_sim_core::{OffsetCoordinatesFloat, RegionLayout, MILLI_PER_TILE};
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::call::CallError;
use crate::player::{NoWay, Player, PlayerOptions};
use crate::route::{Crossing, MAX_TILES};

/// What the players are called; a number follows when a name is taken.
const NAMES: [&str; 16] = [
    "Wren", "Osric", "Maren", "Tove", "Alder", "Brisa", "Corin", "Della", "Edric", "Fenna", "Garrick", "Hedda", "Ivo",
    "Juniper", "Kestrel", "Lorne",
];
/// Numbers tried behind a name.
const NAME_NUMBERS: u32 = 200;
/// Large tiles around a player among which the next place is chosen.
const STROLL_TILES: usize = 160;
/// Most stages of a walk to a border, each as far as one sees.
const MAX_STAGES: u32 = 40;
/// Places in a row that could not be reached before a player begins anew.
const MAX_FAILURES: u32 = 5;
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
    let mut failures = 0;
    for leg in (0..u32::MAX).map(|leg| leg.wrapping_add(number)) {
        if !player.region().is_signed_in() {
            note(board, number, |row| row.state = "entering".to_string());
        }
        let region = player.region_index();
        let is_crossing = leg.is_multiple_of(LEGS_PER_CROSSING);
        for _ in 0..if is_crossing { MAX_STAGES } else { 1 } {
            let target = if is_crossing {
                towards_border(player, leg)
            } else {
                somewhere(player, leg)
            };
            let walked = match target {
                Some(target) => walk(number, player, target, board).await,
                None => Err(NoWay.into()),
            };
            match walked {
                Ok(()) => failures = 0,
                // There are other places.
                Err(error) if failures < MAX_FAILURES && is_of_the_way(&error) => {
                    failures += 1;
                    tracing::debug!("player {number} goes elsewhere: {error:#}");
                    break;
                }
                Err(error) => return Err(error),
            }
            if player.region_index() != region {
                break;
            }
        }
    }
    Ok(())
}

/// Walks until there, or in another region.
async fn walk(number: u32, player: &mut Player, target: OffsetCoordinatesFloat, board: &Board) -> Result<()> {
    let region = player.region_index();
    while player.region_index() == region {
        let arrived = player.step(target).await?;
        report(board, number, player);
        if arrived {
            break;
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

/// The next stage of a walk into a neighbour, which depends on the leg.
fn towards_border(player: &mut Player, leg: u32) -> Option<OffsetCoordinatesFloat> {
    let region = player.region_index();
    let position = player.region().place()?.destination;
    let layout = player.region().layout()?;
    let hysteresis_milli = player.region().movement_parameters()?.border_hysteresis;
    let mut neighbours = layout.neighbours(region);
    neighbours.retain(|neighbour| share_side(&layout, region, *neighbour));
    let neighbour = *neighbours.get(leg as usize % neighbours.len().max(1))?;
    let crossing = Crossing {
        layout,
        region,
        neighbour,
        hysteresis_milli,
    };
    crossing.stage(position, &player.reachable(MAX_TILES))
}

/// Whether two neighbours have more than a corner in common: the land beyond a corner may be nobody's.
fn share_side(layout: &RegionLayout, region: u8, neighbour: u8) -> bool {
    match (layout.bounds(region), layout.bounds(neighbour)) {
        (Some(a), Some(b)) => a.min_chunk_x == b.min_chunk_x || a.min_chunk_z == b.min_chunk_z,
        _ => false,
    }
}

/// One of the places of the region that are not far, which depends on the leg.
fn somewhere(player: &mut Player, leg: u32) -> Option<OffsetCoordinatesFloat> {
    let region = player.region_index();
    let layout = player.region().layout()?;
    let mut places = player.reachable(STROLL_TILES);
    places.retain(|place| layout.region_at(*place) == Some(region));
    let number = (leg.wrapping_mul(2_654_435_761) >> 8) as usize % places.len().max(1);
    places.get(number).copied()
}

/// Whether an error only says that one cannot walk there.
fn is_of_the_way(error: &anyhow::Error) -> bool {
    error.is::<NoWay>() || matches!(error.downcast_ref(), Some(CallError::Refused(key)) if key.starts_with("move."))
}
