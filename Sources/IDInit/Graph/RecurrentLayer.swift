/// The weights of a recurrent layer that is one operation (`aten.lstm.input`, `aten.gru_cell`, …).
///
/// PyTorch packs the gates of a cell by rows: four in an LSTM (input, forget, cell, output), three in a GRU (reset,
/// update, new), one in an Elman network. `weight_ih` reads the input and `weight_hh` the state; an LSTM with
/// projection has a third, `weight_hr`, which is no gate.
enum RecurrentLayer {
  static func operations(
    _ node: NetworkGraph.Node, _ index: Int, _ name: OperationName, _ graph: NetworkGraph, _ views: ParameterViews
  ) -> [WeightOperation] {
    let gates = name.base.hasPrefix("lstm") ? 4 : name.base.hasPrefix("gru") ? 3 : 1
    guard let input = node.value(at: 0) else { return [] }
    if name.base.hasSuffix("_cell") {
      let parameters = (2...5).compactMap { node.value(at: $0) }
      return cell(parameters, gates, isFirst: true, isLast: true, index, input, graph, views)
    }
    // With packed sequences the batch sizes come before the state.
    let position = name.overload == "data" ? 3 : 2
    guard case .values(let parameters)? = node.arguments[safe: position], !parameters.isEmpty,
      let layers = node.integer(at: position + 2), layers > 0, layers <= parameters.count
    else { return [] }
    let directions = node.boolean(at: position + 5) ?? false ? 2 : 1
    let cells = layers * directions
    guard parameters.count.isMultiple(of: cells) else { return [] }
    let count = parameters.count / cells
    return (0..<cells).flatMap { number in
      cell(
        Array(parameters[(number * count)..<((number + 1) * count)]), gates, isFirst: number < directions,
        isLast: number >= cells - directions, index, input, graph, views)
    }
  }

  private static func cell(
    _ parameters: [NetworkGraph.ValueID], _ gates: Int, isFirst: Bool, isLast: Bool, _ index: Int,
    _ input: NetworkGraph.ValueID, _ graph: NetworkGraph, _ views: ParameterViews
  ) -> [WeightOperation] {
    let known = parameters.compactMap { views[$0]?.parameter }
    let matrices = known.filter { graph[$0].shape.count == 2 }
    let biases = known.filter { graph[$0].shape.count == 1 }
    let rows = matrices.first.map { graph[$0].shape[0] } ?? 0
    let hiddenSize = rows > 0 && rows.isMultiple(of: gates) ? rows / gates : nil
    return matrices.enumerated().map { position, weight in
      let shape = graph[weight].shape
      var operation = WeightOperation(
        node: index, weight: weight, input: input, geometry: .linear(out: shape[0], in: shape[1]))
      if position < 2, biases.indices.contains(position) { operation.biases = [biases[position]] }
      if position < 2, gates > 1, shape[0] > 0, shape[0].isMultiple(of: gates) {
        let rows = shape[0] / gates
        operation.gates = (0..<gates).map { ($0 * rows)..<(($0 + 1) * rows) }
      }
      operation.hiddenSize = hiddenSize
      operation.isFirst = isFirst && position == 0
      operation.isLast = isLast
      return operation
    }
  }
}
