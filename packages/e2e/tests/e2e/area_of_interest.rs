//! What a client sees of others while both walk across the border of a chunk: always, and for few bytes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use hexmarch_client::bindings::region::{LocationStateTableAccess, MobileEntityStateTableAccess};
use hexmarch_client::{
    now_ms, step_towards, Player, Region, Sight, Table as _, TableWithPrimaryKey as _, MARGIN_MILLI, NEAR_RADIUS,
};
use hexmarch_e2e::world::{eventually, World};
use hexmarch_sim_core::chunk::MILLI_PER_CHUNK;
use hexmarch_sim_core::OffsetCoordinatesFloat;
use tokio::io::{copy, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::tests;
use crate::transfer::teleport;

tests!(a_walker_in_range_is_never_lost_and_nothing_flaps);

/// Walks of the walker from one side to the other.
const WALKS: u32 = 3;
/// Furthest that the walker is from the border of the chunks, in milli tiles.
const WALKER_REACH: i32 = 20_000;
/// Furthest that the watcher is from it while nothing may change: less than the margin.
const WATCHER_REACH: i32 = 6_000;
/// Most bytes that a client gets for a segment that it sees, its own included.
const MAX_BYTES_PER_SEGMENT: u64 = 1_000;

/// What happened to rows that the watcher sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    WalkerCame,
    WalkerMoved,
    WalkerGone,
    ThingCame(u64),
    ThingGone(u64),
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    fn of(region: &Region, walker: u64) -> Self {
        let log = Self::default();
        let (movers, things) = (region.raw().db.mobile_entity_state(), region.raw().db.location_state());
        let note = |seen: fn() -> Seen| {
            let log = log.clone();
            move |entity_id: u64| {
                if entity_id == walker {
                    log.note(seen());
                }
            }
        };
        let came = note(|| Seen::WalkerCame);
        movers.on_insert(move |_, row| came(row.entity_id));
        let moved = note(|| Seen::WalkerMoved);
        movers.on_update(move |_, _, row| moved(row.entity_id));
        let gone = note(|| Seen::WalkerGone);
        movers.on_delete(move |_, row| gone(row.entity_id));
        let of_insert = log.clone();
        things.on_insert(move |_, row| of_insert.note(Seen::ThingCame(row.chunk_index)));
        let of_delete = log.clone();
        things.on_delete(move |_, row| of_delete.note(Seen::ThingGone(row.chunk_index)));
        log
    }

    fn note(&self, seen: Seen) {
        self.0.lock().unwrap().push(seen);
    }

    fn count(&self, is: impl Fn(&Seen) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|seen| is(seen)).count()
    }

    fn first(&self, is: impl Fn(&Seen) -> bool) -> Option<usize> {
        self.0.lock().unwrap().iter().position(is)
    }

    fn last(&self, is: impl Fn(&Seen) -> bool) -> Option<usize> {
        self.0.lock().unwrap().iter().rposition(is)
    }
}

/// Passes connections on to a host, and counts the bytes that come from there.
async fn counting(url: &str) -> Result<(String, Arc<AtomicU64>)> {
    let host: SocketAddr = url.trim_start_matches("http://").trim_end_matches('/').parse()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (url, count) = (
        format!("http://{}", listener.local_addr()?),
        Arc::new(AtomicU64::new(0)),
    );
    let counter = count.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(host) = TcpStream::connect(host).await else {
                return;
            };
            let ((mut up, answer), (received, mut down)) = (client.into_split(), host.into_split());
            tokio::spawn(pass(received, answer, counter.clone()));
            tokio::spawn(async move { copy(&mut up, &mut down).await });
        }
    });
    Ok((url, count))
}

