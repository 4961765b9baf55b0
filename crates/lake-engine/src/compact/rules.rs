use crate::manifest::LakeFile;

/// Files of a level that are merged into one of the next.
const TOGETHER: usize = 4;
/// Most files that are read at a time.
const READ_MAX: usize = 16;

/// Returns the files to merge next: of one month, and of the lowest level that has enough of them.
///
/// `everything` asks for one file a month, however few there are.
pub fn plan(files: &[LakeFile], everything: bool) -> Option<Vec<LakeFile>> {
    let mut months: Vec<&str> = files.iter().map(|file| file.month.as_str()).collect();
    months.dedup();
    months.into_iter().find_map(|month| {
        let mut here: Vec<&LakeFile> = files.iter().filter(|file| file.month == month).collect();
        here.sort_by_key(|file| (file.level, file.id));
        if everything {
            return (here.len() > 1).then(|| here.into_iter().take(READ_MAX).cloned().collect());
        }
        let mut levels: Vec<i64> = here.iter().map(|file| file.level).collect();
        levels.dedup();
        levels.into_iter().find_map(|level| {
            let alike: Vec<&&LakeFile> =
                here.iter().filter(|file| file.level == level).take(READ_MAX).collect();
            (alike.len() >= TOGETHER).then(|| alike.into_iter().copied().cloned().collect())
        })
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};

    use super::*;

    fn file(month: &str, level: i64) -> LakeFile {
        LakeFile {
            id: Id::new(),
            name: String::new(),
            month: month.to_owned(),
            level,
            rows: 1,
            bytes: 1,
            first_node: Id::from_digest([0; 16]),
            last_node: Id::from_digest([255; 16]),
            from_at: Timestamp::from_ms(0),
            to_at: Timestamp::from_ms(1),
            sha256: String::new(),
        }
    }

    fn planned(files: &[LakeFile], everything: bool) -> Option<(String, usize)> {
        plan(files, everything).map(|step| (step[0].month.clone(), step.len()))
    }

    #[test]
    fn four_of_a_level_are_merged_and_fewer_are_left() {
        let mut files = vec![file("2026-10", 1), file("2026-10", 0), file("2026-10", 0), file("2026-11", 0)];
        assert_eq!(planned(&files, false), None);
        files.extend([file("2026-11", 0), file("2026-11", 0), file("2026-11", 0), file("2026-11", 1)]);
        assert_eq!(planned(&files, false), Some(("2026-11".to_owned(), 4)));
    }

    #[test]
    fn everything_leaves_one_file_a_month() {
        let files = [file("2026-10", 2), file("2026-11", 0), file("2026-11", 3)];
        assert_eq!(planned(&files, true), Some(("2026-11".to_owned(), 2)));
        assert_eq!(planned(&files[..2], true), None);
    }

    #[test]
    fn no_more_files_are_opened_than_can_be() {
        let files: Vec<LakeFile> = (0..40).map(|_| file("2026-11", 0)).collect();
        assert_eq!(planned(&files, false), Some(("2026-11".to_owned(), 16)));
    }
}
