//! What of a reply its sender wrote: quoted text and signatures of the usual mail programs go. Pure.
//!
//! Gmail, Apple Mail and Outlook, QQ 邮箱, Foxmail and 网易邮箱 in Chinese and English; the line of our own mails above
//! which one answers stands before all of them.

/// Stands in each line above which one answers, in every language.
pub const ABOVE: &str = "———— ↑";

/// Words between the dashes of a line that begins the original message.
const ORIGINAL: [&str; 12] = [
    "original message",
    "originalnachricht",
    "forwarded message",
    "replied message",
    "原始邮件",
    "原邮件",
    "邮件原件",
    "回复的原邮件",
    "原始郵件",
    "原郵件",
    "转发的邮件",
    "轉寄的郵件",
];
/// Ends of the line that says who wrote what is quoted.
const WROTE: [&str; 5] = ["wrote:", "写道：", "写道:", "寫道：", "寫道:"];
/// How that line begins, where it is broken into several.
const ON: [&str; 4] = ["on ", "at ", "在", "于"];
/// Beginnings of the first line of a header block.
const FROM: [&str; 4] = ["from:", "发件人:", "寄件者:", "寄件人:"];
/// Beginnings of further lines of it.
const FURTHER: [&str; 16] = [
    "sent:",
    "date:",
    "to:",
    "subject:",
    "发送时间:",
    "发送日期:",
    "日期:",
    "时间:",
    "收件人:",
    "主题:",
    "寄件日期:",
    "傳送時間:",
    "日期時間:",
    "收件者:",
    "主旨:",
    "主題:",
];
/// Lines that programs put under a text.
const SIGNED: [&str; 14] = [
    "sent from my ",
    "sent from mail for ",
    "sent from outlook",
    "get outlook for ",
    "发自我的",
    "從我的",
    "从我的",
    "傳送自我的",
    "來自我的",
    "来自我的",
    "来自qq邮箱",
    "发自网易邮箱",
    "发自foxmail",
    "获取 outlook for ",
];

/// Returns what the sender wrote; empty where that is nothing.
pub fn own(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end().trim_start_matches('\u{feff}')).collect();
    let end = (0..lines.len()).find(|at| ends_at(&lines, *at)).unwrap_or(lines.len());
    // Whoever answers between the lines that they quote keeps what is theirs.
    let kept: Vec<&str> = lines[..end].iter().filter(|line| !is_quoted(line)).copied().collect();
    let mut words: Vec<&str> = Vec::with_capacity(kept.len());
    for line in kept {
        let blank = line.trim().is_empty();
        if !(blank && words.last().is_none_or(|last| last.trim().is_empty())) {
            words.push(line);
        }
    }
    words.join("\n").trim().to_owned()
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with(['>', '＞'])
}

/// Returns true where nothing from this line on was written by the sender.
fn ends_at(lines: &[&str], at: usize) -> bool {
    let line = plain(lines[at]);
    line.contains(&ABOVE.to_lowercase())
        || is_original(&line)
        || is_attribution(lines, at)
        || is_header(lines, at)
        || line == "--"
        || line == "—"
        || SIGNED.iter().any(|words| line.starts_with(words) && line.chars().count() <= 60)
        || (is_rule(&line) && (at + 1..lines.len().min(at + 4)).any(|next| is_header(lines, next)))
}

/// A line as programs are compared: without marks, in small letters, with half-width colons.
fn plain(line: &str) -> String {
    let line =
        line.replace(['\u{a0}', '\u{3000}', '\u{200b}'], " ").replace("&nbsp;", " ").replace('：', ":");
    line.trim_matches(|c: char| c.is_whitespace() || c == '*').to_lowercase()
}

/// `----- 原始邮件 -----` and its like.
fn is_original(line: &str) -> bool {
    let dashes = |c: char| matches!(c, '-' | '—' | '－' | '_' | ' ');
    let words = line.trim_matches(dashes);
    line.starts_with(['-', '—', '－']) && line.len() > words.len() + 3 && ORIGINAL.contains(&words)
}

/// A line of dashes or underscores alone.
fn is_rule(line: &str) -> bool {
    line.chars().count() >= 8 && line.chars().all(|c| matches!(c, '_' | '-' | '—' | '='))
}

