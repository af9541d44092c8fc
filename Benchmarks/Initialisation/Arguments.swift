import Foundation

/// The command line: what to measure.
struct Arguments {
  var table = SpeedTable()
  var draws: Draws?
  var wantsHelp = false

  static let usage = """
    usage: idinit-benchmark [--threads N] [--repetitions N] [--only LABEL]     speed against memset and PyTorch
           idinit-benchmark --draws [COUNT]                the distribution of 10^8 normal deviates
    """

  struct Refusal: Error { let problem: String }

  init(_ arguments: [String]) throws(Refusal) {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--threads": table.threads = try Self.number(of: option, &rest)
      case "--repetitions":
        table.repetitions = try Self.number(of: option, &rest)
        table.slowRepetitions = min(table.slowRepetitions, table.repetitions)
      case "--only":
        guard let label = rest.popFirst() else { throw Refusal(problem: "--only needs a value") }
        table.only = label
        guard table.matches else { throw Refusal(problem: "--only \(label): no line of the table starts so") }
      case "--draws":
        draws = Draws()
        if let count = rest.first.flatMap(Int.init), count > 0 {
          draws?.count = count
          rest.removeFirst()
        }
      case "-h", "--help": wantsHelp = true
      default: throw Refusal(problem: "unknown option \(option)")
      }
    }
  }

  private static func number(of option: String, _ rest: inout ArraySlice<String>) throws(Refusal) -> Int {
    guard let text = rest.popFirst() else { throw Refusal(problem: "\(option) needs a value") }
    guard let number = Int(text), number > 0 else {
      throw Refusal(problem: "\(option) \(text): expected a whole number above 0")
    }
    return number
  }
}
