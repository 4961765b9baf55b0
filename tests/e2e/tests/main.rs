//! Stories over the whole product, on both databases. One binary, so that it links once.

mod health;
