import IDInit
import ModelFiles

/// What a checkpoint's metadata says about how it was made, as ``InitMetadata`` writes it.
struct RecordedChoices {
  var choices = PlanningChoices()
  /// Whether the checkpoint says that this program made it.
  private(set) var isOurs = false
  /// Whether it was made without what is kept.
  private(set) var isWithoutKept = false

  /// - Throws: ``Failure`` where the metadata is there but makes no sense.
  init(_ metadata: [String: String], path: String) throws {
    guard let method = metadata["idinit.method"] else { return }
    isOurs = true
    choices.method = method
    if let text = metadata["idinit.seed"] {
      guard let seed = UInt64(text) else {
        throw Failure.data("\(path): the metadata's idinit.seed is '\(text)'; expected a whole number")
      }
      choices.seed = seed
    }
    guard let text = metadata["idinit.options"] else { return }
    guard let options = jsonOptions(text) else {
      throw Failure.data("\(path): the metadata's idinit.options is '\(text)'; expected a JSON object of options")
    }
    // The types are read off the tensors; what a later version may add is none of this one's business.
    func number(_ name: String) -> Double? { if case .number(let value) = options[name] { value } else { nil } }
    choices.embeddingStd = number("embeddingStd")
    choices.gain = number("gain")
    choices.firstGain = number("firstGain")
    choices.epsilon = number("epsilon")
    choices.looseness = number("looseness")
    if case .text(let order) = options["columnOrder"] { choices.columnOrder = ColumnOrder(rawValue: order) }
    if case .text(InitMetadata.leftOut) = options["kept"] { isWithoutKept = true }
    if case .texts(let overrides) = options["overrides"] {
      choices.overrides = overrides.compactMap(PlanningChoices.Override.init(recorded:))
    }
  }
}

extension PlanningChoices {
  /// These choices, and another's for what these leave open. The numbers of a method go with the method.
  func completed(by other: PlanningChoices) -> PlanningChoices {
    var result = self
    result.seed = seed ?? other.seed
    result.embeddingStd = embeddingStd ?? other.embeddingStd
    if overrides.isEmpty { result.overrides = other.overrides }
    guard method == nil || method == other.method else { return result }
    result.method = other.method
    result.gain = gain ?? other.gain
    result.firstGain = firstGain ?? other.firstGain
    result.epsilon = epsilon ?? other.epsilon
    result.looseness = looseness ?? other.looseness
    result.columnOrder = columnOrder ?? other.columnOrder
    return result
  }
}
