import CTorch
import OrderedCollections

/// Changes parameters by their gradients, as `torch.optim` does.
///
/// A step is one call into libtorch for all parameters together. Parameters without a gradient are left alone. The
/// state can be taken out and put back, so that an interrupted run goes on with the same numbers.
public protocol Optimizer: AnyObject {
  /// The learning rate of the next step.
  var learningRate: Double { get set }

  /// The parameters and what is remembered about each.
  var storage: OptimizerStorage { get }

  /// One step along the present gradients.
  func step() throws(TorchError)
}

extension Optimizer {
  /// What it changes, by name.
  public var parameters: OrderedDictionary<String, Tensor> { storage.parameters }

  /// Removes the parameters' gradients, so that the next backward pass starts from nothing
  /// (`zero_grad(set_to_none=True)`).
  public func zeroGrad() throws(TorchError) {
    try check(ct_autograd_clear(storage.handles, storage.count), "Optimizer.zeroGrad")
  }

  /// Copies of what is remembered, under the parameter's path and PyTorch's name for it
  /// (`fc1.weight.momentum_buffer`, `fc1.weight.exp_avg`, …). A parameter that has not been stepped has none.
  public var state: OrderedDictionary<String, Tensor> {
    get throws(TorchError) { try storage.exported() }
  }

  /// Puts back what ``state`` gave, and forgets what was remembered before.
  ///
  /// - Throws: ``TorchError`` of kind `argument`, before anything is changed, for an entry that belongs to no parameter,
  ///   has the wrong shape, or is missing beside others of its parameter.
  public func load(state: OrderedDictionary<String, Tensor>) throws(TorchError) {
    try storage.load(state)
  }
}

/// The parameters of an optimiser in the form in which C takes them, and the tensors that it remembers for each.
public final class OptimizerStorage {
  /// One kind of remembered tensor.
  struct Kind {
    /// PyTorch's name for it.
    let name: String
    /// A number of steps instead of a tensor of the parameter's shape.
    var isCounter = false
  }

  let parameters: OrderedDictionary<String, Tensor>
  let kinds: [Kind]
  /// The parameters' handles; the tensors in `parameters` own them.
  let handles: UnsafeMutablePointer<OpaquePointer?>
  /// An array of handles a kind, as long as the parameters; owned here, NULL before a parameter's first step.
  let slots: [UnsafeMutablePointer<OpaquePointer?>]
  var count: Int { parameters.count }

  /// A tensor that several paths share is stepped once, under its first path, as in PyTorch.
  init(_ all: OrderedDictionary<String, Tensor>, _ kinds: [Kind]) {
    var seen: Set<ObjectIdentifier> = []
    let parameters = all.filter { seen.insert(ObjectIdentifier($0.value)).inserted }
    self.parameters = parameters
    self.kinds = kinds
    let count = parameters.count
    handles = .allocate(capacity: count)
    for (index, tensor) in parameters.values.enumerated() { (handles + index).initialize(to: tensor.handle) }
    slots = kinds.map { _ in
      let slot = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: count)
      slot.initialize(repeating: nil, count: count)
      return slot
    }
  }

  deinit {
    for slot in slots {
      for index in 0..<count { ct_tensor_free(slot[index]) }
      slot.deallocate()
    }
    handles.deallocate()
  }

  func exported() throws(TorchError) -> OrderedDictionary<String, Tensor> {
    var all: OrderedDictionary<String, Tensor> = [:]
    for (index, path) in parameters.keys.enumerated() {
      for (kind, slot) in zip(kinds, slots) {
        guard let handle = slot[index] else { continue }
        all["\(path).\(kind.name)"] = try Tensor.make("Optimizer.state") { ct_tensor_clone(&$0, handle) }
      }
    }
    return all
  }

  func load(_ state: OrderedDictionary<String, Tensor>) throws(TorchError) {
    var rest = Set(state.keys)
    var loaded: [[Tensor?]] = kinds.map { _ in [] }
    var problems: [String] = []
    for (path, parameter) in parameters {
      let entries = kinds.map { state["\(path).\($0.name)"] }
      let present = entries.compactMap { $0 }.count
      for (position, (kind, entry)) in zip(kinds, entries).enumerated() {
        let key = "\(path).\(kind.name)"
        rest.remove(key)
        guard let entry else {
          if present > 0 { problems.append("\(key) is missing") }
          loaded[position].append(nil)
          continue
        }
        let shape = kind.isCounter ? [] : parameter.shape
        guard entry.shape == shape else {
          problems.append("\(key) has shape \(entry.shape), expected \(shape)")
          continue
        }
        // Laid out in memory like the parameter, which the kernels need.
        let own =
          try kind.isCounter
          ? Tensor(scalar: 0, device: parameter.device) : parameter.detached().filledLike(0)
        try own.copy(from: entry)
        loaded[position].append(own)
      }
    }
    if !rest.isEmpty { problems.append("unknown: \(rest.sorted().joined(separator: ", "))") }
    guard problems.isEmpty else {
      throw TorchError(kind: .argument, operation: "Optimizer.load", message: problems.joined(separator: "; "))
    }
    for (slot, tensors) in zip(slots, loaded) {
      for (index, tensor) in tensors.enumerated() {
        ct_tensor_free(slot[index])
        slot[index] = tensor.map { ct_tensor_retain($0.handle) }
      }
    }
  }
}
