//! Print (打印): pages of text and small curves, as PDF.

mod book;
mod page;

pub use book::Book;
pub use page::{BODY, CHAPTER, DETAIL, HEADING, Pages, Style, TITLE};
