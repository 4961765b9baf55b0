use hashbrown::HashTable;

/// Nothing is due.
pub const NEVER: i64 = i64::MAX;

/// One person (人): who, what is kept of them, and when time will change something.
#[derive(Debug)]
pub struct Person {
    pub id: u128,
    pub record: Box<[u8]>,
    pub due: i64,
    pub is_free: bool,
}

/// People (人员表) in slots, so that sets of them are sets of small numbers.
#[derive(Debug, Default)]
pub struct People {
    slots: Vec<Person>,
    free: Vec<u32>,
    places: HashTable<u32>,
    record_bytes: usize,
}

impl People {
    pub fn find(&self, id: u128) -> Option<u32> {
        self.places.find(hash(id), |slot| self.slots[*slot as usize].id == id).copied()
    }

    pub fn find_or_add(&mut self, id: u128) -> u32 {
        if let Some(slot) = self.find(id) {
            return slot;
        }
        let person = Person { id, record: Box::default(), due: NEVER, is_free: false };
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = person;
                slot
            }
            None => {
                // Doubling would hold the list twice and then half of it in vain.
                if self.slots.len() == self.slots.capacity() {
                    self.slots.reserve_exact(self.slots.len() / 8 + 16);
                }
                self.slots.push(person);
                (self.slots.len() - 1) as u32
            }
        };
        let slots = &self.slots;
        self.places.insert_unique(hash(id), slot, |slot| hash(slots[*slot as usize].id));
        slot
    }

    pub fn remove(&mut self, slot: u32) {
        self.keep(slot, &[]);
        let person = &mut self.slots[slot as usize];
        (person.due, person.is_free) = (NEVER, true);
        let id = person.id;
        if let Ok(entry) = self.places.find_entry(hash(id), |place| *place == slot) {
            entry.remove();
        }
        self.free.push(slot);
        if self.places.is_empty() {
            let record_bytes = self.record_bytes;
            *self = Self { record_bytes, ..Self::default() };
        }
    }

    /// Replaces what is kept of a person.
    pub fn keep(&mut self, slot: u32, record: &[u8]) {
        let person = &mut self.slots[slot as usize];
        if person.record.len() == record.len() {
            person.record.copy_from_slice(record);
            return;
        }
        self.record_bytes -= allocated(person.record.len());
        self.record_bytes += allocated(record.len());
        person.record = record.into();
    }

    pub fn get(&self, slot: u32) -> &Person {
        &self.slots[slot as usize]
    }

    pub fn set_due(&mut self, slot: u32, due: i64) {
        self.slots[slot as usize].due = due;
    }

    /// Returns true where somebody is in the slot.
    pub fn is_taken(&self, slot: u32) -> bool {
        self.slots.get(slot as usize).is_some_and(|person| !person.is_free)
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns the number of slots, free ones included.
    pub fn slots(&self) -> u32 {
        self.slots.len() as u32
    }

    /// Returns how much memory they take.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Person>()
            + self.free.capacity() * size_of::<u32>()
            + self.places.allocation_size()
            + self.record_bytes
    }
}

/// What the system takes for a piece of memory, its own notes included.
fn allocated(len: usize) -> usize {
    if len == 0 { 0 } else { (len + 8).next_multiple_of(16).max(32) }
}

/// Ids are drawn by us (version 7 or a digest): nobody can choose ones that collide.
fn hash(id: u128) -> u64 {
    let folded = (id >> 64) as u64 ^ (id as u64).rotate_left(32);
    let product = u128::from(folded).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (product as u64) ^ ((product >> 64) as u64)
}
