import IDInit
import ModelFiles

/// What a checkpoint says about itself: how to make it again.
struct InitMetadata {
  /// `idinit.version`, `idinit.method`, `idinit.seed`, `idinit.model`, and `idinit.options`: JSON of what is not
  /// the default.
  let fields: [String: String]

  /// The field that says that this program wrote a file.
  static let ownKey = "idinit.version"

  /// What the option `kept` says of a checkpoint without kept tensors.
  static let leftOut = "left out"

  init(_ choices: PlanningChoices, dtype: ElementType?, withoutKept: Bool, model: String) {
    var options = [String]()
    func add(_ name: String, _ json: String?) { if let json { options.append("\"\(name)\":\(json)") } }
    if !choices.overrides.isEmpty {
      add("overrides", "[\(choices.overrides.map { jsonLiteral($0.recorded) }.joined(separator: ","))]")
    }
    add("embeddingStd", choices.embeddingStd.map { "\($0)" })
    add("gain", choices.gain.map { "\($0)" })
    add("firstGain", choices.firstGain.map { "\($0)" })
    add("epsilon", choices.epsilon.map { "\($0)" })
    add("looseness", choices.looseness.map { "\($0)" })
    add("columnOrder", choices.columnOrder.map { jsonLiteral($0.rawValue) })
    add("dtype", dtype.map { jsonLiteral($0.rawValue) })
    add("kept", withoutKept ? jsonLiteral(Self.leftOut) : nil)
    fields = [
      "format": "pt",
      Self.ownKey: Idinit.version,
      "idinit.method": choices.method ?? PlanningChoices.defaultMethod,
      "idinit.seed": "\(choices.seed ?? 0)",
      "idinit.options": "{\(options.joined(separator: ","))}",
      "idinit.model": model,
    ]
  }
}

extension PlanningChoices.Override {
  /// `set head.*=idiz`, `keep embed*`.
  var recorded: String {
    switch self {
    case .set(let text): "set \(text)"
    case .keep(let text): "keep \(text)"
    }
  }

  /// What ``recorded`` gave; nil for another text.
  init?(recorded text: String) {
    if text.hasPrefix("set ") {
      self = .set(String(text.dropFirst(4)))
    } else if text.hasPrefix("keep ") {
      self = .keep(String(text.dropFirst(5)))
    } else {
      return nil
    }
  }
}
