import ArgumentParser
import ModelFiles

/// `idinit diff A B`: whether two checkpoints hold the same tensors.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two safetensors checkpoints, tensor by tensor.",
    usage: "idinit diff A.safetensors B.safetensors [--json]",
    discussion: """
      Either may be one file or the index of several (model.safetensors.index.json). Elements are the same if their \
      bits are. Ends with status 0 where everything is the same, 1 where something differs.
      """)

  @Argument(help: ArgumentHelp("A checkpoint.", valueName: "A"))
  var first: String
  @Argument(help: ArgumentHelp("Another one.", valueName: "B"))
  var second: String
  @Flag(help: #"Print {"equal", "tensors", "differences": [{"name", "kind", …}]}."#)
  var json = false

  func run() throws {
    let difference = try CheckpointDifference(
      try SafetensorsCheckpoint(path: first), try SafetensorsCheckpoint(path: second))
    let out = Output()
    if json { try printJSON(difference, to: out) } else { try printText(difference, to: out) }
    try out.flush()
    if !difference.differences.isEmpty { throw ExitCode(1) }
  }

  private func printText(_ result: CheckpointDifference, to out: Output) throws {
    var onlyInFirst = 0
    var onlyInSecond = 0
    for difference in result.differences {
      switch difference {
      case .onlyInFirst(let entry):
        onlyInFirst += 1
        try out.line("\(printable(entry.name)): only in \(first) (\(entry.dtype) \(shapeText(entry.shape)))")
      case .onlyInSecond(let entry):
        onlyInSecond += 1
        try out.line("\(printable(entry.name)): only in \(second) (\(entry.dtype) \(shapeText(entry.shape)))")
      case .shape(let a, let b):
        try out.line("\(printable(a.name)): shape \(shapeText(a.shape)) and \(shapeText(b.shape))")
      case .dtype(let a, let b): try out.line("\(printable(a.name)): dtype \(a.dtype) and \(b.dtype)")
      case .values(let entry, let comparison):
        try out.line("\(printable(entry.name)): \(comparison.text(shape: entry.shape, ("", "")) ?? "")")
      }
    }
    guard !result.differences.isEmpty else {
      return try out.line(
        "the same: \(counted(result.common, "tensor")), \(quantity(result.compared)) values, bit for bit")
    }
    let differing = result.differences.count - onlyInFirst - onlyInSecond
    var parts = [
      "\(grouped(differing)) of \(counted(result.common, "common tensor")) \(differing == 1 ? "differs" : "differ")"
    ]
    if onlyInFirst > 0 { parts.append("\(grouped(onlyInFirst)) only in \(first)") }
    if onlyInSecond > 0 { parts.append("\(grouped(onlyInSecond)) only in \(second)") }
    try out.line(parts.joined(separator: ", "))
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
}

/// 64×3×7×7
func shapeText(_ shape: [Int]) -> String {
  shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "×")
}
