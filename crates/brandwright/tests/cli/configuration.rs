//! A mistake in what is given to the binary is named by its place.

use std::net::TcpListener;

use crate::common::{Place, ran, shown};

#[test]
fn a_broken_file_is_named_with_its_line_and_key() {
    let place = Place::new();
    let file = place.data().join("brandwright.toml");
    for (text, line, words) in [
        ("workers = 2\n[http\nlisten = 1\n", 2, vec!["not TOML"]),
        (
            "workers = 2\n\n[http]\nlistn = '127.0.0.1:1'\n",
            4,
            vec!["no key http.listn", "listen, public_listen"],
        ),
        ("# many\nworkers = 'many'\n", 2, vec!["workers must be a whole number", "many"]),
        ("sample = 'yes'\n", 1, vec!["sample must be true or false"]),
        ("http = { body_max_bytes = -1 }\n", 1, vec!["http.body_max_bytes must be a whole number"]),
        ("[mail]\n\nkind = 'pigeon'\n", 3, vec!["mail.kind", "pigeon", "drop"]),
        (
            "[company]\ntime_zone = 'Mars/Olympus'\n",
            2,
            vec!["company.time_zone", "Mars/Olympus", "Asia/Shanghai"],
        ),
        ("[http]\npublic_url = 'daoting.example'\n", 2, vec!["http.public_url", "https://"]),
    ] {
        place.write("data/brandwright.toml", text);
        let mut words = words;
        let at = format!("{}:{line}: ", shown(&file));
        words.push(&at);
        place.run(&["config", "check"]).refused(2, &words);
    }
    place.write("data/brandwright.toml", "workers = 1\n");
    let good = place.run(&["config", "check"]).good();
    assert_eq!(good.out, "The configuration is sound.\n");
    place
        .run(&["config", "check", "--config", "/nowhere/at.toml"])
        .refused(2, &["/nowhere/at.toml cannot be read"]);
}

#[test]
fn a_wrong_variable_is_named() {
    let place = Place::new();
    for (name, value, words) in [
        ("BRANDWRIGHT_HTTP__LISTN", "127.0.0.1:1", "no key http.listn"),
        ("BRANDWRIGHT_WORKERS", "many", "workers must be a whole number"),
        ("BRANDWRIGHT_MAIL__SMTP__PORT", "x", "mail.smtp"),
    ] {
        let mut command = place.command(&["config", "check"]);
        command.env(name, value);
        ran(command).refused(2, &["environment variable BRANDWRIGHT_", words]);
    }
}

#[test]
fn the_configuration_is_printed_without_passwords_and_fits_its_schema() {
    let place = Place::new();
    place.write(
        "data/brandwright.toml",
        "[mail]\nkind = 'smtp'\nsmtp = { host = 'mx.example.com', port = 587, password = 'geheim' }\n",
    );
    let mut command =
        place.command(&["config", "print", "--database-url", "postgres://ann:secret@db.example.com/x"]);
    command.env("BRANDWRIGHT_WORKERS", "5");
    let printed = ran(command).good();
    let config = printed.json();
    assert_eq!((&config["workers"], &config["mail"]["smtp"]["host"]), (&5.into(), &"mx.example.com".into()));
    assert!(!printed.out.contains("geheim") && !printed.out.contains("secret"), "{}", printed.out);
    let mut schema = crate::common::plain();
    schema.args(["config", "schema"]);
    let schema = ran(schema).good().json();
    let known = schema["properties"].as_object().expect("an object");
    assert!(config.as_object().expect("an object").keys().all(|key| known.contains_key(key)));
}

#[test]
fn what_cannot_be_reached_is_named_without_its_password() {
    let place = Place::new();
    let ran = place.run(&["rulebook", "status", "--database-url", "postgres://ann:geheim@127.0.0.1:1/shop"]);
    let ran = ran.refused(1, &["127.0.0.1:1/shop", "cannot be reached"]);
    assert!(!ran.err.contains("geheim"), "{}", ran.err);
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let place = Place::new();
    place.write("data", "a file where the directory should be");
    place.run(&["rulebook", "status"]).refused(1, &[&shown(&place.data()), "cannot be used"]);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let ran = place.run(&["serve", "--listen", &address, "--public-listen", "127.0.0.1:0"]);
    ran.refused(1, &["http.listen", &address, "in use"]);
    let ran = place.run(&["serve", "--listen", "127.0.0.1:0", "--public-listen", &address]);
    ran.refused(1, &["http.public_listen", &address]);
}

#[test]
fn a_broken_pack_is_named_with_its_line() {
    let place = Place::new();
    place.write(
        "packs/own/pack.yaml",
        "id: own\nversion: 1.0.0\ndefault_language: en\ntexts:\n  title: { en: Own }\n  titel: {}\n",
    );
    place.write("data/brandwright.toml", format!("packs_dir = {:?}\n", shown(&place.path("packs"))));
    place.run(&["rulebook", "status"]).refused(1, &["own/pack.yaml:", "titel"]);
    let mut check = crate::common::plain();
    check.args(["rulebook", "check"]).arg(place.path("packs/own"));
    ran(check).refused(2, &["own/pack.yaml:", "titel"]);
}