async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, count: Arc<AtomicU64>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        count.fetch_add(length as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// Walks to a place; returns in how many segments.
async fn walk(region: &mut Region, target: OffsetCoordinatesFloat) -> Result<usize> {
    let rules = region.movement_parameters();
    for segments in 0..100 {
        let place = region.place().context("no place")?;
        if place.destination == target {
            return Ok(segments);
        }
        let started = now_ms().max(place.end_ms());
        let step = step_towards(place.destination, target, rules.as_ref());
        region.walk(step.request(started)).await?;
        let end = started + u64::from(step.duration_ms);
        sleep(Duration::from_millis(end.saturating_sub(now_ms()))).await;
    }
    anyhow::bail!("a hundred segments did not lead to {target:?}")
}

/// The walker goes to and fro across the border; returns in how many segments.
async fn to_and_fro(player: &mut Player, ends: [OffsetCoordinatesFloat; 2]) -> Result<usize> {
    let mut segments = 0;
    for number in 0..WALKS {
        let end = ends[number as usize % 2];
        loop {
            segments += 1;
            if player.step(end).await? {
                break;
            }
            ensure!(segments < 100, "a hundred segments did not lead to {end:?}");
        }
    }
    Ok(segments)
}

async fn a_walker_in_range_is_never_lost_and_nothing_flaps(world: &World) -> Result<()> {
    let (mut walker, mut watcher) = (world.player("Walker").await?, world.player("Watcher").await?);
    let index = watcher.region_index();
    let bounds = watcher.region().layout().and_then(|layout| layout.bounds(index));
    let bounds = bounds.context("no layout")?;
    // Between the second and the third column of chunks.
    let (x, z) = (
        bounds.min_x() + 2 * MILLI_PER_CHUNK,
        bounds.min_z() + 3 * MILLI_PER_CHUNK / 2,
    );
    let place = |dx: i32| OffsetCoordinatesFloat::overworld(x + dx, z);
    teleport(world, index, &watcher.identity().to_string(), place(-WATCHER_REACH)).await?;
    teleport(
        world,
        walker.region_index(),
        &walker.identity().to_string(),
        place(WALKER_REACH),
    )
    .await?;
    for _ in 0..30 {
        if walker.region_index() == index {
            break;
        }
        walker.follow(Duration::from_secs(1)).await?;
    }
    ensure!(walker.region_index() == index, "the walker did not come");

    // The same watcher once more, through something that counts.
    let account = watcher.account();
    let (whereabouts, token) = (account.whereabouts().context("nowhere")?, account.token().to_string());
    watcher.leave().await;
    let (url, bytes) = counting(&world.running.url).await?;
    let mut watcher = Region::connect(&url, &whereabouts.module, &token, whereabouts.entity_id).await?;
    watcher.sign_in().await?;
    let first_look = bytes.load(Ordering::Relaxed);
    let watched = walker.entity_id();
    let log = Log::of(&watcher, watched);
    let sees = |region: &Region| {
        region
            .raw()
            .db
            .mobile_entity_state()
            .entity_id()
            .find(&watched)
            .is_some()
    };
    ensure!(sees(&watcher), "the walker is not seen to begin with");
    let range = Sight::new(NEAR_RADIUS, MARGIN_MILLI).movers_range_milli();
    ensure!(
        i32::try_from(range)? > 2 * WALKER_REACH + WATCHER_REACH,
        "the walker leaves the range of {range}"
    );

    // Both cross the border again and again.
    let (before, bytes_before, began) = (watcher.sight(), bytes.load(Ordering::Relaxed), Instant::now());
    let own = async {
        let mut segments = 0;
        for number in 0..2 * WALKS {
            let side = if number % 2 == 0 { WATCHER_REACH } else { -WATCHER_REACH };
            segments += walk(&mut watcher, place(side)).await?;
        }
        Ok::<usize, anyhow::Error>(segments)
    };
    let (own, seen) = tokio::join!(
        own,
        to_and_fro(&mut walker, [place(-WALKER_REACH), place(WALKER_REACH)])
    );
    let (own, seen) = (own?, seen?);
    eventually("every segment of the walker to be seen", || async {
        Ok(log.count(|seen| *seen == Seen::WalkerMoved) == seen)
    })
    .await?;
    let (spent, took) = (bytes.load(Ordering::Relaxed) - bytes_before, began.elapsed());
    ensure!(
        watcher.sight() == before,
        "subscriptions changed: {before:?} to {:?}",
        watcher.sight()
    );
    let (came, gone) = (
        log.count(|seen| *seen == Seen::WalkerCame),
        log.count(|seen| *seen == Seen::WalkerGone),
    );
    ensure!((came, gone) == (0, 0), "the walker came {came} and went {gone} times");

    // The watcher goes on, beyond the margin: other chunks, and the walker is seen throughout.
    let margin = i32::try_from(MARGIN_MILLI)?;
    let bytes_of_walk = bytes.load(Ordering::Relaxed);
    walk(&mut watcher, place(margin + 2_000)).await?;
    eventually("the chunks behind to be dropped", || async {
        let sight = watcher.sight();
        Ok(sight.begun > before.begun && sight.ended > before.ended && sight.near == before.near)
    })
    .await?;
    eventually("their rows to be gone", || async {
        Ok(log.count(|seen| matches!(seen, Seen::ThingGone(_))) > 0)
    })
    .await?;
    let ring = bytes.load(Ordering::Relaxed) - bytes_of_walk;
    let after = watcher.sight();
    let (begun, ended) = (after.begun - before.begun, after.ended - before.ended);
    // A column of three chunks, and one of five of which only the ground is seen.
    ensure!(
        begun <= 8 && ended <= 8,
        "{begun} subscriptions begun, {ended} ended for one crossing"
    );
    ensure!(sees(&watcher), "the walker is lost after the watcher crossed");
    ensure!(
        log.count(|seen| matches!(seen, Seen::WalkerCame | Seen::WalkerGone)) == 0,
        "the walker was lost"
    );
    let came = log.last(|seen| matches!(seen, Seen::ThingCame(_)));
    let gone = log.first(|seen| matches!(seen, Seen::ThingGone(_)));
    ensure!(
        came.context("nothing came in the new chunks")? < gone.context("nothing went with the old chunks")?,
        "the old was dropped before the new had come"
    );

    let segments = u64::try_from(own + seen)?;
    println!(
        "first look {first_look} bytes; {spent} bytes for {segments} segments, {} each, {:.0} a second; {ring} for a crossing",
        spent / segments,
        spent as f64 / took.as_secs_f64()
    );
    ensure!(
        spent <= segments * MAX_BYTES_PER_SEGMENT,
        "{spent} bytes for {segments} segments, more than {MAX_BYTES_PER_SEGMENT} each"
    );
    watcher.sign_out().await?;
    watcher.close().await;
    walker.leave().await;
    Ok(())
}
