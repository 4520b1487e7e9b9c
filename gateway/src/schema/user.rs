//! People.

use std::sync::Arc;

use async_graphql::ID;
use entity::auth::policy::PolicyTarget;
use gateway_macros::guarded;

use crate::guard::HasResource;
use crate::request::id;

/// A person, as the organization sees them.
#[derive(Clone)]
pub struct User(Arc<entity::models::User>);

impl From<Arc<entity::models::User>> for User {
    fn from(row: Arc<entity::models::User>) -> Self {
        Self(row)
    }
}

impl HasResource for User {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Person(self.0.id)
    }
}

/// A person, as the organization sees them.
#[guarded(org = Member)]
impl User {
    /// Which person.
    #[guard(org = Member)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What to call them.
    #[guard(org = Member)]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Their e-mail address as written.
    #[guard(own, org = Admin)]
    fn email(&self) -> Option<&str> {
        Some(&self.0.email)
    }
}
