//! Letters, folders and mail servers, without and with a database.

mod letters;
mod places;
mod rounds;
mod sink;
