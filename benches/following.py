"""Following: how long after an event was acknowledged the people who entered segments because of it are written."""

import http.client
import hashlib
import json
import statistics
import threading
import time
import uuid
from dataclasses import dataclass, field

import product
from table import Row

PEOPLE = 1_000_000
#: Each of these is in as many segments as there are thresholds.
NAMES, THRESHOLDS = 50, 20
#: People who do something during the run, so that thresholds above the first are reached.
BUSY = 2_000
PER_SECOND, BATCH, SECONDS = 2_000, 100, 60


@dataclass
class World:
    """What must come of what was sent, kept apart from the product."""

    segments: dict[tuple[int, int], str]
    #: How often each busy person did each thing.
    done: dict[tuple[int, int], int] = field(default_factory=dict)
    #: When the event was acknowledged that made somebody a member, by segment and profile.
    expected: dict[tuple[str, str], float] = field(default_factory=dict)

    def note(self, name: int, person: int, profile: str, acknowledged: float) -> None:
        """Counts an event; each is the one that some threshold waits for, up to the last of them."""
        times = self.done.get((name, person), 0) + 1
        self.done[name, person] = times
        if segment := self.segments.get((name, times)):
            self.expected[segment, profile] = acknowledged


def node(person: int) -> str:
    """Returns the id of a user's identifier, as the product derives it."""
    digest = bytearray(hashlib.sha256(f"user_id\0user-{person}".encode()).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


def people(data_dir) -> None:
    """Imports everybody."""
    file = data_dir.parent / "following.csv"
    with file.open("w") as rows:
        rows.write("user id\n")
        rows.writelines(f"user-{person}\n" for person in range(PEOPLE))
    printed, used = product.run(product.binary(), "import", "customers", file, "--data-dir", data_dir)
    file.unlink()
    if printed.strip() != f"read {PEOPLE} stored {PEOPLE} rejected 0":
        raise SystemExit(f"the import says {printed!r}")
    print(f"import of {PEOPLE:,} people: {used.wall:.0f} s, {used.peak_mb:.0f} MB", flush=True)


def segments(api: product.Api) -> dict[tuple[int, int], str]:
    """Makes a segment for each name and threshold."""
    made = {}
    for name in range(NAMES):
        for least in range(1, THRESHOLDS + 1):
            definition = {"type": "did", "what": {"names": [f"Event {name}"]}, "at_least": least, "within_days": 30}
            body = {"name": f"{name}/{least}", "definition": definition, "active": True}
            made[name, least] = api.post("/api/v1/customers/segments", body)["id"]
    return made


def until_live(api: product.Api, made: dict) -> float:
    """Waits until every segment is kept event by event; returns how long that took."""
    began = time.perf_counter()
    for segment in made.values():
        while not api.get(f"/api/v1/customers/segments/{segment}")["live_until"]:
            time.sleep(0.2)
    return time.perf_counter() - began


def watch(data_dir, seen: dict, stop: threading.Event) -> None:
    """Notes when each change can be read by somebody else."""
    records, last = product.reader(data_dir), 0
    while True:
        ending = stop.is_set()
        rows = records.execute("SELECT rowid, segment_id, profile_id, change FROM segment_change WHERE rowid > ? ORDER BY rowid",
                               (last,)).fetchall()
        now = time.perf_counter()
        for last, segment, profile, change in rows:
            if change != "entered" or (segment, profile) in seen:
                raise SystemExit(f"{profile} {change} {segment} a second time or without a reason")
            seen[segment, profile] = now
        if ending:
            return
        time.sleep(0.01)


def send(port: int, key: str, world: World, profiles: list[str]) -> float:
    """Sends what is to be sent at its pace; returns the events a second that were acknowledged."""
    connection, sent, began = http.client.HTTPConnection("127.0.0.1", port), 0, time.perf_counter()
    headers = {"content-type": "application/json"}
    state = 1
    while sent < PER_SECOND * SECONDS:
        batch = []
        for _ in range(BATCH):
            state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            batch.append(((state >> 33) % NAMES, (state >> 40) % BUSY))
        events = [{"type": "track", "event": f"Event {name}", "userId": f"user-{person}", "messageId": f"m-{sent + place}"}
                  for place, (name, person) in enumerate(batch)]
        connection.request("POST", "/v1/batch", json.dumps({"writeKey": key, "batch": events}), headers)
        answer = connection.getresponse()
        answer.read()
        acknowledged = time.perf_counter()
        if answer.status != 200:
            raise SystemExit(f"a batch was answered with {answer.status}")
        for name, person in batch:
            world.note(name, person, profiles[person], acknowledged)
        sent += BATCH
        time.sleep(max(0.0, began + sent / PER_SECOND - time.perf_counter()))
    return sent / (time.perf_counter() - began)


def measure() -> list[Row]:
    """Returns the figures."""
    data_dir = product.fresh("following")
    people(data_dir)
    secret = product.token(data_dir, "administrator")
    key, _ = product.run(product.binary(), "source", "create", "--data-dir", data_dir, "--name", "bench")
    server = product.Server(data_dir)
    api = product.Api(server.base, secret)
    made = segments(api)
    print(f"{len(made):,} segments are live after {until_live(api, made):.1f} s", flush=True)
    records = product.reader(data_dir)
    owner = "SELECT profile_id FROM profile_node WHERE node_id = ? AND until IS NULL"
    profiles = [records.execute(owner, (node(person),)).fetchone()[0] for person in range(BUSY)]
    world, seen, stop = World(made), {}, threading.Event()
    watcher = threading.Thread(target=watch, args=(data_dir, seen, stop))
    watcher.start()
    before = server.cpu()
    rate = send(server.port + 1, key.strip(), world, profiles)
    used = server.cpu() - before
    time.sleep(5)
    stop.set()
    watcher.join()
    peak = server.stop().peak_mb
    return [report(world, seen, data_dir, rate, used, peak)]


def report(world: World, seen: dict, data_dir, rate: float, used: float, peak: float) -> Row:
    """Compares with what must have come of it, person by person."""
    members = set(product.reader(data_dir).execute("SELECT segment_id, profile_id FROM segment_member").fetchall())
    if members != set(world.expected) or set(seen) != set(world.expected):
        lacking, extra = set(world.expected) - members, members - set(world.expected)
        raise SystemExit(f"{len(lacking)} members lack, {len(extra)} are too many, {len(seen)} changes were seen")
    waits = sorted(seen[change] - acknowledged for change, acknowledged in world.expected.items())
    p99 = waits[int(len(waits) * 0.99)]
    print(f"slowest {waits[-1]:.2f} s, {used:.0f} s CPU, {peak:.0f} MB", flush=True)
    return Row(
        f"event acknowledged until who entered is written: {len(world.segments):,} live segments, {PEOPLE:,} people, "
        f"{rate:,.0f} events/s; {len(waits):,} entered, equal to an oracle",
        f"p50 {statistics.median(waits) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms", None, None, "p99 < 1 s", p99 < 1)
