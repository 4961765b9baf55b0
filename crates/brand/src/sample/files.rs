//! The files of the sample, part of the build.

use kernel::Language;

/// Returns the source of a mail.
pub fn mail(key: &str, language: Language) -> String {
    let file = match (key, language) {
        ("hotpot", Language::ZhHans) => include_str!("../../sample/mails/hotpot.zh-Hans.mjml"),
        ("hotpot", Language::ZhHant) => include_str!("../../sample/mails/hotpot.zh-Hant.mjml"),
        ("hotpot", Language::En) => include_str!("../../sample/mails/hotpot.en.mjml"),
        ("welcome", Language::ZhHans) => include_str!("../../sample/mails/welcome.zh-Hans.mjml"),
        ("welcome", Language::ZhHant) => include_str!("../../sample/mails/welcome.zh-Hant.mjml"),
        ("welcome", Language::En) => include_str!("../../sample/mails/welcome.en.mjml"),
        ("picks", Language::ZhHans) => include_str!("../../sample/mails/picks.zh-Hans.mjml"),
        ("picks", Language::ZhHant) => include_str!("../../sample/mails/picks.zh-Hant.mjml"),
        ("picks", Language::En) => include_str!("../../sample/mails/picks.en.mjml"),
        _ => unreachable!("sample.yaml names a file that is not part of the build: {key}"),
    };
    file.to_owned()
}

/// Returns the source of a partial.
pub fn partial(key: &str, language: Language) -> String {
    let file = match (key, language) {
        ("chenqi-header", Language::ZhHans) => {
            include_str!("../../sample/partials/chenqi-header.zh-Hans.mjml")
        }
        ("chenqi-header", Language::ZhHant) => {
            include_str!("../../sample/partials/chenqi-header.zh-Hant.mjml")
        }
        ("chenqi-header", Language::En) => include_str!("../../sample/partials/chenqi-header.en.mjml"),
        ("ruohe-header", Language::ZhHans) => include_str!("../../sample/partials/ruohe-header.zh-Hans.mjml"),
        ("ruohe-header", Language::ZhHant) => include_str!("../../sample/partials/ruohe-header.zh-Hant.mjml"),
        ("ruohe-header", Language::En) => include_str!("../../sample/partials/ruohe-header.en.mjml"),
        ("mail-footer", Language::ZhHans) => include_str!("../../sample/partials/mail-footer.zh-Hans.mjml"),
        ("mail-footer", Language::ZhHant) => include_str!("../../sample/partials/mail-footer.zh-Hant.mjml"),
        ("mail-footer", Language::En) => include_str!("../../sample/partials/mail-footer.en.mjml"),
        _ => unreachable!("sample.yaml names a file that is not part of the build: {key}"),
    };
    file.to_owned()
}

/// Returns the bytes of a picture.
pub fn picture(key: &str) -> Vec<u8> {
    let file: &[u8] = match key {
        "hotpot-beef" => include_bytes!("../../sample/pictures/hotpot-beef.png"),
        "hotpot-broth" => include_bytes!("../../sample/pictures/hotpot-broth.png"),
        "hotpot-fungi" => include_bytes!("../../sample/pictures/hotpot-fungi.png"),
        "hotpot-hero" => include_bytes!("../../sample/pictures/hotpot-hero.png"),
        "picks-hero" => include_bytes!("../../sample/pictures/picks-hero.png"),
        "welcome-hero" => include_bytes!("../../sample/pictures/welcome-hero.png"),
        _ => unreachable!("sample.yaml names a picture that is not part of the build: {key}"),
    };
    file.to_vec()
}
