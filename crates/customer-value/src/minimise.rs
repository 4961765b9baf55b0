//! Finds the lowest place of a function of few variables without slopes: Nelder and Mead 1965, begun again where it
//! stopped until that no longer helps.

const STEPS_MAX: usize = 2_000;
const RESTARTS_MAX: usize = 8;
/// A simplex this flat and this small stands at the bottom.
const TOLERANCE: f64 = 1e-9;

/// Where a search came to rest.
#[derive(Clone, Copy, Debug)]
pub struct Lowest<const N: usize> {
    /// The place.
    pub at: [f64; N],
    /// True where going on would not help.
    pub settled: bool,
}

/// Looks for the lowest place of a function near a start.
pub fn minimise<const N: usize>(start: [f64; N], step: f64, of: impl Fn(&[f64; N]) -> f64) -> Lowest<N> {
    let mut best = (start, of(&start));
    for _ in 0..RESTARTS_MAX {
        let (found, settled) = descend(best.0, step, &of);
        let gained = best.1 - found.1;
        if gained >= 0.0 || !best.1.is_finite() {
            best = found;
        }
        if settled && gained.abs() <= TOLERANCE * (1.0 + best.1.abs()) {
            return Lowest { at: best.0, settled: best.1.is_finite() };
        }
    }
    Lowest { at: best.0, settled: false }
}

fn descend<const N: usize>(
    start: [f64; N],
    step: f64,
    of: &impl Fn(&[f64; N]) -> f64,
) -> (([f64; N], f64), bool) {
    let mut simplex = vec![(start, of(&start))];
    for side in 0..N {
        let mut corner = start;
        corner[side] += step;
        simplex.push((corner, of(&corner)));
    }
    for _ in 0..STEPS_MAX {
        simplex.sort_by(|one, other| one.1.total_cmp(&other.1));
        let (best, worst) = (simplex[0], simplex[N]);
        let flat = (worst.1 - best.1).abs() <= TOLERANCE * (1.0 + best.1.abs()) * 1e-3;
        let small = (0..N).all(|side| (worst.0[side] - best.0[side]).abs() < 1e-6);
        if flat && small {
            return (best, true);
        }
        let mut centre = [0.0; N];
        for (corner, _) in &simplex[..N] {
            for side in 0..N {
                centre[side] += corner[side] / N as f64;
            }
        }
        let toward = |factor: f64| {
            let mut place = centre;
            for side in 0..N {
                place[side] += factor * (worst.0[side] - centre[side]);
            }
            (place, of(&place))
        };
        let reflected = toward(-1.0);
        let moved = if reflected.1 < best.1 {
            let expanded = toward(-2.0);
            Some(if expanded.1 < reflected.1 { expanded } else { reflected })
        } else if reflected.1 < simplex[N - 1].1 {
            Some(reflected)
        } else {
            let contracted = toward(if reflected.1 < worst.1 { -0.5 } else { 0.5 });
            (contracted.1 < worst.1.min(reflected.1)).then_some(contracted)
        };
        match moved {
            Some(moved) => simplex[N] = moved,
            None => shrink(&mut simplex, of),
        }
    }
    simplex.sort_by(|one, other| one.1.total_cmp(&other.1));
    (simplex[0], false)
}

fn shrink<const N: usize>(simplex: &mut [([f64; N], f64)], of: &impl Fn(&[f64; N]) -> f64) {
    let best = simplex[0].0;
    for corner in &mut simplex[1..] {
        for (place, best) in corner.0.iter_mut().zip(best) {
            *place = best + 0.5 * (*place - best);
        }
        corner.1 = of(&corner.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_bent_valley_is_found() {
        let valley = |p: &[f64; 2]| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2);
        let found = minimise([-1.2, 1.0], 0.5, valley);
        assert!(found.settled);
        assert!((found.at[0] - 1.0).abs() < 1e-5 && (found.at[1] - 1.0).abs() < 1e-5, "{:?}", found.at);
    }
}
