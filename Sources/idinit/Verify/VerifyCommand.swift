import ArgumentParser
import IDInit
import ModelFiles

/// `idinit verify FILE --plan MODEL.pt2`: does a checkpoint hold what the plan says?
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that a safetensors checkpoint holds what a plan says.",
    usage: "idinit verify FILE --plan MODEL.pt2 [options]",
    discussion: """
      FILE is a safetensors file or the index of several. Every planned parameter is made again, in the file's own \
      element type, and compared to the bit; kept ones are compared with the model's. Planning options that are not \
      given are taken from the file's metadata, where idinit init wrote them.

      Ends with status 0 where the checkpoint is as planned, 1 where it is not.

      Examples:
        idinit verify init.safetensors --plan resnet50.pt2
        idinit verify init.safetensors --plan resnet50.pt2 \\
          --method idinit --seed 3 --all
      """)

  @Argument(help: ArgumentHelp("The checkpoint.", valueName: "FILE"), completion: .checkpoints)
  var file: String
  @Option(
    name: .customLong("plan"), help: ArgumentHelp("The model, as torch.export saves it.", valueName: "MODEL.pt2"),
    completion: .models)
  var model: String
  @Flag(help: "A line for every tensor, not only for those that are wrong.")
  var all = false
  @OptionGroup var format: TableFormat
  @OptionGroup(title: "Planning") var planning: PlanningArguments

  func run() throws {
    let checkpoint = try SafetensorsCheckpoint(path: file)
    let recorded = try RecordedChoices(checkpoint.metadata, path: file)
    let choices = planning.choices.completed(by: recorded.choices)
    let planned = try PlannedModel(path: model, choices)
    let verification = try Verification(
      checkpoint, against: try InitialCheckpoint(planned, withKept: !recorded.isWithoutKept), isOurs: recorded.isOurs,
      threads: processorCount())

    let out = Output()
    let shown = verification.lines.filter { all || $0.isWrong }
    if format.json {
      try printJSON(shown, isAsPlanned: !verification.lines.contains(where: \.isWrong), planned, to: out)
    } else if format.csv {
      try printCSV(shown, to: out)
    } else {
      let terminal = Terminal.standardOutput()
      for line in shown { try out.prose(text(of: line), terminal) }
      let isRecorded = recorded.isOurs && planning.choices == PlanningChoices()
      try out.prose(summary(verification, planned, isRecorded: isRecorded), terminal)
    }
    try out.flush()
    if verification.lines.contains(where: \.isWrong) { throw ExitCode(1) }
  }

  func text(of line: Verification.Line) -> String {
    let rule = line.tensor.map(ruleText) ?? ""
    let name = printable(line.name)
    return switch line.finding {
    case .same(let isCompared):
      "\(name): \(isCompared ? "as planned" : "not checked, the model has no values") (\(rule))"
    case .values(let comparison):
      "\(name): \(comparison.text(shape: line.tensor?.shape ?? [], ("", "planned ")) ?? "") (\(rule))"
    case .missing: "\(name): missing (\(rule))"
    case .shape(let shape):
      "\(name): shape \(shapeText(shape)), the model's is \(shapeText(line.tensor?.shape ?? []))"
    case .dtype(let dtype): "\(name): holds \(dtype), the model's is \(line.tensor?.written.rawValue ?? "")"
    case .unexpected(let entry): "\(name): not in the model (\(entry.dtype) \(shapeText(entry.shape)))"
    }
  }

  func ruleText(_ tensor: InitialCheckpoint.Tensor) -> String {
    switch tensor.source {
    case .rule(let entry, let replacesValues):
      (replacesValues ? "kept: " : "") + RuleText(entry).text.split(separator: " ").joined(separator: " ")
    case .archive: tensor.isParameter ? "kept" : "buffer"
    case .constant: "buffer"
    }
  }

  private func summary(_ verification: Verification, _ planned: PlannedModel, isRecorded: Bool) -> String {
    let seed = planned.choices.seed ?? 0
    let origin = isRecorded ? ", as its metadata says" : ""
    let plan = "\(planned.choices.title) of \(planned.name), seed \(seed)\(origin)"
    let checked = verification.lines.filter { $0.tensor != nil }
    let wrong = verification.lines.filter(\.isWrong)
    let unchecked = checked.filter { if case .same(false) = $0.finding { true } else { false } }.count
    let rest = unchecked > 0 ? " (\(grouped(unchecked)) kept ones not checked: the model has no values)" : ""
    guard !wrong.isEmpty else {
      return "as planned: \(counted(checked.count, "tensor"))\(rest), \(plan)"
    }
    let unexpected = wrong.filter { $0.tensor == nil }.count
    var parts = [String]()
    if wrong.count > unexpected {
      parts.append("\(grouped(wrong.count - unexpected)) of \(counted(checked.count, "tensor")) not as planned\(rest)")
    }
    if unexpected > 0 { parts.append("\(grouped(unexpected)) not in the model") }
    return "\(parts.joined(separator: ", ")): \(plan)"
  }
}
