//! Figures: what is told of many rows is what the rows say, for whoever asks.

mod bounds;
mod calendar;
mod kept;
mod nothing;
mod on_record;
mod paged;
mod recount;
mod rollups;
mod statements;
mod told;
