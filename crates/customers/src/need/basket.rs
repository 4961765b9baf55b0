//! Which products are bought together: pairs with support, confidence and lift.

use std::collections::{HashMap, HashSet};

/// Basket (购物篮): what one order holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basket {
    /// Who bought it; absent where nobody knows.
    pub person: Option<u32>,
    /// Different products, in order.
    pub products: Vec<u32>,
}

/// What a pair must come to before it is worth telling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Least {
    /// Baskets with both.
    pub baskets: i64,
    /// Share of all baskets with both.
    pub support: f64,
    /// How many times as often as by chance.
    pub lift: f64,
    /// People who bought both together.
    pub people: i64,
    /// Most pairs that are told.
    pub pairs: usize,
}

/// Pair (商品组合) of products.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub first: u32,
    pub second: u32,
    pub first_baskets: i64,
    pub second_baskets: i64,
    pub baskets: i64,
    pub people: i64,
    pub support: f64,
    pub confidence: f64,
    pub reverse_confidence: f64,
    pub lift: f64,
}

/// Products of one basket beyond this are left out of pairs: a wholesale order says little about what goes together, and
/// its pairs grow with the square.
const PRODUCTS_MAX: usize = 200;

/// Returns the pairs that come to enough, the highest lift first.
pub fn pairs(baskets: &[Basket], least: Least) -> Vec<Pair> {
    let all = baskets.len() as f64;
    let mut single: HashMap<u32, i64> = HashMap::new();
    for basket in baskets {
        for product in &basket.products {
            *single.entry(*product).or_default() += 1;
        }
    }
    let enough = least.baskets.max((least.support * all).ceil() as i64).max(1);
    // A product that is seldom bought is in no pair that is often bought (Agrawal and Srikant 1994).
    let is_frequent = |product: &u32| single.get(product).is_some_and(|count| *count >= enough);
    let mut both: HashMap<(u32, u32), i64> = HashMap::new();
    for basket in baskets {
        each_pair(basket, is_frequent, |pair| *both.entry(pair).or_default() += 1);
    }
    both.retain(|_, count| *count >= enough);
    let mut buyers: HashMap<(u32, u32), HashSet<u32>> = HashMap::new();
    for basket in baskets {
        if let Some(person) = basket.person {
            each_pair(basket, is_frequent, |pair| {
                if both.contains_key(&pair) {
                    buyers.entry(pair).or_default().insert(person);
                }
            });
        }
    }
    let count = |product: u32| single.get(&product).copied().unwrap_or_default();
    let mut found: Vec<Pair> = both
        .into_iter()
        .map(|((first, second), baskets)| {
            let (a, b, ab) = (count(first), count(second), baskets as f64);
            Pair {
                first,
                second,
                first_baskets: a,
                second_baskets: b,
                baskets,
                people: buyers.get(&(first, second)).map_or(0, |people| people.len() as i64),
                support: ab / all,
                confidence: ab / a as f64,
                reverse_confidence: ab / b as f64,
                lift: ab * all / (a as f64 * b as f64),
            }
        })
        .filter(|pair| pair.lift >= least.lift && pair.people >= least.people)
        .collect();
    found.sort_by(|one, other| {
        other
            .lift
            .total_cmp(&one.lift)
            .then(other.baskets.cmp(&one.baskets))
            .then((one.first, one.second).cmp(&(other.first, other.second)))
    });
    found.truncate(least.pairs);
    found
}

fn each_pair(basket: &Basket, wanted: impl Fn(&u32) -> bool, mut each: impl FnMut((u32, u32))) {
    let products: Vec<u32> =
        basket.products.iter().filter(|product| wanted(product)).take(PRODUCTS_MAX).copied().collect();
    for (place, first) in products.iter().enumerate() {
        for second in &products[place + 1..] {
            each((*first, *second));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve baskets of five products.
    fn shop() -> Vec<Basket> {
        let held: [&[u32]; 12] = [
            &[1, 2, 3],
            &[1, 2],
            &[1, 3],
            &[2, 3, 4],
            &[1, 2, 3, 4],
            &[5],
            &[1, 2, 5],
            &[3, 4],
            &[1, 4],
            &[2, 5],
            &[1, 2, 3, 5],
            &[4],
        ];
        let basket = |(place, held): (usize, &&[u32])| Basket {
            person: Some(place as u32 % 4),
            products: held.to_vec(),
        };
        held.iter().enumerate().map(basket).collect()
    }

    const ANY: Least = Least { baskets: 2, support: 0.0, lift: 0.0, people: 0, pairs: 100 };

    /// Products, support, both confidences and lift as `apriori` and `association_rules` of mlxtend 0.25.0 (PyPI) give
    /// them for these baskets with `min_support=2/12, max_len=2`.
    const ORACLE: [(u32, u32, f64, f64, f64, f64); 8] = [
        (1, 2, 0.4166666666666667, 0.7142857142857143, 0.7142857142857143, 1.2244897959183674),
        (1, 3, 0.3333333333333333, 0.5714285714285714, 0.6666666666666666, 1.1428571428571428),
        (1, 4, 0.16666666666666666, 0.2857142857142857, 0.4, 0.6857142857142856),
        (1, 5, 0.16666666666666666, 0.2857142857142857, 0.5, 0.8571428571428571),
        (2, 3, 0.3333333333333333, 0.5714285714285714, 0.6666666666666666, 1.1428571428571428),
        (2, 4, 0.16666666666666666, 0.2857142857142857, 0.4, 0.6857142857142856),
        (2, 5, 0.25, 0.42857142857142855, 0.75, 1.2857142857142858),
        (3, 4, 0.25, 0.5, 0.6, 1.2),
    ];

    #[test]
    fn figures_are_those_of_another_implementation() {
        let mut found = pairs(&shop(), ANY);
        found.sort_by_key(|pair| (pair.first, pair.second));
        assert_eq!(found.len(), ORACLE.len());
        for (pair, wanted) in found.iter().zip(ORACLE) {
            assert_eq!((pair.first, pair.second), (wanted.0, wanted.1));
            let figures = [
                (pair.support, wanted.2),
                (pair.confidence, wanted.3),
                (pair.reverse_confidence, wanted.4),
                (pair.lift, wanted.5),
            ];
            for (found, wanted) in figures {
                assert!((found - wanted).abs() < 1e-12, "{pair:?}: {found} is not {wanted}");
            }
        }
    }

    #[test]
    fn what_comes_to_too_little_is_not_told() {
        let kept = |least: Least| -> Vec<(u32, u32)> {
            pairs(&shop(), least).iter().map(|pair| (pair.first, pair.second)).collect()
        };
        assert_eq!(kept(Least { lift: 1.2, ..ANY }), [(2, 5), (1, 2), (3, 4)], "the highest lift first");
        assert_eq!(kept(Least { baskets: 5, ..ANY }), [(1, 2)]);
        assert_eq!(kept(Least { support: 0.3, ..ANY }), [(1, 2), (1, 3), (2, 3)]);
        assert_eq!(kept(Least { people: 4, ..ANY }), Vec::<(u32, u32)>::new());
        assert!(pairs(&[], ANY).is_empty());
    }
}
