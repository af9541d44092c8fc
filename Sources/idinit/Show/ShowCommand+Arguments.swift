import IDInit
import ModelFiles

extension ShowCommand {
  /// The weight that the arguments describe; an error of usage where they do not fit together.
  func checkedWeight() throws -> (ShownWeight, Rule.Name) {
    guard let name = Rule.Name(rawValue: rule.lowercased()) else {
      let names = Rule.Name.allCases.map(\.rawValue)
      let hint = didYouMean(rule.lowercased(), among: names) ?? "the rules are \(names.joined(separator: ", "))"
      throw Failure.usage("there is no rule '\(rule)'; \(hint)")
    }
    let sizes = try Shape(shape).sizes
    let text = sizes.map(String.init).joined(separator: "x")
    switch (name, sizes.count) {
    case (.idi, 3...), (.idiz, 3...):
      throw Failure.usage(
        "\(name.rawValue) fills a matrix, and \(text) has \(sizes.count) axes; a kernel takes \(name.rawValue)c")
    case (.idic, ...2), (.idizc, ...2):
      let sibling = name.rawValue.dropLast()
      throw Failure.usage(
        "\(name.rawValue) fills a kernel (outputs x inputs x window: 3 to 5 axes), and \(text) has \(sizes.count); "
          + (sizes.count == 2 ? "a matrix takes \(sibling)" : "try 8x2x3x3"))
    default: break
    }
    let geometry: WeightGeometry
    switch sizes.count {
    case 1: geometry = .elements(shape: sizes)
    case 2: geometry = .linear(out: sizes[0], in: sizes[1])
    default: geometry = .convolution(shape: sizes)
    }
    if name == .constant, numbers.value == nil { throw Failure.usage("constant needs a number: --value 0.5") }
    let chosen = try numbers.rule(name)
    do { try chosen.check(geometry) } catch { throw Failure.usage(RuleArguments.inFlags(error.description)) }
    if numbers.columnOrder != nil, geometry.windowCount == 1 || geometry.channels == 1 {
      let reason =
        sizes.count < 3 ? "has no window" : geometry.channels == 1 ? "has one input channel" : "has a window of one"
      throw Failure.usage("--column-order does nothing for \(text), which \(reason)")
    }
    if seed != nil, !chosen.isRandom {
      throw Failure.usage("--seed does nothing here: \(name.rawValue) with these numbers draws nothing at random")
    }
    return (ShownWeight(rule: chosen, geometry: geometry, type: dtype, seed: seed ?? 0), name)
  }

  static var ruleList: String {
    let indent = 2 + (Rule.Name.allCases.map(\.rawValue.count).max() ?? 0) + 2
    return Rule.Name.allCases.flatMap { name in
      wrapped(name.summary, width: 79 - indent).enumerated().map { index, line in
        let label = index == 0 ? "  \(name.rawValue)" : ""
        return label + String(repeating: " ", count: indent - label.count) + line
      }
    }.joined(separator: "\n")
  }

  /// What the file says about itself.
  func metadata(_ weight: ShownWeight, _ name: Rule.Name) -> [String: String] {
    var metadata = ["tool": "idinit", "version": Idinit.version, "rule": name.rawValue]
    // Whatever options a rule has, now or later: those that are set, by name.
    for case (let option?, let value as any OptionalValue) in Mirror(reflecting: weight.rule.options).children {
      metadata[option] = value.text
    }
    if weight.rule.isRandom { metadata["seed"] = "\(weight.seed)" }
    return metadata
  }
}

/// An optional of any type, for reading options by reflection.
private protocol OptionalValue {
  var text: String? { get }
}

extension Optional: OptionalValue {
  fileprivate var text: String? { map { "\($0)" } }
}
