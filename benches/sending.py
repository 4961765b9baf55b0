"""Sends: 100,000 personalised e-mails to an SMTP sink, at full speed and with the plug pulled ten times."""

import atexit
import csv
import datetime
import os
import random
import re
import shutil
import smtplib
import subprocess
import sys
import threading
import time
from email.message import EmailMessage
from pathlib import Path

import product
from table import Row

CITY = "Benchville"
CONNECTIONS = 16
KILLS = 10
#: What a peer sends: enough to be steady, few enough not to take all day.
PEER_MESSAGES = 20_000
MESSAGE_ID = re.compile(rb"Message-ID: <([0-9a-f]{40}@[^>\r\n]+)>", re.IGNORECASE)


class Sink:
    """postfix's smtp-sink; it counts, and keeps what it gets where it is asked to."""

    def __init__(self, folder: Path, keep: bool):
        self.port = product.free_port()
        self.kept = folder / "mails"
        folder.chmod(0o777)
        tools = product.ROOT / "benches" / ".peers" / "postfix" / "usr"
        self.source = tools / "sbin" / "smtp-source"
        self.environment = {**os.environ, "LD_LIBRARY_PATH": str(tools / "lib" / "postfix")}
        if not self.source.is_file():
            raise SystemExit("smtp-sink is not there: run `make peers` first")
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        counter = open(folder / "counter", "wb")
        self.counter = folder / "counter"
        self.process = subprocess.Popen(
            [str(tools / "sbin" / "smtp-sink"), "-c", *user, *(["-D", str(self.kept)] if keep else []),
             f"inet:127.0.0.1:{self.port}", "256"], stdout=counter, stderr=subprocess.STDOUT, env=self.environment)
        # Nothing is left behind where a run ends early.
        atexit.register(self.process.kill)
        wait_for(lambda: connects(self.port), 10, "the sink")

    def count(self) -> int:
        """Returns how many messages it took."""
        counters = re.findall(rb"mesg=\s*(\d+)", self.counter.read_bytes()[-200:])
        return int(counters[-1]) if counters else 0

    def message_ids(self) -> list[bytes]:
        """Returns the Message-ID of everything that it kept, half messages of cut connections too."""
        found, rest = [], b""
        with open(self.kept, "rb") as mails:
            while block := mails.read(1 << 24):
                block = rest + block
                cut = block.rfind(b"\n") + 1
                found.extend(MESSAGE_ID.findall(block[:cut]))
                rest = block[cut:]
        return found

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait()


def connects(port: int) -> bool:
    """Returns true where somebody listens."""
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
        return True
    except OSError:
        return False


