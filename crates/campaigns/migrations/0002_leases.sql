-- Few messages are on the wire at a time: an index of those alone never tempts the planner to walk through a whole ledger.
DROP INDEX send_leased;
CREATE INDEX send_leased ON send (leased_until) WHERE state = 'attempting';
