/// What PyTorch's own layers start from.
///
/// - Linear layers and convolutions: U(−1/√fanIn, 1/√fanIn) for weights and biases
///   (`torch.nn.Linear.reset_parameters`, `torch.nn.Conv2d.reset_parameters`: `kaiming_uniform_(a=√5)`).
/// - `nn.MultiheadAttention`: `xavier_uniform_` for the packed projection as one 3E × E matrix, or for each of three;
///   biases 0, the output projection's too; `bias_k` and `bias_v` by `xavier_normal_`.
/// - `nn.LSTM`, `nn.GRU`, `nn.RNN` and their cells: all that they have U(±1/√hiddenSize).
/// - Matrices in an `nn.Transformer`: `xavier_uniform_`.
///
/// Which layer a parameter belongs to is read off the module classes that `torch.export` records (a recurrent layer that
/// is one operation needs none): an attention written with layers of its own has those layers' start.
public struct PyTorchDefaultScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "pytorch" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    if let assignment = Self.ofLayer(parameter) { return assignment }
    if parameter.role == .bias, let weight = parameter.weight, weight.torchFanIn > 0 {
      let bound = 1 / Double(weight.torchFanIn).squareRoot()
      return RuleAssignment(.uniform(UniformRule(low: -bound, high: bound)), "U(±1/√fanIn) of its weight")
    }
    // No layer of PyTorch's has one: it is the network's own.
    if parameter.role == .scalarBias { return RuleAssignment(nil, "no layer of PyTorch's has such a bias: kept") }
    return RuleAssignment.ofNonWeight(parameter) ?? RuleAssignment(.kaiming(.torchDefault))
  }

  /// What a layer with a start of its own gives a parameter; nil for all others.
  private static func ofLayer(_ parameter: ParameterDescription) -> RuleAssignment? {
    let isMatrix = parameter.geometry != nil && parameter.role != .embedding
    switch parameter.layer {
    case .recurrent(let size) where size > 0 && (isMatrix || parameter.role == .bias):
      let bound = 1 / Double(size).squareRoot()
      return RuleAssignment(.uniform(UniformRule(low: -bound, high: bound)), "a recurrent layer's: U(±1/√hiddenSize)")
    case .transformer where isMatrix: return RuleAssignment(.xavier(XavierRule(.uniform)), "in nn.Transformer")
    case .attention where parameter.role == .bias: return RuleAssignment(.zero, "nn.MultiheadAttention's biases are 0")
    case .attention(isOwn: true) where isMatrix:
      return RuleAssignment(.xavier(XavierRule(.uniform)), "nn.MultiheadAttention's")
    case .attention(isOwn: true) where parameter.role == .other && parameter.shape.count == 3:
      // `xavier_normal_` of a tensor of three axes: the last one is a window.
      let window = parameter.shape[2]
      let fans = (parameter.shape[0] + parameter.shape[1]) * window
      guard fans > 0 else { return nil }
      return RuleAssignment(.normal(NormalRule(std: (2 / Double(fans)).squareRoot())), "nn.MultiheadAttention's")
    default: return nil
    }
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    let weights = structure.parameters.filter { $0.geometry != nil && $0.role != .embedding && $0.tiedTo == nil }
    if !structure.knowsModuleClasses {
      guard weights.contains(where: { $0.parts.contains { $0.role == .query } }) else { return [] }
      return [
        "the model does not say of which classes its modules are: a packed projection of queries, keys and values starts "
          + "as nn.Linear's, though nn.MultiheadAttention's would start by xavier_uniform_"
      ]
    }
    let others = weights.filter { $0.layer == nil && $0.moduleClass?.hasPrefix("torch.") == false }
    guard let first = others.first, let name = first.moduleClass else { return [] }
    let more = Set(others.compactMap(\.moduleClass)).count - 1
    return [
      "\(others.count == 1 ? "'\(first.name)' belongs" : "\(others.count) weights (the first is '\(first.name)') belong") "
        + "to \(more == 0 ? "the class \(name)" : "\(name) and \(more) other \(more == 1 ? "class" : "classes")"), not "
        + "PyTorch's own: what that code starts from is not in the file; nn.Linear's kaiming_uniform_(a=√5) is taken"
    ]
  }
}
