"""Sends events from several threads, kills the product at random moments, and holds what is stored against what was sent."""

import argparse
import collections
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

SENDERS = 2
DEADLINE = 60


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Product:
    """The product on a data directory, started and killed again and again."""

    def __init__(self, binary: str, work: Path):
        self.binary, self.data, self.log = binary, work / "data", work / "server.log"
        self.port, self.public = free_port(), free_port()
        self.process = None
        self.environment = {**os.environ, "BRANDWRIGHT_LAKE__FLUSH_SECONDS": "1"}

    def start(self) -> None:
        """Starts it and waits until it takes events."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data-dir", self.data, "--listen", f"127.0.0.1:{self.port}",
                 "--public-listen", f"127.0.0.1:{self.public}"], stdout=log, stderr=log, env=self.environment)
        begun = time.monotonic()
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - begun > DEADLINE:
                sys.exit(f"the product does not start:\n{self.log.read_text()[-3000:]}")
            self.process.poll()

    def answers(self) -> bool:
        """Says whether it takes requests."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.public, timeout=1)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def kill(self, how: signal.Signals) -> None:
        """Ends it."""
        self.process.send_signal(how)
        self.process.wait(DEADLINE)

    def run(self, *arguments: str) -> str:
        """Runs a command on the same data."""
        command = [self.binary, *arguments, "--data-dir", str(self.data)]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        if done.returncode != 0:
            sys.exit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def stats(self) -> dict:
        """Returns what is in the lake."""
        return json.loads(self.run("lake", "stats", "--json"))


class Sender(threading.Thread):
    """Sends batches until the product is gone; some of what it sends was sent before."""

    def __init__(self, product: Product, key: str, seed: str):
        super().__init__()
        self.product, self.key, self.random = product, key, random.Random(seed)
        self.seed, self.count = seed, 0
        self.acknowledged, self.uncertain, self.faults = [], [], collections.Counter()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.product.public, timeout=10)
        while True:
            events = self.batch()
            ids = [event["messageId"] for event in events]
            try:
                body = json.dumps({"batch": events, "writeKey": self.key})
                connection.request("POST", "/v1/batch", body, {"content-type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                # Nobody knows whether it arrived.
                self.uncertain += ids
                return
            if answer.status == 200:
                self.acknowledged += ids
            else:
                self.faults[f"{answer.status} {text[:200]}"] += 1
                self.uncertain += ids

    def batch(self) -> list[dict]:
        events = [self.event() for _ in range(self.random.randint(1, 30))]
        if self.acknowledged:
            # A source whose answer was lost sends again.
            again = self.random.sample(self.acknowledged, min(10, len(self.acknowledged)))
            events += [self.event(message) for message in again]
        return events

    def event(self, message: str | None = None) -> dict:
        if message is None:
            self.count += 1
            message = f"{self.seed}-{self.count}"
        days = self.random.randint(0, 400)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86_400))
        return {"type": "track", "event": "Order Completed", "messageId": message, "timestamp": at,
                "userId": f"user-{self.random.randint(0, 999)}", "properties": {"revenue": self.random.randint(1, 99)}}


def rounds(product: Product, key: str, count: int, seed: int) -> tuple[set, set, int]:
    """Returns what was acknowledged, what may have arrived, and how often a batch was refused."""
    acknowledged, uncertain, chance = set(), set(), random.Random(seed)
    refused = collections.Counter()
    for number in range(count):
        if product.process.poll() is not None:
            product.start()
        senders = [Sender(product, key, f"{seed}-{number}-{place}") for place in range(SENDERS)]
        for sender in senders:
            sender.start()
        # Short lives end in the log, longer ones in the middle of files and merges, which come every second.
        threading.Event().wait(chance.uniform(0.05, 2.5))
        product.kill(signal.SIGKILL)
        for sender in senders:
            sender.join()
            acknowledged |= set(sender.acknowledged)
            uncertain |= set(sender.uncertain)
            refused += sender.faults
    unexpected = {fault: times for fault, times in refused.items() if "lake.not_running" not in fault}
    if unexpected:
        sys.exit(f"batches were refused: {unexpected}")
    return acknowledged, uncertain - acknowledged, sum(refused.values())


def settle(product: Product) -> None:
    """Waits until everything is in files, and stops the product as a signal does."""
    product.start()
    begun = time.monotonic()
    while product.stats()["log_bytes"] > 0:
        if time.monotonic() - begun > DEADLINE:
            sys.exit(f"events stay in the log: {product.stats()}\n{product.log.read_text()[-3000:]}")
    product.kill(signal.SIGTERM)


def compare(stored: Path, acknowledged: set, uncertain: set) -> int:
    """Holds what is stored against what was sent; returns how many events there are."""
    with stored.open() as lines:
        times = collections.Counter(json.loads(line)["message_id"] for line in lines)
    lost = acknowledged - times.keys()
    invented = times.keys() - acknowledged - uncertain
    doubled = [message for message, count in times.items() if count > 1]
    for name, found in (("acknowledged and lost", lost), ("never sent", invented), ("stored twice", doubled)):
        if found:
            sys.exit(f"{name}: {len(found)}, such as {sorted(found)[:5]}")
    return len(times)


def main() -> None:
    """Runs the rounds and the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("work", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    product = Product(chosen.binary, chosen.work)
    product.start()
    try:
        key = product.run("source", "create", "--name", "harness").strip()
        acknowledged, uncertain, refused = rounds(product, key, chosen.rounds, chosen.seed)
        settle(product)
    finally:
        if product.process.poll() is None:
            product.process.kill()
    stored = chosen.work / "stored.jsonl"
    product.run("lake", "export", "--to", str(stored))
    events = compare(stored, acknowledged, uncertain)
    product.run("lake", "verify", "--twice")
    files = product.stats()["files"]
    product.run("lake", "compact")
    product.run("lake", "verify", "--twice")
    product.run("lake", "export", "--to", str(stored))
    if compare(stored, acknowledged, uncertain) != events:
        sys.exit("merging changed how many events there are")
    print(f"lake: {chosen.rounds} kills, {len(acknowledged)} events acknowledged, 0 lost, 0 stored twice "
          f"({events - len(acknowledged)} of {len(uncertain)} unanswered ones arrived, {refused} batches refused while "
          f"starting; {files} files, then {product.stats()['files']})")


if __name__ == "__main__":
    main()
