"""What other programs make of text, for DatasetsTests.

    .deps/venv/bin/python scripts/golden/text.py [DATA]

writes to Tests/Fixtures/Text:

    vocabulary.txt   a small vocabulary of word pieces
    wordpiece.json   texts that are hard to take apart, and the numbers that PyPI's `tokenizers` gives with it
    real.json        with DATA, a folder that holds the real files: digests of what `tokenizers`, `re` and numpy make of
                     them. A digest of numbers is the SHA-256 of little-endian int32, each line followed by -1.
"""

import hashlib
import json
import pathlib
import random
import re
import sys

import numpy as np
from tokenizers import BertWordPieceTokenizer

HERE = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/Text"
# Lines that one digest covers, so that a difference has a place.
CHUNK = 500

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = """the un able aff ##aff ##able ##ably run ##ning ##s ##ing jump ##ed a ##a ##b b c ##c o ##o e ##e i resume cafe naive
    strasse ss ß ##ß σ ##σ ας ##ς с ##с м мир ##ир ö ##ö d ##d z 北 京 豈 ##北 한 ᄒ ##ᅡ ##ᆫ か ##か が カ ! ? . , ' ` ~ $ + = ^ | < > [ ]
    - — 。 ， ＂ ॐ ##ि क ; € 😀 ##😀 1 ##1 2 ##2 ##3 १ ½ ﬁ ##ﬁ 𝒜 ı ##ı ł # ## ( )""".split()

HARD = [
    "", " ", "unaffable", "Unaffably running, JUMPED!", "cafe café CAFÉ cafe\u0301 naïve résumé", "Straße STRASSE ẞ",
    "σας ΣΑΣ Σ", "мир МИР й", "北京 is 北京市 豈\uf900", "\u4e00\u3400\U00020000\U0002a700\U0002b820\U0002b920\U0002f800",
    "한국 한", "が カ゛ カ\u3099 かが", "a\u0000b a\u0001b a\u007fb a\u00adb a\u200bb a\u200db a\ufeffb a\ufffdb a\ue000b",
    "a\tb\nc\rd a\u000bb a\u000cb a\u0085b a\u00a0b a\u1680b a\u2003b a\u2028b a\u2029b a\u3000b", "a!b?c.d,,,e''`~$+=^|<>",
    "a—b。c，d＂e\u037ef\u1fefg\u2260h\u226ei", "€1 $2 ½ 1½ १ क ि कि ॐ", "😀 a😀b 👨‍👩‍👧 🇩🇪 ☺️", "a" * 100, "a" * 101, "é" * 100,
    "é" * 101, "ab" * 50 + " " + "ab" * 51, "\u0301" * 300 + "a", "a" + "\u0301" * 300, "[CLS] the [SEP]", "the[MASK]able[UNK]",
    "[mask] [MASK [[MASK]] [CLS][PAD]", "## ##a #a", "ﬁn ﬃ 𝒜 ａ Ａ", "İstanbul ı I i\u0307", "łódź Ł", "o\u0308 ö Ö \u00d6\u0301",
    "a\u0334b a\u20ddb a\u302eb", "\u0600a \u06dda \u08e2a", "\u166d \U000111c9 \u1734a\u1734 \U0001171ea", "\u1885a \ua9bda \u061d \u2e43 \U00011938",
    "\u1ea1 \u0323\u0307s s\u0307\u0323", "zzzz able zun", "the  \u3000 able ", "\U0010ffff \U000e0001a \U000e0100a", "un\u0345able ᾳ ͅ",
]


def numbers_digest(lines):
    flat = []
    for line in lines:
        flat += [*line, -1]
    return hashlib.sha256(np.array(flat, dtype="<i4").tobytes()).hexdigest()


