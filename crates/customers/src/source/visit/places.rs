//! Where visits come from: well-known sites, and what links call them.

use std::collections::HashMap;
use std::iter;
use std::sync::LazyLock;

/// What a site is, as far as it tells how somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Search engine.
    Search,
    /// Social network, messenger, community or video site.
    Social,
    /// Assistant that answers in sentences.
    Assistant,
    /// Mail in the browser.
    Mail,
    /// Server that puts advertisements into pages of others.
    Advertisement,
}

/// Domains with everything below them. The longest name wins: `tieba.baidu.com` is none of Baidu's search.
const DOMAINS: &[(Place, &str)] = &[
    (
        Place::Search,
        "baidu.com baidu.co.th sogou.com so.com so.360.cn haosou.com sou.com sm.cn soso.com toutiao.com \
         zhongsou.com chinaso.com petalsearch.com hao123.com yam.com bing.com msn.com duckduckgo.com \
         ecosia.org search.brave.com startpage.com qwant.com kagi.com mojeek.com swisscows.com metager.de \
         metager.org presearch.com presearch.io yep.com stract.com freespoke.com gibiru.com disconnect.me \
         lilo.org oceanhero.today karmasearch.org ask.com dogpile.com webcrawler.com metacrawler.com \
         infospace.com info.com search.com mamma.com search.lycos.com hotbot.com \
         entireweb.com search.naver.com search.daum.net search.nate.com search.goo.ne.jp \
         ocnsearch.goo.ne.jp search.rakuten.co.jp websearch.rakuten.co.jp search.biglobe.ne.jp \
         search.nifty.com search.auone.jp docomo.ne.jp so-net.ne.jp ya.ru go.mail.ru nova.rambler.ru \
         sputnik.ru meta.ua seznam.cz search.centrum.cz zoznam.sk szukaj.onet.pl szukaj.wp.pl najdi.si \
         neti.ee coccoc.com laban.vn suche.t-online.de suche.web.de suche.freenet.de suche.gmx.net \
         suche.1und1.de fireball.de fireball.com search.ch bluewin.ch lemoteur.orange.fr busca.orange.es \
         search.walla.co.il search.abv.bg search.free.fr arianna.libero.it virgilio.it \
         search.tiscali.it busca.uol.com.br buscador.terra.com.br pesquisa.sapo.pt kvasir.no \
         startsiden.no eniro.se 1881.no gulesider.no search.avira.com safesearch.avira.com \
         search.babylon.com search.conduit.com mysearch.com mywebsearch.com myway.com search.comcast.net \
         search.earthlink.net search.frontier.com com.google.android.googlequicksearchbox \
         com.baidu.searchbox",
    ),
    (
        Place::Social,
        "weixin.qq.com wechat.com qq.com weibo.com weibo.cn t.cn xiaohongshu.com xhslink.com rednote.com \
         douyin.com iesdouyin.com kuaishou.com gifshow.com zhihu.com bilibili.com b23.tv douban.com \
         tieba.baidu.com tiebac.baidu.com renren.com huya.com douyu.com v2ex.com jike.city okjike.com \
         missevan.com ixigua.com acfun.cn hupu.com xueqiu.com maimai.cn momo.cn soulapp.cn youku.com \
         dcard.tw plurk.com ptt.cc facebook.com fb.com fb.me messenger.com workplace.com instagram.com \
         threads.net threads.com twitter.com x.com t.co linkedin.com lnkd.in youtube.com youtu.be \
         tiktok.com snapchat.com reddit.com redd.it tumblr.com t.umblr.com pinterest.com pin.it quora.com \
         discord.com discord.gg discordapp.com telegram.org t.me whatsapp.com wa.me line.me lin.ee \
         kakao.com viber.com signal.org bsky.app mastodon.social mastodon.online mastodon.world \
         mastodon.cloud mstdn.jp mstdn.social pawoo.net mas.to fosstodon.org chaos.social hachyderm.io \
         infosec.exchange techhub.social pixelfed.social truthsocial.com vimeo.com twitch.tv \
         twitcasting.tv dailymotion.com nicovideo.jp rumble.com flickr.com dribbble.com behance.net \
         deviantart.com soundcloud.com last.fm goodreads.com strava.com foursquare.com yelp.com \
         meetup.com nextdoor.com vk.com vkontakte.ru ok.ru odnoklassniki.ru my.mail.ru livejournal.com \
         xing.com viadeo.com mixi.jp gree.jp ameba.jp note.com hatena.ne.jp band.us taringa.net badoo.com \
         tagged.com myspace.com skyrock.com classmates.com myheritage.com geni.com gaiaonline.com \
         habbo.com hi5.com fetlife.com blackplanet.com nk.pl github.com gitlab.com stackoverflow.com \
         news.ycombinator.com sourceforge.net slashdot.org medium.com substack.com disqus.com \
         slideshare.net zalo.me com.tencent.mm com.tencent.mobileqq com.sina.weibo com.xingin.xhs \
         com.zhihu.android com.facebook.katana com.instagram.android com.twitter.android \
         com.linkedin.android com.reddit.frontpage com.snapchat.android com.pinterest \
         org.telegram.messenger",
    ),
    (
        Place::Assistant,
        "chatgpt.com chat.openai.com perplexity.ai gemini.google.com bard.google.com \
         copilot.microsoft.com copilot.cloud.microsoft claude.ai grok.com meta.ai you.com poe.com \
         phind.com mistral.ai duck.ai deepseek.com doubao.com kimi.com kimi.ai kimi.moonshot.cn \
         yuanbao.tencent.com yiyan.baidu.com chat.baidu.com wenxiaobai.com tongyi.com tongyi.aliyun.com \
         qianwen.com qianwen.aliyun.com chat.qwen.ai chatglm.cn z.ai metaso.cn xinghuo.xfyun.cn \
         tiangong.cn hailuoai.com n.cn",
    ),
    (
        Place::Mail,
        "mail.google.com outlook.com outlook.live.com outlook.office.com outlook.office365.com \
         mail.yahoo.com mail.yahoo.co.jp mail.qq.com exmail.qq.com mail.163.com mail.126.com \
         mail.yeah.net qiye.163.com mail.sina.com.cn mail.sohu.com mail.aliyun.com qiye.aliyun.com \
         mail.139.com mail.189.cn mail.proton.me mail.zoho.com mail.aol.com mail.ru mail.yandex.ru \
         mail.yandex.com mail.naver.com icloud.com gmx.net com.google.android.gm \
         com.microsoft.office.outlook",
    ),
    (
        Place::Advertisement,
        "doubleclick.net googleadservices.com googlesyndication.com adnxs.com criteo.com taboola.com \
         outbrain.com amazon-adsystem.com cpro.baidu.com pos.baidu.com tanx.com",
    ),
];

