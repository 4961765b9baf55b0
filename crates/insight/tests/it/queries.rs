use kernel::{Caller, GrantScope, Label};
use serde_json::{Value as Json, json};

use crate::world::{ALL, MIGRATIONS, World, analyst, user};

fn query(sharing: &str, people: &[&Caller]) -> Json {
    let people: Vec<_> = people.iter().map(|caller| caller.user_id().expect("a user")).collect();
    json!({
        "name": "大单", "sql": "SELECT COUNT(*) AS n FROM orders WHERE total_minor >= $least",
        "chart": { "kind": "number", "y": ["n"] },
        "parameters": [{ "name": "least", "label": "最低金额", "kind": "integer", "default": 1500 }],
        "sharing": sharing, "people": people,
    })
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_query_is_kept_shared_changed_and_put_away(store: TestStore) {
        let world = World::furnished(store).await;
        let (owner, friend, stranger) = (analyst(), analyst(), analyst());
        let seen = async |caller: &Caller| {
            let page = world.call(caller, "GET", "/queries", None, None).await.done();
            page["items"].as_array().expect("a page").len()
        };
        let made = world.call(&owner, "POST", "/queries", None, Some(query("private", &[]))).await;
        assert_eq!(made.status, 201);
        let made = made.done();
        let place = format!("/queries/{}", made["id"].as_str().expect("an id"));
        assert_eq!((seen(&owner).await, seen(&friend).await), (1, 0));
        world.call(&friend, "GET", &place, None, None).await.refused(404, "access.not_found");
        let shared = world.call(&owner, "PUT", &place, Some(1), Some(query("people", &[&friend]))).await.done();
        assert_eq!((&shared["version"], &shared["people"][0]), (&json!(2), &json!(friend.user_id().expect("a user"))));
        assert_eq!((seen(&friend).await, seen(&stranger).await), (1, 0));
        world.call(&stranger, "POST", &format!("{place}/run"), None, Some(json!({}))).await.refused(404, "access.not_found");
        let stale = world.call(&owner, "PUT", &place, Some(1), Some(query("company", &[]))).await;
        assert_eq!(stale.status, 412, "{}", stale.json);
        world.call(&friend, "PUT", &place, Some(2), Some(query("company", &[]))).await.refused(403, "insight.query.not_owner");
        world.call(&owner, "PUT", &place, Some(2), Some(query("company", &[]))).await.done();
        assert_eq!((seen(&friend).await, seen(&stranger).await), (1, 1));
        world.call(&stranger, "POST", &format!("{place}/archive"), Some(3), None).await.refused(403, "insight.query.not_owner");
        world.call(&owner, "POST", &format!("{place}/archive"), Some(3), None).await.done();
        assert_eq!((seen(&owner).await, seen(&stranger).await), (0, 0));
        let actions: Vec<Json> = world.audited("insight.query").await.iter().map(|entry| entry["action"].clone()).collect();
        assert_eq!(actions, ["create", "update", "update", "archive"]);
    }

    async fn a_query_is_answered_with_the_rights_of_whoever_asks(store: TestStore) {
        let world = World::furnished(store).await;
        let made = world.call(&analyst(), "POST", "/queries", None, Some(query("company", &[]))).await.done();
        let place = format!("/queries/{}/run", made["id"].as_str().expect("an id"));
        let run = async |caller: &Caller, body: Json| world.call(caller, "POST", &place, None, Some(body)).await;
        assert_eq!(run(&analyst(), json!({})).await.done()["rows"], json!([[1]]));
        assert_eq!(run(&analyst(), json!({ "values": { "least": 0 } })).await.done()["rows"], json!([[2]]));
        run(&analyst(), json!({ "values": { "least": "0 OR 1 = 1" } })).await.refused(422, "insight.query.value_unfit");
        run(&analyst(), json!({ "values": { "most": 1 } })).await.refused(422, "insight.query.no_such_parameter");
        let codes: Vec<&str> = ALL.iter().copied().filter(|code| *code != "sales.order.read").collect();
        run(&user(&codes, GrantScope::Company, Label::Secret), json!({})).await.refused(403, "access.missing_permission");
    }

    async fn what_makes_no_sense_is_not_kept(store: TestStore) {
        let world = World::new(store).await;
        let mut bad = query("private", &[]);
        bad["name"] = json!(" ");
        bad["sql"] = json!("");
        bad["parameters"][0]["name"] = json!("; DROP");
        let refused = world.call(&analyst(), "POST", "/queries", None, Some(bad)).await;
        refused.refused(422, "insight.query.invalid");
        let fields: Vec<&str> = refused.json["fields"].as_array().expect("fields").iter().filter_map(|field| field["field"].as_str()).collect();
        assert_eq!(fields, ["name", "sql", "parameters[0]"]);
    }
}
