//! How well records of one person are found on public data: a line of JSON for each file. The folder is `BRANDWRIGHT_DATA`.

#[path = "../tests/data/mod.rs"]
mod data;

fn main() {
    for set in data::sets() {
        println!("{}", set.figures());
    }
}
