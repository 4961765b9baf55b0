use std::io::Read;

use csv::{ReaderBuilder, StringRecord};
use flate2::read::GzDecoder;
use kernel::{Problem, Result};

use super::Files;

/// Product, as far as lines need it.
#[derive(Debug)]
pub(super) struct Product {
    pub id: String,
    pub department: String,
    lines: usize,
}

/// Basket.
#[derive(Debug)]
pub(super) struct Basket {
    pub id: u64,
    pub household: u32,
    pub store: u32,
    pub week: u32,
    /// Seconds since 1970 UTC.
    pub at: i64,
}

/// Order line; 28 bytes, because there are one and a half million.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    basket: u32,
    pub product: u32,
    pub quantity: i32,
    pub sales_cents: i32,
    pub retail_disc_cents: i32,
    pub coupon_disc_cents: i32,
    pub match_disc_cents: i32,
}

/// The tables of the sample, decoded (layout: sample/PROVENANCE.md).
pub(super) struct Columns {
    pub products: Vec<Product>,
    pub baskets: Vec<Basket>,
    /// Sorted by basket.
    rows: Vec<Row>,
    /// Where each basket's rows begin; one more than there are baskets.
    starts: Vec<usize>,
    from_week: u32,
}

impl Columns {
    pub(super) fn read(files: Files<'_>, from_week: u32) -> Result<Self> {
        let products = products(files.products)?;
        let baskets = baskets(files.baskets, files.times)?;
        let mut rows = rows(files.lines, files.amounts, &products)?;
        rows.retain(|row| baskets.get(row.basket as usize).is_some_and(|b| b.week >= from_week));
        rows.sort_by_key(|row| row.basket);
        let mut starts = Vec::with_capacity(baskets.len() + 1);
        let mut at = 0;
        for basket in 0..=baskets.len() {
            while rows.get(at).is_some_and(|row| (row.basket as usize) < basket) {
                at += 1;
            }
            starts.push(at);
        }
        Ok(Self { products, baskets, rows, starts, from_week })
    }

    /// Returns the places of the wanted baskets, oldest first.
    pub(super) fn wanted(&self) -> impl Iterator<Item = usize> {
        (0..self.baskets.len()).filter(|at| self.baskets[*at].week >= self.from_week)
    }

    /// Returns the lines of the basket at this place.
    pub(super) fn lines_of(&self, basket: usize) -> &[Row] {
        &self.rows[self.starts[basket]..self.starts[basket + 1]]
    }
}

type Table<'a> = csv::Reader<GzDecoder<&'a [u8]>>;

fn open(gz: &[u8]) -> Table<'_> {
    ReaderBuilder::new().from_reader(GzDecoder::new(gz))
}

/// Calls `each` with every data row.
fn each<R: Read>(mut table: csv::Reader<R>, mut each: impl FnMut(&StringRecord) -> Result<()>) -> Result<()> {
    let mut record = StringRecord::new();
    while table.read_record(&mut record).map_err(Problem::internal)? {
        each(&record)?;
    }
    Ok(())
}

/// Reads a number; an empty cell is `empty`.
fn number<T: std::str::FromStr>(record: &StringRecord, at: usize, empty: T) -> Result<T> {
    let text = record.get(at).unwrap_or_default();
    if text.is_empty() {
        return Ok(empty);
    }
    text.parse().map_err(|_| Problem::internal(format!("sample: {text:?} is no number")))
}

fn products(gz: &[u8]) -> Result<Vec<Product>> {
    let mut products = Vec::new();
    each(open(gz), |record| {
        products.push(Product {
            id: record.get(0).unwrap_or_default().to_owned(),
            lines: number(record, 1, 0)?,
            department: record.get(5).unwrap_or_default().to_owned(),
        });
        Ok(())
    })?;
    Ok(products)
}

fn baskets(gz: &[u8], times_gz: &[u8]) -> Result<Vec<Basket>> {
    let mut baskets: Vec<Basket> = Vec::new();
    each(open(gz), |record| {
        let (id, household, store, week) =
            baskets.last().map_or((0, 0, 0, 0), |b| (b.id, b.household, b.store, b.week));
        baskets.push(Basket {
            id: id + number::<u64>(record, 0, 0)?,
            household: number(record, 1, household)?,
            store: number(record, 2, store)?,
            week: number(record, 3, week)?,
            at: 0,
        });
        Ok(())
    })?;
    let (mut place, mut at) = (0, 0_i64);
    each(open(times_gz), |record| {
        at += number::<i64>(record, 0, 0)?;
        let basket = baskets.get_mut(place).ok_or_else(|| Problem::internal("sample: more times than baskets"))?;
        (basket.at, place) = (at, place + 1);
        Ok(())
    })?;
    Ok(baskets)
}

fn rows(gz: &[u8], amounts_gz: &[u8], products: &[Product]) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::with_capacity(products.iter().map(|p| p.lines).sum());
    let (mut product, mut left, mut basket) = (0_usize, products.first().map_or(0, |p| p.lines), 0_u32);
    each(open(gz), |record| {
        while left == 0 {
            product += 1;
            (left, basket) = (products.get(product).map_or(usize::MAX, |p| p.lines), 0);
        }
        left -= 1;
        basket += number::<u32>(record, 0, 0)?;
        rows.push(Row {
            basket,
            product: product as u32,
            quantity: 1,
            sales_cents: 0,
            retail_disc_cents: 0,
            coupon_disc_cents: 0,
            match_disc_cents: 0,
        });
        Ok(())
    })?;
    let mut place = 0;
    each(open(amounts_gz), |record| {
        let row = rows.get_mut(place).ok_or_else(|| Problem::internal("sample: more amounts than lines"))?;
        row.quantity = number(record, 0, 1)?;
        row.sales_cents = number(record, 1, 0)?;
        row.retail_disc_cents = number(record, 2, 0)?;
        row.coupon_disc_cents = number(record, 3, 0)?;
        row.match_disc_cents = number(record, 4, 0)?;
        place += 1;
        Ok(())
    })?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> Vec<u8> {
        let path = format!("{}/../../sample/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The sums that sample/PROVENANCE.md states, computed there by another program from the source itself.
    #[test]
    fn every_line_arrives_with_its_figures() {
        let [products, baskets, times, lines, amounts] = [
            "products.csv.gz",
            "baskets.csv.gz",
            "basket_times.csv.gz",
            "order_lines.csv.gz",
            "order_line_amounts.csv.gz",
        ]
        .map(file);
        let files =
            Files { products: &products, baskets: &baskets, times: &times, lines: &lines, amounts: &amounts };
        let columns = Columns::read(files, 1).expect("sound");
        let sum = |of: fn(&Row) -> i32| columns.rows.iter().map(|row| i64::from(of(row))).sum::<i64>();
        assert_eq!((columns.rows.len(), columns.baskets.len()), (1_469_307, 155_848));
        assert_eq!(sum(|r| r.sales_cents), 459_603_958);
        assert_eq!(sum(|r| r.retail_disc_cents), 79_165_064);
        assert_eq!(sum(|r| r.coupon_disc_cents), 2_635_990);
        assert_eq!(sum(|r| r.match_disc_cents), 454_265);
        assert_eq!(sum(|r| r.quantity), 152_923_108);
        assert_eq!(columns.baskets.last().map(|b| b.id), Some(41_481_282_915));
        let late = Columns::read(files, 28).expect("sound");
        assert_eq!((late.rows.len(), late.wanted().count()), (730_768, 77_878));
    }
}
