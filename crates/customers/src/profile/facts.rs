//! What sources tell about people, merged into profiles in bulk.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Id, Language, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Tx, Value, args, json, sealed};

use super::{AgeBand, IncomeBand, Profile, record, search, sql};

/// Ids in one question to the database.
const CHUNK: usize = 4_000;

/// What one source tells about one person; what it does not tell stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Street and house.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Language.
    pub language: Option<Language>,
    /// Time zone.
    pub time_zone: Option<String>,
    /// Age band.
    pub age_band: Option<AgeBand>,
    /// Income band.
    pub income_band: Option<IncomeBand>,
    /// People in the household.
    pub household_size: Option<i64>,
    /// Children.
    pub children: Option<i64>,
    /// Owns their home.
    pub homeowner: Option<bool>,
    /// Is married.
    pub married: Option<bool>,
    /// Everything else.
    pub attributes: BTreeMap<String, Json>,
}

impl Facts {
    /// Returns true where the profile says all this already.
    pub fn known_to(&self, profile: &Profile) -> bool {
        fn same<T: PartialEq>(told: &Option<T>, known: &Option<T>) -> bool {
            told.is_none() || told == known
        }
        same(&self.name, &profile.name)
            && same(&self.given_name, &profile.given_name)
            && same(&self.address, &profile.address)
            && same(&self.city, &profile.city)
            && same(&self.district, &profile.district)
            && same(&self.language, &profile.language)
            && same(&self.time_zone, &profile.time_zone)
            && same(&self.age_band, &profile.age_band)
            && same(&self.income_band, &profile.income_band)
            && same(&self.household_size, &profile.household_size)
            && same(&self.children, &profile.children)
            && same(&self.homeowner, &profile.homeowner)
            && same(&self.married, &profile.married)
            && self.attributes.iter().all(|(name, value)| profile.attributes.get(name) == Some(value))
    }

    /// Returns what a profile says.
    pub fn of(profile: &Profile) -> Self {
        Self {
            name: profile.name.clone(),
            given_name: profile.given_name.clone(),
            address: profile.address.clone(),
            city: profile.city.clone(),
            district: profile.district.clone(),
            language: profile.language,
            time_zone: profile.time_zone.clone(),
            age_band: profile.age_band,
            income_band: profile.income_band,
            household_size: profile.household_size,
            children: profile.children,
            homeowner: profile.homeowner,
            married: profile.married,
            attributes: profile.attributes.clone(),
        }
    }

    /// Returns the values of their columns, in the order in which every statement lists them.
    pub(super) fn columns(&self) -> Vec<Value> {
        args![
            sealed(self.name.as_deref()),
            sealed(self.given_name.as_deref()),
            sealed(self.address.as_deref()),
            self.city.as_deref(),
            self.district.as_deref(),
            self.language.map(Language::as_str),
            self.time_zone.as_deref(),
            self.age_band.map(AgeBand::as_str),
            self.income_band.map(IncomeBand::as_str),
            self.household_size,
            self.children,
            self.homeowner,
            self.married,
            json(&self.attributes),
        ]
    }

    fn put_into(&self, profile: &mut Profile) {
        fn put<T: Clone>(told: &Option<T>, known: &mut Option<T>) {
            if told.is_some() {
                known.clone_from(told);
            }
        }
        put(&self.name, &mut profile.name);
        put(&self.given_name, &mut profile.given_name);
        put(&self.address, &mut profile.address);
        put(&self.city, &mut profile.city);
        put(&self.district, &mut profile.district);
        put(&self.language, &mut profile.language);
        put(&self.time_zone, &mut profile.time_zone);
        put(&self.age_band, &mut profile.age_band);
        put(&self.income_band, &mut profile.income_band);
        put(&self.household_size, &mut profile.household_size);
        put(&self.children, &mut profile.children);
        put(&self.homeowner, &mut profile.homeowner);
        put(&self.married, &mut profile.married);
        profile.attributes.extend(self.attributes.clone());
    }
}

/// Who tells facts.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Its name.
    pub source: &'a str,
    /// The import that brings them.
    pub import_id: Option<Id>,
}

/// Facts about one person.
#[derive(Clone, Debug)]
pub struct About {
    /// The profile.
    pub profile: Id,
    /// The identifier by which the source knows them.
    pub node: Id,
    /// What is told.
    pub facts: Facts,
}

/// Writes facts into their profiles, field by field, and keeps who told what; of several about one person the last wins.
/// Returns, per entry, whether anything was new.
pub async fn apply(tx: &mut Tx, told: &[About], origin: Origin<'_>) -> Result<Vec<bool>> {
    let ids: Vec<Id> = told.iter().map(|about| about.profile).collect();
    let mut known: BTreeMap<Id, Profile> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let profiles: Vec<Profile> = tx.list(sql::by_ids(chunk)).await?;
        known.extend(profiles.into_iter().map(|profile| (profile.id, profile)));
    }
    let mut news = Vec::with_capacity(told.len());
    let (mut changed, mut renamed) = (BTreeSet::new(), BTreeSet::new());
    let mut records = Vec::new();
    for About { profile: id, node, facts } in told {
        let profile = known.get_mut(id).filter(|profile| !facts.known_to(profile));
        news.push(profile.is_some());
        if let Some(profile) = profile {
            let tells = |told: &Option<String>, known: &Option<String>| told.is_some() && told != known;
            if tells(&facts.name, &profile.name) || tells(&facts.given_name, &profile.given_name) {
                renamed.insert(*id);
            }
            facts.put_into(profile);
            changed.insert(*id);
            records.push((*node, facts.clone()));
        }
    }
    record::keep(tx, &records, origin).await?;
    let now = tx.now();
    let rows = changed
        .iter()
        .map(|id| {
            let mut row = args![*id, origin.source, now, now];
            row.extend(Facts::of(&known[id]).columns());
            row
        })
        .collect();
    tx.insert_many(sql::UPSERT_FACTS, rows, sql::MERGE_FACTS).await?;
    let named = |id: &Id| known.get(id).map(|of| (*id, search::names(&of.name, &of.given_name)));
    search::put_profiles(tx, &renamed.iter().filter_map(named).collect::<Vec<_>>()).await?;
    Ok(news)
}

/// Tells "absent" from `null` in a change.
pub(super) mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Some)
    }
}
