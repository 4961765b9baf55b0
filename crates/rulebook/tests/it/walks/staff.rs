use async_trait::async_trait;
use http_kit::{App, PeoplePort, Person, StaffMove, StandIn, Unit};
use kernel::{Caller, Id, LocalText, Result, Timestamp};
use store::Tx;

/// A few people of one department, each of whom holds every role and permission.
#[derive(Debug, Clone)]
pub struct Staff {
    pub people: Vec<Id>,
    pub department: Id,
}

#[async_trait]
impl PeoplePort for Staff {
    async fn people(&self, _: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        let person = |id: &Id| Person {
            id: *id,
            active: true,
            name: "Somebody".to_owned(),
            email: format!("{id}@walk.example"),
            language: None,
            department_id: Some(self.department),
            manager_id: self.people.first().copied(),
        };
        Ok(self.people.iter().filter(|id| ids.contains(id)).map(person).collect())
    }

    async fn look_up(&self, _: &mut Tx, _: &[String]) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }

    async fn staff(&self, _: &mut Tx, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.people.clone())
    }

    async fn caller(&self, _: &App, _: Id, _: &Caller) -> Result<Option<Caller>> {
        Ok(None)
    }

    async fn units(&self, _: &mut Tx) -> Result<Vec<Unit>> {
        let name = || "Walk".to_owned();
        let names = LocalText { zh_hans: name(), zh_hant: name(), en: name() };
        Ok(vec![Unit {
            id: self.department,
            code: "walk".to_owned(),
            names,
            head_id: self.people.get(1).copied(),
        }])
    }

    async fn holders_of_role(&self, _: &mut Tx, _: &str, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.people.clone())
    }

    async fn holders_of_permission(
        &self,
        _: &mut Tx,
        _: &str,
        _: Option<Id>,
        _: Option<Id>,
    ) -> Result<Vec<Id>> {
        Ok(self.people.clone())
    }

    async fn move_person(&self, _: &mut Tx, _: &StaffMove) -> Result<()> {
        Ok(())
    }

    async fn stand_ins(&self, _: &mut Tx, _: &[Id], _: &str, _: Timestamp) -> Result<Vec<StandIn>> {
        Ok(Vec::new())
    }
}
