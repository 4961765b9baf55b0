//! Memory (内存) of the process, where the system tells it.

use kernel::Problem;

/// Returns how many bytes of the process are in memory.
pub fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

/// Refuses what would take more than this.
pub fn too_much(bytes: u64) -> Problem {
    Problem::unprocessable("insight.query.too_much_memory").with("most_mb", bytes >> 20)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_held_is_seen_where_the_system_tells() {
        let Some(before) = super::resident() else { return };
        let held = vec![1_u8; 64 << 20];
        let after = super::resident().expect("it told before");
        assert!(after > before + (32 << 20), "{before} {after} {}", held.len());
    }
}
