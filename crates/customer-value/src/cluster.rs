//! k-means++ and what tells whether its groups are any good.

use crate::draw::Draw;

const ROUNDS_MAX: usize = 100;
/// Searches from different starts, of which the tightest counts.
const STARTS: usize = 4;

/// Points, one behind the other.
#[derive(Clone, Debug)]
pub struct Points {
    pub values: Vec<f64>,
    pub width: usize,
}

impl Points {
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    pub fn get(&self, place: usize) -> &[f64] {
        &self.values[place * self.width..(place + 1) * self.width]
    }

    /// Returns the points at these places.
    pub fn some(&self, places: &[usize]) -> Self {
        let values = places.iter().flat_map(|place| self.get(*place).iter().copied()).collect();
        Self { values, width: self.width }
    }
}

fn square(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Returns the nearest centre of each point.
pub fn assign(points: &Points, centres: &Points) -> Vec<usize> {
    (0..points.len()).map(|place| nearest(points.get(place), centres).0).collect()
}

fn nearest(point: &[f64], centres: &Points) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for centre in 0..centres.len() {
        let distance = square(point, centres.get(centre));
        if distance < best.1 {
            best = (centre, distance);
        }
    }
    best
}

/// Finds `k` centres; the points must be at least that many.
pub fn centres(points: &Points, k: usize, seed: u64) -> Points {
    let mut best: Option<(Points, f64)> = None;
    for start in 0..STARTS {
        let mut draw = Draw::seeded(seed.wrapping_add(start as u64).wrapping_mul(0x5851_F42D_4C95_7F2D));
        let found = settle(points, sow(points, k, &mut draw));
        if best.as_ref().is_none_or(|(_, tightest)| found.1 < *tightest) {
            best = Some(found);
        }
    }
    best.map_or_else(|| points.some(&[]), |(centres, _)| centres)
}

/// First centres: each is drawn with a chance that grows with the square of its distance from those before.
fn sow(points: &Points, k: usize, draw: &mut Draw) -> Points {
    let mut chosen = vec![draw.below(points.len())];
    let mut distances: Vec<f64> =
        (0..points.len()).map(|place| square(points.get(place), points.get(chosen[0]))).collect();
    while chosen.len() < k {
        let total: f64 = distances.iter().sum();
        let mut left = draw.share() * total;
        let mut next = points.len() - 1;
        for (place, distance) in distances.iter().enumerate() {
            left -= distance;
            if left < 0.0 {
                next = place;
                break;
            }
        }
        chosen.push(next);
        for (place, distance) in distances.iter_mut().enumerate() {
            *distance = distance.min(square(points.get(place), points.get(next)));
        }
    }
    points.some(&chosen)
}

/// Lloyd's rounds: every point goes to its nearest centre, every centre to the middle of its points.
fn settle(points: &Points, mut centres: Points) -> (Points, f64) {
    let (k, width) = (centres.len(), points.width);
    let mut of = vec![usize::MAX; points.len()];
    let mut tightness = f64::INFINITY;
    for _ in 0..ROUNDS_MAX {
        let (mut moved, mut farthest) = (false, (0, -1.0));
        tightness = 0.0;
        for (place, mine) in of.iter_mut().enumerate() {
            let (centre, distance) = nearest(points.get(place), &centres);
            moved |= *mine != centre;
            *mine = centre;
            tightness += distance;
            if distance > farthest.1 {
                farthest = (place, distance);
            }
        }
        if !moved {
            break;
        }
        let (mut sums, mut counts) = (vec![0.0; k * width], vec![0_usize; k]);
        for (place, centre) in of.iter().enumerate() {
            counts[*centre] += 1;
            for (sum, value) in sums[centre * width..].iter_mut().zip(points.get(place)) {
                *sum += value;
            }
        }
        for (centre, count) in counts.iter().enumerate() {
            let to = &mut centres.values[centre * width..(centre + 1) * width];
            if *count == 0 {
                // Nobody is nearest: it begins again at the point that fits worst.
                to.copy_from_slice(points.get(farthest.0));
            } else {
                for (value, sum) in to.iter_mut().zip(&sums[centre * width..]) {
                    *value = sum / *count as f64;
                }
            }
        }
    }
    (centres, tightness)
}

/// Mean silhouette (轮廓系数; Rousseeuw 1987), -1 to 1: how much nearer points are to their own group than to the next one.
///
/// `points` has one row of `width` values after the other.
pub fn silhouette(points: &[f64], width: usize, labels: &[usize]) -> f64 {
    let points = Points { values: points.to_vec(), width };
    let k = labels.iter().max().map_or(0, |max| max + 1);
    let mut counts = vec![0_usize; k];
    for label in labels {
        counts[*label] += 1;
    }
    let of_one = |place: usize| {
        let mut sums = vec![0.0; k];
        for (other, label) in labels.iter().enumerate() {
            sums[*label] += square(points.get(place), points.get(other)).sqrt();
        }
        let own = labels[place];
        if counts[own] < 2 {
            return 0.0;
        }
        let inside = sums[own] / (counts[own] - 1) as f64;
        let outside = (0..k)
            .filter(|group| *group != own && counts[*group] > 0)
            .map(|group| sums[group] / counts[group] as f64)
            .fold(f64::INFINITY, f64::min);
        let wider = inside.max(outside);
        if outside.is_finite() && wider > 0.0 { (outside - inside) / wider } else { 0.0 }
    };
    if labels.is_empty() { 0.0 } else { (0..labels.len()).map(of_one).sum::<f64>() / labels.len() as f64 }
}

/// Adjusted Rand index (调整兰德指数; Hubert and Arabie 1985): 1 where two ways of grouping agree, about 0 where they
/// agree by chance only.
pub fn adjusted_rand(one: &[usize], other: &[usize]) -> f64 {
    let pairs = |n: usize| (n * n.saturating_sub(1)) as f64 / 2.0;
    let size = |labels: &[usize]| labels.iter().max().map_or(0, |max| max + 1);
    let (rows, columns) = (size(one), size(other));
    let mut table = vec![0_usize; rows * columns];
    for (a, b) in one.iter().zip(other) {
        table[a * columns + b] += 1;
    }
    let both: f64 = table.iter().map(|n| pairs(*n)).sum();
    let row = |a: usize| table[a * columns..(a + 1) * columns].iter().sum();
    let column = |b: usize| (0..rows).map(|a| table[a * columns + b]).sum();
    let (first, second): (f64, f64) =
        ((0..rows).map(|a| pairs(row(a))).sum(), (0..columns).map(|b| pairs(column(b))).sum());
    let expected = first * second / pairs(one.len()).max(1.0);
    let most = (first + second) / 2.0;
    if most == expected { 1.0 } else { (both - expected) / (most - expected) }
}
