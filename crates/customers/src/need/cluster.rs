//! Which texts are about the same: TF-IDF as scikit-learn computes it (smooth idf, sublinear tf, unit length), cosine
//! similarity, and average linkage, found by chains of nearest neighbours (Murtagh 1983), which is exact and needs no
//! more than the matrix of similarities.

use std::collections::{BTreeMap, HashMap};

use super::words::{PHRASE_MAX, Run, runs, tokens};

/// Most texts that are compared: their similarities take four bytes each, twice.
pub const TEXTS_MAX: usize = 2_000;
/// Groups are joined while they are on average at least this much alike.
pub const ALIKE: f32 = 0.3;
/// Words that name a cluster.
const WORDS_MAX: usize = 5;

/// Vector of a text: words by number, their weights; of unit length.
type Weights = Vec<(usize, f32)>;

/// Returns the groups of normal texts, by the places of their texts; each text is in one group.
pub fn group(texts: &[&str], alike: f32) -> Vec<Vec<usize>> {
    let vectors = weights(texts);
    let mut similar = similarities(&vectors);
    let joins = chain(&mut similar, texts.len());
    flat(texts.len(), &joins, alike)
}

fn weights(texts: &[&str]) -> Vec<Weights> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut counted: Vec<BTreeMap<usize, f32>> = Vec::with_capacity(texts.len());
    for text in texts {
        let mut counts: BTreeMap<usize, f32> = BTreeMap::new();
        for token in tokens(text) {
            let next = numbers.len();
            *counts.entry(*numbers.entry(token).or_insert(next)).or_default() += 1.0;
        }
        counted.push(counts);
    }
    let mut documents = vec![0.0_f32; numbers.len()];
    for counts in &counted {
        for word in counts.keys() {
            documents[*word] += 1.0;
        }
    }
    let all = texts.len() as f32;
    let weigh = |counts: BTreeMap<usize, f32>| {
        let raw: Weights = counts
            .into_iter()
            .map(|(word, count)| {
                let idf = ((1.0 + all) / (1.0 + documents[word])).ln() + 1.0;
                (word, (1.0 + count.ln()) * idf)
            })
            .collect();
        let length = raw.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        raw.into_iter().map(|(word, weight)| (word, weight / length.max(f32::MIN_POSITIVE))).collect()
    };
    counted.into_iter().map(weigh).collect()
}

/// Cosine similarities, row by row.
fn similarities(vectors: &[Weights]) -> Vec<f32> {
    let count = vectors.len();
    let mut of_word: BTreeMap<usize, Vec<(usize, f32)>> = BTreeMap::new();
    for (text, weights) in vectors.iter().enumerate() {
        for (word, weight) in weights {
            of_word.entry(*word).or_default().push((text, *weight));
        }
    }
    let mut similar = vec![0.0_f32; count * count];
    for texts in of_word.values() {
        for (place, (one, weight)) in texts.iter().enumerate() {
            for (other, other_weight) in &texts[place + 1..] {
                similar[one * count + other] += weight * other_weight;
            }
        }
    }
    for one in 0..count {
        for other in one + 1..count {
            similar[other * count + one] = similar[one * count + other];
        }
    }
    similar
}

/// A join: two texts of the groups that were joined, and how much alike the groups are on average.
type Join = (usize, usize, f32);

