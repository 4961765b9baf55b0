//! Floor 3: products, their versions and dated prices.
