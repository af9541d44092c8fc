/// An operation that applies a weight (a parameter of two or more dimensions) to a value.
///
/// The axes of the weight are read off the operation, never off its shape: `aten.linear` stores [out, in], a matrix
/// product applied from the right [in, out], a transposed convolution [in, out/groups, k…]. Views between the
/// parameter and the operation are followed.
struct WeightOperation {
  /// The node's place in ``NetworkGraph/nodes``.
  let node: Int
  let weight: NetworkGraph.ValueID
  var biases: [NetworkGraph.ValueID] = []
  /// The value that the weight is applied to.
  let input: NetworkGraph.ValueID
  /// The whole parameter as a matrix.
  let geometry: WeightGeometry
  /// The rows of the parameter that this operation applies, if not all of them.
  var rows: RowSelection?
  /// How many matrices the parameter holds, one after the other: the experts of a layer.
  var stack = 1
  /// The gates of a recurrent layer, as rows of the parameter.
  var gates: [Range<Int>] = []
  /// Of a recurrent layer that is one operation: the size of its state.
  var hiddenSize: Int?
  /// The axes of the output over which the outputs of the weight are counted, and how many rows a step moves; nil
  /// where outputs are no plain rows (a recurrent layer's state).
  var outputAxes: [Int: [IndexMap.Digit]]?
  /// Whether the operation reads its input before other weights of the same node do, and whether it makes the
  /// node's result.
  var isFirst = true
  var isLast = true
  /// Whether the weight's length has no effect, so that it cannot carry a zero.
  var isNormalized = false
}

/// What the operations with a parameter among their operands are.
struct WeightOperations {
  /// In graph order.
  private(set) var all: [WeightOperation] = []
  /// The weights that an operation applies in a way that no rule follows, with the reason.
  private(set) var unsupported: [NetworkGraph.ValueID: String] = [:]

  private let graph: NetworkGraph
  private let kinds: OperationKinds
  private let views: ParameterViews

  init(_ graph: NetworkGraph, kinds: OperationKinds, flow: DataFlow, views: ParameterViews) {
    self.graph = graph
    self.kinds = kinds
    self.views = views
    for (index, node) in graph.nodes.enumerated() where flow.isLive[index] {
      switch kinds.names[index].base {
      case "linear", "addmm", "mm", "matmul", "bmm", "baddbmm", "addbmm", "mv", "addmv", "__matmul__":
        addProduct(node, index, kinds.names[index].base)
      case "einsum": addEinsum(node, index)
      case "_transformer_encoder_layer_fwd", "_native_multi_head_attention":
        refuse(node, "inside a fused layer: export the model outside of torch.no_grad() to have it planned")
      case "bilinear", "_trilinear": refuse(node, "a bilinear form: no matrix")
      case "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "convolution",
        "_convolution", "convolution_overrideable":
        addConvolution(node, index, kinds.names[index].base)
      case "lstm", "gru", "rnn_tanh", "rnn_relu", "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell":
        for operation in RecurrentLayer.operations(node, index, kinds.names[index], graph, views) {
          all.append(operation)
        }
      case "_grouped_mm": addGrouped(node, index)
      default: break
      }
    }
  }

  private mutating func refuse(_ node: NetworkGraph.Node, _ reason: String) {
    for input in node.inputs {
      if let view = views[input], graph[view.parameter].shape.count > 1 { unsupported[view.parameter] = reason }
    }
  }

  // MARK: Products

  private mutating func addProduct(_ node: NetworkGraph.Node, _ index: Int, _ base: String) {
    let isBiased = ["addmm", "baddbmm", "addbmm", "addmv"].contains(base)
    let positions = isBiased ? (left: 1, right: 2, bias: 0) : (left: 0, right: 1, bias: 2)
    guard let left = node.value(at: positions.left), let right = node.value(at: positions.right) else { return }
    let bias = isBiased || base == "linear" ? node.value(at: positions.bias) : nil
    let biases = bias.flatMap { views[$0].map { [$0.parameter] } } ?? []

    if base == "linear" {
      guard let view = weight(right) else { return }
      add(node, index, view, input: left, outIs: [0], inIs: [1], window: [], biases: biases, output: [-1])
      return
    }
    let (a, b) = (weight(left), weight(right))
    // Of two parameters the right one is a layer's weight only if it is applied as one, transposed.
    if a != nil, let b, !b.isTransposed, base != "linear" {
      unsupported[b.parameter] = "multiplied with another parameter"
      return
    }
    guard let view = b ?? a else { return }
    let rank = view.map.axes.count
    // Axes before the last two repeat one matrix, or count several.
    let stack = (0..<(rank - 2)).filter { axis in view.map.axes[axis].contains { $0.stride != 0 } }
    let isRight = b != nil
    let isVector = graph[isRight ? left : right].shape.count == 1
    add(
      node, index, view, input: isRight ? left : right, stack: stack, outIs: [isRight ? rank - 1 : rank - 2],
      inIs: [isRight ? rank - 2 : rank - 1], window: [], biases: biases, stackOutput: stack.map { $0 - rank },
      output: [isRight || isVector ? -1 : -2])
  }