/// Joins everything, the nearest neighbours of each other first.
fn chain(similar: &mut [f32], count: usize) -> Vec<Join> {
    let mut sizes = vec![1.0_f32; count];
    let mut there = vec![true; count];
    let (mut joins, mut chain): (Vec<Join>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut first = 0;
    while joins.len() + 1 < count {
        if chain.is_empty() {
            while !there[first] {
                first += 1;
            }
            chain.push(first);
        }
        let top = chain[chain.len() - 1];
        let before = chain.len().checked_sub(2).map(|place| chain[place]);
        // Of several that are as near the one before wins, and then the first: no chain goes in circles.
        let mut nearest = before;
        let mut best = before.map_or(f32::NEG_INFINITY, |before| similar[top * count + before]);
        for other in (0..count).filter(|other| there[*other] && *other != top) {
            if similar[top * count + other] > best {
                (nearest, best) = (Some(other), similar[top * count + other]);
            }
        }
        let Some(nearest) = nearest else { break };
        if Some(nearest) != before {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (kept, gone) = (top.min(nearest), top.max(nearest));
        joins.push((kept, gone, best));
        there[gone] = false;
        let all = sizes[kept] + sizes[gone];
        for other in (0..count).filter(|other| there[*other] && *other != kept) {
            let mean = (sizes[kept] * similar[kept * count + other]
                + sizes[gone] * similar[gone * count + other])
                / all;
            similar[kept * count + other] = mean;
            similar[other * count + kept] = mean;
        }
        sizes[kept] = all;
    }
    joins
}

/// Takes the joins of groups that are alike enough; average linkage never finds more alike groups above less alike ones.
fn flat(count: usize, joins: &[Join], alike: f32) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..count).collect();
    let root = |of: &[usize], mut text: usize| {
        while of[text] != text {
            text = of[text];
        }
        text
    };
    for (one, other, similar) in joins {
        if *similar >= alike {
            let (one, other) = (root(&of, *one), root(&of, *other));
            of[one.max(other)] = one.min(other);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for text in 0..count {
        groups.entry(root(&of, text)).or_default().push(text);
    }
    groups.into_values().collect()
}

/// Phrase (候选词) as it is counted for a name.
#[derive(Clone, Copy, Debug, Default)]
struct Phrase {
    count: f64,
    begins: f64,
    ends: f64,
}

/// Returns what names a group: phrases that come often and stand by themselves somewhere, the strongest first. `texts`
/// are its normal texts and how often each was said.
pub fn names(texts: &[(&str, i64)]) -> Vec<String> {
    let mut phrases: BTreeMap<String, Phrase> = BTreeMap::new();
    for (text, said) in texts {
        let said = *said as f64;
        for run in runs(text) {
            match run {
                Run::Word(word) => note(&mut phrases, word, said, true, true),
                Run::Dense(marks) => {
                    let longest = marks.len().min(PHRASE_MAX);
                    for length in marks.len().min(2)..=longest {
                        for (place, piece) in marks.windows(length).enumerate() {
                            let is_last = place + length == marks.len();
                            note(&mut phrases, piece.iter().collect(), said, place == 0, is_last);
                        }
                    }
                }
            }
        }
    }
    let strength = |phrase: &Phrase, text: &str| {
        // What neither begins nor ends a run anywhere is most likely a piece of something.
        let alone = (phrase.begins / phrase.count) * (phrase.ends / phrase.count);
        phrase.count * (alone + 0.05) * (text.chars().count() as f64).sqrt()
    };
    // What one person said once could name them.
    let is_shared = |phrase: &Phrase| phrase.count >= 2.0;
    let mut ranked: Vec<(f64, String)> = phrases
        .into_iter()
        .filter(|(_, phrase)| is_shared(phrase))
        .map(|(text, phrase)| (strength(&phrase, &text), text))
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let mut chosen: Vec<String> = Vec::new();
    for (_, text) in ranked {
        let is_told = chosen.iter().any(|known| known.contains(&text) || text.contains(known.as_str()));
        if !is_told {
            chosen.push(text);
        }
        if chosen.len() == WORDS_MAX {
            break;
        }
    }
    chosen
}

fn note(phrases: &mut BTreeMap<String, Phrase>, text: String, said: f64, begins: bool, ends: bool) {
    let phrase = phrases.entry(text).or_default();
    phrase.count += said;
    phrase.begins += if begins { said } else { 0.0 };
    phrase.ends += if ends { said } else { 0.0 };
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 7] =
        ["无糖酸奶", "低糖酸奶", "酸奶无糖", "儿童牙膏", "牙膏儿童", "oat milk", "milk oats"];

    #[test]
    fn texts_about_the_same_come_together() {
        assert_eq!(group(&TEXTS, ALIKE), vec![vec![0, 1, 2], vec![3, 4], vec![5, 6]]);
    }

    #[test]
    fn the_order_of_texts_changes_nothing_but_places() {
        let turned: Vec<&str> = TEXTS.iter().rev().copied().collect();
        let mut groups: Vec<Vec<&str>> = Vec::new();
        for group in group(&turned, ALIKE) {
            let mut texts: Vec<&str> = group.into_iter().map(|place| turned[place]).collect();
            texts.sort_unstable();
            groups.push(texts);
        }
        groups.sort_unstable();
        assert_eq!(
            groups,
            [
                vec!["milk oats", "oat milk"],
                vec!["低糖酸奶", "无糖酸奶", "酸奶无糖"],
                vec!["儿童牙膏", "牙膏儿童"]
            ]
        );
    }

    #[test]
    fn nothing_is_grouped_where_there_is_nothing() {
        assert!(group(&[], ALIKE).is_empty());
        assert_eq!(group(&["酸奶"], ALIKE), vec![vec![0]]);
        assert_eq!(group(&["？", "！"], ALIKE), vec![vec![0], vec![1]]);
    }

    #[test]
    fn a_group_is_named_by_what_stands_by_itself() {
        let named = names(&[("无糖酸奶", 10), ("低糖酸奶", 5), ("酸奶无糖", 3)]);
        assert_eq!(named[0], "无糖酸奶");
        assert!(named.contains(&"低糖酸奶".to_owned()), "{named:?}");
        assert!(!named.contains(&"糖酸".to_owned()), "{named:?}");
        assert_eq!(names(&[("oat milk", 2)]), ["milk", "oat"]);
    }

    /// Flat clusters of these texts as scipy 1.17.1 gives them (`linkage(method="average", metric="cosine")`,
    /// `fcluster(1 - alike, criterion="distance")`) over scikit-learn 1.9.1's `TfidfVectorizer(sublinear_tf=True)`.
    #[test]
    fn groups_are_those_of_another_implementation() {
        let texts = [
            "red apple",
            "green apple",
            "apple pie",
            "cherry pie",
            "green tea",
            "black tea",
            "tea pot",
            "iron pot",
            "red wine",
            "white wine",
        ];
        let oracle: [(f32, [u8; 10]); 3] = [
            (0.3, [5, 2, 4, 4, 2, 3, 1, 1, 5, 6]),
            (0.2, [5, 2, 4, 4, 2, 3, 1, 1, 5, 5]),
            (0.1, [3, 1, 2, 2, 1, 1, 1, 1, 3, 3]),
        ];
        for (alike, labels) in oracle {
            let mut wanted: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
            for (text, label) in labels.iter().enumerate() {
                wanted.entry(*label).or_default().push(text);
            }
            let mut wanted: Vec<Vec<usize>> = wanted.into_values().collect();
            wanted.sort_unstable();
            assert_eq!(group(&texts, alike), wanted, "{alike}");
        }
    }
}
