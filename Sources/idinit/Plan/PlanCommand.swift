import ArgumentParser
import IDInit
import ModelFiles

/// `idinit plan MODEL.pt2`: for every parameter its role, its rule and the reason.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what every parameter of a PyTorch model starts from, and why.",
    usage: "idinit plan MODEL.pt2 [options]",
    discussion: """
      MODEL.pt2 is what torch.export.save(torch.export.export(model, args), "MODEL.pt2") writes.

      Examples:
        idinit plan resnet50.pt2
        idinit plan bert.pt2 --all
        idinit plan vit.pt2 --set 'heads.*=idiz' --keep 'encoder.pos_embedding'
        idinit plan gpt2.pt2 --method kaiming --json
        idinit plan resnet50.pt2 --csv > plan.csv
      """)

  @Argument(help: ArgumentHelp("The model, as torch.export saves it.", valueName: "MODEL.pt2"), completion: .models)
  var model: String
  @Flag(help: "A line for every parameter; repeated blocks, norms and biases are summed up otherwise.")
  var all = false
  @OptionGroup var format: TableFormat
  @OptionGroup(title: "Planning") var planning: PlanningArguments

  func run() throws {
    let planned = try PlannedModel(path: model, planning.choices)
    let out = Output()
    if format.json {
      try printJSON(planned, to: out)
    } else if format.csv {
      try printCSV(planned, to: out)
    } else {
      if all, planned.plan.entries.isEmpty { throw Failure.data("\(model): the model has no parameters") }
      try PlanTable(planned, all: all, terminal: .standardOutput()).print(to: out)
    }
    try out.flush()
  }

  /// A line for each parameter and block. Numbers have as many digits as give the same double when they are read.
  private func printJSON(_ planned: PlannedModel, to out: Output) throws {
    let plan = planned.plan
    func text(_ value: String?) -> String { value.map(jsonLiteral) ?? "null" }
    func list(_ values: [String]) -> String { "[\(values.joined(separator: ","))]" }
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }

    try out.write("{\"model\":\(text(model)),\"method\":\(text(plan.scheme)),\"seed\":\(plan.seed),\"parameters\":[")
    for (index, entry) in plan.entries.enumerated() {
      try out.write(
        "\(index == 0 ? "" : ",")\n{\"name\":\(text(entry.name)),\"shape\":\(list(entry.shape.map(String.init))),"
          + "\"dtype\":\(text(entry.dtype?.rawValue)),\"role\":\(text(entry.role.rawValue)),"
          + "\"rule\":\(text(entry.ruleName)),\"gain\":\(number(entry.gain)),\"epsilon\":\(number(entry.epsilon)),"
          + "\"reason\":\(text(entry.reason))")
      if let original = entry.tiedTo { try out.write(",\"tied\":\(text(original))") }
      if !entry.parts.isEmpty {
        let parts = entry.parts.map { part in
          "{\"role\":\(text(part.role.rawValue)),\"rows\":\(list(part.geometry.rowRuns))}"
        }
        try out.write(",\"parts\":\(list(parts))")
      }
      try out.write("}")
    }
    try out.write("],\"blocks\":[")
    for (index, block) in plan.blocks.enumerated() {
      try out.write(
        "\(index == 0 ? "" : ",")\n{\"add\":\(text(block.add)),\"stem\":\(text(block.stem)),"
          + "\"shortcut\":\(text(block.shortcut)),\"kind\":\(text(block.kind.rawValue)),"
          + "\"last\":\(list(block.last.map(jsonLiteral))),\"notes\":\(list(block.notes.map(jsonLiteral)))}")
    }
    try out.line("],\"notes\":\(list(planned.notes.map(jsonLiteral)))}")
  }

  /// A line for each parameter, with what its members are called in JSON.
  private func printCSV(_ planned: PlannedModel, to out: Output) throws {
    try out.row(["name", "shape", "dtype", "role", "rule", "gain", "epsilon", "tied", "reason"])
    for entry in planned.plan.entries {
      try out.row([
        entry.name, shapeText(entry.shape, by: "x"), entry.dtype?.rawValue, entry.role.rawValue, entry.ruleName,
        entry.gain.map { "\($0)" }, entry.epsilon.map { "\($0)" }, entry.tiedTo, entry.reason,
      ])
    }
  }
}

extension WeightGeometry {
  /// The rows as runs of neighbours, each `[first, end]`.
  fileprivate var rowRuns: [String] {
    (selection ?? RowSelection(0..<rows)).runs.map { "[\($0.lowerBound),\($0.upperBound)]" }
  }
}
