#!/usr/bin/env python3
"""Checks a bundle of `tallystick export` without Tallystick: every file against the manifest, every invoice's digest, lines, total and cut."""
import hashlib, io, json, re, sys, zlib
from decimal import Decimal
from pathlib import Path
BILLED = ("id", "tenant", "subscription", "period", "currency", "lines", "total", "shadow")

def number(source):
    value = shift = 0
    while (byte := source.read(1)[0]) > 127:
        value |= (byte & 127) << shift
        shift += 7
    value |= byte << shift
    return (value >> 1) ^ -(value & 1)

def data(source):
    return source.read(number(source))

def records(content):
    source, meta = io.BytesIO(content), {}
    source.read(4)  # Avro's magic bytes
    while count := number(source):
        meta.update((data(source), data(source)) for _ in range(count))
    source.read(16)  # between blocks; the hash of the file says whether they are whole
    while source.tell() < len(content):
        count, block = number(source), data(source)
        block = io.BytesIO(zlib.decompress(block, -15) if meta.get(b"avro.codec") == b"deflate" else block)
        for _ in range(count):
            place = (number(block), number(block), number(block))
            yield place[:2], [data(block) if number(block) else None for _ in ("key", "value", "json")]
        source.read(16)

def sha256(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()

def problems(folder):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in (file["name"] for file in manifest["files"]):
        if not re.fullmatch(r"[a-z]+(-[0-9]{1,5})?\.avro", name) or (folder / name).is_symlink() or not (folder / name).is_file():
            raise ValueError(f"the manifest names {name!r}, which is no file of this bundle")
    contents = {file["name"]: (folder / file["name"]).read_bytes() for file in manifest["files"]}
    yield from (f"{f['name']} does not have the manifest's hash" for f in manifest["files"] if sha256(contents[f["name"]]) != f["sha256"])
    read = {name: dict(records(content)) for name, content in contents.items()}
    yield from (f"{f['name']} does not hold {f['records']} records" for f in manifest["files"] if len(read[f["name"]]) != f["records"])
    invoices = [json.loads(record[2]) for record in read["invoices.avro"].values()]
    if sorted((one["id"], one["digest"]) for one in manifest["invoices"]) != sorted((one["id"], one["digest"]) for one in invoices):
        yield "the manifest names other invoices or digests than there are"
    for invoice in invoices:
        text = json.dumps({name: invoice[name] for name in BILLED}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if sha256(text.encode()) != invoice["digest"]:
            yield f"invoice {invoice['id']} does not have its digest"
        if sum(Decimal(line["amount"]) for line in invoice["lines"]) != Decimal(invoice["total"]):
            yield f"the lines of invoice {invoice['id']} do not add up to its total"
        if any((cut["partition"], cut["offset"]) not in read[f"accepted-{cut['partition']}.avro"] for cut in invoice["cut"]):
            yield f"the log of invoice {invoice['id']} does not reach its cut"
    print(f"{len(invoices)} invoices, {sum(map(len, read.values()))} records")

if __name__ == "__main__":
    try:
        found = list(problems(Path(sys.argv[1])))
    except Exception as e:
        found = [f"the bundle cannot be read: {e!r}"]
    sys.exit(print("\n".join(found) or "agrees") or bool(found))
