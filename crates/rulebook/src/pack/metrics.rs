use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::View;

use super::check::Checker;
use super::read::Step;
use super::{Pack, Text};
use crate::record_type::RecordTypeSpec;
use crate::{dashboard, metric, parameter};

impl Checker {
    /// Checks the metrics of all packs, which may name each other.
    pub(super) fn metrics(
        &mut self,
        packs: &[Pack],
        clauses: &BTreeSet<String>,
        parameters: &BTreeMap<String, parameter::Kind>,
        views: &[View],
    ) {
        let file = "metrics.yaml";
        let mut places = Vec::new();
        for pack in packs {
            for (place, spec) in pack.metrics.iter().enumerate() {
                for (item, id) in spec.clauses.iter().enumerate() {
                    self.known_clause(&pack.folder, file, place, item.into(), id, clauses);
                }
                self.text(&pack.folder, &pack.manifest, file, &[place.into(), "title".into()], &spec.title);
                places.push((pack, place, spec));
            }
        }
        let types = types_of(packs);
        let known = metric::Known { views, parameters, types: &types };
        let specs: Vec<_> = places.iter().map(|(pack, _, spec)| (pack.manifest.id.clone(), *spec)).collect();
        let (metrics, flaws) = metric::prove_all(&specs, &known);
        self.book.metrics = metrics.into_iter().map(|(id, metric)| (id, Arc::new(metric))).collect();
        for (index, flaw) in flaws {
            let (pack, place, _) = places[index];
            let keys = flaw.path.iter().map(|key| Step::from(*key));
            let path: Vec<Step> = std::iter::once(Step::Item(place)).chain(keys).collect();
            let args: Vec<(&str, &str)> = flaw.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
            self.add(&pack.folder, file, &path, flaw.code, &args);
        }
        let declared: BTreeSet<&str> = specs.iter().map(|(_, spec)| spec.id.as_str()).collect();
        self.filling_metrics(packs, &declared);
    }

    /// Checks that the metrics are there which fill fields of records.
    fn filling_metrics(&mut self, packs: &[Pack], declared: &BTreeSet<&str>) {
        for pack in packs {
            for (file, spec) in &pack.records {
                let named = (0..)
                    .zip(&spec.fills)
                    .flat_map(|(place, fill)| fill.metrics.iter().map(move |id| (place, id)));
                for (place, id) in named.filter(|(_, id)| !declared.contains(id.as_str())) {
                    let path = ["fills".into(), Step::Item(place), "metrics".into()];
                    self.add(&pack.folder, file, &path, "rulebook.pack.unknown_metric", &[("metric", id)]);
                }
            }
        }
    }

    /// Checks the dashboards of all packs, which show metrics and records of any other.
    pub(super) fn dashboards(
        &mut self,
        packs: &[Pack],
        clauses: &BTreeSet<String>,
        parameters: &BTreeMap<String, parameter::Kind>,
    ) {
        let mut seen = BTreeSet::new();
        let (types, metrics) = (types_of(packs), packs.iter().flat_map(|pack| &pack.metrics));
        let metrics: BTreeMap<&str, &metric::MetricSpec> = metrics.map(|m| (m.id.as_str(), m)).collect();
        for pack in packs {
            for (file, spec) in &pack.dashboards {
                if !seen.insert(&spec.id) {
                    let args = [("id", spec.id.as_str())];
                    self.add(&pack.folder, file, &["id".into()], "rulebook.pack.duplicate", &args);
                }
                for (item, id) in spec.clauses.iter().enumerate().filter(|(_, id)| !clauses.contains(*id)) {
                    let path = ["clauses".into(), item.into()];
                    self.add(&pack.folder, file, &path, "rulebook.pack.unknown_clause", &[("id", id)]);
                }
                self.dashboard_texts(pack, file, spec);
                let known = dashboard::Known {
                    types: &types,
                    proven: &self.book.record_types,
                    metrics: &metrics,
                    parameters,
                };
                match dashboard::prove(spec, &known) {
                    Ok(found) => self.book.dashboards.push(Arc::new(found)),
                    Err(flaws) => {
                        for flaw in flaws {
                            let tile = ["tiles".into(), Step::Item(flaw.tile)];
                            let path: Vec<Step> = tile.into_iter().chain([Step::from(flaw.key)]).collect();
                            let args: Vec<(&str, &str)> =
                                flaw.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
                            self.add(&pack.folder, file, &path, flaw.code, &args);
                        }
                    }
                }
            }
        }
    }

    fn dashboard_texts(&mut self, pack: &Pack, file: &str, spec: &dashboard::DashboardSpec) {
        let mut texts: Vec<(Vec<Step>, &Text)> = vec![(vec!["title".into()], &spec.title)];
        for (place, tile) in spec.tiles.iter().enumerate() {
            if let Some((key, text)) = tile.needed_text() {
                texts.push((vec!["tiles".into(), place.into(), key.into()], text));
            }
        }
        for (path, text) in texts {
            self.text(&pack.folder, &pack.manifest, file, &path, text);
        }
    }
}

fn types_of(packs: &[Pack]) -> BTreeMap<String, &RecordTypeSpec> {
    packs.iter().flat_map(|pack| &pack.records).map(|(_, spec)| (spec.id.clone(), spec)).collect()
}
