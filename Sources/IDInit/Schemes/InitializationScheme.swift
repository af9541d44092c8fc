/// A way to start a network: turns what the graph says about a parameter into a rule with numbers.
///
/// A new scheme is one file and one line in ``Schemes``.
public protocol InitializationScheme: Sendable {
  /// The name on the command line and in plans: `idinit`, `kaiming`.
  var name: String { get }

  /// The rule of one parameter, or the reason why it is kept.
  func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment

  /// What there is to say about the scheme on this network as a whole.
  func notes(for structure: NetworkStructure) -> [String]
}

extension InitializationScheme {
  /// Nothing, unless a scheme says otherwise.
  public func notes(for structure: NetworkStructure) -> [String] { [] }
}

/// A rule, or nil to keep the parameter as the network has it, and what there is to say about the choice.
public struct RuleAssignment: Hashable, Sendable {
  /// The rule; nil to keep the parameter.
  public let rule: Rule?
  /// What there is to say about it; empty where the parameter's role says it all.
  public let reason: String

  /// A rule, or nil, and why.
  public init(_ rule: Rule?, _ reason: String = "") {
    self.rule = rule
    self.reason = reason
  }

  /// What every scheme does with the parameters that are no weights, unless it says otherwise: biases start
  /// from 0; normalisations, embeddings and what has no known use are kept.
  static func ofNonWeight(_ parameter: ParameterDescription) -> RuleAssignment? {
    switch parameter.role {
    case .bias, .scalarBias: RuleAssignment(.zero, "biases start from 0")
    case .residualScale: RuleAssignment(nil, "the stem's multiplier: kept")
    case .normScale, .normBias: RuleAssignment(nil, "normalisation: kept")
    case .embedding: RuleAssignment(nil, "embedding: kept")
    case .other: RuleAssignment(nil, "kept")
    case .first, .hidden, .stemLast, .shortcut, .query, .key, .value, .attentionOutput, .head: nil
    }
  }
}

/// The schemes by name.
public enum Schemes {
  /// Every scheme but the ablations, in the order in which they are listed.
  public static let all: [any InitializationScheme] = [
    IDInitScheme(), PaperDefaultScheme(), XavierScheme(), KaimingScheme(), OrthogonalScheme(),
    ZeroGammaScheme(), ZeroHadamardScheme(), FixupScheme(), FixupWeightsScheme(), SkipInitScheme(), ReZeroScheme(),
    PyTorchDefaultScheme(),
  ]

  /// IDInit with one of its parts taken out or read the other way, for the paper's ablations: without IDIC
  /// (`centre-tap`), without IDIZC (`zero`), without either, and with the other order of a kernel's columns.
  public static let ablations: [any InitializationScheme] = [
    IDInitScheme(convolution: .centreTap), IDInitScheme(lastWeight: .zero),
    IDInitScheme(convolution: .centreTap, lastWeight: .zero), IDInitScheme(columnOrder: .windowFirst),
    IDInitScheme(columnOrder: .windowFirst, lastWeight: .zero),
    IDInitScheme(convolution: .centreTap, columnOrder: .windowFirst),
  ]

  /// The names of all schemes, the ablations last.
  public static var names: [String] { (all + ablations).map(\.name) }

  /// The scheme or ablation of that name; nil if there is none.
  public static func named(_ name: String) -> (any InitializationScheme)? {
    (all + ablations).first { $0.name == name }
  }

  /// The scheme of that name.
  ///
  /// - Throws: ``PlanError`` that names the nearest one if there is none.
  public static func scheme(named name: String) throws(PlanError) -> any InitializationScheme {
    if let scheme = named(name) { return scheme }
    let nearest = didYouMean(name.lowercased(), among: names).map { "; \($0)" }
    throw PlanError(
      scheme: name,
      message:
        "there is no method '\(name)'\(nearest ?? "; the methods are \(all.map(\.name).joined(separator: ", "))")")
  }
}
