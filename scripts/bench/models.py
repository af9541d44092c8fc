#!/usr/bin/env python3
"""Times `idinit plan` and `idinit init` on real models, beside what Python needs for the same, in one run.

usage: scripts/bench/models.py IDINIT [--repetitions N] [--skip-7b] [--folder DIR]

Rows and targets:
  plan BERT-base, ResNet-152   against torch.export.load (the call alone, torch imported):  10 x faster, <= 150 ms
  init BERT-base               against Python: import, build, naive IDI, save_file:         10 x faster
  the write of init            against dd bs=4M of as many bytes:                           <= 1.3
  init of a 7-billion Llama    exported on the meta device, bf16, shards of 5 GB:           <= 300 MB resident
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

NAIVE = """
import sys, torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification
torch.set_num_threads(2)
model = BertForSequenceClassification(BertConfig())
with torch.no_grad():
    for name, p in model.named_parameters():
        if "embeddings" in name or "LayerNorm" in name:
            continue
        if p.dim() == 1:
            p.zero_()
        elif name.endswith("output.dense.weight") or name == "classifier.weight":
            rows, columns = p.shape
            p.zero_()
            for m in range(rows):
                p[m, m % columns] = 1e-6
                if rows >= columns:
                    p[m, (m % columns + 1) % columns] = -1e-6
                elif m + rows < columns:
                    p[m, m + rows] = -1e-6
        else:
            p.zero_()
            for m in range(p.shape[0]):
                p[m, m % p.shape[1]] = 1 + 1e-6 * torch.randn(()).item()
save_file(model.state_dict(), sys.argv[1])
"""

EXPORT = """
import contextlib, sys, torch
from transformers import BertConfig, BertForSequenceClassification, LlamaConfig, LlamaForCausalLM
from transformers import ResNetConfig, ResNetForImageClassification
which, path = sys.argv[1:]
ids = torch.ones(2, 16, dtype=torch.long)
if which == "bert":
    model, example = BertForSequenceClassification(BertConfig()), (ids,)
elif which == "resnet152":
    model = ResNetForImageClassification(ResNetConfig(depths=[3, 8, 36, 3], num_labels=1000))
    example = (torch.ones(2, 3, 224, 224),)
elif which == "llama7b":
    # Its rotary embedding turns autocast off, which torch knows for no meta device.
    torch.autocast = lambda *arguments, **options: contextlib.nullcontext()
    with torch.device("meta"):
        model = LlamaForCausalLM(LlamaConfig()).to(torch.bfloat16)
    example = (ids.to("meta"),)
    model.config.use_cache = False
torch.export.save(torch.export.export(model.eval(), example, strict=which == "llama7b"), path)
"""

LOAD = """
import sys, time, torch
from transformers import BertForSequenceClassification, ResNetForImageClassification  # their outputs' types
for line in sys.stdin:
    start = time.perf_counter()
    torch.export.load(line.strip())
    print(time.perf_counter() - start, flush=True)
