import ArgumentParser
import ModelFiles

/// `idinit diff A B`: whether two checkpoints hold the same tensors.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two safetensors checkpoints, tensor by tensor.",
    usage: "idinit diff A.safetensors B.safetensors [--json] [--csv]",
    discussion: """
      Either may be one file or the index of several (model.safetensors.index.json). Elements are the same if their \
      bits are. Ends with status 0 where everything is the same, 1 where something differs.

      Examples:
        idinit diff init.safetensors trained.safetensors
        idinit diff seed0.safetensors seed1.safetensors --csv > differences.csv
      """)

  @Argument(help: ArgumentHelp("A checkpoint.", valueName: "A"), completion: .checkpoints)
  var first: String
  @Argument(help: ArgumentHelp("Another one.", valueName: "B"), completion: .checkpoints)
  var second: String
  @OptionGroup var format: TableFormat

  func run() throws {
    let difference = try CheckpointDifference(
      try SafetensorsCheckpoint(path: first), try SafetensorsCheckpoint(path: second))
    let out = Output()
    if format.json {
      try printJSON(difference, to: out)
    } else if format.csv {
      try printCSV(difference, to: out)
    } else {
      try printText(difference, to: out, .standardOutput())
    }
    try out.flush()
    if !difference.differences.isEmpty { throw ExitCode(1) }
  }

  private func printText(_ result: CheckpointDifference, to out: Output, _ terminal: Terminal) throws {
    var onlyInFirst = 0
    var onlyInSecond = 0
    for difference in result.differences {
      switch difference {
      case .onlyInFirst(let entry):
        onlyInFirst += 1
        try out.prose("\(printable(entry.name)): only in \(first) (\(entry.dtype) \(shapeText(entry.shape)))", terminal)
      case .onlyInSecond(let entry):
        onlyInSecond += 1
        try out.prose(
          "\(printable(entry.name)): only in \(second) (\(entry.dtype) \(shapeText(entry.shape)))", terminal)
      case .shape(let a, let b):
        try out.prose("\(printable(a.name)): shape \(shapeText(a.shape)) and \(shapeText(b.shape))", terminal)
      case .dtype(let a, let b): try out.prose("\(printable(a.name)): dtype \(a.dtype) and \(b.dtype)", terminal)
      case .values(let entry, let comparison):
        try out.prose("\(printable(entry.name)): \(comparison.text(shape: entry.shape, ("", "")) ?? "")", terminal)
      }
    }
    guard !result.differences.isEmpty else {
      return try out.prose(
        "the same: \(counted(result.common, "tensor")), \(quantity(result.compared)) values, bit for bit", terminal)
    }
    let differing = result.differences.count - onlyInFirst - onlyInSecond
    var parts = [
      "\(grouped(differing)) of \(counted(result.common, "common tensor")) \(differing == 1 ? "differs" : "differ")"
    ]
    if onlyInFirst > 0 { parts.append("\(grouped(onlyInFirst)) only in \(first)") }
    if onlyInSecond > 0 { parts.append("\(grouped(onlyInSecond)) only in \(second)") }
    try out.prose(parts.joined(separator: ", "), terminal)
  }

  private func printJSON(_ result: CheckpointDifference, to out: Output) throws {
    func shape(_ entry: SafetensorsEntry) -> String { "[\(entry.shape.map(String.init).joined(separator: ","))]" }
    let items = result.differences.map { difference -> String in
      switch difference {
      case .onlyInFirst(let entry): "{\"name\":\(jsonLiteral(entry.name)),\"kind\":\"only-in-first\"}"
      case .onlyInSecond(let entry): "{\"name\":\(jsonLiteral(entry.name)),\"kind\":\"only-in-second\"}"
      case .shape(let a, let b):
        "{\"name\":\(jsonLiteral(a.name)),\"kind\":\"shape\",\"first\":\(shape(a)),\"second\":\(shape(b))}"
      case .dtype(let a, let b):
        "{\"name\":\(jsonLiteral(a.name)),\"kind\":\"dtype\",\"first\":\"\(a.dtype)\",\"second\":\"\(b.dtype)\"}"
      case .values(let entry, let comparison):
        "{\"name\":\(jsonLiteral(entry.name)),\"kind\":\"values\",\"count\":\(comparison.count),"
          + "\"differing\":\(comparison.differing),\"index\":\(comparison.first?.index ?? 0),"
          + "\"first\":\(jsonLiteral(comparison.first?.a ?? "")),\"second\":\(jsonLiteral(comparison.first?.b ?? "")),"
          + "\"largestDifference\":\(comparison.largest.isFinite ? "\(comparison.largest)" : "null")}"
      }
    }
    try out.line(
      "{\"equal\":\(items.isEmpty),\"tensors\":\(result.common),\"differences\":[\(items.joined(separator: ","))]}")
  }

  /// What its members are called in JSON, in a line for each tensor that differs.
  private func printCSV(_ result: CheckpointDifference, to out: Output) throws {
    try out.row(["name", "kind", "count", "differing", "index", "first", "second", "largestDifference"])
    for difference in result.differences {
      switch difference {
      case .onlyInFirst(let entry): try out.row([entry.name, "only-in-first", nil, nil, nil, nil, nil, nil])
      case .onlyInSecond(let entry): try out.row([entry.name, "only-in-second", nil, nil, nil, nil, nil, nil])
      case .shape(let a, let b):
        let shapes = [a, b].map { shapeText($0.shape, by: "x") }
        try out.row([a.name, "shape", nil, nil, nil, shapes[0], shapes[1], nil])
      case .dtype(let a, let b): try out.row([a.name, "dtype", nil, nil, nil, "\(a.dtype)", "\(b.dtype)", nil])
      case .values(let entry, let comparison):
        try out.row([
          entry.name, "values", "\(comparison.count)", "\(comparison.differing)",
          comparison.first.map { "\($0.index)" },
          comparison.first?.a, comparison.first?.b, comparison.largest.isFinite ? "\(comparison.largest)" : nil,
        ])
      }
    }
  }
}

/// 64×3×7×7
func shapeText(_ shape: [Int], by sign: String = "×") -> String {
  shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: sign)
}
