//! Whether the catalogue has a product for what somebody searched for.

use std::collections::{HashMap, HashSet};

use super::words::{normal, tokens};

/// Terms, by the words that a product must have to answer them.
#[derive(Debug)]
pub struct Wanted {
    of_word: HashMap<String, Vec<usize>>,
    needed: Vec<usize>,
    answered: Vec<bool>,
    products: usize,
}

impl Wanted {
    /// Takes normal terms.
    pub fn new(terms: &[&str]) -> Self {
        let mut of_word: HashMap<String, Vec<usize>> = HashMap::new();
        let mut needed = Vec::with_capacity(terms.len());
        for (place, term) in terms.iter().enumerate() {
            let words: HashSet<String> = tokens(term).into_iter().collect();
            needed.push(words.len());
            for word in words {
                of_word.entry(word).or_default().push(place);
            }
        }
        Self { of_word, answered: vec![false; needed.len()], needed, products: 0 }
    }

    /// Holds a product against all terms: one that has every word of a term answers it, whatever the order.
    pub fn hold(&mut self, said: &str) {
        self.products += 1;
        let mut met: HashMap<usize, usize> = HashMap::new();
        let words: HashSet<String> = tokens(&normal(said)).into_iter().collect();
        for word in words {
            for term in self.of_word.get(&word).into_iter().flatten() {
                *met.entry(*term).or_default() += 1;
            }
        }
        for (term, words) in met {
            self.answered[term] |= words == self.needed[term];
        }
    }

    /// Returns which terms no product answers; none where there are no products, because nothing can be said then. A term
    /// without words asks for nothing.
    pub fn unanswered(self) -> Vec<bool> {
        let known = self.products > 0;
        self.needed
            .iter()
            .zip(self.answered)
            .map(|(needed, answered)| known && *needed > 0 && !answered)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_answers_a_term_with_all_of_its_words() {
        let mut wanted = Wanted::new(&["无糖酸奶", "酸奶", "oat milk", "？"]);
        wanted.hold("原味酸奶 950克 乳制品");
        wanted.hold("Milk, oat, 1 L");
        assert_eq!(wanted.unanswered(), [true, false, false, false]);
    }

    #[test]
    fn without_a_catalogue_nothing_is_unmet() {
        assert_eq!(Wanted::new(&["酸奶"]).unanswered(), [false]);
    }
}