"""


def run(*command):
    start = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - start


def peak_memory(*command):
    """Seconds and the largest resident set in MB of one run.

    Read from the kernel's high-water mark of the child's own memory while it runs: the account that `wait4` gives
    starts from what this process had resident when it forked.
    """
    start = time.perf_counter()
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
        except OSError:
            break  # it has just ended
        marks = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
        peak = max([peak, *marks])
        time.sleep(0.02)
    if child.wait() != 0:
        sys.exit(f"{command[0]} ended with status {child.returncode}")
    if peak == 0:
        sys.exit("the system does not tell a process's high-water mark (/proc/PID/status); this row needs Linux")
    return time.perf_counter() - start, peak / 1024


def milliseconds(seconds):
    return f"{1e3 * seconds:,.1f} ms"


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def verdict(reached):
    return "reached" if reached else "MISSED"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--skip-7b", action="store_true")
    parser.add_argument("--folder", help="where the archives and the weights go (default: a temporary folder)")
    options = parser.parse_args()
    binary, missed = options.binary.resolve(), False

    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        folder = pathlib.Path(folder)
        archives = {}
        for which in ["bert", "resnet152"] + ([] if options.skip_7b else ["llama7b"]):
            archives[which] = folder / f"{which}.pt2"
            run(sys.executable, "-c", EXPORT, which, archives[which])

        loader = subprocess.Popen(
            [sys.executable, "-c", LOAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        def load(path):
            loader.stdin.write(f"{path}\n")
            loader.stdin.flush()
            return float(loader.stdout.readline())

        rows = [("work", "idinit", "reference", "ratio", "target", "")]
        for which, title in [("bert", "plan BERT-base"), ("resnet152", "plan ResNet-152")]:
            path = archives[which]
            run(binary, "plan", path), load(path)
            ours, theirs = [], []
            for _ in range(options.repetitions):
                ours.append(run(binary, "plan", path))
                theirs.append(load(path))
            a, b = statistics.median(ours), statistics.median(theirs)
            reached = b / a >= 10 and a <= 0.150
            missed |= not reached
            rows.append((title, milliseconds(a), f"torch.export.load {milliseconds(b)}", f"{b / a:.1f} x", ">= 10 x, <= 150 ms", verdict(reached)))
        loader.stdin.close()
        loader.wait()

        weights, naive, copy = (folder / name for name in ["init.safetensors", "naive.safetensors", "copy"])
        ours, theirs, written, flushed = [], [], [], []
        run(binary, "init", archives["bert"], "-o", weights)
        for index in range(options.repetitions):
            weights.unlink()  # as dd's copy is: giving back an old file's blocks is no part of writing a new one
            ours.append(run(binary, "init", archives["bert"], "-o", weights))
            if index < 3:  # half a minute each
                theirs.append(run(sys.executable, "-c", NAIVE, naive))
            # What is copied is in memory, and dd writes every byte of it.
            naive.read_bytes()
            for times, flags in [(written, []), (flushed, ["conv=fsync"])]:
                copy.unlink(missing_ok=True)
                times.append(run("dd", f"if={naive}", f"of={copy}", "bs=4M", *flags))
        a, b = statistics.median(ours), statistics.median(theirs)
        c, d = statistics.median(written), statistics.median(flushed)
        reached = b / a >= 10
        missed |= not reached
        rows.append(("init BERT-base", milliseconds(a), f"Python {milliseconds(b)}", f"{b / a:.1f} x", ">= 10 x", verdict(reached)))
        # Ours flushes too, and includes start-up, planning and copying what is kept.
        reached = a / d <= 1.3
        missed |= not reached
        rows.append(("  its write", milliseconds(a), f"dd bs=4M conv=fsync {milliseconds(d)}", f"{a / d:.2f}", "<= 1.3", verdict(reached)))
        rows.append(("", "", f"dd bs=4M, not flushed {milliseconds(c)}", f"{a / c:.2f}", "", ""))
        stat = weights.stat()
        rows.append(("  on the disk", f"{stat.st_blocks * 512 / 1e6:,.0f} MB", f"of {stat.st_size / 1e6:,.0f} MB", f"{stat.st_blocks * 512 / stat.st_size:.2f}", "", ""))

        if not options.skip_7b:
            out = folder / "llama.safetensors"
            duration, memory = peak_memory(binary, "init", archives["llama7b"], "-o", out, "--shard-size", "5GB")
            shards = sorted(folder.glob("llama-*.safetensors"))
            size = sum(shard.stat().st_size for shard in shards)
            reached = memory <= 300
            missed |= not reached
            rows.append((f"init 7-B Llama, {len(shards)} shards", f"{memory:,.0f} MB resident", f"{size / 1e9:.1f} GB in {duration:.1f} s", f"{size / 1e9 / duration:.2f} GB/s", "<= 300 MB", verdict(reached)))
            used = sum(shard.stat().st_blocks for shard in shards) * 512
            rows.append(("  on the disk", f"{used / 1e9:.1f} GB", f"of {size / 1e9:.1f} GB", f"{used / size:.2f}", "", ""))

    print(f"medians of {options.repetitions} interleaved runs (Python's init: 3); load {' '.join(f'{x:.2f}' for x in os.getloadavg())}")
    table(rows)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
