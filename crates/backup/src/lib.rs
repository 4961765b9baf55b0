//! Floor 3: backups.
