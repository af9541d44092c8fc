import BenchmarkSupport
import Foundation
import Torch

let usage = """
  usage: training-benchmark [linear5] [resnet20] [profile] [data] [memory] [bert] [bert-profile] [textcnn]
                            [textcnn-profile] [tokenizer] [padding] [--threads N] [--steps N] [--repetitions N]
  Without a name all of them are measured. --steps are those of a repetition.
  """

func fail(_ message: String) -> Never {
  print("\(message)\n\(usage)")
  exit(64)
}

let names = [
  "linear5", "resnet20", "profile", "data", "memory", "bert", "bert-profile", "textcnn", "textcnn-profile", "tokenizer",
  "padding",
]
var numbers: [String: Int] = [:]
var wanted: Set<String> = []
var arguments = CommandLine.arguments.dropFirst()
let isMemoryChild = arguments.contains("--peak-memory")  // our own process, started by MemoryTable
arguments.removeAll { $0 == "--peak-memory" }
while let argument = arguments.popFirst() {
  if names.contains(argument) {
    wanted.insert(argument)
  } else if ["--threads", "--steps", "--repetitions"].contains(argument) {
    guard let number = arguments.popFirst().flatMap({ Int($0) }), number > 0 else {
      fail("\(argument) takes a whole number of at least 1")
    }
    numbers[argument] = number
  } else {
    fail("unknown argument \(argument)")
  }
}
if wanted.isEmpty { wanted = Set(names) }

let threads = numbers["--threads"] ?? 2
if isMemoryChild {
  try MemoryTable.train(threads: threads)
  exit(0)
}

try setThreadCount(threads)
Runtime.keepFreedMemory()  // as idinit-lab does
var isReached = true

/// A step of ours against PyTorch's ways, and where its time goes, as far as the two are wanted.
@MainActor func measure(_ name: String, _ steps: some TrainingSteps, _ table: TrainingTable, shown: Int) throws {
  if wanted.contains(name) {
    isReached = try table.run(steps).isReached && isReached
    print("")
  }
  if wanted.contains("\(name)-profile") {
    _ = try steps.run(2)
    try TimeTable.run(steps, count: table.steps, shown: shown)
    print("")
  }
}

if wanted.contains("linear5") {
  let table = TrainingTable(
    title: "Linear-5 training step", batch: Linear5Steps.batch, script: "linear5.py",
    peers: [Peer(way: "eager", label: "PyTorch eager", target: 1.1), Peer(way: "compile", label: "torch.compile")],
    threads: threads, steps: numbers["--steps"] ?? 200, repetitions: numbers["--repetitions"] ?? 9)
  isReached = try table.run(try Linear5Steps()).isReached && isReached
  print("")
}
if !wanted.isDisjoint(with: ["resnet20", "profile", "data"]) {
  let steps = try ResNet20Steps(images: 2560)
  let count = numbers["--steps"] ?? 8
  var step: Double?
  if wanted.contains("resnet20") {
    let table = TrainingTable(
      title: "ResNet-20 training step", batch: ResNet20Steps.batch, script: "resnet20.py",
      peers: [
        Peer(way: "eager", label: "PyTorch eager", target: 1.15),
        Peer(way: "channels-last", label: "eager, channels-last"),
        Peer(way: "compile", label: "torch.compile", target: 1),
      ], threads: threads, steps: count, repetitions: numbers["--repetitions"] ?? 7)
    let outcome = try table.run(steps)
    (step, isReached) = (outcome.step, outcome.isReached && isReached)
    print("")
  }
  if wanted.contains("profile") {
    _ = try steps.run(2)
    try TimeTable.run(steps, count: count)
    print("")
  }
  if wanted.contains("data") {
    let step = try step ?? (try steps.run(2), try steps.run(count) / Double(count)).1
    isReached = try LoaderTable.run(step: step, repetitions: numbers["--repetitions"] ?? 7) && isReached
    print("")
  }
}
if !wanted.isDisjoint(with: ["bert", "bert-profile"]) {
  let table = TrainingTable(
    title: "BERT training step", batch: BERTSteps.batch, optimizer: "AdamW", unit: "texts", script: "bert.py",
    peers: [
      Peer(way: "eager", label: "PyTorch eager", target: 1.05),
      Peer(way: "gathered", label: "hidden places alone", target: 1.05),
    ], threads: threads, steps: numbers["--steps"] ?? 4, repetitions: numbers["--repetitions"] ?? 7)
  try measure("bert", try BERTSteps(), table, shown: 24)
}
if !wanted.isDisjoint(with: ["textcnn", "textcnn-profile"]) {
  let table = TrainingTable(
    title: "TextCNN training step", batch: TextCNNSteps.batch, optimizer: "Adadelta", unit: "sentences",
    script: "textcnn.py",
    peers: [
      Peer(way: "eager", label: "PyTorch eager", target: 1.05),
      Peer(way: "foreach", label: "eager, Adadelta foreach", target: 1.05),
    ], threads: threads, steps: numbers["--steps"] ?? 50, repetitions: numbers["--repetitions"] ?? 9)
  try measure("textcnn", try TextCNNSteps(), table, shown: 16)
}
if wanted.contains("tokenizer") {
  isReached = try TokenizerTable.run(repetitions: numbers["--repetitions"] ?? 7) && isReached
  print("")
}
if wanted.contains("padding") {
  PaddingLine.run()
  print("")
}
if wanted.contains("memory") { isReached = try MemoryTable.run(threads: threads) && isReached }
exit(isReached ? 0 : 1)
