use hexmarch_sim_core::ChunkCoordinates;
use hexmarch_world_gen::*;
fn main() {
    let seed: u64 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1);
    let n: i32 = std::env::args().nth(2).and_then(|s| s.parse().ok()).unwrap_or(24);
    let r = |biome, temperature, humidity, min_elevation, max_elevation, weight| BiomeRule { biome, temperature, humidity, min_elevation, max_elevation, weight };
    let rules = vec![
        r(1, 13.0, 0.45, 1, 70, 1.0), r(2, 8.0, 0.55, 1, 80, 1.0), r(3, 14.0, 0.85, 1, 22, 1.0), r(4, 16.0, 0.25, 30, 200, 1.0),
        r(5, 24.0, 0.2, 14, 200, 1.0), r(6, 12.0, 0.5, -1000, 0, 1.0), r(7, 17.0, 0.4, 10, 90, 0.8), r(8, 11.0, 0.8, 8, 110, 1.0),
        r(9, 15.0, 0.6, 1, 5, 2.5), r(10, 5.0, 0.85, 1, 60, 1.0), r(11, -4.0, 0.5, 20, 1000, 1.2), r(12, 28.0, 0.1, 1, 120, 1.0), r(13, 22.0, 0.8, 1, 40, 0.8)];
    let colors: [[u8;3];14] = [[255,0,255],[150,190,90],[180,200,130],[110,130,80],[190,185,160],[140,80,70],[60,90,150],[190,205,120],[50,90,50],[200,200,150],[120,150,150],[235,240,245],[220,200,170],[130,150,60]];
    let world = World::new(seed, rules);
    let t = std::time::Instant::now();
    let side = (n * 32) as usize;
    let mut cells = vec![Cell::default(); side * side];
    for cz in 0..n { for cx in 0..n {
        let c = world.chunk(ChunkCoordinates { x: cx + 100, z: cz + 100, dimension: 1 });
        for (i, cell) in c.cells.iter().enumerate() {
            let (x, z) = (cx as usize * 32 + i % 32, cz as usize * 32 + i / 32);
            cells[z * side + x] = *cell;
        }
    }}
    eprintln!("{} chunks in {:?}", n * n, t.elapsed());
    let mut out = format!("P6\n{side} {side}\n255\n").into_bytes();
    let mut land = 0; let mut count = [0usize; 14]; let mut steep = 0;
    for z in (0..side).rev() { for x in 0..side {
        let c = cells[z * side + x];
        let e = cells[z.saturating_sub(1) * side + x.saturating_sub(1)];
        let shade = (1.0 + 0.06 * f64::from(c.elevation - e.elevation)).clamp(0.55, 1.4);
        if (c.elevation - e.elevation).abs() > 6 { steep += 1; }
        let rgb = if c.water_level > c.elevation { let d = f64::from(c.water_level - c.elevation); if c.water_level == 0 { [60.0 - d*0.6, 110.0 - d, 170.0 - d] } else { [70.0, 130.0, 200.0] } } else { land += 1; count[c.biome as usize] += 1; let k = colors[c.biome as usize]; [f64::from(k[0]) * shade, f64::from(k[1]) * shade, f64::from(k[2]) * shade] };
        for v in rgb { out.push(v.clamp(0.0, 255.0) as u8); }
    }}
    std::fs::write("/tmp/map.ppm", out).unwrap();
    eprintln!("land {}% biomes {:?} steep {}%", 100 * land / (side * side), count.map(|c| c * 100 / land.max(1)), 100 * steep / (side*side));
}
