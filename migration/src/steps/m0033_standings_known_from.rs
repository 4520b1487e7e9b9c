//! From when on it is on record how a DSO stood.
//!
//! Owns the column `standings_known_from` of `dsos`: a day, counted since 1970, UTC. Invariant: none where no day of the DSO's
//! history was made up from how its doctors stand now.

use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0033_standings_known_from",
    up: "alter table dsos add column standings_known_from integer;",
    sqlite_up: "
update dsos set standings_known_from = first.day
from (select organization_id, dso_id, unixepoch(min(created_at)) / 86400 as day from doctors group by organization_id, dso_id) as first
where first.organization_id = dsos.organization_id and first.dso_id = dsos.id
  and exists (select 1 from standing_rollups s
              where s.organization_id = dsos.organization_id and s.dso_id = dsos.id and s.day < first.day);
",
    // The tables' owner reads past their policies for as long as it takes.
    postgres_up: "
alter table dsos no force row level security;
alter table doctors no force row level security;
alter table standing_rollups no force row level security;
update dsos set standings_known_from = first.day
from (select organization_id, dso_id, cast(floor(extract(epoch from min(created_at)) / 86400) as integer) as day
      from doctors group by organization_id, dso_id) as first
where first.organization_id = dsos.organization_id and first.dso_id = dsos.id
  and exists (select 1 from standing_rollups s
              where s.organization_id = dsos.organization_id and s.dso_id = dsos.id and s.day < first.day);
alter table standing_rollups force row level security;
alter table doctors force row level security;
alter table dsos force row level security;
",
    walls: &[],
    sqlite_down: "",
    postgres_down: "",
    down: "alter table dsos drop column standings_known_from;",
};
