/// Joins records by their pairs and returns for every record the smallest index of its cluster (簇).
///
/// Pairs are joined in order of falling score, those of equal score by index, so that their order does not matter. A join
/// that would make a cluster of more than `size_max` records is left out: a chain of doubtful pairs stays short.
pub fn clusters(
    len: usize,
    pairs: impl Iterator<Item = (u32, u32, f64)>,
    threshold: f64,
    size_max: usize,
) -> Vec<u32> {
    let mut joins: Vec<(u32, u32, f64)> = pairs
        .filter(|(left, right, score)| {
            *score >= threshold && left != right && (*left.max(right) as usize) < len
        })
        .map(|(left, right, score)| (left.min(right), left.max(right), score))
        .collect();
    joins.sort_unstable_by(|one, other| {
        other.2.total_cmp(&one.2).then((one.0, one.1).cmp(&(other.0, other.1)))
    });
    let mut forest = Forest::new(len);
    for (left, right, _) in joins {
        forest.join(left, right, size_max);
    }
    (0..len).map(|index| forest.root(index as u32)).collect()
}

/// Sets that are joined (union by smallest index, with path halving).
struct Forest {
    parents: Vec<u32>,
    sizes: Vec<u32>,
}

impl Forest {
    fn new(len: usize) -> Self {
        Self { parents: (0..len as u32).collect(), sizes: vec![1; len] }
    }

    fn root(&mut self, index: u32) -> u32 {
        let mut at = index as usize;
        while self.parents[at] as usize != at {
            self.parents[at] = self.parents[self.parents[at] as usize];
            at = self.parents[at] as usize;
        }
        at as u32
    }

    fn join(&mut self, left: u32, right: u32, size_max: usize) {
        let (left, right) = (self.root(left), self.root(right));
        let size = self.sizes[left as usize] + self.sizes[right as usize];
        if left == right || size as usize > size_max {
            return;
        }
        let (first, last) = (left.min(right), left.max(right));
        self.parents[last as usize] = first;
        self.sizes[first as usize] = size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_together_is_one_cluster() {
        let pairs = [(0, 1, 0.9), (1, 2, 0.8), (3, 4, 0.4)];
        assert_eq!(clusters(5, pairs.into_iter(), 0.5, 10), [0, 0, 0, 3, 4]);
    }

    #[test]
    fn the_surest_pairs_are_joined_first() {
        let pairs = [(0, 1, 0.6), (1, 2, 0.9), (2, 3, 0.7)];
        assert_eq!(clusters(4, pairs.into_iter(), 0.5, 2), [0, 1, 1, 3]);
        assert_eq!(clusters(4, pairs.into_iter(), 0.5, 3), [0, 1, 1, 1]);
    }

    #[test]
    fn what_is_no_record_is_nothing() {
        let pairs = [(0, 9, 1.0), (1, 1, 1.0), (1, 0, f64::NAN)];
        assert_eq!(clusters(2, pairs.into_iter(), 0.5, 10), [0, 1]);
    }
}
