//! What a brand must look like.

use kernel::Result;

use super::{Brand, BrandPatch, NewBrand};
use crate::check::{Faults, TITLE_MAX, is_domain};

/// Most domains that links may lead to.
const LINK_DOMAINS_MAX: usize = 50;

/// Refuses a brand whose fields are out of bounds.
pub fn check(brand: &Brand) -> Result<()> {
    let mut faults = Faults::default();
    faults
        .key(&brand.key, "key")
        .texts(&brand.names, TITLE_MAX, "names")
        .texts(&brand.sender_names, TITLE_MAX, "sender_names")
        .address(&brand.sender_address, "sender_address")
        .unless(brand.link_domains.len() <= LINK_DOMAINS_MAX, "link_domains", "brand.input.too_many");
    for (place, domain) in brand.link_domains.iter().enumerate() {
        faults.unless(is_domain(domain), format!("link_domains.{place}"), "brand.input.domain_invalid");
    }
    faults.end()
}

/// Takes over what a new brand says.
pub fn fill(brand: &mut Brand, new: NewBrand) {
    brand.key = new.key;
    brand.names = new.names;
    brand.sender_names = new.sender_names;
    brand.sender_address = new.sender_address;
    brand.link_domains = lower(new.link_domains);
}

/// Takes over what a patch says.
pub fn apply(brand: &mut Brand, patch: BrandPatch) {
    if let Some(names) = patch.names {
        brand.names = names;
    }
    if let Some(names) = patch.sender_names {
        brand.sender_names = names;
    }
    if let Some(address) = patch.sender_address {
        brand.sender_address = address;
    }
    if let Some(domains) = patch.link_domains {
        brand.link_domains = lower(domains);
    }
    if let Some(state) = patch.state {
        brand.state = state;
    }
}

fn lower(domains: Vec<String>) -> Vec<String> {
    domains.into_iter().map(|domain| domain.to_ascii_lowercase()).collect()
}
