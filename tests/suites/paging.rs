//! In work: the owner of this suite is writing it.
