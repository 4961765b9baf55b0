use super::*;

fn written(text: &str) -> anyhow::Result<Config> {
    let dir = std::env::temp_dir().join(format!("bw-config-{}-{}", std::process::id(), kernel::Id::new()));
    std::fs::create_dir_all(&dir)?;
    std::fs::write(dir.join("brandwright.toml"), text)?;
    let read = Config::load(None, Some(&dir));
    std::fs::remove_dir_all(&dir)?;
    read
}

#[test]
fn a_wrong_key_and_a_wrong_value_are_named() {
    let error = written("[http]\nlistn = '127.0.0.1:1'").expect_err("unknown key").to_string();
    assert!(error.contains("listn"), "{error}");
    let error = written("workers = 'many'").expect_err("wrong type").to_string();
    assert!(error.contains("workers"), "{error}");
    let error = written("[company]\ntime_zone = 'Mars/Olympus'").expect_err("no such zone").to_string();
    assert!(error.contains("company.time_zone"), "{error}");
    let error = written("[mail]\nkind = 'smtp'").expect_err("no host").to_string();
    assert!(error.contains("mail.smtp.host"), "{error}");
}

#[test]
fn the_public_port_is_the_next_one() {
    let config = written("[http]\nlisten = '127.0.0.1:9000'").expect("sound");
    assert_eq!(config.public_listen().port(), 9001);
}
