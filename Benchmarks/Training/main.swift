import BenchmarkSupport
import Foundation

let usage = "usage: training-benchmark [--threads N] [--steps N] [--repetitions N]"

func number(_ option: String, default value: Int) -> Int {
  guard let place = CommandLine.arguments.firstIndex(of: option) else { return value }
  guard place + 1 < CommandLine.arguments.count, let number = Int(CommandLine.arguments[place + 1]), number > 0 else {
    print("\(option) takes a whole number of at least 1\n\(usage)")
    exit(64)
  }
  return number
}

let known = ["--threads", "--steps", "--repetitions"]
if let unknown = CommandLine.arguments.dropFirst().first(where: { !known.contains($0) && Int($0) == nil }) {
  print("unknown option \(unknown)\n\(usage)")
  exit(64)
}
try TrainingTable(
  threads: number("--threads", default: 2), steps: number("--steps", default: 200),
  repetitions: number("--repetitions", default: 9)
).run()
