//! Floor 3: orders and what they earned.
