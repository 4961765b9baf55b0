#!/usr/bin/env python3
"""Makes `sample/names.yaml`: made-up names, addresses and contact points for the sample's households.

    /tmp/venv/bin/python tools/make_names.py
"""

import hashlib
from pathlib import Path

from pypinyin import Style, pinyin

from chinese import Hant, read_table
from yaml_out import dump

HERE = Path(__file__).parent / "sample"
OUT = Path(__file__).parent.parent / "sample" / "names.yaml"
HEAD = """\
Made-up names, addresses and contact points for the households of the sample, made by tools/make_names.py.
The source has none of these. Nobody is meant; nothing here can be delivered.

pick(list, field, household_id): the first 8 bytes of SHA-256 over the ASCII text "sample/<field>/<household_id>",
read as a big-endian number, modulo the list's length (surnames: modulo the sum of weights, then walked from the
top). Fields are called as below: surname, given_name, district, street, estate, and number/building/floor/door for
the numbers of an address, each 1 + n modulo the figure in `address`. `examples` are there to test against.
"""
# Readings that pypinyin takes from the more frequent use of the character.
READINGS = {"曾": "Zeng", "任": "Ren", "范": "Fan", "尹": "Yin", "乐山": "Leshan", "乐遥": "Leyao", "长青": "Changqing", "吕": "Lyu",
            "平安": "Ping'an", "月娥": "Yue'e"}
# Characters whose Traditional form in a name differs from the one OpenCC takes in running text.
HANT_NAMES = {"于": "于", "余": "余", "青禾里": "青禾里", "杉影里": "杉影里", "范": "范", "萧": "蕭", "钟": "鍾", "郁文": "郁文", "付": "付", "闫": "閆"}
EXAMPLES = [1, 900, 2500]


def reading(text: str) -> str:
    """Returns the romanised form, first letter large."""
    return READINGS.get(text) or "".join(s[0] for s in pinyin(text, style=Style.NORMAL)).capitalize()


def number(field: str, household: int) -> int:
    """Returns the number that every choice for a household is made with."""
    digest = hashlib.sha256(f"sample/{field}/{household}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def pick(entries: list[dict], field: str, household: int) -> dict:
    """Returns the entry of a list that falls to a household."""
    weights = [entry.get("weight", 1) for entry in entries]
    left = number(field, household) % sum(weights)
    for entry, weight in zip(entries, weights):
        if left < weight:
            return entry
        left -= weight
    raise AssertionError("the remainder is smaller than the sum of weights")


def example(data: dict, household: int) -> dict:
    """Returns what a reader of the file must arrive at for one household."""
    surname = pick(data["surnames"], "surname", household)
    given = pick(data["given_names"], "given_name", household)
    district, street, estate = (pick(data[f"{f}s"], f, household) for f in ["district", "street", "estate"])
    n = {f: 1 + number(f, household) % m for f, m in data["address"]["numbers"].items()}
    template = data["address"]["texts"]

    def address(lang: str) -> str:
        return template[lang].format(city=data["city"][lang], district=district[lang], street=street[lang],
                                     estate=estate[lang], **n)
    return {
        "household_id": household,
        "name": {"zh-Hans": surname["zh-Hans"] + given["zh-Hans"], "zh-Hant": surname["zh-Hant"] + given["zh-Hant"],
                 "en": f"{given['en']} {surname['en']}"},
        "address": {lang: address(lang) for lang in template},
        "email": f"h{household}@household.sample.invalid",
        "mobile": f"1280000{household:04}",
    }


def main() -> None:
    hant = Hant()

    def traditional(text: str) -> str:
        return HANT_NAMES.get(text) or hant(text)

    def entry(text: str) -> dict:
        return {"zh-Hans": text, "zh-Hant": traditional(text), "en": reading(text)}

    def places(kind: str) -> list[dict]:
        rows = [row for row in read_table(HERE / "places.tsv") if row[0] == kind]
        return [{"zh-Hans": row[1], "zh-Hant": traditional(row[1]), "en": row[2]} for row in rows]

    data = {
        "label": {"zh-Hans": "示例数据：姓名、地址与联系方式均为虚构", "zh-Hant": "範例資料：姓名、地址與聯絡方式均為虛構",
                  "en": "Sample data: names, addresses and contact details are made up"},
        "email": {"form": "h{household_id}@household.sample.invalid",
                  "why": "The top-level domain .invalid is reserved (RFC 2606) and never resolves."},
        "mobile": {"form": "1280000{household_id:04}", "country_code": "+86",
                   "why": "Mobile numbers of the mainland begin with 13 to 19. Numbers that begin with 12 belong to short "
                          "service codes; 128 was a paging service, long closed, and no mobile number ever began with it."},
        "surnames": [{**entry(row[0]), "weight": int(row[1])} for row in read_table(HERE / "surnames.tsv")],
        "given_names": [entry(row[0]) for row in read_table(HERE / "given.tsv")],
        "city": places("city")[0],
        "districts": places("district"), "streets": places("street"), "estates": places("estate"),
        "address": {
            "numbers": {"number": 320, "building": 18, "floor": 17, "door": 4},
            "texts": {"zh-Hans": "{city}{district}{street}{number}号{estate}{building}栋{floor}0{door}室",
                      "zh-Hant": "{city}{district}{street}{number}號{estate}{building}棟{floor}0{door}室",
                      "en": "Room {floor}0{door}, Building {building}, {estate}, {number} {street}, {district}, {city}"},
        },
    }
    data["examples"] = [example(data, household) for household in EXAMPLES]
    dump(data, OUT, HEAD)
    print(f"{len(data['surnames'])} surnames, {len(data['given_names'])} given names, {len(data['streets'])} streets")


if __name__ == "__main__":
    main()