/// `2026年11月3日 …写道：`, also where it is broken into up to three lines.
fn is_attribution(lines: &[&str], at: usize) -> bool {
    let said = lines[at].trim();
    let whole = (at..lines.len().min(at + 3)).scan(String::new(), |joined, line| {
        joined.push_str(lines[line].trim());
        joined.push(' ');
        Some((line, joined.trim().to_lowercase()))
    });
    for (last, joined) in whole {
        let wrote = WROTE.iter().any(|end| joined.ends_with(end));
        let begins = last == at || ON.iter().any(|word| said.to_lowercase().starts_with(word));
        let by_somebody = joined.contains('@') && joined.contains(|c: char| c.is_ascii_digit());
        let quoted =
            lines[last + 1..].iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_quoted(line));
        if wrote && begins && (by_somebody || quoted) {
            return true;
        }
        if lines[last].trim().is_empty() || wrote {
            return false;
        }
    }
    false
}

/// `发件人：` with a further line of the kind soon after it.
fn is_header(lines: &[&str], at: usize) -> bool {
    let line = plain(lines[at]);
    FROM.iter().any(|word| starts(&line, word))
        && (at + 1..lines.len().min(at + 6)).any(|next| {
            let line = plain(lines[next]);
            FURTHER.iter().any(|word| starts(&line, word))
        })
}

/// Foxmail writes `发件人： `, others `发件人 :`.
fn starts(line: &str, word: &str) -> bool {
    let name = word.trim_end_matches(':');
    line.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches([' ', '*']).starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mail_programs_quote_goes() {
        let ours = "———— ↑ 请在这一行以上回复 ————\n王芳：\n请更新报价";
        for (program, quoted) in [
            ("Gmail", "Li Na <li@daoting.example> 于2026年11月3日周二 10:00写道：\n\n> 请更新报价\n> 谢谢"),
            (
                "Gmail",
                "On Tue, Nov 3, 2026 at 10:00 AM Li Na <li@daoting.example>\nwrote:\n\n> Please update",
            ),
            ("Apple Mail", "> 在 2026年11月3日，10:00，Li Na <li@daoting.example> 写道：\n> \n> 请更新"),
            ("Apple Mail", "2026年11月3日 10:00，Li Na <li@daoting.example> 写道：\n\n﻿请更新"),
            (
                "Outlook",
                "________________________________\nFrom: Li Na <li@daoting.example>\nSent: Tuesday\nTo: Ann\nSubject: RE: x",
            ),
            ("Outlook", "-----Original Message-----\nFrom: Li Na\nSent: Tuesday"),
            (
                "Outlook",
                "发件人: Li Na <li@daoting.example> \n发送时间: 2026年11月3日 10:00\n收件人: Ann\n主题: 回复",
            ),
            ("Outlook", "*寄件者:* Li Na\n*寄件日期:* 2026年11月3日\n*主旨:* 回覆"),
            ("QQ 邮箱", "------------------ 原始邮件 ------------------\n发件人: \"Li Na\";"),
            ("QQ 邮箱", "------------------&nbsp;原始邮件&nbsp;------------------\n发件人:"),
            ("Foxmail", " \n发件人： Li Na\n发送时间： 2026-11-03 10:00\n收件人： ann\n主题： 报价"),
            ("网易邮箱", "在 2026-11-03 10:00:00，\"Li Na\" <li@daoting.example> 写道：\n请更新"),
            ("网易邮箱", "At 2026-11-03 10:00:00, \"Li Na\" <li@daoting.example> wrote:\nPlease"),
            ("网易邮箱大师", "---- 回复的原邮件 ----\n| 发件人 | Li |"),
            (
                "阿里邮箱",
                "------------------------------------------------------------------\n发件人：Li Na\n日　期：2026年\n主　题：x\n收件人：ann",
            ),
            ("ours", ours),
        ] {
            let text = format!("好的，已更新。\n第二行\n\n{quoted}\n");
            assert_eq!(own(&text), "好的，已更新。\n第二行", "{program}: {quoted}");
        }
    }

    #[test]
    fn signatures_go() {
        for signed in [
            "-- \n李娜 | 市场部",
            "发自我的 iPhone",
            "Sent from my iPhone",
            "Get Outlook for iOS",
            "来自QQ邮箱手机版",
        ] {
            assert_eq!(own(&format!("收到\n\n{signed}")), "收到", "{signed}");
        }
    }

    #[test]
    fn what_somebody_wrote_stays() {
        for words in [
            "他在会上写道：\n先做试点",
            "From: 北京 to: 上海 的票已订",
            "发件人这一栏请改掉\n谢谢",
            "价格 > 100 的先不做",
            "表格\n--------\n合计 3",
            "On Monday we wrote:\nnothing",
        ] {
            assert_eq!(own(words), words);
        }
        assert_eq!(
            own("> 几点开会？\n三点。\n> 在哪？\n会议室。"),
            "三点。\n会议室。",
            "answers between the lines"
        );
        assert_eq!(own("\n> only\n> quoted\n"), "");
        assert_eq!(own("一\n\n\n\n二\n"), "一\n\n二");
    }
}
