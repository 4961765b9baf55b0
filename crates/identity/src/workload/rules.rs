use super::PostLoad;

/// Holds what is open against what the people of a post can carry.
pub fn weighed(post: PostLoad, tasks_per_person: i64) -> PostLoad {
    let capacity = post.people * tasks_per_person;
    let load_percent = (capacity > 0).then(|| post.open_tasks * 100 / capacity);
    PostLoad { capacity, load_percent, ..post }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, LocalText};

    #[test]
    fn a_post_carries_so_much_for_each_of_its_people() {
        let post = |people, open_tasks| PostLoad {
            id: Id::new(),
            names: LocalText::default(),
            department_id: Id::new(),
            department_names: LocalText::default(),
            people,
            open_tasks,
            overdue_tasks: 0,
            capacity: 0,
            load_percent: None,
        };
        let of = |people, open| {
            let weighed = weighed(post(people, open), 20);
            (weighed.capacity, weighed.load_percent)
        };
        assert_eq!(of(2, 30), (40, Some(75)));
        assert_eq!(of(1, 25), (20, Some(125)));
        assert_eq!(of(0, 3), (0, None), "work without anybody has no share");
    }
}
