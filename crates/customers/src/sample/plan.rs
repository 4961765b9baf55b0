//! The sample company's tracking plan: what its site and its app are to tell.

use http_kit::App;
use kernel::{Caller, Result};

use crate::plan::{
    ExtraProperties, NewPlannedEvent, PlanState, PlannedKind, PlannedProperty, PropertyKind, create,
};

/// A property: name, kind, whether it must be there, what it means.
type Told = (&'static str, PropertyKind, bool, &'static str);

const SHELVES: [&str; 6] = ["produce", "dairy", "bakery", "meat", "drinks", "snacks"];

/// Plans the events of shop and app; one of the app's is left for people to find.
pub async fn load(app: &App) -> Result<()> {
    let viewed: [Told; 2] = [
        ("product_id", PropertyKind::Text, true, "商品编号"),
        ("category", PropertyKind::Text, true, "商品分类"),
    ];
    let added: [Told; 5] = [
        viewed[0],
        viewed[1],
        ("price", PropertyKind::Number, true, "加入购物车时的单价（元）"),
        ("quantity", PropertyKind::Integer, true, "数量"),
        ("currency", PropertyKind::Text, false, "币种"),
    ];
    plan(app, PlannedKind::Page, None, "访客打开网页", &[]).await?;
    plan(app, PlannedKind::Screen, None, "会员打开小程序页面", &[]).await?;
    let searched: [Told; 1] = [("query", PropertyKind::Text, true, "搜索词")];
    let reviewed: [Told; 2] = [
        ("product_id", PropertyKind::Text, true, "商品编号"),
        ("review_body", PropertyKind::Text, true, "评价内容"),
    ];
    plan(app, PlannedKind::Track, Some("Products Searched"), "搜索商品", &searched).await?;
    plan(app, PlannedKind::Track, Some("Product Reviewed"), "评价商品", &reviewed).await?;
    plan(app, PlannedKind::Track, Some("Product Viewed"), "查看商品详情", &viewed).await?;
    plan(app, PlannedKind::Track, Some("Product Added"), "加入购物车", &added).await
}

async fn plan(app: &App, kind: PlannedKind, name: Option<&str>, means: &str, told: &[Told]) -> Result<()> {
    let property = |(name, kind, required, description): &Told| PlannedProperty {
        name: (*name).to_owned(),
        kind: *kind,
        required: *required,
        choices: if *name == "category" { SHELVES.map(str::to_owned).to_vec() } else { Vec::new() },
        personal: false,
        description: (*description).to_owned(),
    };
    let new = NewPlannedEvent {
        kind,
        name: name.map(str::to_owned),
        description: means.to_owned(),
        state: PlanState::Live,
        properties: told.iter().map(property).collect(),
        extra: ExtraProperties::Allow,
        sources: Vec::new(),
        reason: "商城与小程序统一埋点".to_owned(),
    };
    create(app, &Caller::system("sample"), &new).await.map(drop)
}
