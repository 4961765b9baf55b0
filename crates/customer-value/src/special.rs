//! Functions of analysis that the models need.

/// Logarithm of the gamma function.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Logarithm of a sum of two numbers that are given by their logarithms, without leaving the range of numbers.
pub fn ln_add(one: f64, other: f64) -> f64 {
    let (high, low) = if one >= other { (one, other) } else { (other, one) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// Terms of a series, at most; it ends long before.
const TERMS_MAX: u32 = 20_000;

/// Gauss's hypergeometric series 2F1(a, b; c; z) for 0 <= z < 1.
pub fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 0..TERMS_MAX {
        let n = f64::from(n);
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        if term.abs() <= 1e-15 * f64::abs(sum) {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-10 * other.abs().max(1.0), "{one} is not {other}");
    }

    #[test]
    fn known_values() {
        near(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
        near(ln_gamma(11.0), 3_628_800_f64.ln());
        near(ln_add(-1_000.0, -1_000.0), -1_000.0 + 2_f64.ln());
        near(ln_add(3.0, f64::NEG_INFINITY), 3.0);
        // 2F1(1, 1; 2; z) = -ln(1 - z) / z.
        near(hypergeometric(1.0, 1.0, 2.0, 0.9), -(0.1_f64.ln()) / 0.9);
        // 2F1(a, b; b; z) = (1 - z)^-a.
        near(hypergeometric(-1.5, 2.2, 2.2, 0.7), 0.3_f64.powf(1.5));
    }
}
