//! Stands in for identity where somebody has to know departments and who works there.

use async_trait::async_trait;
use http_kit::{App, PeoplePort, Person, StandIn, Unit};
use kernel::{Caller, Id, LocalText, Result, Timestamp};
use store::Tx;

/// Two departments with one person each.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    pub market: Id,
    pub service: Id,
    /// Works in marketing.
    pub marketer: Id,
    /// Works in customer service.
    pub analyst: Id,
}

impl Staff {
    /// Makes them known to a product.
    pub fn join(app: &App) -> Self {
        let staff = Self { market: Id::new(), service: Id::new(), marketer: Id::new(), analyst: Id::new() };
        app.people.connect(std::sync::Arc::new(staff));
        staff
    }

    fn all(self) -> [Person; 2] {
        let person = |id: Id, name: &str, department: Id| Person {
            id,
            name: name.to_owned(),
            email: format!("{id}@staff.invalid"),
            language: None,
            department_id: Some(department),
            manager_id: None,
            active: true,
        };
        [person(self.marketer, "Tang", self.market), person(self.analyst, "Gu", self.service)]
    }
}

#[async_trait]
impl PeoplePort for Staff {
    async fn people(&self, _: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        Ok(self.all().into_iter().filter(|person| ids.contains(&person.id)).collect())
    }

    async fn look_up(&self, _: &mut Tx, _: &[String]) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }

    async fn staff(&self, _: &mut Tx, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(vec![self.marketer, self.analyst])
    }

    async fn caller(&self, _: &App, _: Id, _: &Caller) -> Result<Option<Caller>> {
        Ok(None)
    }

    async fn units(&self, _: &mut Tx) -> Result<Vec<Unit>> {
        let unit = |id: Id, code: &str| Unit {
            id,
            code: code.to_owned(),
            names: LocalText::default(),
            head_id: None,
        };
        Ok(vec![unit(self.market, "market"), unit(self.service, "service")])
    }

    async fn holders_of_role(&self, _: &mut Tx, _: &str, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(Vec::new())
    }

    async fn holders_of_permission(
        &self,
        _: &mut Tx,
        _: &str,
        _: Option<Id>,
        department: Option<Id>,
    ) -> Result<Vec<Id>> {
        let works = |person: &Person| department.is_none() || person.department_id == department;
        Ok(self.all().into_iter().filter(works).map(|person| person.id).collect())
    }

    async fn stand_ins(&self, _: &mut Tx, _: &[Id], _: &str, _: Timestamp) -> Result<Vec<StandIn>> {
        Ok(Vec::new())
    }
}
