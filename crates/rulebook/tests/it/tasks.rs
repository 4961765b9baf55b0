use kernel::{GrantScope, Id, PageQuery, Timestamp};
use rulebook::task::{self, Assignee, NewTask, Sentence, TaskFilter};
use store::testing::START;
use store::{Audit, on_both};

use crate::support::{APPROVE, MIGRATIONS, app, somebody};

fn task(assignee: Assignee, due_at: Option<Timestamp>) -> NewTask {
    NewTask {
        kind: "brand.review",
        subject_noun: "brand.content",
        subject_id: Id::new(),
        link: "/content/items/1".into(),
        title: Sentence::new("rulebook.machine.field_missing").with("field", "x"),
        assignee,
        not_for: vec![],
        due_at,
        actions: vec![],
    }
}

on_both! {
    migrations = MIGRATIONS;

    async fn my_work_holds_what_waits_for_me_most_urgent_first(store: TestStore) {
        let app = app(&store, vec![]).await;
        let brand = Id::new();
        let reviewer = somebody(&[APPROVE], GrantScope::Brand(brand));
        let me = reviewer.user_id().expect("a user");
        let at_brand = |id| Assignee::Permission { code: APPROVE.code, brand_id: Some(id), department_id: None };
        let tasks = [
            task(Assignee::User(me), None),
            task(at_brand(brand), Some(START.plus_days(2))),
            task(at_brand(brand), Some(START.plus_days(-1))),
            // Of another brand, of another person, mine but for the author.
            task(at_brand(Id::new()), Some(START)),
            task(Assignee::User(Id::new()), Some(START)),
            NewTask { not_for: vec![me], ..task(at_brand(brand), Some(START)) },
        ];
        let mut tx = app.store.begin(&reviewer).await.expect("begins");
        let mut ids = Vec::new();
        for task in &tasks {
            ids.push(task::open(&mut tx, task.clone()).await.expect("opens"));
        }
        tx.audit(Audit::without_row("submit", "brand.content")).await.expect("audits");
        tx.commit().await.expect("commits");

        let page = PageQuery { page_size: Some(2), cursor: None };
        let first = task::list(&app, &reviewer, &page, &TaskFilter::default()).await.expect("lists");
        assert_eq!(first.items.iter().map(|t| t.id).collect::<Vec<_>>(), [ids[2], ids[1]]);
        assert_eq!(first.items[0].title, "Fill in “x”.");
        assert!(first.items[0].overdue && !first.items[1].overdue);
        let page = PageQuery { page_size: Some(2), cursor: first.next_cursor };
        let rest = task::list(&app, &reviewer, &page, &TaskFilter::default()).await.expect("lists");
        assert_eq!(rest.items.iter().map(|t| t.id).collect::<Vec<_>>(), [ids[0]]);
        let count = task::count(&app, &reviewer).await.expect("counts");
        assert_eq!((count.open, count.overdue), (3, 1));
        let all = TaskFilter { mine: Some(false), ..TaskFilter::default() };
        assert_eq!(task::list(&app, &reviewer, &PageQuery::default(), &all).await.expect_err("no right").status, 403);

        let mut tx = app.store.begin(&reviewer).await.expect("begins");
        let done = task::complete(&mut tx, "brand.content", tasks[2].subject_id, "brand.review", Some(me)).await;
        assert_eq!(done.expect("completes"), 1);
        tx.audit(Audit::without_row("approve", "brand.content")).await.expect("audits");
        tx.commit().await.expect("commits");
        assert_eq!(task::count(&app, &reviewer).await.expect("counts").open, 2);
    }
}
