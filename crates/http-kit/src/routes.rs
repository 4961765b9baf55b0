use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Caller, Permission, Problem};
use serde_json::json;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response as ApiResponse, extensions::Extensions};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::{AppState, Refusal, idempotent};

/// Who may call an operation; stands on the route's own line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, for the stated reason.
    Public(&'static str),
    /// Whoever of the staff is signed in; the operation concerns only themselves.
    SignedIn,
    /// Whoever is signed in, guests too; the operation concerns only themselves and what they were invited to.
    GuestsToo,
    /// Holders of this permission; rows and fields are narrowed inside.
    Needs(Permission),
}

/// Asks for a permission.
pub const fn needs(permission: Permission) -> Access {
    Access::Needs(permission)
}

/// Asks only that somebody is signed in.
pub const fn signed_in() -> Access {
    Access::SignedIn
}

/// Asks only that somebody is signed in, and lets guests in.
pub const fn guests_too() -> Access {
    Access::GuestsToo
}

/// Opens the operation to anybody, and says why.
pub const fn public(why: &'static str) -> Access {
    Access::Public(why)
}

impl Access {
    fn check(self, caller: &Caller) -> kernel::Result<()> {
        match self {
            Self::Public(_) => Ok(()),
            Self::SignedIn | Self::Needs(_) if caller.guest => {
                Err(Problem::forbidden("access.not_for_guests"))
            }
            Self::SignedIn | Self::GuestsToo if caller.actor == Actor::Anonymous => {
                Err(Problem::unauthorized("access.sign_in_first"))
            }
            Self::SignedIn | Self::GuestsToo => Ok(()),
            Self::Needs(permission) => caller.require(permission),
        }
    }
}

/// The operations of a domain, each with who may call it.
#[derive(Default)]
pub struct Routes {
    router: OpenApiRouter<AppState>,
    permissions: Vec<Permission>,
    schemas: BTreeMap<String, RefOr<Schema>>,
    clashes: BTreeSet<String>,
}

impl Routes {
    /// Starts without operations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an operation: `.add(operations!(list), needs(READ))`.
    #[must_use]
    pub fn add(
        mut self,
        (schemas, mut paths, methods): UtoipaMethodRouter<AppState>,
        access: Access,
    ) -> Self {
        for item in paths.paths.values_mut() {
            for operation in operations_of(item) {
                describe(operation, access);
            }
            // Keys belong to users, so what anybody may call takes none.
            if let Some(post) = item.post.as_mut().filter(|_| !matches!(access, Access::Public(_))) {
                post.parameters.get_or_insert_default().push(idempotent::parameter().into());
            }
        }
        self.remember(schemas.clone());
        let guarded =
            methods.layer(from_fn(move |request: Request, next: Next| guard(access, request, next)));
        self.router = self.router.routes((schemas, paths, guarded));
        if let Access::Needs(permission) = access {
            self.permissions.push(permission);
        }
        self
    }

    /// Adds the operations of another noun.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.permissions.extend(other.permissions);
        self.clashes.extend(other.clashes);
        self.remember(other.schemas);
        self
    }

    /// Two types of one name would be one in the document, and one of the two described wrongly.
    fn remember(&mut self, schemas: impl IntoIterator<Item = (String, RefOr<Schema>)>) {
        for (name, schema) in schemas {
            match self.schemas.entry(name) {
                Entry::Occupied(known) if *known.get() != schema => {
                    self.clashes.insert(known.key().clone());
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert(schema);
                }
            }
        }
    }

    /// Returns the names that more than one type bears; `#[schema(as = Another)]` mends it.
    pub fn clashes(&self) -> impl Iterator<Item = &str> {
        self.clashes.iter().map(String::as_str)
    }

    /// Returns every permission that some operation asks for, once each.
    pub fn permissions(&self) -> Vec<Permission> {
        let mut permissions = self.permissions.clone();
        permissions.sort();
        permissions.dedup();
        permissions
    }

    /// Splits into the router and its part of the OpenAPI document.
    pub fn split(self) -> (Router<AppState>, OpenApi) {
        self.router.split_for_parts()
    }
}

async fn guard(access: Access, request: Request, next: Next) -> Response {
    let checked = match request.extensions().get::<Caller>() {
        Some(caller) => access.check(caller),
        None => Err(Problem::internal("the caller layer is missing on this route")),
    };
    match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => Refusal(problem).into_response(),
    }
}

fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete, &mut item.head]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// Writes into the document who may call, and how every operation refuses.
fn describe(operation: &mut Operation, access: Access) {
    let word = match access {
        Access::Public(why) => json!({ "public": why }),
        Access::SignedIn => json!("signed_in"),
        Access::GuestsToo => json!("signed_in_or_guest"),
        Access::Needs(permission) => {
            json!({ "permission": permission.code, "scoped": !permission.scoped_by.is_empty() })
        }
    };
    operation.extensions.get_or_insert_with(Extensions::default).insert("x-access".to_owned(), word);
    if !matches!(access, Access::Public(_)) {
        let none: [&str; 0] = [];
        operation.security =
            Some(vec![SecurityRequirement::new("session", none), SecurityRequirement::new("token", none)]);
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    let mut refusal = ApiResponse::new("A problem, in the caller's language");
    refusal.content.insert("application/problem+json".to_owned(), content.into());
    operation.responses.responses.insert("4XX".to_owned(), refusal.clone().into());
    operation.responses.responses.insert("5XX".to_owned(), refusal.into());
}
