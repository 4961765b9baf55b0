//! Search (客户检索): how people are found whose names and addresses lie sealed. Of what can be searched for, keyed digests stand
//! in tables of their own.

pub(crate) mod rules;
mod service;
mod sql;

pub(crate) use service::{
    add_nodes, add_profiles, and_matches, forget_import, forget_node, forget_profile, names, put_profiles,
};
