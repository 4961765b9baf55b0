//! Harness of the stories: the whole product on a fresh database of either kind, reached over HTTP.

mod client;
mod product;

pub use client::{Answer, Client};
pub use product::{Kind, Product};

/// Makes one test per database out of a story.
#[macro_export]
macro_rules! story {
    ($(#[$meta:meta])* async fn $name:ident($product:ident: $kind:ty) $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($product: $kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story(<$kind>::start($crate::Kind::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                story(<$kind>::start($crate::Kind::Postgres).await).await;
            }
        }
    };
}