  /// The parameter behind an operand, if it can be a weight.
  private func weight(_ id: NetworkGraph.ValueID) -> ParameterViews.View? {
    guard let view = views[id], !view.isTransformed, view.map.axes.count >= 2,
      graph[view.parameter].shape.count >= 2
    else { return nil }
    return view
  }

  /// A stack of matrices, each applied to the rows of its group.
  private mutating func addGrouped(_ node: NetworkGraph.Node, _ index: Int) {
    guard let input = node.value(at: 0), let view = node.value(at: 1).flatMap(weight), view.map.axes.count == 3 else {
      return
    }
    add(
      node, index, view, input: input, stack: [0], outIs: [2], inIs: [1], window: [], biases: [], stackOutput: [],
      output: [])
  }

  // MARK: Convolutions

  private mutating func addConvolution(_ node: NetworkGraph.Node, _ index: Int, _ base: String) {
    guard let input = node.value(at: 0), let operand = node.value(at: 1), let view = weight(operand) else { return }
    let isGeneral = base.hasSuffix("convolution") || base == "_convolution" || base == "convolution_overrideable"
    let isTransposed = isGeneral ? node.boolean(at: 6) ?? false : base.hasPrefix("conv_transpose")
    let groups = node.integer(at: isGeneral ? 8 : 6) ?? 1
    let rank = view.map.axes.count
    guard (3...5).contains(rank), groups > 0 else { return }
    let biases = node.value(at: 2).flatMap { views[$0].map { [$0.parameter] } } ?? []
    // The channels' axis of an input without a batch axis is the first.
    let channel = -(rank - 1)
    add(
      node, index, view, input: input, outIs: [isTransposed ? 1 : 0], inIs: [isTransposed ? 0 : 1],
      window: Array(2..<rank), groups: groups, biases: biases, output: [channel])
  }

  // MARK: Einstein sums

  private mutating func addEinsum(_ node: NetworkGraph.Node, _ index: Int) {
    guard case .string(let text)? = node.arguments.first, case .values(let operands)? = node.arguments[safe: 1],
      operands.count == 2, let equation = EinsumEquation(text, ranks: operands.map { graph[$0].shape.count })
    else {
      if node.inputs.count != 2 { refuse(node, "one of \(node.inputs.count) factors of an einsum") }
      return
    }
    for (own, other) in [(1, 0), (0, 1)] {
      guard let view = weight(operands[own]) else { continue }
      guard let roles = equation.weight(own, other) else {
        return refuse(node, "applied by einsum '\(text)', which is no plain matrix product")
      }
      add(
        node, index, view, input: operands[other], stack: roles.stack, outIs: roles.out, inIs: roles.in, window: [],
        biases: [], stackOutput: roles.stackOutput, output: roles.output)
      return
    }
  }

  // MARK: Axes to geometry

  /// Adds the operation if the operand's axes make a matrix of the parameter's storage.
  ///
  /// Of the operand's axes `stack` count matrices, `outIs` are outputs (slowest first, as the result has them), `inIs`
  /// inputs and `window` window positions. `stackOutput` and `output` are the result's axes that count the stack and
  /// the outputs (negative ones from the back), as many as the operand's, or none if rows are not to be followed.
  private mutating func add(
    _ node: NetworkGraph.Node, _ index: Int, _ view: ParameterViews.View, input: NetworkGraph.ValueID,
    stack: [Int] = [], outIs: [Int], inIs: [Int], window: [Int], groups: Int = 1, biases: [NetworkGraph.ValueID],
    stackOutput: [Int] = [], output: [Int]
  ) {
    let shape = graph[view.parameter].shape
    let found =
      stack.isEmpty
      ? StoredMatrix(view.map, parameterShape: shape, out: outIs, in: inIs, window: window, groups: groups)
      : outIs.count == 1 && inIs.count == 1
        ? StoredMatrix(view.map, parameterShape: shape, stack: stack, out: outIs[0], in: inIs[0]) : nil
    guard let matrix = found else {
      unsupported[view.parameter] = "applied in a layout that makes no matrix of it"
      return
    }
    let rank = node.outputs.first.map { graph[$0].shape.count } ?? 0
    var axes: [Int: [IndexMap.Digit]] = [:]
    for (axis, digits) in zip(stackOutput + output, matrix.rowDigits) { axes[axis < 0 ? axis + rank : axis] = digits }
    let rows = matrix.geometry.wholeRows
    all.append(
      WeightOperation(
        node: index, weight: view.parameter,
        biases: biases.filter { graph.isVector($0) || graph[$0].shape.reduce(1, &*) == rows }, input: input,
        geometry: matrix.geometry, rows: matrix.rows, stack: matrix.stack, outputAxes: output.isEmpty ? nil : axes,
        isNormalized: view.isNormalized))
  }
}
