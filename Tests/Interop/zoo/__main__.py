"""python -m zoo NAME… --out DIR: writes DIR/NAME.pt2."""

import argparse
import pathlib
import sys
import time

import torch

import zoo


def main():
    parser = argparse.ArgumentParser(prog="zoo", description="Exports models with random weights as .pt2 files.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="models; 'all' for every one; none to list them")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."), metavar="DIR")
    parser.add_argument("--full", action="store_true", help="the size that the literature calls by that name")
    parser.add_argument("--meta", action="store_true", help="on the meta device: a graph without weights")
    parser.add_argument(
        "--fake", action="store_true", help="the same on the CPU; for models that the meta device fails"
    )
    parser.add_argument("--decomposed", action="store_true", help="after run_decompositions()")
    parser.add_argument("--train", action="store_true", help="in training mode")
    parser.add_argument("--dtype", default="float32")
    options = parser.parse_args()
    if not options.names:
        print("\n".join(name + ("  (also --full)" if name in zoo.FULL else "") for name in zoo.names()))
        return
    names = zoo.names(options.full) if options.names == ["all"] else options.names
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    suffix = "".join(f"-{flag}" for flag in ("full", "meta", "fake", "decomposed", "train") if getattr(options, flag))
    if options.dtype != "float32":
        suffix += f"-{options.dtype}"
    failed = 0
    for name in names:
        start = time.monotonic()
        path = options.out / f"{name}{suffix}.pt2"
        try:
            weights = "meta" if options.meta else "fake" if options.fake else "real"
            case = zoo.build(name, options.full, weights, getattr(torch, options.dtype))
            torch.export.save(zoo.export(case, options.train, options.decomposed), path)
        except Exception as error:  # one model that does not export must not keep the others
            failed += 1
            print(f"{name}: {type(error).__name__}: {str(error).strip().splitlines()[0]}", file=sys.stderr)
            continue
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB  {time.monotonic() - start:.1f} s", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
