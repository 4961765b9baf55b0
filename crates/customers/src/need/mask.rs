//! What people type can hold what tells who they are: it is taken out before anything is counted or kept.

/// What stands for what was taken out.
pub const MASK: char = '•';
/// Digits from which on a number can be somebody's: phones, cards, orders.
const DIGITS_MIN: usize = 5;

/// Masks e-mail addresses, web addresses, and long numbers, whatever stands between their digits.
pub fn masked(text: &str) -> String {
    let words: Vec<String> = text.split(' ').map(|word| without_addresses(word).to_owned()).collect();
    without_numbers(&words.join(" "))
}

/// Returns true where nothing is left of a text.
pub fn is_empty(text: &str) -> bool {
    !text.chars().any(|mark| mark.is_alphanumeric())
}

fn without_addresses(word: &str) -> String {
    let is_ascii = |mark: char| mark.is_ascii() && !mark.is_ascii_whitespace();
    let mut said = String::with_capacity(word.len());
    // An address stands in the middle of Chinese without a space around it.
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|mark: char| !is_ascii(mark)).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let is_address = address.contains('@') || address.contains("://") || address.starts_with("www.");
        if is_address {
            said.push(MASK);
        } else {
            said.push_str(address);
        }
        let next = after.find(is_ascii).unwrap_or(after.len());
        said.push_str(&after[..next]);
        rest = &after[next..];
    }
    said
}

/// A number with spaces, dashes or brackets between its digits is one number.
fn without_numbers(text: &str) -> String {
    let marks: Vec<char> = text.chars().collect();
    let is_between = |mark: char| matches!(mark, ' ' | '-' | '+' | '(' | ')' | '.' | '/');
    let (mut said, mut place) = (String::with_capacity(text.len()), 0);
    while place < marks.len() {
        if !marks[place].is_numeric() {
            said.push(marks[place]);
            place += 1;
            continue;
        }
        let (mut end, mut last, mut digits) = (place, place, 0);
        while end < marks.len() && (marks[end].is_numeric() || is_between(marks[end])) {
            if marks[end].is_numeric() {
                (last, digits) = (end, digits + 1);
            }
            end += 1;
        }
        if digits >= DIGITS_MIN {
            said.push(MASK);
        } else {
            said.extend(&marks[place..=last]);
        }
        place = last + 1;
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_who_somebody_is_goes() {
        assert_eq!(masked("发票寄到lin@b.example谢谢"), "发票寄到•谢谢");
        assert_eq!(masked("打我电话 138-0013 8000 吧"), "打我电话 • 吧");
        assert_eq!(masked("see https://b.example/u/7 please"), "see • please");
        assert_eq!(masked("订单20261129"), "订单•");
        assert!(is_empty(&masked("13800138000")));
    }

    #[test]
    fn what_says_how_much_stays() {
        assert_eq!(masked("2.5升 100% 橙汁 12瓶"), "2.5升 100% 橙汁 12瓶");
    }
}
