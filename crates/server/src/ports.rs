//! Connects what the parts need of each other.

use std::sync::Arc;

use http_kit::{App, AppState};
use kernel::{Problem, Result};

use crate::config::{Config, MailKind};

/// Puts the registries of floor 2 among the parts, before the product is shared.
pub fn parts(app: &mut App, config: &Config) -> Result<()> {
    let targets = tabular::Targets::new(vec![
        Arc::new(sales::OrderTarget),
        Arc::new(customers::import::CustomerTarget),
        Arc::new(catalog::ProductTarget),
        Arc::new(governance::ExpenseTarget),
    ]);
    app.parts.insert(targets.with_sources(vec![Arc::new(rulebook::record::RecordTargets)]));
    app.parts.insert(http_kit::ImportantChanges::new(identity::important_changes()));
    app.parts.insert(identity::second_factor());
    // Whatever asks for approvals adds its hook here.
    app.parts.insert(rulebook::ApprovalHooks::new(vec![Arc::new(rulebook::record::RecordApprovals)]));
    app.parts.insert(connect::Shops(Arc::new(crate::sample::SampleShop)));
    app.parts.insert(place(config));
    app.parts.insert(crate::service_figure::Traffic::default());
    let engine = Arc::new(lake_engine::Engine::new(app.store.clone(), lake_settings(config)));
    app.parts.insert(lake::Lake(engine.clone()));
    app.parts.insert(lake::sql::Sql(engine.clone()));
    app.parts.insert(engine);
    app.parts.insert(customers::source::SourceKeys::default());
    app.parts.insert(customers::plan::EventPlan::default());
    app.parts.insert(customers::plan::EventTally::default());
    let lists =
        [&config.data_dir, &place(config).folder].map(|folder| folder.join(backup::archive::ERASURES));
    app.parts.insert(customers::privacy::erasure::ErasureLists(lists.into()));
    rulebook::install(app, config.packs_dir.as_deref())
}

fn lake_settings(config: &Config) -> lake_engine::Settings {
    lake_engine::Settings::new(&config.data_dir.join("lake"), config.lake.flush_seconds)
}

/// Returns where data and backups are.
pub(crate) fn place(config: &Config) -> backup::Place {
    let in_data = |name: &str| config.data_dir.join(name);
    backup::Place::new(backup::Places {
        data_dir: config.data_dir.clone(),
        folder: config.backup.dir.clone().unwrap_or_else(|| in_data("backups")),
        key_file: config.backup.key_file.clone().unwrap_or_else(|| in_data("backup.key")),
        database: crate::build::database(config),
        migrations: crate::migrations(),
    })
}

/// Connects the ports of a product that is put together.
pub fn connect(app: &AppState, config: &Config) -> Result<()> {
    identity::connect(app);
    customers::connect(app);
    brand::connect(app);
    governance::connect(app);
    match (config.mail.kind, &config.mail.smtp) {
        (MailKind::Smtp, Some(smtp)) => {
            let mail = connect::SmtpMail::new(smtp).map_err(Problem::internal)?;
            app.ports.mail.connect(Arc::new(mail));
        }
        _ => {
            let drop = connect::MailDrop::new(app.store.clone(), &app.settings.data_dir);
            app.ports.mail.connect(Arc::new(drop));
        }
    }
    app.ports.webhook.connect(Arc::new(connect::Webhooks::new(config.webhook_hosts.clone())?));
    app.ports.web.connect(Arc::new(connect::Web::new(config.webhook_hosts.clone())?));
    Ok(())
}

/// Brings what is built in (packs, roles) into the database.
pub async fn load(app: &AppState) -> Result<()> {
    rulebook::publish(app).await?;
    identity::ensure_built_in(app).await
}
