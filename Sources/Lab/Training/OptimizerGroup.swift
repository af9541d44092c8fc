import OrderedCollections
import Torch

/// An optimiser and the share of the scheduled rate that it gets (Fixup's scalars: 0.1).
public struct OptimizerGroup {
  /// The optimiser with its parameters.
  public let optimizer: any Optimizer
  /// Its share of the scheduled rate.
  public let rateFactor: Double

  /// An optimiser with its share of the rate.
  public init(optimizer: any Optimizer, rateFactor: Double = 1) {
    (self.optimizer, self.rateFactor) = (optimizer, rateFactor)
  }
}

extension [OptimizerGroup] {
  /// - Throws: `LabError` (`.software`) unless every parameter that asks for gradients is in exactly one group.
  func validate(for network: any Module) throws(LabError) {
    var names: [ObjectIdentifier: String] = [:]
    for (index, group) in enumerated() {
      // A tensor under two names (a tied one) is stepped once, so it may be listed twice in a group.
      var own: [ObjectIdentifier: String] = [:]
      for (name, tensor) in group.optimizer.parameters {
        if let other = names[ObjectIdentifier(tensor)] {
          throw LabError(.software, "\(name) is in two groups of optimisers (as \(other) before group \(index))")
        }
        own[ObjectIdentifier(tensor)] = name
      }
      names.merge(own) { first, _ in first }
    }
    for (name, tensor) in network.parameters where tensor.requiresGrad && names[ObjectIdentifier(tensor)] == nil {
      throw LabError(
        .software, "no optimiser trains \(name); put it in a group, or let it ask for no gradients to keep it as it is")
    }
  }
}
