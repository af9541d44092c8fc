import OrderedCollections

/// A part of a network: parameters, buffers and a forward pass.
///
/// A module carries no initialisation. Weights and biases start as zeros (normalisation weights as ones), and an
/// ``/IDInit/InitializationPlan`` fills them. A module says what it owns in ``localParameters``, ``localBuffers`` and
/// ``submodules``; ``parameters`` and ``buffers`` join them to dotted paths, in PyTorch's order (own ones first, then
/// the submodules') and with PyTorch's names (`layer1.0.conv2.weight`), so that checkpoints travel both ways.
///
/// ```swift
/// final class Perceptron: Module {
///   let fc1: Linear, fc2: Linear
///   init() throws(TorchError) { fc1 = try Linear(784, 512); fc2 = try Linear(512, 10) }
///   var submodules: OrderedDictionary<String, any Module> { ["fc1": fc1, "fc2": fc2] }
///   func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try fc2(relu(fc1(x))) }
/// }
/// ```
public protocol Module: AnyObject {
  /// The forward pass.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor

  /// Trainable tensors that the module itself owns, by name.
  var localParameters: OrderedDictionary<String, Tensor> { get }

  /// Tensors that the module itself stores but does not train (running statistics), by name.
  var localBuffers: OrderedDictionary<String, Tensor> { get }

  /// The modules that this one is made of, by name.
  var submodules: OrderedDictionary<String, any Module> { get }

  /// Whether batch statistics and dropout are as in training. Of a module without a mode of its own: whether nothing
  /// in it is in evaluation mode; setting it sets all that is in it.
  var isTraining: Bool { get set }
}

extension Module {
  public var localParameters: OrderedDictionary<String, Tensor> { [:] }
  public var localBuffers: OrderedDictionary<String, Tensor> { [:] }
  public var submodules: OrderedDictionary<String, any Module> { [:] }

  public var isTraining: Bool {
    get { submodules.values.allSatisfy(\.isTraining) }
    set {
      for module in submodules.values { module.isTraining = newValue }
    }
  }

  /// Every parameter by its dotted path. A tensor that two modules share appears under both paths;
  /// optimisers step it once.
  public var parameters: OrderedDictionary<String, Tensor> { gathered(\.localParameters) }

  /// Every buffer by its dotted path.
  public var buffers: OrderedDictionary<String, Tensor> { gathered(\.localBuffers) }

  /// This module and all in it, each before its own submodules, with dotted paths ("" for this one).
  public var modules: [(path: String, module: any Module)] {
    var all: [(path: String, module: any Module)] = [("", self)]
    for (name, module) in submodules {
      for (path, inner) in module.modules {
        all.append((path.isEmpty ? name : "\(name).\(path)", inner))
      }
    }
    return all
  }

  private func gathered(
    _ own: (any Module) -> OrderedDictionary<String, Tensor>
  ) -> OrderedDictionary<String, Tensor> {
    var all: OrderedDictionary<String, Tensor> = [:]
    for (path, module) in modules {
      for (name, tensor) in own(module) { all[path.isEmpty ? name : "\(path).\(name)"] = tensor }
    }
    return all
  }

  /// Copies tensors into the parameters and buffers of the same path, converting the element type.
  ///
  /// - Throws: ``TorchError`` of kind `argument`, before anything is changed, if a path is missing, unknown or has
  ///   another shape.
  public func load(_ state: OrderedDictionary<String, Tensor>) throws(TorchError) {
    let own = parameters.merging(buffers) { parameter, _ in parameter }
    let missing = own.keys.filter { state[$0] == nil }
    let unknown = state.keys.filter { own[$0] == nil }
    var problems: [String] = []
    if !missing.isEmpty { problems.append("missing: \(missing.joined(separator: ", "))") }
    if !unknown.isEmpty { problems.append("not in the module: \(unknown.joined(separator: ", "))") }
    for (path, tensor) in own {
      if let given = state[path], given.shape != tensor.shape {
        problems.append("\(path) has shape \(given.shape), expected \(tensor.shape)")
      }
    }
    guard problems.isEmpty else {
      throw TorchError(kind: .argument, operation: "Module.load", message: problems.joined(separator: "; "))
    }
    try withoutGradient { () throws(TorchError) in
      for (path, tensor) in own {
        if let given = state[path] { try tensor.copy(from: given) }
      }
    }
  }
}
