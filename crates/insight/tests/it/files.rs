use kernel::{GrantScope, Label};
use serde_json::json;

use crate::world::{ALL, MIGRATIONS, World, analyst, user};

store::on_both! {
    migrations = MIGRATIONS;

    async fn answers_leave_as_files_with_a_reason(store: TestStore) {
        let world = World::furnished(store).await;
        let ask = |format: &str, reason: &str| json!({
            "sql": "SELECT p.city, o.total_minor, o.happened_at FROM orders o JOIN profiles p ON p.id = o.profile_id ORDER BY 2",
            "format": format, "reason": reason,
        });
        let export = async |body| world.call(&analyst(), "POST", "/sql/export", None, Some(body)).await;
        export(ask("csv", "why")).await.refused(422, "insight.query.reason_needed");
        let csv = export(ask("csv", "monthly report")).await;
        let text = String::from_utf8(csv.body.to_vec()).expect("text");
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[..3], ["city,total_minor,happened_at", "杭州,1000,2026-11-22 16:00:00", "上海,2000,2026-11-22 16:00:00"]);
        assert_eq!(&export(ask("xlsx", "monthly report")).await.body[..2], b"PK");
        let parquet = export(ask("parquet", "a notebook")).await.body;
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
        let logged = world.audited("insight.query").await;
        let reasons: Vec<_> = logged.iter().map(|entry| entry["reason"].clone()).collect();
        assert_eq!(reasons, [json!("monthly report"), json!("monthly report"), json!("a notebook")]);
        let codes: Vec<&str> = ALL.iter().copied().filter(|code| *code != "tabular.export.run").collect();
        let kept_in = user(&codes, GrantScope::Company, Label::Secret);
        let refused = world.call(&kept_in, "POST", "/sql/export", None, Some(ask("parquet", "a notebook"))).await;
        refused.refused(403, "access.missing_permission");
    }
}
