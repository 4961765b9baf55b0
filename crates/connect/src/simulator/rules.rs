//! What a simulated recipient does with one message: fixed by address and Message-ID, so that a
//! run can be repeated. The shares are ours, chosen near what grocery newsletters see.

use sha2::{Digest, Sha256};

/// Behaviour of one recipient towards one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behaviour {
    /// A mail gateway fetches every link at once, before anybody reads.
    pub scanned: bool,
    /// Images are loaded.
    pub opens: bool,
    /// One link is followed.
    pub clicks: bool,
    /// An order follows the click.
    pub buys: bool,
    /// The one-click unsubscribe is used.
    pub unsubscribes: bool,
}

/// Per mille of messages that a gateway scans.
const SCANNED: u64 = 80;
/// Per mille of messages that are opened.
const OPENS: u64 = 420;
/// Per mille of opened messages in which a link is followed.
const CLICKS: u64 = 260;
/// Per mille of clicks that end in an order.
const BUYS: u64 = 350;
/// Per mille of opened messages that lead to an unsubscription.
const UNSUBSCRIBES: u64 = 15;

/// Decides the behaviour.
pub fn behaviour(address: &str, message_id: &str) -> Behaviour {
    let digest = Sha256::digest(format!("{address}\n{message_id}").as_bytes());
    // Each pair of bytes is an independent draw between 0 and 999.
    let draw = |place: usize| {
        let pair = [digest[place * 4], digest[place * 4 + 1], digest[place * 4 + 2], digest[place * 4 + 3]];
        u64::from(u32::from_be_bytes(pair)) % 1000
    };
    let opens = draw(1) < OPENS;
    let clicks = opens && draw(2) < CLICKS;
    Behaviour {
        scanned: draw(0) < SCANNED,
        opens,
        clicks,
        buys: clicks && draw(3) < BUYS,
        unsubscribes: opens && draw(4) < UNSUBSCRIBES,
    }
}

/// Chooses which of `count` links the recipient follows: the first ones are followed more often.
pub fn followed(address: &str, count: usize) -> usize {
    let digest = Sha256::digest(address.as_bytes());
    let draw = usize::from(digest[31]);
    let favoured = if draw < 160 { 0 } else { draw % count.max(1) };
    favoured.min(count.saturating_sub(1))
}

impl Behaviour {
    /// Writes the behaviour as words separated by commas.
    pub fn words(self) -> String {
        let words = [
            (self.scanned, "scanned"),
            (self.opens, "opened"),
            (self.clicks, "clicked"),
            (self.buys, "ordered"),
            (self.unsubscribes, "unsubscribed"),
        ];
        let did: Vec<&str> = words.into_iter().filter(|(yes, _)| *yes).map(|(_, word)| word).collect();
        if did.is_empty() { "ignored".to_owned() } else { did.join(",") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_near_what_is_stated_and_nobody_buys_without_a_click() {
        let all: Vec<Behaviour> = (0..20_000).map(|n| behaviour(&format!("h{n}@x.invalid"), "m")).collect();
        let share = |f: fn(&Behaviour) -> bool| all.iter().filter(|b| f(b)).count() as f64 / all.len() as f64;
        assert!((share(|b| b.opens) - 0.42).abs() < 0.02);
        assert!((share(|b| b.scanned) - 0.08).abs() < 0.01);
        assert!((share(|b| b.clicks) - 0.42 * 0.26).abs() < 0.01);
        assert!(all.iter().all(|b| !b.buys || b.clicks));
        assert_eq!(behaviour("a", "m"), behaviour("a", "m"));
    }
}