/// Names that stand before the ending of any country.
const ANYWHERE: &[(Place, &str)] = &[
    (Place::Search, "google yahoo yandex aol excite ixquick startpage lycos zapmeta"),
    (Place::Social, "pinterest lastfm"),
];
/// What Google answers under its own name and is no search.
const NO_SEARCH: &str = "accounts ads calendar classroom docs drive groups meet play sites script";

/// What the source of a link is called where it is no domain.
const NAMES: &[(Place, &str)] = &[
    (
        Place::Search,
        "google bing baidu sogou so 360 360so haosou sm shenma toutiao yahoo yandex duckduckgo ecosia \
         naver daum qwant petal seznam 百度 搜狗 神马 必应 谷歌",
    ),
    (
        Place::Social,
        "weixin wechat wx weibo xiaohongshu xhs rednote redbook douyin kuaishou zhihu bilibili qq qzone \
         douban tieba moments 微信 微博 小红书 抖音 快手 知乎 哔哩哔哩 b站 豆瓣 贴吧 朋友圈 facebook fb ig instagram threads \
         twitter x linkedin youtube tiktok snapchat reddit pinterest quora discord telegram whatsapp line \
         kakao vk bluesky mastodon dcard",
    ),
    (
        Place::Assistant,
        "chatgpt openai perplexity gemini copilot claude grok deepseek doubao kimi yuanbao 豆包 元宝 \
         文心一言 通义千问",
    ),
    (Place::Mail, "email e-mail e_mail edm newsletter mailchimp klaviyo"),
];

type Places = HashMap<&'static str, Place>;

static OF_DOMAIN: LazyLock<Places> = LazyLock::new(|| places(DOMAINS));
static OF_BRAND: LazyLock<Places> = LazyLock::new(|| places(ANYWHERE));
static OF_NAME: LazyLock<Places> = LazyLock::new(|| places(NAMES));

fn places(lists: &'static [(Place, &'static str)]) -> Places {
    lists.iter().flat_map(|(place, names)| names.split_whitespace().map(move |name| (name, *place))).collect()
}

/// Returns what the site at a host is.
pub(super) fn of_host(host: &str) -> Option<Place> {
    let known = domains(host).find_map(|domain| OF_DOMAIN.get(domain).copied());
    known.or_else(|| anywhere(host))
}

/// Returns a host, the domain above it, and so on.
fn domains(host: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(host), |domain| domain.split_once('.').map(|(_, above)| above))
}

/// Returns what the source of a link is: a domain, or what people call the site.
pub(super) fn of_source(source: &str) -> Option<Place> {
    let named = OF_NAME.get(source).copied();
    named.or_else(|| source.contains('.').then(|| of_host(source)).flatten())
}

/// Says whether a host is a domain or lies below it.
pub(super) fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn anywhere(host: &str) -> Option<Place> {
    let labels: Vec<&str> = host.split('.').collect();
    let at = match labels.as_slice() {
        [.., second, country] if country.len() == 2 && ["co", "com", "net", "org"].contains(second) => {
            labels.len() - 2
        }
        [_, ..] => labels.len() - 1,
        [] => return None,
    };
    let name = *labels.get(at.checked_sub(1)?)?;
    let place = *OF_BRAND.get(name)?;
    let before = labels.get(at.wrapping_sub(2)).copied().unwrap_or_default();
    (name != "google" || !NO_SEARCH.split(' ').any(|service| service == before)).then_some(place)
}
