/// What every parameter of a network will start from: one line a parameter, with the reason.
///
/// A plan is data. It can be printed, saved, compared and edited; it needs no network to be carried out, since
/// each line holds the parameter's geometry and its rule with all numbers.
public struct InitializationPlan: Codable, Hashable, Sendable {
  /// The line of one parameter.
  public struct Entry: Codable, Hashable, Sendable {
    /// The dotted path, as in the network's state dictionary.
    public let name: String
    /// Sizes of the axes, slowest first; empty for a scalar.
    public let shape: [Int]
    /// The element type; nil where the network does not say.
    public var dtype: TensorDType?
    /// What the parameter does.
    public let role: ParameterRole
    /// What the parameter starts from; nil if it is kept as the network has it.
    public var rule: Rule?
    /// Which axes the rule takes for out, in and window.
    public let geometry: WeightGeometry
    /// The matrices that the weight holds, if there are several: see ``matrices``.
    public var parts: [WeightPart] = []
    /// How many matrices of one make lie one after the other (the experts of a layer); nil for one.
    public var stack: Int?
    /// Whether a residual stem is multiplied by it, element by element (layer scale); nil where it is not.
    public var scalesStem: Bool?
    /// The parameter whose storage this one shares: it starts from the same values, by the same rule.
    public var tiedTo: String?
    /// What a kept parameter starts from where the model has no values for it (a model on the meta device): its
    /// layer's PyTorch default. nil for a parameter that has a rule.
    public var ruleWithoutValues: Rule?
    /// Why, for people: never empty.
    public var reason: String
  }

  /// The scheme that made the plan.
  public let scheme: String
  /// What random rules draw from, together with each parameter's name.
  public let seed: UInt64
  /// In the network's own order.
  public var entries: [Entry]
  /// The network's residual blocks, in the order of the graph.
  public let blocks: [ResidualBlock]
  /// What concerns the network as a whole: what the scheme needs that weights cannot give, say.
  public var notes: [String]

  /// Plans `structure` by `scheme`.
  ///
  /// - Parameters:
  ///   - scheme: What decides each parameter's rule.
  ///   - structure: The network.
  ///   - seed: What the random rules draw from, together with each parameter's name: a parameter that is added
  ///     or removed changes no other.
  /// - Throws: ``PlanError`` if the scheme cannot serve the network.
  public init(_ scheme: some InitializationScheme, for structure: NetworkStructure, seed: UInt64 = 0)
    throws(PlanError)
  {
    var entries: [Entry] = []
    for parameter in structure.parameters {
      let assignment = try scheme.assignment(for: parameter, in: structure)
      var reasons = [parameter.reason, assignment.reason]
      if parameter.parts.count > 1, let packing = assignment.rule?.packing(stack: parameter.stack) {
        reasons.insert(packing, at: 1)
      }
      reasons.removeAll(where: \.isEmpty)
      entries.append(
        Entry(
          name: parameter.name, shape: parameter.shape, dtype: parameter.dtype, role: parameter.role,
          rule: assignment.rule, geometry: parameter.geometry ?? .elements(shape: parameter.shape),
          parts: parameter.parts, stack: parameter.stack > 1 ? parameter.stack : nil,
          scalesStem: parameter.scalesStem ? true : nil, tiedTo: parameter.tiedTo,
          ruleWithoutValues: assignment.rule == nil ? Self.pytorchDefault(of: parameter) : nil,
          reason: reasons.isEmpty ? parameter.role.rawValue : reasons.joined(separator: "; ")))
    }
    self.scheme = scheme.name
    self.seed = seed
    self.entries = entries
    self.blocks = structure.blocks
    self.notes = structure.notes + scheme.notes(for: structure)
  }

  /// Plans a graph by `scheme`.
  public init(_ scheme: some InitializationScheme, for graph: NetworkGraph, seed: UInt64 = 0) throws(PlanError) {
    try self.init(scheme, for: NetworkStructure(graph), seed: seed)
  }

  /// The line of the parameter of that name; nil if there is none.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }
}

/// A network that a scheme cannot serve.
public struct PlanError: Error, Hashable, CustomStringConvertible {
  /// The scheme's name.
  public let scheme: String
  /// The parameter's name; nil where the network as a whole is meant.
  public let parameter: String?
  /// What is wrong, for people.
  public let message: String

  /// An error about a network, or about one of its parameters.
  public init(scheme: String, parameter: String? = nil, message: String) {
    self.scheme = scheme
    self.parameter = parameter
    self.message = message
  }

  public var description: String {
    parameter.map { "\(scheme): parameter '\($0)': \(message)" } ?? "\(scheme): \(message)"
  }
}
