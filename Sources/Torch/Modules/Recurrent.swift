import OrderedCollections

/// A recurrent layer over sequences (`torch.nn.RNN`, `torch.nn.GRU`, `torch.nn.LSTM`), with the batch first and no dropout
/// between its layers; the first state is zeros.
///
/// Parameters have PyTorch's names: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0` and `bias_hh_l0` for the first layer, with
/// `_reverse` behind them for the direction from the last place to the first.
public final class Recurrent: Module {
  /// What it does at each place.
  public let cell: RecurrentCell
  /// Features of its state.
  public let hidden: Int
  /// Layers on one another.
  public let layers: Int
  /// Whether each layer also goes from the last place to the first.
  public let isBidirectional: Bool
  public let localParameters: OrderedDictionary<String, Tensor>
  private let weights: RecurrentWeights

  /// Zeros, to be filled by a plan.
  ///
  /// - Parameters:
  ///   - cell: What it does at each place.
  ///   - inFeatures: Features in, C.
  ///   - hidden: Features of its state, H.
  ///   - layers: Layers on one another, 1 or more.
  ///   - bias: Whether it has biases.
  ///   - bidirectional: Whether each layer also goes from the last place to the first.
  ///   - dtype: The parameters' element type.
  ///   - device: Where they live.
  /// - Throws: ``TorchError`` of kind `argument` for a size below 1.
  public init(
    _ cell: RecurrentCell, _ inFeatures: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true,
    bidirectional: Bool = false, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    guard inFeatures > 0, hidden > 0, layers > 0 else {
      throw TorchError(
        kind: .argument, operation: "Recurrent.init",
        message: "\(inFeatures) features in, \(hidden) hidden ones and \(layers) layers; each is at least 1")
    }
    (self.cell, self.hidden, self.layers, isBidirectional) = (cell, hidden, layers, bidirectional)
    let rows = cell.gateCount * hidden
    var all: OrderedDictionary<String, Tensor> = [:]
    for layer in 0..<layers {
      let width = layer == 0 ? inFeatures : hidden * (bidirectional ? 2 : 1)
      for direction in bidirectional ? ["", "_reverse"] : [""] {
        var shapes = [("weight_ih", [rows, width]), ("weight_hh", [rows, hidden])]
        if bias { shapes += [("bias_ih", [rows]), ("bias_hh", [rows])] }
        for (name, shape) in shapes {
          all["\(name)_l\(layer)\(direction)"] = try Tensor.zeros(shape, dtype: dtype, device: device)
            .settingRequiresGrad()
        }
      }
    }
    localParameters = all
    weights = RecurrentWeights(
      all.values.elements, biased: bias, layers: layers, bidirectional: bidirectional)
  }

  /// - Parameter x: [N, L, C]; every place counts.
  /// - Returns: The last layer's states, [N, L, H], or [N, L, 2·H] with the backward direction's behind.
  /// - Throws: ``TorchError`` for an input of another shape.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try recurrence(cell, x, state: try firstState(x.size(0), like: x), weights).output
  }

  /// Sequences that are filled up: each is read as if it were alone.
  ///
  /// - Parameters:
  ///   - x: [N, L, C]
  ///   - lengths: int64 [N], how many places count, 1 … L.
  /// - Returns: As ``callAsFunction(_:)`` does, zeros beyond each sequence's length.
  /// - Throws: ``TorchError`` for an input of another shape, or a length outside of 1 … L.
  public func callAsFunction(_ x: Tensor, lengths: Tensor) throws(TorchError) -> Tensor {
    let packed = try PackedSequence(x, lengths: lengths)
    let states = try recurrence(
      cell, packed.data, batchSizes: packed.batchSizes, state: try firstState(x.size(0), like: x), weights)
    return try packed.replacing(states.output).padded(length: x.size(1))
  }

  private func firstState(_ batch: Int, like x: Tensor) throws(TorchError) -> [Tensor] {
    let zeros = try Tensor.zeros(
      [layers * (isBidirectional ? 2 : 1), batch, hidden], dtype: x.dtype, device: x.device)
    return cell == .lstm ? [zeros, zeros] : [zeros]
  }
}

/// Elman's recurrent network with tanh (`torch.nn.RNN`), with the batch first.
public func RNN(
  _ inFeatures: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, bidirectional: Bool = false,
  dtype: DType = .float32, device: Device = .cpu
) throws(TorchError) -> Recurrent {
  try Recurrent(
    .rnn, inFeatures, hidden, layers: layers, bias: bias, bidirectional: bidirectional, dtype: dtype, device: device)
}

/// A network of gated recurrent units (`torch.nn.GRU`), with the batch first.
public func GRU(
  _ inFeatures: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, bidirectional: Bool = false,
  dtype: DType = .float32, device: Device = .cpu
) throws(TorchError) -> Recurrent {
  try Recurrent(
    .gru, inFeatures, hidden, layers: layers, bias: bias, bidirectional: bidirectional, dtype: dtype, device: device)
}

/// A network of long short-term memory (`torch.nn.LSTM`), with the batch first.
public func LSTM(
  _ inFeatures: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, bidirectional: Bool = false,
  dtype: DType = .float32, device: Device = .cpu
) throws(TorchError) -> Recurrent {
  try Recurrent(
    .lstm, inFeatures, hidden, layers: layers, bias: bias, bidirectional: bidirectional, dtype: dtype, device: device)
}
