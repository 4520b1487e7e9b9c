//! Aggregated figures equal those computed from the rows, for every caller.

mod bounds;
mod calendar;
mod expected;
mod figure_cache;
mod nothing;
mod on_record;
mod paging;
mod recount;
mod rollups;
mod statements;
