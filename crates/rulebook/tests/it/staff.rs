use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use http_kit::{App, PeoplePort, Person, StandIn, Unit};
use kernel::{Caller, Id, Language, Result, Timestamp};
use store::Tx;

/// A small staff: who they are, what they may do, which roles they hold.
#[derive(Debug, Default)]
pub struct Staff {
    pub people: Mutex<Vec<Person>>,
    pub callers: Vec<Caller>,
    pub roles: BTreeMap<&'static str, Vec<Id>>,
}

impl Staff {
    /// Makes a staff of these people, who read English.
    pub fn of(people: &[(&Caller, &str)]) -> Self {
        let mut staff = Self::default();
        for (caller, name) in people {
            staff.callers.push((*caller).clone());
            staff.join(caller.user_id().expect("a user"), name);
        }
        staff
    }

    /// Lets somebody join.
    pub fn join(&self, id: Id, name: &str) {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).push(Person {
            id,
            name: name.to_owned(),
            email: format!("{}@daoting.example", name.to_lowercase()),
            language: Some(Language::En),
            department_id: None,
            manager_id: None,
            active: true,
        });
    }

    fn all(&self) -> Vec<Person> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl PeoplePort for Staff {
    async fn people(&self, _: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        Ok(self.all().into_iter().filter(|person| ids.contains(&person.id)).collect())
    }

    async fn look_up(&self, _: &mut Tx, words: &[String]) -> Result<Vec<Person>> {
        let meant = |person: &Person| words.contains(&person.email) || words.contains(&person.name);
        Ok(self.all().into_iter().filter(meant).collect())
    }

    async fn staff(&self, _: &mut Tx, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.all().iter().map(|person| person.id).collect())
    }

    async fn caller(&self, _: &App, id: Id, _: &Caller) -> Result<Option<Caller>> {
        Ok(self.callers.iter().find(|caller| caller.find_user_id() == Some(id)).cloned())
    }

    async fn units(&self, _: &mut Tx) -> Result<Vec<Unit>> {
        Ok(Vec::new())
    }

    async fn holders_of_role(&self, _: &mut Tx, role: &str, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.roles.get(role).cloned().unwrap_or_default())
    }

    async fn holders_of_permission(
        &self,
        _: &mut Tx,
        _: &str,
        _: Option<Id>,
        _: Option<Id>,
    ) -> Result<Vec<Id>> {
        Ok(self.all().iter().map(|person| person.id).collect())
    }

    async fn stand_ins(&self, _: &mut Tx, _: &[Id], _: &str, _: Timestamp) -> Result<Vec<StandIn>> {
        Ok(Vec::new())
    }
}
