//! Frame (帧): `length u32 | checksum u32 | first sequence number u64 | batch`, little endian.
//!
//! The checksum (CRC-32) covers the batch and, mixed in, the two numbers.

use lake::Batch;

/// Bytes before the batch.
pub const HEAD: usize = 16;

/// A batch as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Number of its first event; events are numbered through the whole log.
    pub first: u64,
    /// The batch.
    pub batch: Batch,
    /// Bytes of the frame.
    pub length: u64,
}

/// Writes a batch for the log, leaving room for the head.
pub fn encode(batch: &Batch) -> postcard::Result<Vec<u8>> {
    let size = batch.events.iter().map(|e| 160 + e.properties.len() + e.context.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(HEAD + 64 + size);
    bytes.resize(HEAD, 0);
    postcard::to_extend(batch, bytes)
}

/// Fills in the head, once it is known which number comes first.
pub fn seal(frame: &mut [u8], first: u64) {
    let length = (frame.len() - HEAD) as u32;
    let checksum = checksum(&frame[HEAD..], length, first);
    frame[0..4].copy_from_slice(&length.to_le_bytes());
    frame[4..8].copy_from_slice(&checksum.to_le_bytes());
    frame[8..16].copy_from_slice(&first.to_le_bytes());
}

/// Reads the frame that `bytes` begin with; nothing where they are cut off or unsound.
pub fn decode(bytes: &[u8]) -> Option<Frame> {
    let head = bytes.get(..HEAD)?;
    let length = u32::from_le_bytes(head[0..4].try_into().ok()?);
    let said = u32::from_le_bytes(head[4..8].try_into().ok()?);
    let first = u64::from_le_bytes(head[8..16].try_into().ok()?);
    let body = bytes.get(HEAD..HEAD + length as usize).filter(|body| !body.is_empty())?;
    if checksum(body, length, first) != said {
        return None;
    }
    let batch = postcard::from_bytes(body).ok()?;
    Some(Frame { first, batch, length: (HEAD + body.len()) as u64 })
}

fn checksum(body: &[u8], length: u32, first: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(&first.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};
    use lake::{Event, EventKind};
    use proptest::prelude::*;

    use super::*;

    fn batch(names: &[String]) -> Batch {
        let event = |name: &String| Event {
            message_id: format!("m-{name}"),
            kind: EventKind::Track,
            name: name.clone(),
            node: Id::from_digest([7; 16]),
            user_id: Some("u".into()),
            anonymous_id: None,
            happened_at: Timestamp::from_ms(1_795_334_400_000),
            channel: None,
            properties: "{}".into(),
            context: "{}".into(),
        };
        Batch {
            source_id: Id::from_digest([1; 16]),
            received_at: Timestamp::from_ms(1_795_334_400_001),
            events: names.iter().map(event).collect(),
        }
    }

    proptest! {
        #[test]
        fn a_frame_comes_back_and_no_cut_or_changed_one_does(
            names in prop::collection::vec("[a-z中 ]{1,12}", 1..5), first in any::<u64>(), at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            let batch = batch(&names);
            let mut bytes = encode(&batch).expect("plain data");
            seal(&mut bytes, first);
            let length = bytes.len() as u64;
            prop_assert_eq!(decode(&bytes), Some(Frame { first, batch, length }));
            let place = at.index(bytes.len());
            prop_assert_eq!(decode(&bytes[..place]), None);
            bytes[place] ^= flip;
            prop_assert_eq!(decode(&bytes), None);
        }
    }
}
