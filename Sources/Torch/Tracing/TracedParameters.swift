/// Which parameters the operations of a pass use, by name, through transposes, casts and views too.
final class TracedParameters {
  private var names: [ObjectIdentifier: [String]] = [:]
  /// Views of parameters, alive while their identities are looked up.
  private var kept: [Tensor] = []

  init(of module: any Module) {
    // A tied parameter goes by its first name.
    for (name, tensor) in module.parameters where names[ObjectIdentifier(tensor)] == nil {
      names[ObjectIdentifier(tensor)] = [name]
    }
  }

  /// - Returns: The parameters that an operation uses; nil for one that computes with parameters alone, whose outputs
  ///   stand for these parameters from here on.
  func used(by arguments: [TraceArgument], for outputs: [Tensor]) -> [String]? {
    let inputs = arguments.flatMap(\.allTensors)
    let used = inputs.flatMap { names[ObjectIdentifier($0)] ?? [] }
    guard !inputs.isEmpty, inputs.allSatisfy({ names[ObjectIdentifier($0)] != nil }) else { return used }
    for output in outputs where names[ObjectIdentifier(output)] == nil {
      names[ObjectIdentifier(output)] = used
      kept.append(output)
    }
    return nil
  }

  /// The tensors among an operation's arguments that are no parameters, nor made of them alone.
  func activations(in arguments: [TraceArgument]) -> [Tensor] {
    arguments.flatMap(\.allTensors).filter { names[ObjectIdentifier($0)] == nil }
  }
}

extension TraceArgument {
  /// The tensors in it.
  var allTensors: [Tensor] {
    switch self {
    case .tensor(let tensor): [tensor]
    case .tensors(let tensors): tensors
    case .optional(let tensor): tensor.map { [$0] } ?? []
    case .integer, .integers, .real, .boolean, .string, .none: []
    }
  }
}
