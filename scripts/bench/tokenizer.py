"""The side of PyPI's `tokenizers` in the tokenizer benchmark: BERT's uncased WordPiece, on one thread.

Reads lines from standard input and answers each with a number:
  encode N   takes the lines of LINES apart N times, as one batch each time; the seconds that it took
  ids FILE   writes for every line how many pieces it has, and their numbers, as 32-bit integers; how many those are

usage: tokenizer.py VOCABULARY LINES
"""

import array
import os
import pathlib
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

import tokenizers  # noqa: E402  the variables come first


def main():
    vocabulary, path = sys.argv[1:]
    lines = pathlib.Path(path).read_bytes().decode().split("\n")
    # Texts alone, without [CLS] and [SEP], and without the offsets and words that nobody asks for here.
    bert = tokenizers.BertWordPieceTokenizer(vocabulary, lowercase=True)
    tokenizer = tokenizers.Tokenizer.from_str(bert.to_str())

    def encode():
        return tokenizer.encode_batch_fast(lines, add_special_tokens=False)

    print(f"ready {tokenizers.__version__}", flush=True)
    for request in sys.stdin:
        way, rest = request.rstrip("\n").split(" ", 1)
        if way == "ids":
            numbers = array.array("i")
            for encoding in encode():
                numbers.append(len(encoding.ids))
                numbers.extend(encoding.ids)
            pathlib.Path(rest).write_bytes(numbers.tobytes())
            print(len(numbers), flush=True)
            continue
        start = time.perf_counter()
        for _ in range(int(rest)):
            encode()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
