import IDInit
import ModelFiles

/// A model file and its plan.
struct PlannedModel {
  let program: ExportedProgram
  let plan: InitializationPlan
  let choices: PlanningChoices

  /// Opens a model and plans it.
  ///
  /// - Throws: ``ExportedProgramError`` for a file that is no sound model, ``Failure`` for choices that do not fit it.
  init(path: String, _ choices: PlanningChoices) throws {
    let program = try ExportedProgram(path: path)
    var withoutValues = Set<String>()
    for tensor in program.tensors where !tensor.hasValues { withoutValues.insert(tensor.name) }
    self.program = program
    self.choices = choices
    plan = try choices.plan(program.graph) { !withoutValues.contains($0) }
  }

  /// What is to be said of the whole: the plan's notes, and what stands in for values that the model has not.
  var notes: [String] {
    let withoutValues = Set(program.tensors.lazy.filter { !$0.hasValues }.map(\.name))
    let replaced = plan.entries.compactMap { entry -> InitializationPlan.Entry? in
      guard entry.rule == nil, withoutValues.contains(entry.name), let rule = entry.ruleWithoutValues else {
        return nil
      }
      var entry = entry
      entry.rule = rule
      return entry
    }
    let looseness = LoosenessNote(
      plan.entries.lazy.compactMap { entry in entry.dtype?.elementType.map { (entry: entry, type: $0) } })
    guard !replaced.isEmpty else { return plan.notes + looseness.texts }
    return plan.notes + looseness.texts + [
      "the model file has no values for \(counted(replaced.count, "kept parameter")): idinit init writes PyTorch's own: "
        + InitSummary.substitutes(for: replaced)
        + (replaced.contains { $0.role == .embedding } && choices.embeddingStd == nil
          ? " (BERT's and GPT-2's own is --embedding-std 0.02; logits from an N(0, 1) table are large)" : "")
    ]
  }

  /// The file's name without its folder.
  var name: String { fileName(program.path) }
}

extension StoredTensor {
  /// Whether the archive has something to be kept, be it readable or not.
  var hasValues: Bool { if case .none = storage { false } else { true } }
}
