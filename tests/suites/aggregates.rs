//! Figures: what is told of many rows is what the rows say, for whoever asks.

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
