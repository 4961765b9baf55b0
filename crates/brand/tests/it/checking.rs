//! The pre-flight and the live preview.

use std::sync::Arc;

use async_trait::async_trait;
use brand::content::Variant;
use brand::finding::{Finding, Severity};
use brand::preflight::{LinkChecker, LinkState, Links, PreflightVerdict, service};
use brand::render::api::PreviewRequest;
use brand::render::service::preview;
use kernel::Language;
use store::on_both;

use crate::support::{MIGRATIONS, World, app_with, mjml, variant, world, world_in};

/// Knows one dead page; all others are beyond its reach.
#[derive(Debug)]
struct OneDead;

#[async_trait]
impl LinkChecker for OneDead {
    async fn check(&self, address: &str) -> LinkState {
        match address.ends_with("/dead") {
            true => LinkState::Dead { status: Some(404) },
            false => LinkState::Unknown,
        }
    }
}

async fn findings(world: &World, variant: Variant) -> Vec<Finding> {
    let request = PreviewRequest { brand_id: world.brand.id, department_id: None, variant, persona: None };
    preview(&world.app, &world.people.author, request).await.expect("a preview").findings
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    let short =
        |f: &Finding| f.code.rsplit('.').next().map(str::len).map_or(0, |length| f.code.len() - length);
    findings.iter().map(|f| &f.code[short(f)..]).collect()
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_sound_mail_has_nothing_to_mend(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let run = service::run(&world.app, &world.people.author, made.content.id).await.expect("checked");
        assert_eq!(run.verdict, PreflightVerdict::Passed);
        assert_eq!(codes(&run.findings), ["links_unjudged"]);
        assert_eq!(run.findings[0].message, "1 个外部链接无法从这里判断能否打开。");
        assert_eq!((run.word_pack.as_str(), run.word_hits), ("CN-AD", 0));
        assert_eq!(run.closure_hash, made.closure_hash);
    }

    async fn each_fault_is_found_where_it_stands(store: TestStore) {
        let world = world(&store).await;
        let body = mjml("本店精选全国最佳牛肉片 {{ customer.nmae }}")
            .replace("asset:hero", "asset:gone")
            .replace("https://www.chenqi.example/list", "javascript:alert(1)")
            .replace("{% include \"footer\" %}", "<mj-raw><a href=\"/bye\">退订</a></mj-raw>");
        let faulty = Variant { subject: String::new(), sender_address: "a@other.example".into(), mjml: body, ..variant(Language::ZhHans, "") };
        let found = findings(&world, faulty).await;
        let mut serious: Vec<&str> = codes(&found);
        serious.sort_unstable();
        assert_eq!(serious, [
            "ad_term", "alt_missing", "link_relative", "link_runs", "picture_unknown", "sender_domain", "subject_empty",
            "unsubscribe_dead", "unsubscribe_missing", "variable_misspelt",
        ]);
        let term = found.iter().find(|f| f.code.ends_with("ad_term")).expect("found");
        let place = term.place.as_ref().expect("a place");
        assert_eq!((place.field.as_str(), place.line, place.excerpt.as_str()), ("mjml", 5, "最佳"));
        assert_eq!(term.message, "“最佳”是绝对化用语（《广告法》第九条第（三）项）。建议：改为“精选”“优选”。");
        let name = found.iter().find(|f| f.code.ends_with("misspelt")).expect("found");
        assert_eq!(name.message, "没有变量 customer.nmae，是不是 customer.name？");
        assert_eq!(name.place.as_ref().expect("a place").line, 5);
    }

    async fn faults_of_a_partial_name_the_partial(store: TestStore) {
        let world = world(&store).await;
        let broken = crate::support::new_partial(world.brand.id, "broken", "<mj-section>\n  <mj-colum />\n</mj-section>");
        brand::partial::service::create(&world.app, &world.people.keeper, broken).await.expect("made");
        let mut mail = variant(Language::ZhHans, "天冷了");
        mail.mjml = mail.mjml.replace("{% include \"footer\" %}", "{% include \"footer\" %}{% include \"broken\" %}");
        let found = findings(&world, mail).await;
        let place = found[0].place.as_ref().expect("a place");
        assert_eq!(codes(&found), ["element_unknown"]);
        assert_eq!((place.field.as_str(), place.line, place.column), ("partial:broken", 2, 3));
    }

    async fn dead_links_block_and_unknown_ones_are_said(store: TestStore) {
        let mut app = Arc::into_inner(app_with(&store, Some("https://mail.daoting.example")).await);
        if let Some(app) = &mut app {
            app.parts.insert(Links(Arc::new(OneDead)));
        }
        let world = world_in(Arc::new(app.expect("nobody else holds it"))).await;
        let mut dead = variant(Language::ZhHans, "天冷了 <a href=\"https://www.chenqi.shop/dead\">旧页</a>");
        dead.preheader = "x".into();
        let patch = brand::brand::BrandPatch { link_domains: Some(vec![]), ..Default::default() };
        let (keeper, id) = (&world.people.keeper, world.brand.id);
        brand::brand::service::update(&world.app, keeper, id, 1, patch).await.expect("any domain");
        let made = world.content_by(&world.people.author, vec![dead]).await.expect("made");
        let run = service::run(&world.app, &world.people.author, made.content.id).await.expect("checked");
        assert_eq!(codes(&run.findings), ["link_dead", "links_unjudged"]);
        assert_eq!(run.verdict, PreflightVerdict::Blocked);
        assert_eq!(run.findings[0].severity, Severity::Serious);
        assert_eq!(run.findings[0].place.as_ref().expect("a place").line, 5);
    }

    async fn planned_languages_must_be_written(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let patch = brand::content::ContentPatch {
            languages: Some(vec![Language::ZhHans, Language::En]),
            ..Default::default()
        };
        let (id, version) = (made.content.id, made.content.version);
        brand::content::service::update(&world.app, &world.people.author, id, version, patch).await.expect("changed");
        let run = service::run(&world.app, &world.people.author, id).await.expect("checked");
        assert_eq!((codes(&run.findings)[0], run.findings[0].language), ("variant_missing", Some(Language::En)));
    }

    async fn a_preview_shows_the_mail_as_its_receiver_sees_it(store: TestStore) {
        let world = world(&store).await;
        let mut mail = variant(Language::ZhHans, "{% if customer.city %}{{ customer.city }}天冷了{% else %}天冷了{% endif %}");
        mail.subject = "{{ customer.first_name }}，今晚煮一锅".into();
        let see = async |persona: &str| {
            let request = PreviewRequest {
                brand_id: world.brand.id,
                department_id: None,
                variant: mail.clone(),
                persona: Some(persona.into()),
            };
            preview(&world.app, &world.people.author, request).await.expect("a preview")
        };
        let regular = see("regular").await;
        assert_eq!(regular.findings, [], "{:?}", regular.findings);
        assert_eq!(regular.subject, "雅琴，今晚煮一锅");
        let html = regular.html.expect("compiled");
        assert!(html.contains("王雅琴，上海天冷了") && html.contains("lang=\"zh-Hans\""));
        assert!(html.contains("<title>雅琴，今晚煮一锅</title>"));
        assert!(!html.contains("fonts.googleapis") && html.contains("都备好了</div>"));
        assert!(regular.text.expect("text").starts_with("一锅热汤\n"));
        let edge = see("edge").await.html.expect("compiled");
        assert!(edge.contains("欧阳修远 &lt;O&#x27;Hara &amp; Söhne&gt;，天冷了"), "{edge}");
        let request = PreviewRequest {
            brand_id: world.brand.id,
            department_id: None,
            variant: mail.clone(),
            persona: Some("nobody".into()),
        };
        let unknown = preview(&world.app, &world.people.author, request).await.expect_err("unknown");
        assert_eq!(unknown.fields[0].code, "brand.render.persona_unknown");
    }

    async fn without_a_public_origin_the_preview_carries_its_pictures(store: TestStore) {
        let world = world_in(app_with(&store, None).await).await;
        let request = PreviewRequest {
            brand_id: world.brand.id,
            department_id: None,
            variant: variant(Language::ZhHans, "天冷了"),
            persona: None,
        };
        let seen = preview(&world.app, &world.people.author, request).await.expect("a preview");
        assert!(seen.html.expect("compiled").contains("src=\"data:image/png;base64,iVBOR"));
    }

    async fn nonsense_gets_findings_not_failures(store: TestStore) {
        let world = world(&store).await;
        for nonsense in ["", "<", "{{", "{% if %}", "<mjml>", "</mjml>", "<mjml><mj-body>", "{% for a in b %}{% endfor %}",
            "<mjml><mj-body><mj-section><mj-text>x</mj-text></mj-section></mj-body></mjml>", "⸨0⸩",
            "<mjml><mj-body><mj-text font-size=\"\u{1F372}\">x</mj-text></mj-body></mjml>",
            "<mjml><mj-body width=\"-1\"><mj-section><mj-column width=\"NaN%\"/></mj-section></mj-body></mjml>",
            "<mjml><mj-body>{{ 1/0 }}{{ 'a'|upper|lower }}</mj-body></mjml>", "<mjml lang='{{ x }}'><mj-body/></mjml>"] {
            let mut mail = variant(Language::ZhHans, "");
            mail.mjml = nonsense.into();
            assert!(!findings(&world, mail).await.is_empty(), "{nonsense}");
        }
    }
}
