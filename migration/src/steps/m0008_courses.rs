//! The courses of a DSO and who came.
//!
//! Owns `courses`, `attendees`. Invariant: an attendee is in the DSO of the course; the doctor they are, if any,
//! may be of another DSO of the same organization.

use crate::rls::{DSO, Wall};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0008_courses",
    up: UP,
    sqlite_up: "",
    postgres_up: "",
    walls: &[Wall::new("courses", DSO), Wall::new("attendees", DSO)],
    sqlite_down: "",
    postgres_down: "",
    down: "drop table attendees; drop table courses;",
};

const UP: &str = "
create table courses (
    organization_id {uuid}  not null references organizations (id),
    id              {uuid}  not null,
    dso_id          {uuid}  not null,
    title           text    not null,
    held_at         {time},
    created_at      {time}  not null,
    updated_at      {time}  not null,
    version         integer not null default 1 check (version >= 1),
    primary key (organization_id, id),
    unique (organization_id, dso_id, id),
    foreign key (organization_id, dso_id) references dsos (organization_id, id)
) {strict};

create index courses_by_dso on courses (organization_id, dso_id, held_at, id);

create table attendees (
    organization_id {uuid} not null references organizations (id),
    id              {uuid} not null,
    dso_id          {uuid} not null,
    course_id       {uuid} not null,
    doctor_id       {uuid},
    name            {name}   not null,
    email           text,
    attended        {bool} not null check (attended in (true, false)),
    created_at      {time} not null,
    primary key (organization_id, id),
    foreign key (organization_id, dso_id, course_id) references courses (organization_id, dso_id, id)
        on update cascade,
    foreign key (organization_id, doctor_id) references doctors (organization_id, id)
) {strict};

create index attendees_by_course on attendees (organization_id, course_id, name, id);
create index attendees_by_doctor on attendees (organization_id, doctor_id, id);
";
