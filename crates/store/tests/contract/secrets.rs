//! Secrets under the master key.

use std::os::unix::fs::PermissionsExt;

use store::{Secrets, args, on_both};

async fn sealed(store: &store::Store) -> Vec<u8> {
    #[derive(serde::Deserialize)]
    struct Row {
        sealed: Vec<u8>,
    }
    store
        .get::<Row>("SELECT sealed FROM installation_secret WHERE name = 'smtp'", args![])
        .await
        .unwrap()
        .sealed
}

on_both! {
    async fn what_is_sealed_opens_again_and_stands_nowhere_in_clear(store: TestStore) {
        let secrets = store.secrets().await;
        secrets.seal("smtp", b"hunter2 hunter2").await.unwrap();
        assert_eq!(secrets.find("smtp").await.unwrap().as_deref(), Some(&b"hunter2 hunter2"[..]));
        assert_eq!(secrets.find("nothing").await.unwrap(), None);
        let bytes = sealed(&store).await;
        assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
        secrets.seal("smtp", b"new").await.unwrap();
        assert_eq!(store.secrets().await.find("smtp").await.unwrap().as_deref(), Some(&b"new"[..]));
        let mode = std::fs::metadata(store.dir().join("master.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    async fn what_was_changed_or_moved_does_not_open(store: TestStore) {
        let secrets = store.secrets().await;
        secrets.seal("smtp", b"one").await.unwrap();
        secrets.seal("sms", b"two").await.unwrap();
        store.tamper(
            "UPDATE installation_secret SET sealed =
             (SELECT sealed FROM installation_secret WHERE name = 'sms') WHERE name = 'smtp'",
        ).await;
        assert_eq!(secrets.find("smtp").await.unwrap_err().code, "store.secret_unreadable");
        assert_eq!(secrets.find("sms").await.unwrap().as_deref(), Some(&b"two"[..]));
    }

    async fn made_secrets_stay_the_same_for_all_nodes(store: TestStore) {
        let one = store.secrets().await;
        let two = Secrets::open(store.reopen().await, &store.dir().join("master.key")).await.unwrap();
        let (a, b) = tokio::join!(one.get_or_create("links"), two.get_or_create("links"));
        assert_eq!(a.unwrap(), b.unwrap());
        let signer = one.signer("links").await.unwrap();
        let signature = two.hmac("links", b"/u/1").await.unwrap();
        assert_eq!(signer.sign(b"/u/1"), signature);
        assert!(signer.verify(b"/u/1", &signature));
        assert!(!signer.verify(b"/u/2", &signature) && !signer.verify(b"/u/1", &signature[..31]));
        assert_ne!(two.hmac("other", b"/u/1").await.unwrap(), signature);
    }

    async fn a_new_master_key_opens_everything_and_the_old_one_nothing(store: TestStore) {
        let file = store.dir().join("master.key");
        let secrets = store.secrets().await;
        secrets.seal("smtp", b"one").await.unwrap();
        let cipher = secrets.cipher("totp").await.unwrap();
        let kept = cipher.encrypt("user-1", b"seed");
        let old = std::fs::read(&file).unwrap();
        let (before, stale) = (sealed(&store).await, store.secrets().await);
        // The two that the vault has are among them.
        assert_eq!(secrets.rotate_master_key().await.unwrap(), 4);
        assert_ne!(sealed(&store).await, before);
        for opened in [&secrets, &store.secrets().await] {
            assert_eq!(opened.find("smtp").await.unwrap().as_deref(), Some(&b"one"[..]));
        }
        assert_eq!(stale.find("smtp").await.unwrap_err().code, "store.secret_unreadable");
        let cipher = store.secrets().await.cipher("totp").await.unwrap();
        assert_eq!(cipher.decrypt("user-1", &kept).unwrap(), b"seed");
        assert!(cipher.decrypt("user-2", &kept).is_err());
        assert_ne!(std::fs::read(&file).unwrap(), old);
    }

    async fn a_lost_key_file_is_never_replaced_in_silence(store: TestStore) {
        let file = store.dir().join("master.key");
        store.secrets().await.seal("smtp", b"one").await.unwrap();
        std::fs::rename(&file, store.dir().join("elsewhere")).unwrap();
        let refused = Secrets::open((*store).clone(), &file).await.unwrap_err();
        assert_eq!(refused.code, "store.master_key_missing");
        assert!(!file.exists());
        std::fs::write(&file, "# a note\nnot a key\n").unwrap();
        let refused = Secrets::open((*store).clone(), &file).await.unwrap_err();
        assert_eq!((&*refused.code, refused.args["reason"].as_str()), ("store.master_key_unreadable", Some("line 2 is not a key")));
    }
}
