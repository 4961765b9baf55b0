use kernel::{GrantScope, Problem};
use rulebook::parameter::{self, Value};
use serde_json::{Value as Json, json};
use store::on_both;

use crate::support::{MIGRATIONS, app, folder, somebody};

fn pack(cap: i64) -> Vec<rulebook::pack::Folder> {
    let text = format!(
        "- {{key: cap, kind: integer, default: {cap}, minimum: 0, maximum: 10, title: {{en: Cap}}}}\n\
         - {{key: quiet, kind: time_range, default: '21:00-09:00', title: {{en: Quiet}}}}\n"
    );
    vec![folder("test", &[("parameters.yaml", &text)])]
}

fn new_value(value: Json, reason: &str) -> parameter::NewValue {
    serde_json::from_value(json!({"value": value, "reason": reason})).expect("a body")
}

fn code(problem: &Problem) -> &str {
    problem.fields.first().map_or(&problem.code, |field| &field.code)
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_value_changes_with_a_reason_and_every_value_is_kept(store: TestStore) {
        let app = app(&store, pack(2)).await;
        let person = somebody(&[rulebook::permissions::PARAMETER_CHANGE], GrantScope::Company);
        assert_eq!(parameter::get(&app.store, "cap").await.expect("there"), Value::Integer(2));
        assert!(parameter::get(&app.store, "quiet").await.expect("there").time_range().expect("a range").contains(0));

        let refused = parameter::change(&app, &person, "cap", 1, new_value(json!(3), "ok")).await;
        assert_eq!(code(&refused.expect_err("no reason")), "rulebook.parameter.reason_length");
        let refused = parameter::change(&app, &person, "cap", 1, new_value(json!(11), "more mail")).await;
        assert_eq!(code(&refused.expect_err("too many")), "rulebook.parameter.out_of_bounds");
        let refused = parameter::change(&app, &person, "cap", 7, new_value(json!(3), "more mail")).await;
        assert_eq!(refused.expect_err("another version").status, 412);

        let after = parameter::change(&app, &person, "cap", 1, new_value(json!(3), "more mail")).await.expect("done");
        assert_eq!((after.value, after.version, after.changed), (json!(3), 2, true));
        let mut tx = app.store.begin(&person).await.expect("begins");
        assert_eq!(parameter::get_in(&mut tx, "cap").await.expect("there").integer().expect("whole"), 3);
        drop(tx);
        let history = parameter::history(&app, "cap").await.expect("kept");
        let kept: Vec<_> = history.iter().map(|c| (c.version, c.before.clone(), c.after.clone())).collect();
        assert_eq!(kept, [(2, Some(json!(2)), json!(3)), (1, None, json!(2))]);
        assert_eq!(history[0].changed_by, person.find_user_id());
    }

    async fn a_new_pack_moves_untouched_values_and_leaves_changed_ones(store: TestStore) {
        let first = app(&store, pack(2)).await;
        let second = app(&store, pack(4)).await;
        assert_eq!(parameter::get(&second.store, "cap").await.expect("there"), Value::Integer(4));
        let person = somebody(&[], GrantScope::Company);
        parameter::change(&first, &person, "cap", 2, new_value(json!(5), "by hand")).await.expect("changed");
        let third = app(&store, pack(6)).await;
        assert_eq!(parameter::get(&third.store, "cap").await.expect("there"), Value::Integer(5));
    }
}
