//! The entities as SeaORM's generator would write them. Seaography derives its schema from them.
//!
//! Owns: one module for each table of the schema `app`; the relations are those that the queries follow.

pub mod organizations {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organizations", schema_name = "app")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub plan: String,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::dsos::Entity")]
        Dsos,
    }

    impl Related<super::dsos::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Dsos.def()
        }
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelatedEntity)]
    pub enum RelatedEntity {
        #[sea_orm(entity = "super::dsos::Entity")]
        Dsos,
    }
}

pub mod users {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users", schema_name = "app")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub email: String,
        pub name: String,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelatedEntity)]
    pub enum RelatedEntity {}
}

pub mod dsos {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dsos", schema_name = "app")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organization_id: Uuid,
        pub name: String,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::doctors::Entity")]
        Doctors,
        #[sea_orm(
            belongs_to = "super::organizations::Entity",
            from = "Column::OrganizationId",
            to = "super::organizations::Column::Id"
        )]
        Organizations,
    }

    impl Related<super::doctors::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Doctors.def()
        }
    }

    impl Related<super::organizations::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Organizations.def()
        }
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelatedEntity)]
    pub enum RelatedEntity {
        #[sea_orm(entity = "super::doctors::Entity")]
        Doctors,
        #[sea_orm(entity = "super::organizations::Entity")]
        Organizations,
    }
}

pub mod doctors {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "doctors", schema_name = "app")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organization_id: Uuid,
        pub dso_id: Uuid,
        pub name: String,
        pub email: String,
        pub risk_level: String,
        pub onboarding_period: i32,
        pub progress: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::activities::Entity")]
        Activities,
        #[sea_orm(belongs_to = "super::dsos::Entity", from = "Column::DsoId", to = "super::dsos::Column::Id")]
        Dsos,
    }

    impl Related<super::activities::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Activities.def()
        }
    }

    impl Related<super::dsos::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Dsos.def()
        }
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelatedEntity)]
    pub enum RelatedEntity {
        #[sea_orm(entity = "super::activities::Entity")]
        Activities,
        #[sea_orm(entity = "super::dsos::Entity")]
        Dsos,
    }
}

pub mod activities {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activities", schema_name = "app")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organization_id: Uuid,
        pub dso_id: Uuid,
        pub doctor_id: Uuid,
        pub user_id: Uuid,
        pub kind: String,
        pub occurred_at: DateTimeWithTimeZone,
        pub note: String,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::doctors::Entity", from = "Column::DoctorId", to = "super::doctors::Column::Id")]
        Doctors,
    }

    impl Related<super::doctors::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Doctors.def()
        }
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelatedEntity)]
    pub enum RelatedEntity {
        #[sea_orm(entity = "super::doctors::Entity")]
        Doctors,
    }
}
