use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Result, UnitPrice};
use sales::order::{NewLine, NewOrder, place};

/// Places the orders of simulated recipients (模拟下单); only for the sample's generated addresses.
pub(crate) struct SampleShop;

/// What is put into the basket: product of the sample, price in millionths.
const BASKETS: [(&str, i64); 4] =
    [("1082185", 12_800_000), ("1029743", 23_900_000), ("995242", 9_900_000), ("981760", 35_500_000)];

#[async_trait]
impl connect::Shop for SampleShop {
    async fn order(&self, app: &App, address: &str, reference: &str) -> Result<()> {
        let household = address.strip_prefix('h').and_then(|a| a.split_once("@household.sample.invalid"));
        let Some((household, _)) = household else { return Ok(()) };
        let pick = household.bytes().map(usize::from).sum::<usize>();
        let line = |at: usize, units: i64| {
            let (sku, price) = BASKETS[at % BASKETS.len()];
            NewLine {
                sku: sku.to_owned(),
                description: None,
                product_source: Some(catalog::sample::SOURCE.to_owned()),
                quantity_milli: units * 1_000,
                unit_price_micro: UnitPrice(price),
                ..NewLine::default()
            }
        };
        let order = NewOrder {
            source: "simulator".to_owned(),
            number: reference.split('@').next().unwrap_or(reference).chars().take(64).collect(),
            member_number: Some(household.to_owned()),
            store: Some("模拟商城".to_owned()),
            lines: vec![line(pick, 1 + (pick % 3) as i64), line(pick + 1, 1)],
            ..NewOrder::default()
        };
        place::place(app, &Caller::system("recipient simulator"), order).await.map(drop)
    }
}
