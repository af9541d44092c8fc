import ArgumentParser
import IDInit
import ModelFiles

/// `idinit show RULE SHAPE`: one weight, drawn, as JSON, or in a file.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw a small weight as a rule initialises it.",
    usage: "idinit show RULE SHAPE [options]",
    discussion: """
      Examples:
        idinit show idi 6x4
        idinit show idiz 4x6
        idinit show idic 8x2x3x3 --gain 1.414
        idinit show kaiming-normal 256x512 -o weight.safetensors

      Rules:
      \(ruleList)
      """)

  @Argument(
    help: ArgumentHelp("The rule's name, from the list above.", valueName: "RULE"),
    completion: .list(Rule.Name.allCases.map(\.rawValue)))
  var rule: String
  @Argument(help: ArgumentHelp("Outputs x inputs, then a kernel's window: 6x4, 8x2x3x3.", valueName: "SHAPE"))
  var shape: String

  @Flag(help: #"Print {"rule","shape","dtype","values"}, values row-major as PyTorch stores them."#)
  var json = false
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Also write the weight to a safetensors file, as \"weight\".", valueName: "FILE"),
    completion: .file(extensions: ["safetensors"]))
  var output: String?
  @Option(help: "Element type: float32, float64, float16, bfloat16 (or fp32, fp16, bf16, half, …).")
  var dtype: ElementType = .float32
  @Option(help: "Seed of the random numbers (default 0).")
  var seed: UInt64?
  @OptionGroup(title: "Numbers of the rule") var numbers: RuleArguments

  func run() throws {
    let (weight, name) = try checkedWeight()
    let terminal = Terminal.standardOutput()
    let drawing = WeightDrawing(
      shape: weight.geometry.shape,
      blocks: weight.rule.blocks(rows: weight.geometry.rows, columns: weight.geometry.columns),
      terminalWidth: terminal.width)
    let wanted = json ? [] : drawing.offsets

    // The whole weight is made first, so that nothing is printed of one that turns out not to fit its type.
    var statistics = WeightStatistics()
    var drawn = [Double]()
    let take = { (range: Range<Int>, values: UnsafeBufferPointer<Double>) in
      statistics.add(values)
      while drawn.count < wanted.count, range.contains(wanted[drawn.count]) {
        drawn.append(values[wanted[drawn.count] - range.lowerBound])
      }
    }
    if let output {
      let writer = try SafetensorsWriter(
        path: output, tensors: [(ShownWeight.name, SafetensorsDType(weight.type), weight.geometry.shape)],
        metadata: metadata(weight, name))
      try writer.write(ShownWeight.name) { sink in
        try weight.forEachPiece { range, bytes, values in
          take(range, values)
          try sink.append(bytes)
        }
      }
      try writer.finish()
    } else {
      try weight.forEachPiece { range, _, values in take(range, values) }
    }

    let out = Output()
    if json {
      try printJSON(weight, name, to: out)
    } else {
      try printDrawing(weight, drawing, CellValues(offsets: wanted, values: drawn), statistics, terminal, to: out)
    }
    try out.flush()
  }
}
