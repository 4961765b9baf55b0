//! The command line as scripts and people use it: the real binary, its words and its exit codes.

mod common;
mod configuration;
mod contracts;
mod doctor;
mod export;
mod packs;
mod serving;