def wait_for(fact, seconds: float, what: str, pause: float = 0.2):
    """Asks until the fact is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := fact():
            return found
        time.sleep(pause)
    raise SystemExit(f"not within {seconds:.0f} s: {what}")


def settings(sink: Sink) -> dict:
    """Sends by SMTP, in a company where it is about noon: quiet hours hold here as everywhere."""
    hour = datetime.datetime.now(datetime.timezone.utc).hour
    # The names of these zones count westward.
    zone = f"Etc/GMT{hour - 12:+d}" if hour != 12 else "Etc/UTC"
    return {
        "BRANDWRIGHT_COMPANY__TIME_ZONE": zone,
        "BRANDWRIGHT_MAIL__KIND": "smtp",
        "BRANDWRIGHT_MAIL__SMTP__HOST": "127.0.0.1",
        "BRANDWRIGHT_MAIL__SMTP__PORT": str(sink.port),
        "BRANDWRIGHT_MAIL__SMTP__TLS": "none",
        "BRANDWRIGHT_MAIL__SMTP__CONNECTIONS": str(CONNECTIONS),
        "BRANDWRIGHT_LOG__FILTER": "warn",
    }


def people(file: Path, count: int) -> None:
    """Writes made-up customers who agreed to e-mail, in three languages."""
    with open(file, "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["email", "name", "given_name", "city", "language", "consent_email", "consent_at", "consent_text",
                       "consent_version"])
        for n in range(count):
            language = ("zh-Hans", "zh-Hant", "en")[n % 3]
            rows.writerow([f"p{n}@receiver{n % 97}.invalid", f"Person {n}", f"P{n}", CITY, language, "yes",
                           "2026-01-15T10:00:00Z", "I want to hear of offers by e-mail.", "1"])


def prepare(messages: int) -> tuple[Path, dict]:
    """Loads the sample company and the receivers, writes the campaign up to its launch; returns data and names."""
    data_dir = product.fresh("sends")
    product.run(product.binary(), "sample", "--data-dir", data_dir)
    secrets = {role: product.token(data_dir, role) for role in ("administrator", "market")}
    folder = product.fresh("sink-prepare")
    sink = Sink(folder, keep=False)
    server = product.Server(data_dir, settings(sink))
    try:
        admin, market = (product.Api(server.base, secrets[role]) for role in ("administrator", "market"))
        content = market.get("/api/v1/brand/contents?state=approved")["items"][0]
        receive(admin, content["brand_id"], messages)
        approval = market.get(f"/api/v1/brand/contents/{content['id']}/approval")["token"]
        segment = market.post("/api/v1/customers/segments", {
            "name": "bench", "active": True, "definition": {"type": "text", "field": "city", "one_of": [CITY]}})
        now = datetime.datetime.now(datetime.timezone.utc)
        strategy = market.get("/api/v1/records/strategy?view=in_force")["items"][0]
        goal = market.get("/api/v1/records/goal?view=active")["items"][0]
        campaign = market.post("/api/v1/campaigns/campaigns", {"campaign": {
            "brand_id": content["brand_id"], "name": "bench", "segment_id": segment["id"], "content_id": content["id"],
            "approval": approval, "strategy_id": strategy["id"], "business_goal_id": goal["id"], "goal_metric": "revenue", "goal_target": 1_000_000,
            "period_from": now.isoformat(), "period_to": (now + datetime.timedelta(days=14)).isoformat()}})
        path = f"/api/v1/campaigns/campaigns/{campaign['id']}"
        market.post(f"{path}/prepare", version=campaign["version"])
        market.post(f"{path}/test")
        idle(data_dir)
    finally:
        server.stop()
        sink.stop()
    return data_dir, {"secret": secrets["market"], "path": path, "id": campaign["id"]}


def receive(admin: product.Api, brand: str, messages: int) -> None:
    """Imports the receivers through the API, as somebody at a screen would."""
    file = product.WORK / "people.csv"
    people(file, messages)
    began = time.perf_counter()
    path = f"/api/v1/tabular/imports?noun=customers&file_name=people.csv&source=bench&brand_id={brand}"
    made = admin.post(path, file.read_bytes())
    admin.post(f"/api/v1/tabular/imports/{made['id']}/start", version=made["version"])

    def done():
        seen = admin.get(f"/api/v1/tabular/imports/{made['id']}")
        if seen["state"] == "failed":
            raise SystemExit(f"the import of receivers failed: {seen['failure']}")
        return seen if seen["state"] == "done" else None

    seen = wait_for(done, 600, "the import of receivers")
    if seen["stored_count"] != messages:
        raise SystemExit(f"{seen['stored_count']} of {messages} receivers were stored: {seen}")
    print(f"{messages} customers with consent imported in {time.perf_counter() - began:.1f} s", file=sys.stderr)


def idle(data_dir: Path) -> None:
    """Waits until nothing is due in the background."""
    records = product.reader(data_dir)
    due = "SELECT COUNT(*) FROM job WHERE state = 'running' OR (state = 'waiting' AND run_at <= ?)"
    wait_for(lambda: records.execute(due, (int(time.time() * 1000),)).fetchone()[0] == 0, 900, "idle background")


def launch(server: product.Server, campaign: dict) -> None:
    """Lets it go."""
    market = product.Api(server.base, campaign["secret"])
    version = market.get(campaign["path"])["version"]
    market.post(f"{campaign['path']}/launch", version=version)


def states(records, campaign: str) -> dict:
    """Counts the ledger by state."""
    return dict(records.execute("SELECT state, COUNT(*) FROM send WHERE campaign_id = ? GROUP BY state", (campaign,)))


def on_the_wire(records, campaign: str) -> set:
    """Returns what was given to the wire and has no answer yet."""
    return {row[0] for row in records.execute("SELECT id FROM send WHERE campaign_id = ? AND state = 'attempting'", (campaign,))}


def copied(source: Path, name: str) -> Path:
    """Copies a data directory."""
    target = product.WORK / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def rate(prepared: Path, campaign: dict, messages: int) -> tuple[float, float, float, int]:
    """Sends all of them; returns messages a second in all and on the wire, processor seconds and mean size."""
    data_dir = copied(prepared, "sends-rate")
    folder = product.fresh("sink-rate")
    sink = Sink(folder, keep=False)
    server = product.Server(data_dir, settings(sink))
    try:
        before, cpu = sink.count(), server.cpu()
        began = time.perf_counter()
        launch(server, campaign)
        records = product.reader(data_dir)
        done = lambda: states(records, campaign["id"]).get("sent", 0) >= messages
        wait_for(done, 1_800, "all messages sent", pause=0.5)
        took = time.perf_counter() - began
        cpu = server.cpu() - cpu
        first, last = records.execute("SELECT MIN(attempted_at), MAX(settled_at) FROM send WHERE campaign_id = ?",
                                      (campaign["id"],)).fetchone()
        if sink.count() - before < messages:
            raise SystemExit(f"the sink took {sink.count() - before} of {messages}")
    finally:
        server.stop()
        sink.stop()
    wire = messages / ((last - first) / 1000)
    print(f"sends: {messages / took:,.0f}/s from launch to the last, {wire:,.0f}/s from first to last, "
          f"{cpu:.1f} s of processor", file=sys.stderr)
    return messages / took, wire, cpu, mean_size(data_dir, prepared, campaign)


def mean_size(data_dir: Path, prepared: Path, campaign: dict) -> int:
    """Sends a few to a sink that keeps them, to know how large they are."""
    folder = product.fresh("sink-size")
    sink = Sink(folder, keep=True)
    server = product.Server(copied(prepared, "sends-size"), settings(sink))
    try:
        before = sink.count()
        product.Api(server.base, campaign["secret"]).post(f"{campaign['path']}/test")
        count = sink.count() - before
    finally:
        server.stop()
        sink.stop()
    return sink.kept.stat().st_size // max(count, 1)


def kills(prepared: Path, campaign: dict, messages: int, seed: int) -> dict:
    """Pulls the plug at random moments while it sends, then compares ledger and sink."""
    chance = random.Random(seed)
    data_dir = copied(prepared, "sends-kill")
    folder = product.fresh("sink-kill")
    sink = Sink(folder, keep=True)
    environment = settings(sink)
    server = product.Server(data_dir, environment)
    began, in_flight, moments = time.perf_counter(), set(), []
    try:
        records = product.reader(data_dir)
        launch(server, campaign)
        marks = sorted(chance.sample(range(messages // 100, messages * 80 // 100), KILLS))
        for mark in marks:
            wait_for(lambda: sink.count() >= mark, 600, f"{mark} messages", pause=0.003)
            server.kill()
            # A row that the kill before left behind counts once.
            on_the_way = on_the_wire(records, campaign["id"]) - in_flight
            in_flight |= on_the_way
            moments.append((mark, len(on_the_way)))
            records.close()
            server = product.Server(data_dir, environment, port=server.port)
            records = product.reader(data_dir)
        open_states = ("intent", "attempting")
        settled = lambda: not any(states(records, campaign["id"]).get(s) for s in open_states)
        wait_for(settled, 1_800, "every message settled", pause=1)
        ledger = dict(records.execute("SELECT message_id, state FROM send WHERE campaign_id = ?", (campaign["id"],)))
    finally:
        server.stop()
        sink.stop()
    found = compare(ledger, [m.decode() for m in sink.message_ids()], len(in_flight))
    print(f"kills at {moments}: {found} after {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return found


def compare(ledger: dict, arrived: list, in_flight: int) -> dict:
    """Proves that nothing went out twice and that the ledger explains whatever is absent."""
    arrived = [m for m in arrived if m in ledger]
    seen = set(arrived)
    absent = [state for message, state in ledger.items() if message not in seen]
    unknown = sum(state == "unknown" for state in ledger.values())
    return {
        "twice": len(arrived) - len(seen),
        "absent without a reason": sum(state not in ("intent", "failed", "unknown", "suppressed") for state in absent),
        "unknown": unknown,
        "in flight at the kills": in_flight,
        "absent": len(absent),
    }


def source(size: int) -> float:
    """Returns how many messages of this size smtp-source brings to the sink in a second."""
    sink = Sink(product.fresh("sink-source"), keep=False)
    began = time.perf_counter()
    subprocess.run([str(sink.source), "-s", str(CONNECTIONS), "-m", str(PEER_MESSAGES), "-l", str(size), "-d",
                    "-f", "a@brand.invalid", "-t", "b@receiver.invalid", f"inet:127.0.0.1:{sink.port}"],
                   check=True, env=sink.environment)
    took = time.perf_counter() - began
    sink.stop()
    print(f"smtp-source: {PEER_MESSAGES / took:,.0f}/s of {size} bytes", file=sys.stderr)
    return PEER_MESSAGES / took


def script(size: int) -> float:
    """Returns how many a Python script personalises and sends in a second, without ledger, door or tracking."""
    sink = Sink(product.fresh("sink-script"), keep=False)
    body = "<p>Hello NAME, hot pot tonight?</p>" + "<p>Beef, mushrooms and tomato broth are ready.</p>" * (size // 50)
    share = PEER_MESSAGES // CONNECTIONS

    def work(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", sink.port) as server:
            for n in range(share):
                mail = EmailMessage()
                mail["From"], mail["To"] = "a@brand.invalid", f"p{number}-{n}@receiver.invalid"
                mail["Subject"], mail["Message-ID"] = f"Hello P{n}", f"<{number}.{n}@bench.invalid>"
                mail.set_content(f"Hello P{n}")
                mail.add_alternative(body.replace("NAME", f"P{n}"), subtype="html")
                server.send_message(mail)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(CONNECTIONS)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    sink.stop()
    print(f"Python smtplib: {share * CONNECTIONS / took:,.0f}/s", file=sys.stderr)
    return share * CONNECTIONS / took


def measure(messages: int, seed: int, with_kills: bool) -> list[Row]:
    """Sends at full speed, then again with the plug pulled."""
    prepared, campaign = prepare(messages)
    whole, wire, cpu, size = rate(prepared, campaign, messages)
    limit, peer = source(size), script(size)
    rows = [
        Row(f"{messages:,} personalised e-mails of {size / 1000:.0f} kB, launch to last", f"{whole:,.0f}/s ({cpu:.0f} s CPU)",
            f"{limit:,.0f}/s: smtp-source, the sink's limit, nothing personalised or written down", whole / limit,
            "≥ 1,500/s", whole >= 1_500),
        Row("… from the first to the last on the wire", f"{wire:,.0f}/s",
            f"{peer:,.0f}/s: Python smtplib, {CONNECTIONS} connections, no ledger", wire / peer, None, None),
    ]
    if with_kills:
        found = kills(prepared, campaign, messages, seed)
        sound = not found["twice"] and not found["absent without a reason"] and found["unknown"] <= found["in flight at the kills"]
        rows.append(Row(f"kill -9 at {KILLS} random moments of it",
                        f"{found['twice']} twice, {found['absent without a reason']} absent without a reason, {found['unknown']} unknown",
                        f"{found['in flight at the kills']} in flight at the kills", None, "0, 0, ≤ in flight", sound))
    return rows