def lines_of(path):
    lines = path.read_bytes().decode().split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def ids(tokenizer, texts):
    return [e.ids for e in tokenizer._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


def scalars(first, last, step):
    """A word with each character in it, and the character alone, 50 characters a text."""
    values = [v for v in range(first, last, step) if not 0xD800 <= v < 0xE000]
    words = [f"un{chr(v)}able {chr(v)}" for v in values]
    return [" ".join(words[i : i + 50]) for i in range(0, len(words), 50)]


# What `clean_str` and `clean_str_sst` of yoonkim/CNN_sentence do, said anew: the kept characters, clitics cut off, marks
# apart.
def words(sentence, general):
    kept = re.sub(r"[^A-Za-z0-9(),!?'`]", " ", sentence)
    if general:
        kept = re.sub(r"'s|'ve|n't|'re|'d|'ll", lambda m: " " + m[0], kept)
        kept = re.sub(r"[,!()?]", lambda m: f" {m[0]} ", kept)
    return kept.split()


def words_digest(path, general, lower):
    lines = [" ".join(words(line.split(" ", 1)[1], general)) for line in lines_of(path)]
    text = "\n".join(lines)
    return hashlib.sha256((text.lower() if lower else text).encode()).hexdigest()


def glove(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        rows = [line.rstrip("\n").split(" ") for line in file]
    return {row[0]: np.array(row[1:], dtype=np.float32) for row in rows}


# BERT's examples (Devlin et al. 2019, A.2; google-research/bert, create_pretraining_data.py), said anew and without the
# masks: the lengths of both texts, and whether the second is random.
def examples(documents, longest, short, rng):
    room = longest - 3
    for number, document in enumerate(documents):
        target = rng.randint(2, room) if rng.random() < short else room
        waiting = list(document)
        chunk = []
        while waiting:
            chunk.append(waiting.pop(0))
            if waiting and sum(chunk) < target:
                continue
            cut = rng.randint(1, len(chunk) - 1) if len(chunk) > 1 else 1
            first, second = sum(chunk[:cut]), sum(chunk[cut:])
            is_random = len(chunk) == 1 or rng.random() < 0.5
            if is_random:
                waiting = chunk[cut:] + waiting
                for _ in range(10):
                    other = rng.randrange(len(documents))
                    if other != number:
                        break
                start = rng.randrange(len(documents[other]))
                second = 0
                for length in documents[other][start:]:
                    second += length
                    if second >= target - first:
                        break
            while first + second > room:
                first, second = (first - 1, second) if first > second else (first, second - 1)
            yield first, second, is_random
            chunk = []


# Lines of tinyshakespeare, pieces of the longest example, part of shorter ones, runs that the standard deviations are of.
EXAMPLES = {"lines": 10_000, "longest": 48, "short": 0.1, "runs": 40}


def example_statistics(data, tokenizer):
    """Of one copy: mean and standard deviation over runs of the counts and sums that the examples have."""
    lines = lines_of(data / "text/corpus/tinyshakespeare.txt")[: EXAMPLES["lines"]]
    documents = [[]]
    for line, found in zip(lines, ids(tokenizer, lines)):
        if not line.strip():
            documents.append([])
        elif found:
            documents[-1].append(len(found))
    documents = [document for document in documents if document]
    runs = []
    for seed in range(EXAMPLES["runs"]):
        made = list(examples(documents, EXAMPLES["longest"], EXAMPLES["short"], random.Random(seed)))
        first, second, is_random = map(np.array, zip(*made))
        full = first + second == EXAMPLES["longest"] - 3
        runs.append([len(made), first.sum(), second.sum(), is_random.sum(), full.sum(), second[is_random].sum()])
    names = ["examples", "first", "second", "random", "full", "randomSecond"]
    values = np.array(runs, dtype=float)
    statistics = {n: [round(float(m), 3), round(float(d), 3)]
                  for n, m, d in zip(names, values.mean(0), values.std(0, ddof=1))}
    return {**EXAMPLES, "documents": len(documents), "statistics": statistics}


def real(data):
    text = data / "text"
    tokenizer = BertWordPieceTokenizer(str(text / "bert-base-uncased-vocab.txt"), lowercase=True)
    result = {"chunk": CHUNK, "wordpiece": {}, "scalars": [], "words": {}, "vectors": {}}
    names = ["corpus/wikitext-2.valid.txt", "corpus/tinyshakespeare.txt", "sst2/train.txt", "trec6/train.txt"]
    for name in names:
        lines = lines_of(text / name)
        chunks = [lines[i : i + CHUNK] for i in range(0, len(lines), CHUNK)]
        result["wordpiece"][name] = [numbers_digest(ids(tokenizer, chunk)) for chunk in chunks]
    # Every character of the scripts that are written in words, and of those beyond some.
    for first, last, step in [(0, 0x3100, 1), (0x3100, 0xA000, 61), (0xA000, 0xAC00, 1), (0xAC00, 0xF900, 61),
                              (0xF900, 0x10000, 1), (0x10000, 0x12000, 1), (0x12000, 0x1D000, 17), (0x1D000, 0x1FC00, 1),
                              (0x1FC00, 0x110000, 4999)]:
        digest = numbers_digest(ids(tokenizer, scalars(first, last, step)))
        result["scalars"].append({"first": first, "last": last, "step": step, "digest": digest})
    result["words"]["sst5/train.txt"] = words_digest(text / "sst5/train.txt", False, True)
    result["words"]["trec6/train.txt"] = words_digest(text / "trec6/train.txt", True, False)
    vectors = glove(text / "glove.6B.50d.subset.txt")
    # Every 11th word, in the file's order.
    rows = np.stack(list(vectors.values())[::11])
    result["vectors"] = {
        "words": len(vectors), "every": 11, "digest": hashlib.sha256(rows.astype("<f4").tobytes()).hexdigest(),
        "the": [float(x) for x in vectors["the"][:4]],
    }
    result["examples"] = example_statistics(data, tokenizer)
    return result


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    pieces = SPECIALS + list(dict.fromkeys(WORDS))
    (HERE / "vocabulary.txt").write_text("".join(piece + "\n" for piece in pieces), encoding="utf-8")
    tokenizer = BertWordPieceTokenizer(str(HERE / "vocabulary.txt"), lowercase=True)
    cases = [{"text": t, "ids": i} for t, i in zip(HARD, ids(tokenizer, HARD))]
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    (HERE / "wordpiece.json").write_text(f"[\n{lines}\n]\n")
    if len(sys.argv) > 1:
        (HERE / "real.json").write_text(json.dumps(real(pathlib.Path(sys.argv[1])), indent=1) + "\n")


if __name__ == "__main__":
    main()
