/// An operation that applies a weight (a parameter of two or more dimensions) to an activation.
///
/// The axes of the weight are read off the operation, never off its shape: `aten.linear` stores
/// [out, in], a matrix product applied from the right stores [in, out], a transposed convolution
/// [in, out/groups, k…]. Transposes between the parameter and the operation are followed.
struct WeightOperation {
  /// The node's place in ``NetworkGraph/nodes``.
  let node: Int
  let weight: NetworkGraph.ValueID
  let bias: NetworkGraph.ValueID?
  /// The activation that the weight is applied to.
  let input: NetworkGraph.ValueID
  let geometry: WeightGeometry
}

extension NetworkGraph {
  /// The parameter that `id` is a plain view of, and whether its two axes are exchanged on the way.
  func parameter(behind id: ValueID) -> (id: ValueID, transposed: Bool)? {
    var id = id
    var transposed = false
    while case .node(let index, _) = self[id].origin {
      let node = nodes[index]
      guard case .value(let source)? = node.arguments.first else { return nil }
      switch node.operation {
      case "aten.t.default", "aten.numpy_T.default":
        transposed.toggle()
      case "aten.transpose.int":
        guard self[id].shape.count == 2 else { return nil }
        if node.axes(from: 1, rank: 2) != [0, 0], node.axes(from: 1, rank: 2) != [1, 1] { transposed.toggle() }
      case "aten.permute.default":
        guard self[id].shape.count == 2, case .integers(let order)? = node.arguments.dropFirst().first else {
          return nil
        }
        if order.map({ $0 < 0 ? $0 + 2 : $0 }) == [1, 0] { transposed.toggle() }
      case "aten.to.dtype", "aten._to_copy.default", "aten.contiguous.default", "aten.clone.default",
        "aten.detach.default", "aten.alias.default", "aten.detach_.default":
        break
      case "aten.view.default", "aten.reshape.default":
        guard self[id].shape == self[source].shape else { return nil }
      default:
        return nil
      }
      id = source
    }
    guard case .parameter = self[id].origin else { return nil }
    return (id, transposed)
  }

  /// Every weight operation, in graph order. `isActivation` says which values depend on a user input.
  func weightOperations(isActivation: (ValueID) -> Bool) -> [WeightOperation] {
    nodes.indices.compactMap { index in
      let node = nodes[index]
      guard let form = WeightForm(node.operation) else { return nil }
      guard let input = node.value(at: form.inputPosition), isActivation(input),
        let operand = node.value(at: form.weightPosition), let weight = parameter(behind: operand)
      else {
        return form.isProduct ? leftProduct(node, at: index, isActivation: isActivation) : nil
      }
      guard let geometry = form.geometry(self[weight.id].shape, transposed: weight.transposed, node: node) else {
        return nil
      }
      let bias = form.biasPosition.flatMap { node.value(at: $0) }.flatMap { parameter(behind: $0)?.id }
      return WeightOperation(node: index, weight: weight.id, bias: bias, input: input, geometry: geometry)
    }
  }

  /// `W x`: a product with the weight on the left applies it as [out, in].
  private func leftProduct(_ node: Node, at index: Int, isActivation: (ValueID) -> Bool) -> WeightOperation? {
    guard let left = node.value(at: 0), let right = node.value(at: 1), isActivation(right),
      let weight = parameter(behind: left), self[weight.id].shape.count == 2
    else { return nil }
    let shape = self[weight.id].shape
    let geometry: WeightGeometry =
      weight.transposed ? .transposedLinear(in: shape[0], out: shape[1]) : .linear(out: shape[0], in: shape[1])
    return WeightOperation(node: index, weight: weight.id, bias: nil, input: right, geometry: geometry)
  }
}

/// Where an ATen operation has its weight, and how that is laid out.
private enum WeightForm {
  case linear, product, productWithBias, convolution(groupsPosition: Int, transposed: Bool), anyConvolution

  init?(_ operation: String) {
    switch operation {
    case "aten.linear.default": self = .linear
    case "aten.mm.default", "aten.matmul.default": self = .product
    case "aten.addmm.default": self = .productWithBias
    case "aten.conv1d.default", "aten.conv2d.default", "aten.conv3d.default", "aten.conv1d.padding",
      "aten.conv2d.padding", "aten.conv3d.padding":
      self = .convolution(groupsPosition: 6, transposed: false)
    case "aten.conv_transpose1d.default", "aten.conv_transpose2d.input", "aten.conv_transpose3d.input":
      self = .convolution(groupsPosition: 6, transposed: true)
    case "aten.convolution.default": self = .anyConvolution
    default: return nil
    }
  }

  var isProduct: Bool { if case .product = self { true } else { false } }
  var inputPosition: Int { if case .productWithBias = self { 1 } else { 0 } }
  var weightPosition: Int { if case .productWithBias = self { 2 } else { 1 } }
  var biasPosition: Int? {
    switch self {
    case .product: nil
    case .productWithBias: 0
    default: 2
    }
  }

  func geometry(_ shape: [Int], transposed: Bool, node: NetworkGraph.Node) -> WeightGeometry? {
    switch self {
    case .linear:
      guard shape.count == 2 else { return nil }
      return transposed ? .transposedLinear(in: shape[0], out: shape[1]) : .linear(out: shape[0], in: shape[1])
    case .product, .productWithBias:
      guard shape.count == 2 else { return nil }
      return transposed ? .linear(out: shape[0], in: shape[1]) : .transposedLinear(in: shape[0], out: shape[1])
    case .convolution(let groupsPosition, let isTransposed):
      return kernel(shape, groups: node.integer(at: groupsPosition) ?? 1, isTransposed: isTransposed)
    case .anyConvolution:
      return kernel(shape, groups: node.integer(at: 8) ?? 1, isTransposed: node.boolean(at: 6) ?? false)
    }
  }

  private func kernel(_ shape: [Int], groups: Int, isTransposed: Bool) -> WeightGeometry? {
    guard (3...5).contains(shape.count), groups > 0 else { return nil }
    return isTransposed
      ? .transposedConvolution(shape: shape, groups: groups) : .convolution(shape: shape, groups: groups)
  }
}

extension NetworkGraph.Node {
  func value(at position: Int) -> NetworkGraph.ValueID? {
    guard arguments.indices.contains(position), case .value(let id) = arguments[position] else { return nil }
    return id
  }

  func integer(at position: Int) -> Int? {
    guard arguments.indices.contains(position), case .integer(let number) = arguments[position] else { return nil }
    return number
  }

  func boolean(at position: Int) -> Bool? {
    guard arguments.indices.contains(position), case .boolean(let flag) = arguments[position] else { return nil }
    return flag
  }

  /// The integer arguments from `position` on, as axes counted from the front.
  fileprivate func axes(from position: Int, rank: Int) -> [Int] {
    arguments.dropFirst(position).compactMap {
      guard case .integer(let axis) = $0 else { return nil }
      return axis < 0 ? axis + rank : axis
    }
  }
}
