//! Reads the packed tables as `PROVENANCE.md` beside them describes them.

use std::ops::Range;

use csv::ByteRecord;
use flate2::read::GzDecoder;
use kernel::{Problem, Result};

use super::Files;

/// A basket with the place of its lines.
pub(super) struct Basket {
    pub number: u64,
    pub household: u32,
    pub store: u32,
    /// Seconds since 1970 in UTC.
    pub at: i64,
    pub lines: Range<usize>,
}

/// A line; amounts in cents.
#[derive(Clone, Copy, Default)]
pub(super) struct Line {
    pub product: u32,
    pub quantity: i32,
    pub sales: i32,
    pub retail_discount: i32,
    pub coupon_discount: i32,
    pub match_discount: i32,
}

/// What lines need of a product.
pub(super) struct Product {
    pub number: String,
    pub department: String,
}

/// The tables; lines stand together by basket.
pub(super) struct Tables {
    pub products: Vec<Product>,
    pub baskets: Vec<Basket>,
    pub lines: Vec<Line>,
}

impl Tables {
    /// Reads the tables; baskets before `from_week` keep no lines.
    pub(super) fn read(files: Files<'_>, from_week: u32) -> Result<Self> {
        let (products, counts) = read_products(files.products)?;
        let (mut baskets, weeks) = read_baskets(files.baskets, files.times)?;
        let mut loose = read_lines(files.lines, files.amounts, &counts, &baskets)?;
        loose.retain(|(basket, _)| weeks[*basket as usize] >= from_week);
        // The sort is stable: inside a basket, lines stand in the order of the catalogue.
        loose.sort_by_key(|(basket, _)| *basket);
        let mut start = 0;
        for (place, basket) in baskets.iter_mut().enumerate() {
            let count = loose[start..].iter().take_while(|(of, _)| *of as usize == place).count();
            basket.lines = start..start + count;
            start += count;
        }
        Ok(Self { products, baskets, lines: loose.into_iter().map(|(_, line)| line).collect() })
    }
}

fn read_products(gz: &[u8]) -> Result<(Vec<Product>, Vec<usize>)> {
    let (mut products, mut counts) = (Vec::new(), Vec::new());
    each(gz, &["product_id", "lines", "department"], |cells| {
        products.push(Product { number: cells.text(0)?, department: cells.text(2)? });
        counts.push(cells.number(1, 0)? as usize);
        Ok(())
    })?;
    Ok((products, counts))
}

fn read_baskets(gz: &[u8], times_gz: &[u8]) -> Result<(Vec<Basket>, Vec<u32>)> {
    let mut times = Vec::new();
    let mut at = 0;
    each(times_gz, &["at"], |cells| {
        at += cells.number(0, 0)?;
        times.push(at);
        Ok(())
    })?;
    let (mut baskets, mut weeks) = (Vec::new(), Vec::new());
    let (mut number, mut store, mut week) = (0, 0, 0);
    each(gz, &["basket_id", "household_id", "store_id", "week"], |cells| {
        number += cells.number(0, 0)?;
        store = cells.number(2, store)?;
        week = cells.number(3, week)?;
        let at = *times.get(baskets.len()).ok_or_else(|| Problem::internal("fewer times than baskets"))?;
        let household = cells.number(1, 0)? as u32;
        baskets.push(Basket { number: number as u64, household, store: store as u32, at, lines: 0..0 });
        weeks.push(week as u32);
        Ok(())
    })?;
    Ok((baskets, weeks))
}

fn read_lines(
    gz: &[u8],
    amounts_gz: &[u8],
    counts: &[usize],
    baskets: &[Basket],
) -> Result<Vec<(u32, Line)>> {
    let total = counts.iter().sum();
    let mut lines: Vec<(u32, Line)> = Vec::with_capacity(total);
    for (product, count) in counts.iter().enumerate() {
        let line = Line { product: product as u32, ..Line::default() };
        lines.extend(std::iter::repeat_n((0, line), *count));
    }
    let (mut place, mut last) = (0, (u32::MAX, 0));
    each(gz, &["basket"], |cells| {
        let (basket, line) =
            lines.get_mut(place).ok_or_else(|| Problem::internal("more lines than products say"))?;
        // Each product begins anew.
        let before = if line.product == last.0 { last.1 } else { 0 };
        let at = before + cells.number(0, 0)?;
        if usize::try_from(at).map_or(true, |at| at >= baskets.len()) {
            return Err(Problem::internal("a line of no basket"));
        }
        (*basket, last, place) = (at as u32, (line.product, at), place + 1);
        Ok(())
    })?;
    let mut rows = lines.iter_mut();
    each(
        amounts_gz,
        &["quantity", "sales_cents", "retail_disc_cents", "coupon_disc_cents", "coupon_match_disc_cents"],
        |cells| {
            let (_, line) = rows.next().ok_or_else(|| Problem::internal("more amounts than lines"))?;
            line.quantity = cells.number(0, 1)? as i32;
            line.sales = cells.number(1, 0)? as i32;
            line.retail_discount = cells.number(2, 0)? as i32;
            line.coupon_discount = cells.number(3, 0)? as i32;
            line.match_discount = cells.number(4, 0)? as i32;
            Ok(())
        },
    )?;
    if place != total || rows.next().is_some() {
        return Err(Problem::internal("the sample's tables do not fit together"));
    }
    Ok(lines)
}

/// The wanted cells of a row, in the order in which they were asked for.
struct Cells<'r> {
    row: &'r ByteRecord,
    columns: &'r [usize],
}

impl Cells<'_> {
    fn bytes(&self, cell: usize) -> &[u8] {
        self.row.get(self.columns[cell]).unwrap_or_default()
    }

    fn text(&self, cell: usize) -> Result<String> {
        String::from_utf8(self.bytes(cell).to_vec()).map_err(Problem::internal)
    }

    /// Returns the number of a cell, or `usual` where it is empty.
    fn number(&self, cell: usize, usual: i64) -> Result<i64> {
        match self.bytes(cell) {
            [] => Ok(usual),
            bytes => {
                std::str::from_utf8(bytes).map_err(Problem::internal)?.parse().map_err(Problem::internal)
            }
        }
    }
}

fn each(gz: &[u8], wanted: &[&str], mut visit: impl FnMut(Cells<'_>) -> Result<()>) -> Result<()> {
    let mut reader = csv::Reader::from_reader(GzDecoder::new(gz));
    let titles = reader.headers().map_err(Problem::internal)?.clone();
    let mut columns = Vec::with_capacity(wanted.len());
    for name in wanted {
        let place = titles.iter().position(|title| title == *name);
        columns.push(place.ok_or_else(|| Problem::internal(format!("the sample lacks the column {name}")))?);
    }
    let mut row = ByteRecord::new();
    while reader.read_byte_record(&mut row).map_err(Problem::internal)? {
        visit(Cells { row: &row, columns: &columns })?;
    }
    Ok(())
}
