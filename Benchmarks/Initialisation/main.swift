import Foundation

let usage = """
  usage: idinit-benchmark [--threads N] [--repetitions N]     speed against memset and PyTorch
         idinit-benchmark --draws [COUNT]                     the distribution of 10^8 normal deviates
  """

func number(after option: String) -> Int? {
  guard let place = CommandLine.arguments.firstIndex(of: option), place + 1 < CommandLine.arguments.count else {
    return nil
  }
  return Int(CommandLine.arguments[place + 1]).flatMap { $0 > 0 ? $0 : nil }
}

let known = ["--threads", "--repetitions", "--draws"]
let unknown = CommandLine.arguments.dropFirst().first { !known.contains($0) && Int($0) == nil }
if let unknown {
  print("unknown option \(unknown)\n\(usage)")
  exit(2)
}

if CommandLine.arguments.contains("--draws") {
  var draws = Draws()
  if let count = number(after: "--draws") { draws.count = count }
  draws.run()
} else {
  var table = SpeedTable()
  if let threads = number(after: "--threads") { table.threads = threads }
  if let repetitions = number(after: "--repetitions") {
    table.repetitions = repetitions
    table.slowRepetitions = min(table.slowRepetitions, repetitions)
  }
  try table.run()
}
