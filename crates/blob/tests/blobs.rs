//! Files by their content.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use blob::{Blobs, Hash};
use kernel::Timestamp;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

async fn blobs() -> (Blobs, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Blobs::open(&dir.path().join("blobs")).await.unwrap(), dir)
}

fn incoming(dir: &TempDir) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir.path().join("blobs/incoming")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_file_is_found_by_the_digest_of_its_bytes() {
    let (blobs, dir) = blobs().await;
    let hash = blobs.put(b"abc").await.unwrap();
    assert_eq!(hash.as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(hash, Hash::of(b"abc"));
    let place = "blobs/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(std::fs::read(dir.path().join(place)).unwrap(), b"abc");
    assert_eq!((blobs.get(&hash).await.unwrap(), blobs.size(&hash).await.unwrap()), (b"abc".to_vec(), 3));
    assert!(blobs.contains(&hash).await && incoming(&dir).is_empty());
    // Once more, from another process: nothing changes.
    let again = Blobs::open(&dir.path().join("blobs")).await.unwrap();
    assert_eq!(again.put(b"abc").await.unwrap(), hash);
    assert_eq!(again.list().await.unwrap(), [hash]);
}

#[tokio::test]
async fn streams_of_any_size_go_in_and_come_out() {
    let (blobs, _dir) = blobs().await;
    let bytes: Vec<u8> = (0..1_000_003_u32).map(|n| n.to_le_bytes()[1]).collect();
    let (hash, size) = blobs.put_stream(&bytes[..], 2_000_000).await.unwrap();
    assert_eq!((&hash, size), (&Hash::of(&bytes), 1_000_003));
    let mut read = Vec::new();
    blobs.open_file(&hash).await.unwrap().read_to_end(&mut read).await.unwrap();
    assert_eq!(read, bytes);
    let (empty, size) = blobs.put_stream(&b""[..], 0).await.unwrap();
    assert_eq!((empty, size), (Hash::of(b""), 0));
}

#[tokio::test]
async fn what_is_too_large_or_breaks_off_leaves_nothing() {
    struct Breaks;
    impl AsyncRead for Breaks {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if buf.capacity() > 0 {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            Poll::Ready(Ok(()))
        }
    }
    let (blobs, dir) = blobs().await;
    let refused = blobs.put_stream(&b"abcd"[..], 3).await.unwrap_err();
    assert_eq!((refused.status, &*refused.code), (413, "blob.too_large"));
    blobs.put_stream((&b"abc"[..]).chain(Breaks), 10).await.unwrap_err();
    assert!(incoming(&dir).is_empty() && blobs.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn damage_is_found_and_storing_again_mends_it() {
    let (blobs, _dir) = blobs().await;
    let (one, two) = (blobs.put(b"one").await.unwrap(), blobs.put(b"two").await.unwrap());
    assert_eq!(
        (blobs.verify_all().await.unwrap().files, blobs.verify_all().await.unwrap().damaged),
        (2, vec![])
    );
    std::fs::write(blobs.path(&two), b"tWo").unwrap();
    assert!(blobs.verify(&one).await.unwrap());
    assert_eq!(blobs.verify_all().await.unwrap().damaged, [two]);
    blobs.put(b"two").await.unwrap();
    assert_eq!(blobs.verify_all().await.unwrap().damaged, []);
}

#[tokio::test]
async fn what_is_removed_is_gone() {
    let (blobs, _dir) = blobs().await;
    let hash = blobs.put(b"abc").await.unwrap();
    blobs.remove(&hash).await.unwrap();
    blobs.remove(&hash).await.unwrap();
    assert!(!blobs.contains(&hash).await);
    assert_eq!(blobs.get(&hash).await.unwrap_err().code, "blob.not_found");
    assert_eq!(blobs.verify(&hash).await.unwrap_err().status, 404);
}

#[tokio::test]
async fn leftovers_are_swept_when_they_are_old() {
    let (blobs, dir) = blobs().await;
    std::fs::write(dir.path().join("blobs/incoming/half"), b"half").unwrap();
    assert_eq!(blobs.sweep(Timestamp::from_ms(0)).await.unwrap(), 0);
    assert_eq!(blobs.sweep(Timestamp::from_ms(i64::MAX)).await.unwrap(), 1);
    assert!(incoming(&dir).is_empty());
}

#[test]
fn only_digests_are_names() {
    let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert!(digits.parse::<Hash>().is_ok());
    for wrong in ["", "../../etc/passwd", &digits[1..], &digits.to_uppercase(), &format!("{}/", &digits[1..])]
    {
        assert!(wrong.parse::<Hash>().is_err(), "{wrong:?}");
        assert!(serde_json::from_value::<Hash>(wrong.into()).is_err());
    }
}
