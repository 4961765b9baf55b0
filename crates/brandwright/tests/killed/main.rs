//! What is left when the product is killed with signal 9 in the middle of its work, and what it makes of that when it
//! comes back. The binary runs as it does for everybody; only its own API, its command line and a mail server of the
//! test are asked. A disk that is full belongs here, too: the machine lets go of the work in its middle.

mod backing_up;
mod full_disk;
mod importing;
mod product;
mod sending;
mod sink;

use std::time::Duration;

/// Numbers that differ with every run; the seed is printed, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    /// Throws anew, or as `BRANDWRIGHT_KILL_SEED` says.
    fn new() -> Self {
        let seed = number("BRANDWRIGHT_KILL_SEED").unwrap_or_else(|| {
            let id = kernel::Id::new().to_string();
            id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        });
        println!("BRANDWRIGHT_KILL_SEED={seed}");
        Self(seed | 1)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// How often the product is killed: three times, or as often as `BRANDWRIGHT_KILLS` says.
fn kills() -> u64 {
    number("BRANDWRIGHT_KILLS").unwrap_or(3)
}

fn number(variable: &str) -> Option<u64> {
    std::env::var_os(variable).map(|text| text.to_string_lossy().parse().expect("a number"))
}

/// Longest wait for something that happens in another process.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again until there is an answer: another process rings no bell here.
async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    let asking = async {
        loop {
            ticks.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("not in time: {what}"))
}
